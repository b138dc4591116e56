#include "query/row_json.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace medallion::query {
namespace {

TEST(ToJsonObjectTest, KeysAreUnique) {
  const Schema schema({Field{"a", DataType::Long()}, Field{"a", DataType::Long()},
                       Field{"a_2", DataType::Long()}, Field{"a", DataType::Long()}});
  EXPECT_EQ(ToJsonObject(schema, {Value::Long(1), Value::Long(2), Value::Long(3), Value::Long(4)}),
            R"({"a":1,"a_3":2,"a_2":3,"a_4":4})");
}

TEST(ToJsonTest, NumbersThatJsonLacksAreText) {
  EXPECT_EQ(ToJson(Value::Double(0.1)), "0.1");
  EXPECT_EQ(ToJson(Value::Double(std::nan(""))), "\"NaN\"");
  EXPECT_EQ(ToJson(Value::Double(std::numeric_limits<double>::infinity())), "\"Infinity\"");
  EXPECT_EQ(ToJson(Value::Boolean(true)), "true");
  EXPECT_EQ(ToJson(Value::Date(0)), "\"1970-01-01\"");
}

TEST(ToJsonTest, NestedValuesKeepTheirShape) {
  const Value array{DataType::Array(DataType::String()),
                    Value::List{Value::String("a"), Value::Null()}};
  EXPECT_EQ(ToJson(array), "[\"a\",null]");
  const Value map{DataType::Map(DataType::String(), DataType::Long()),
                  Value::List{Value::String("k"), Value::Long(1)}};
  EXPECT_EQ(ToJson(map), "{\"k\":1}");
  const Value structure{
      DataType::Struct({Field{"x", DataType::Long()}, Field{"y", DataType::String()}}),
      Value::List{Value::Long(1), Value::String("b")}};
  EXPECT_EQ(ToJson(structure), "{\"x\":1,\"y\":\"b\"}");
}

}  // namespace
}  // namespace medallion::query
