#include "pipeline/session_date.h"

#include <gtest/gtest.h>

#include "base/civil_time.h"
#include "base/testing.h"

namespace medallion::pipeline {
namespace {

using testing::HasValue;
using testing::IsError;

int64_t At(std::string_view text) { return ParseIsoTimestamp(text).value(); }
int32_t Day(std::string_view text) { return ParseIsoDate(text).value(); }

TEST(SessionDate, IsTheDayInTheZone) {
  const int64_t evening = At("2026-05-01T23:30:00Z");
  EXPECT_THAT(DateInZone(evening, "UTC"), HasValue(Day("2026-05-01")));
  EXPECT_THAT(DateInZone(evening, "Europe/London"), HasValue(Day("2026-05-02"))) << "summer time";
  EXPECT_THAT(DateInZone(evening, "America/New_York"), HasValue(Day("2026-05-01")));
  EXPECT_THAT(DateInZone(evening, "+09:00"), HasValue(Day("2026-05-02")));
  EXPECT_THAT(DateInZone(evening, "GMT-18:00"), HasValue(Day("2026-05-01")));
  EXPECT_THAT(DateInZone(evening, "+19:00"), IsError(ErrorCode::kSpecification, "+19:00"));
}

TEST(SessionDate, RoundsDownBeforeTheEpoch) {
  EXPECT_THAT(DateInZone(-1, "UTC"), HasValue(-1));
  EXPECT_THAT(DateInZone(0, "UTC"), HasValue(0));
}

TEST(SessionDate, RefusesUnknownZones) {
  EXPECT_THAT(DateInZone(0, "Europe/Lonodn"), IsError(ErrorCode::kSpecification, "Europe/Lonodn"));
}

}  // namespace
}  // namespace medallion::pipeline
