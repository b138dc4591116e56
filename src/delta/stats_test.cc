#include "delta/stats.h"

#include <cmath>
#include <limits>

#include "base/civil_time.h"
#include "base/testing.h"
#include "null_counts.h"
#include "string_bounds.h"

namespace medallion::delta {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// The stats JSON of one column `c`.
std::string JsonOf(const DataType& type, std::optional<Value> min, std::optional<Value> max) {
  FileStatistics statistics = {.record_count = 3};
  statistics.columns.push_back(
      {.path = {"c"}, .min = std::move(min), .max = std::move(max), .null_count = 1});
  return StatisticsToJson(statistics, Schema({{"c", type}}));
}

std::string BoundsOnly(const std::string& min, const std::string& max) {
  return fmt::format(
      R"({{"numRecords":3,"minValues":{{"c":{}}},"maxValues":{{"c":{}}},"nullCount":{{"c":1}}}})",
      min, max);
}

const std::string kNoBounds =
    R"({"numRecords":3,"minValues":{},"maxValues":{},"nullCount":{"c":1}})";

Value DecimalValue(std::string_view text, int precision, int scale) {
  return {DataType::Decimal(precision, scale), *Decimal::Parse(text)};
}

Value DoubleOf(double number) { return Value::Double(number); }

TEST(StatisticsTest, NumbersAreWrittenExactly) {
  EXPECT_EQ(JsonOf(DataType::Long(), Value::Long(std::numeric_limits<int64_t>::min()),
                   Value::Long(std::numeric_limits<int64_t>::max())),
            BoundsOnly("-9223372036854775808", "9223372036854775807"));
  // Pitfall 21: never through double.
  EXPECT_EQ(JsonOf(DataType::Decimal(38, 2),
                   DecimalValue("-999999999999999999999999999999999999.99", 38, 2),
                   DecimalValue("0.10", 38, 2)),
            BoundsOnly("-999999999999999999999999999999999999.99", "0.10"));
  EXPECT_EQ(JsonOf(DataType::Double(), DoubleOf(0.1), DoubleOf(1e300)),
            BoundsOnly("0.1", "1e+300"));
}

// Pitfall 19.
TEST(StatisticsTest, FloatsThatJsonOrOrderCannotSayAreLeftOut) {
  EXPECT_EQ(JsonOf(DataType::Double(), DoubleOf(kNan), DoubleOf(1)), kNoBounds);
  EXPECT_EQ(JsonOf(DataType::Double(), DoubleOf(1), DoubleOf(kNan)), kNoBounds);
  EXPECT_EQ(JsonOf(DataType::Double(), DoubleOf(-kInfinity), DoubleOf(kInfinity)), kNoBounds);
  EXPECT_EQ(JsonOf(DataType::Double(), DoubleOf(1.5), DoubleOf(kInfinity)),
            R"({"numRecords":3,"minValues":{"c":1.5},"maxValues":{},"nullCount":{"c":1}})");
  EXPECT_EQ(JsonOf(DataType::Double(), DoubleOf(-0.0), DoubleOf(-0.0)), BoundsOnly("0.0", "0.0"));
}

TEST(StatisticsTest, DatesAreIsoDates) {
  EXPECT_EQ(JsonOf(DataType::Date(), Value::Date(0), Value::Date(20574)),
            BoundsOnly("\"1970-01-01\"", "\"2026-05-01\""));
  EXPECT_EQ(JsonOf(DataType::Date(), Value::Date(10'000'000), std::nullopt), kNoBounds);
}

// Pitfall 20: .000999 is floored to .000 as a min and must not be above the max.
TEST(StatisticsTest, TimestampsAreFlooredAndAMaxRaised) {
  const int64_t base = *ParseIsoTimestamp("2026-05-01T09:00:00Z");
  EXPECT_EQ(
      JsonOf(DataType::Timestamp(), Value::Timestamp(base + 999), Value::Timestamp(base + 999)),
      BoundsOnly("\"2026-05-01T09:00:00.000Z\"", "\"2026-05-01T09:00:00.001Z\""));
  EXPECT_EQ(JsonOf(DataType::Timestamp(), Value::Timestamp(base), Value::Timestamp(base)),
            BoundsOnly("\"2026-05-01T09:00:00.000Z\"", "\"2026-05-01T09:00:00.000Z\""));
  EXPECT_EQ(JsonOf(DataType::Timestamp(), Value::Timestamp(-1), Value::Timestamp(-1)),
            BoundsOnly("\"1969-12-31T23:59:59.999Z\"", "\"1970-01-01T00:00:00.000Z\""));
}

TEST(StatisticsTest, TimestampsWithoutZoneHaveNone) {
  const Value value = {DataType::TimestampNtz(), *ParseIsoTimestamp("2026-05-01T09:00:00Z")};
  EXPECT_EQ(JsonOf(DataType::TimestampNtz(), value, value),
            BoundsOnly("\"2026-05-01T09:00:00.000\"", "\"2026-05-01T09:00:00.000\""));
}

TEST(StatisticsTest, BooleansAndBytesHaveOnlyNullCounts) {
  EXPECT_EQ(JsonOf(DataType::Boolean(), Value::Boolean(false), Value::Boolean(true)), kNoBounds);
  const Value bytes = {DataType::Binary(), std::string("\xFF")};
  EXPECT_EQ(JsonOf(DataType::Binary(), bytes, bytes), kNoBounds);
}

TEST(StatisticsTest, TextIsEscapedAndForeignBytesLeftOut) {
  EXPECT_EQ(JsonOf(DataType::String(), Value::String("a\"b\\"), Value::String("ä\n")),
            BoundsOnly(R"("a\"b\\")", R"("ä\n")"));
  EXPECT_EQ(JsonOf(DataType::String(), Value::String("\xFF"), Value::String("\xC3")), kNoBounds);
}

TEST(StatisticsTest, StructsAreNestedAsInTheSchema) {
  const Schema schema({{"s", DataType::Struct({{"a", DataType::Long()},
                                               {"b", DataType::Array(DataType::Long())}})}});
  FileStatistics statistics = {.record_count = 2};
  statistics.columns.push_back(
      {.path = {"s", "a"}, .min = Value::Long(1), .max = Value::Long(2), .null_count = 0});
  statistics.columns.push_back({.path = {"s", "b"}, .null_count = 1});
  EXPECT_EQ(
      StatisticsToJson(statistics, schema),
      R"({"numRecords":2,"minValues":{"s":{"a":1}},"maxValues":{"s":{"a":2}},"nullCount":{"s":{"a":0,"b":1}}})");
}

TEST(StatisticsTest, OnlyTheFirst32LeavesAreIndexed) {
  std::vector<Field> fields;
  FileStatistics statistics;
  for (int i = 0; i < 40; ++i) {
    fields.push_back({fmt::format("c{}", i), DataType::Long()});
    statistics.columns.push_back({.path = {fields.back().name}, .null_count = i});
  }
  const std::string json = StatisticsToJson(statistics, Schema(fields));
  EXPECT_THAT(json, ::testing::HasSubstr("\"c31\":31"));
  EXPECT_THAT(json, ::testing::Not(::testing::HasSubstr("\"c32\"")));
}

// Pitfall 43.
TEST(StatisticsTest, CountsHave64Bits) {
  const std::string json = StatisticsToJson({.record_count = 3'000'000'000}, Schema());
  EXPECT_EQ(RecordCount(json), 3'000'000'000);
}

// Pitfall 22: foreign statistics are hostile.
TEST(StatisticsTest, UnreadableForeignStatisticsAreNone) {
  for (const std::string_view json :
       {"", "{", "null", "[1]", "{}", R"({"numRecords":"3"})", R"({"numRecords":-1})",
        R"({"stats_json":{"numRecords":3}})", R"({"numRecords":3.5})", "\xFF"}) {
    EXPECT_EQ(RecordCount(std::string(json)), std::nullopt) << json;
    EXPECT_TRUE(NullCounts(std::string(json)).empty()) << json;
  }
  EXPECT_EQ(RecordCount(std::nullopt), std::nullopt);
  EXPECT_EQ(NullCounts(R"({"nullCount":{"a":1,"b":"x","c":{"d":2}}})"),
            (std::map<std::string, int64_t>{{"a", 1}}));
}

// --- Strings. Lengths and tie-breakers are those of the reference implementation.

TEST(StringBoundsTest, ShortStringsStay) {
  const std::string exactly32(32, 'x');
  EXPECT_EQ(LowerBoundOf(exactly32), exactly32);
  EXPECT_EQ(UpperBoundOf(exactly32), exactly32);
  EXPECT_EQ(UpperBoundOf(""), "");
}

TEST(StringBoundsTest, LongerOnesAreCutAndTheMaxRaised) {
  const std::string prefix(32, 'x');
  EXPECT_EQ(LowerBoundOf(prefix + "abc"), prefix);
  EXPECT_EQ(UpperBoundOf(prefix + "abc"), prefix + "\x7F");
  EXPECT_EQ(UpperBoundOf(prefix + "\x7F" + "a"), prefix + "\xF4\x8F\xBF\xBF");
  EXPECT_EQ(UpperBoundOf(prefix + "äa"), prefix + "\xF4\x8F\xBF\xBF");
}

TEST(StringBoundsTest, CharactersAreNotCut) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "😀";
  }
  EXPECT_EQ(LowerBoundOf(text), text.substr(0, 32 * 4));
  EXPECT_EQ(UpperBoundOf(text), text.substr(0, 32 * 4) + "\xF4\x8F\xBF\xBF");
}

TEST(StringBoundsTest, TheLastCharacterOfAllMakesThePrefixLonger) {
  const std::string last = "\xF4\x8F\xBF\xBF";
  const std::string prefix(32, 'x');
  EXPECT_EQ(UpperBoundOf(prefix + last + "abc"), prefix + last + "\x7F");
  std::string hopeless = prefix;
  for (int i = 0; i < 40; ++i) {
    hopeless += last;
  }
  EXPECT_EQ(UpperBoundOf(hopeless), std::nullopt);
}

}  // namespace
}  // namespace medallion::delta
