-- The day as of which customers are scored. Empty means the day of the update; a text that is no date
-- stops the update rather than scoring the wrong day.
CREATE TEMPORARY VIEW as_of
COMMENT 'One row: the day as of which customers are scored.'
AS SELECT coalesce(CAST(nullif('${as_of_date}', '') AS DATE), current_date()) AS as_of_date;
