#include "table_properties.h"

#include "base/testing.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using std::chrono::milliseconds;

TEST(TablePropertiesTest, IntervalsAreReadInSparksSpellings) {
  const std::pair<std::string_view, int64_t> cases[] = {
      {"interval 1 week", 604'800'000}, {"INTERVAL 30 days", 2'592'000'000},
      {"7 days", 604'800'000},          {"  Interval  2   Hours ", 7'200'000},
      {"1 day 12 hours", 129'600'000},  {"90 minutes", 5'400'000},
      {"interval 0 seconds", 0},        {"1500 milliseconds", 1500},
  };
  for (const auto& [text, millis] : cases) {
    EXPECT_THAT(ParseInterval(text), HasValue(milliseconds(millis))) << text;
  }
}

TEST(TablePropertiesTest, OtherIntervalsAreRefused) {
  for (const std::string_view text :
       {"", "interval", "1", "days", "interval 1 month", "2 years", "-1 days", "1.5 days",
        "interval 1 day 2", "9223372036854775807 weeks", "1days"}) {
    EXPECT_THAT(ParseInterval(text),
                IsError(ErrorCode::kInvalidArgument, fmt::format("'{}'", text)))
        << text;
  }
}

TEST(TablePropertiesTest, HaveTheReferenceDefaults) {
  EXPECT_THAT(CheckpointInterval({}), HasValue(10));
  EXPECT_THAT(DeletedFileRetention({}), HasValue(milliseconds(604'800'000)));
  EXPECT_THAT(TransactionRetention({}), HasValue(std::optional<milliseconds>()));
  EXPECT_FALSE(IsEnabled({}, "delta.appendOnly"));
  EXPECT_TRUE(IsEnabled({{"delta.appendOnly", "TRUE"}}, "delta.appendOnly"));
}

}  // namespace
}  // namespace medallion::delta
