#include "base/civil_time.h"

#include <gtest/gtest.h>

namespace medallion {
namespace {

TEST(CivilTimeTest, CountsDaysFromTheEpoch) {
  EXPECT_EQ(DaysFromCivil(1970, 1, 1), 0);
  EXPECT_EQ(DaysFromCivil(2026, 5, 1), 20574);  // date -d 2026-05-01 +%s / 86400
  EXPECT_EQ(DaysFromCivil(1969, 12, 31), -1);
}

TEST(CivilTimeTest, RefusesDatesThatDoNotExist) {
  for (const char* text : {"2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "26-01-01",
                           "2026-1-1", "2026-01-01 ", "2026/01/01", ""}) {
    EXPECT_EQ(ParseIsoDate(text), std::nullopt) << text;
  }
  EXPECT_TRUE(ParseIsoDate("2024-02-29").has_value());
}

TEST(CivilTimeTest, DatesSurviveARoundTripOverFourCenturies) {
  for (int32_t days = DaysFromCivil(1800, 1, 1); days < DaysFromCivil(2200, 1, 1); days += 13) {
    ASSERT_EQ(ParseIsoDate(FormatIsoDate(days)), days);
  }
}

TEST(CivilTimeTest, FormatsInstantsBeforeTheEpoch) {
  EXPECT_EQ(FormatIsoTimestampMicros(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatIsoTimestampMillis(-1), "1969-12-31T23:59:59.999Z");
}

TEST(CivilTimeTest, ReadsTimestampsWithAndWithoutFraction) {
  const int64_t nine = int64_t{20574} * kMicrosPerDay + int64_t{9} * 3'600'000'000;
  EXPECT_EQ(ParseIsoTimestamp("2026-05-01T09:00:00Z"), nine);
  EXPECT_EQ(ParseIsoTimestamp("2026-05-01 09:00:00"), nine);
  EXPECT_EQ(ParseIsoTimestamp("2026-05-01T09:00:00.25Z"), nine + 250'000);
  EXPECT_EQ(ParseIsoTimestamp("2026-05-01T09:00:00.1234567Z"), std::nullopt);
  EXPECT_EQ(ParseIsoTimestamp("2026-05-01T24:00:00Z"), std::nullopt);
  EXPECT_EQ(ParseIsoTimestamp("2026-05-01T09:00:00+02:00"), std::nullopt);
}

}  // namespace
}  // namespace medallion
