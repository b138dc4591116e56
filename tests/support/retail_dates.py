"""When the tests' updates of the retail pipeline run, and the day as of which they score."""

AS_OF_DATE = "2026-05-01"
FIXED_CLOCK = "2026-05-01T09:00:00Z"
