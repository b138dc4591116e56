#include "base/value.h"

#include <gtest/gtest.h>

#include "base/schema.h"

namespace medallion {
namespace {

// Expected texts are those of Java's Double.toString, which Spark's CAST(… AS STRING) uses.
TEST(ValueTest, PrintsDoublesAsJavaDoes) {
  EXPECT_EQ(ToDisplayString(Value::Double(1)), "1.0");
  EXPECT_EQ(ToDisplayString(Value::Double(0.001)), "0.001");
  EXPECT_EQ(ToDisplayString(Value::Double(0.0001)), "1.0E-4");
  EXPECT_EQ(ToDisplayString(Value::Double(9999999)), "9999999.0");
  EXPECT_EQ(ToDisplayString(Value::Double(12345678)), "1.2345678E7");
  EXPECT_EQ(ToDisplayString(Value::Double(-0.0)), "-0.0");
  EXPECT_EQ(ToDisplayString(Value::Double(1.0 / 0.0)), "Infinity");
  EXPECT_EQ(ToDisplayString(Value{DataType::Float(), 0.1}), "0.1");
}

TEST(ValueTest, PrintsTimesInUtcWithoutTrailingZeros) {
  EXPECT_EQ(ToDisplayString(Value::Timestamp(0)), "1970-01-01 00:00:00");
  EXPECT_EQ(ToDisplayString(Value::Timestamp(1'500'000)), "1970-01-01 00:00:01.5");
  EXPECT_EQ(ToDisplayString(Value::Date(20574)), "2026-05-01");
}

TEST(ValueTest, PrintsIntervalsAsSqlLiterals) {
  EXPECT_EQ(ToDisplayString(Value{DataType::YearMonthInterval(), int64_t{-14}}),
            "INTERVAL '-1-2' YEAR TO MONTH");
  EXPECT_EQ(ToDisplayString(Value{DataType::DayTimeInterval(), int64_t{90'061'500'000}}),
            "INTERVAL '1 01:01:01.5' DAY TO SECOND");
}

TEST(ValueTest, PrintsNestedValuesAsShowDoes) {
  const Value list{DataType::Array(DataType::Integer()),
                   Value::List{Value::Integer(1), Value::Null()}};
  EXPECT_EQ(ToDisplayString(list), "[1, null]");
  const Value map{DataType::Map(DataType::String(), DataType::Integer()),
                  Value::List{Value::String("a"), Value::Integer(1)}};
  EXPECT_EQ(ToDisplayString(map), "{a -> 1}");
  EXPECT_EQ(ToDisplayString(Value::Null()), "NULL");
}

}  // namespace
}  // namespace medallion
