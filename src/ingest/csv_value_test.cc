#include "csv_value.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/civil_time.h"

namespace medallion::ingest {
namespace {

// The unscaled value that a text gives as DECIMAL(precision, scale), with `~` before inexact ones.
std::string AsDecimal(std::string_view text, int precision = 10, int scale = 2) {
  int64_t unscaled = 0;
  const Parsed parsed = ParseDecimal(text, precision, scale, unscaled);
  return parsed == Parsed::kInvalid
             ? "invalid"
             : (parsed == Parsed::kInexact ? "~" : "") + std::to_string(unscaled);
}

// Measured with Spark 3.5.3, `spark.read.schema("p DECIMAL(10,2)")`, but for the commas, which
// Spark takes out.
TEST(CsvValueTest, ReadsDecimalsAsSparkDoes) {
  EXPECT_EQ(AsDecimal("0.001"), "~0");
  EXPECT_EQ(AsDecimal("0.005"), "~1");
  EXPECT_EQ(AsDecimal("-0.015"), "~-2");
  EXPECT_EQ(AsDecimal("1e-3"), "~0");
  EXPECT_EQ(AsDecimal(".5"), "50");
  EXPECT_EQ(AsDecimal("5."), "500");
  EXPECT_EQ(AsDecimal("+3"), "300");
  EXPECT_EQ(AsDecimal(" 1"), "invalid");
  EXPECT_EQ(AsDecimal("123456789.00"), "invalid");
  EXPECT_EQ(AsDecimal("1,234.50"), "invalid");
}

TEST(CsvValueTest, KeepsDecimalsAtTheEdgeOfTheirPrecision) {
  EXPECT_EQ(AsDecimal("99999999.99"), "9999999999");
  EXPECT_EQ(AsDecimal("-99999999.99"), "-9999999999");
  EXPECT_EQ(AsDecimal("99999999.995"), "invalid");  // rounds to nine digits before the point
  EXPECT_EQ(AsDecimal("100000000"), "invalid");
  EXPECT_EQ(AsDecimal("999999999999999999", 18, 0), "999999999999999999");
  EXPECT_EQ(AsDecimal("0000000000000000000000012.50"), "1250");
  EXPECT_EQ(AsDecimal("2.500000000000000000000"), "250");
}

// Found by fuzzing: more digits after the point than any DECIMAL has.
TEST(CsvValueTest, RoundsNumbersOfAnyScale) {
  EXPECT_EQ(AsDecimal("1e-50"), "~0");
  EXPECT_EQ(AsDecimal("0e-50"), "0");
  EXPECT_EQ(AsDecimal("1e-99999"), "~0");
}

TEST(CsvValueTest, RefusesTextThatIsNoDecimal) {
  for (const std::string_view text :
       {"", "-", ".", "+.", "1.2.3", "1-", "--1", "0x10", "1e", "NaN", "१"}) {
    EXPECT_EQ(AsDecimal(text), "invalid") << text;
  }
}

// The quick path and the exact type agree.
RC_GTEST_PROP(CsvValueProperty, ReadsPlainDecimalsLikeTheExactType, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('0', '1', '5', '9', '.', '-', '+', 'e', ','));
  const int precision = *rc::gen::inRange(1, 19);
  const int scale = *rc::gen::inRange(0, precision + 1);
  int64_t unscaled = 0;
  const Parsed parsed = ParseDecimal(text, precision, scale, unscaled);
  const std::optional<Decimal> exact = Decimal::Parse(text);
  const std::optional<Decimal> expected = exact ? exact->Rescale(precision, scale) : std::nullopt;
  RC_ASSERT((parsed == Parsed::kInvalid) == !expected.has_value());
  if (expected) {
    RC_ASSERT(int128_t{unscaled} == expected->unscaled);
  }
}

// Measured with Spark 3.5.3.
TEST(CsvValueTest, ReadsIntegersAsSparkDoes) {
  const auto read = [](std::string_view text,
                       TypeKind kind = TypeKind::kInteger) -> std::optional<int64_t> {
    int64_t value = 0;
    return ParseInteger(text, kind, value) == Parsed::kExact ? std::optional<int64_t>(value)
                                                             : std::nullopt;
  };
  EXPECT_EQ(read("12"), 12);
  EXPECT_EQ(read("+3"), 3);
  EXPECT_EQ(read("-0"), 0);
  EXPECT_EQ(read("2147483647"), 2147483647);
  EXPECT_EQ(read("-2147483648"), -2147483648LL);
  EXPECT_EQ(read("2147483648"), std::nullopt);
  EXPECT_EQ(read("1.0"), std::nullopt);
  EXPECT_EQ(read(" 4"), std::nullopt);
  EXPECT_EQ(read("+-4"), std::nullopt);
  EXPECT_EQ(read("+"), std::nullopt);
  EXPECT_EQ(read("127", TypeKind::kByte), 127);
  EXPECT_EQ(read("128", TypeKind::kByte), std::nullopt);
  EXPECT_EQ(read("-9223372036854775808", TypeKind::kLong), INT64_MIN);
  EXPECT_EQ(read("9223372036854775808", TypeKind::kLong), std::nullopt);
}

// Measured with Spark 3.5.3, but for the year 0000, which is refused.
TEST(CsvValueTest, ReadsDatesAsSparkDoesAndSaysWhatIsCut) {
  const auto read = [](std::string_view text) -> std::string {
    int64_t days = 0;
    const Parsed parsed = ParseDate(text, days);
    return parsed == Parsed::kInvalid ? "invalid"
                                      : (parsed == Parsed::kInexact ? "~" : "") +
                                            FormatIsoDate(static_cast<int32_t>(days));
  };
  EXPECT_EQ(read("2026-5-1"), "2026-05-01");
  EXPECT_EQ(read(" 2026-05-01"), "2026-05-01");
  EXPECT_EQ(read("2026"), "~2026-01-01");
  EXPECT_EQ(read("2026-05"), "~2026-05-01");
  EXPECT_EQ(read("2026-05-01T10"), "~2026-05-01");
  EXPECT_EQ(read("2026-05-01 x"), "~2026-05-01");
  EXPECT_EQ(read("9999-12-31"), "9999-12-31");
  EXPECT_EQ(read("2024-02-29"), "2024-02-29");
  EXPECT_EQ(read("2026-02-29"), "invalid");
  EXPECT_EQ(read("2026-02-30"), "invalid");
  EXPECT_EQ(read("0000-01-01"), "invalid");
  EXPECT_EQ(read("01/12/2010"), "invalid");
}

// Measured with Spark 3.5.3 in zone UTC.
TEST(CsvValueTest, ReadsTimestampsAsSparkDoes) {
  const auto read = [](std::string_view text, TypeKind kind = TypeKind::kTimestamp) -> std::string {
    int64_t micros = 0;
    const Parsed parsed = ParseTimestamp(text, kind, micros);
    return parsed == Parsed::kInvalid
               ? "invalid"
               : (parsed == Parsed::kInexact ? "~" : "") + FormatIsoTimestampMicros(micros);
  };
  EXPECT_EQ(read("2026-05-01"), "2026-05-01T00:00:00.000000Z");
  EXPECT_EQ(read("2026-05-01 9:0"), "2026-05-01T09:00:00.000000Z");
  EXPECT_EQ(read("2026-05-01T09:00:00.1234567"), "~2026-05-01T09:00:00.123456Z");
  EXPECT_EQ(read("2026-05-01T09:00:00+02:00"), "2026-05-01T07:00:00.000000Z");
  EXPECT_EQ(read("2026-05-01 09:00:00 UTC"), "2026-05-01T09:00:00.000000Z");
  EXPECT_EQ(read("2026-05-01 25:00:00"), "invalid");
  EXPECT_EQ(read("2026-05-01T09:00:00Z", TypeKind::kTimestampNtz), "invalid");
}

// Measured with Spark 3.5.3.
TEST(CsvValueTest, ReadsBooleansAndDoublesAsSparkDoes) {
  int64_t truth = 0;
  EXPECT_EQ(ParseBoolean("TRUE", truth), Parsed::kExact);
  EXPECT_EQ(truth, 1);
  EXPECT_EQ(ParseBoolean("false", truth), Parsed::kExact);
  EXPECT_EQ(truth, 0);
  EXPECT_EQ(ParseBoolean("yes", truth), Parsed::kInvalid);
  EXPECT_EQ(ParseBoolean("1", truth), Parsed::kInvalid);
  double value = 0;
  EXPECT_EQ(ParseDouble("1e3", TypeKind::kDouble, value), Parsed::kExact);
  EXPECT_EQ(value, 1000.0);
  EXPECT_EQ(ParseDouble("+1", TypeKind::kDouble, value), Parsed::kExact);
  EXPECT_EQ(ParseDouble("-Inf", TypeKind::kDouble, value), Parsed::kExact);
  EXPECT_TRUE(value < 0 && std::isinf(value));
  EXPECT_EQ(ParseDouble("NaN", TypeKind::kDouble, value), Parsed::kExact);
  EXPECT_EQ(ParseDouble("inf", TypeKind::kDouble, value), Parsed::kInvalid);
  EXPECT_EQ(ParseDouble("1,5", TypeKind::kDouble, value), Parsed::kInvalid);
}

}  // namespace
}  // namespace medallion::ingest
