#include "base/schema.h"

#include <gtest/gtest.h>

#include "base/schema_json.h"

namespace medallion {
namespace {

TEST(SchemaTest, ReadsColumnListsWithCommentsAndQuotedNames) {
  const auto schema =
      Schema::FromDdl("id BIGINT NOT NULL, `Customer ID` STRING COMMENT 'who\\'s who'");
  ASSERT_TRUE(schema.has_value());
  EXPECT_FALSE((*schema)[0].nullable);
  EXPECT_EQ((*schema)[1].name, "Customer ID");
  EXPECT_EQ((*schema)[1].Comment(), "who's who");
  EXPECT_EQ(schema->ToDdl(), "id BIGINT NOT NULL, `Customer ID` STRING COMMENT 'who\\'s who'");
}

TEST(SchemaTest, FindsColumnsWithoutRegardToCase) {
  const auto schema = Schema::FromDdl("Invoice STRING, Price DECIMAL(10,2)");
  EXPECT_EQ(schema->IndexOf("PRICE"), 1u);
  EXPECT_EQ(schema->IndexOf("Quantity"), std::nullopt);
}

// The text is the one that PySpark prints for
// StructType().add("p", "decimal(10,2)").add("t", "array<int>", False).json(), keys reordered.
TEST(SchemaJsonTest, WritesTheSerializationFormatOfDelta) {
  const auto schema = Schema::FromDdl("p DECIMAL(10,2), t ARRAY<INT> NOT NULL");
  const std::string expected =
      R"json({"type":"struct","fields":[{"name":"p","type":"decimal(10,2)","nullable":true,"metadata":{}},)json"
      R"json({"name":"t","type":{"type":"array","elementType":"integer","containsNull":true},)json"
      R"json("nullable":false,"metadata":{}}]})json";
  EXPECT_EQ(SchemaToJson(*schema), expected);
}

TEST(SchemaJsonTest, EveryTypeSurvivesARoundTrip) {
  const auto schema = Schema::FromDdl(
      "a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(38,18), i "
      "STRING, "
      "j BINARY, k DATE, l TIMESTAMP, m TIMESTAMP_NTZ, n ARRAY<MAP<STRING, STRUCT<x: INT NOT "
      "NULL>>> COMMENT 'deep'");
  ASSERT_TRUE(schema.has_value());
  const auto read = SchemaFromJson(SchemaToJson(*schema));
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(*read, *schema);
}

TEST(SchemaJsonTest, RefusesMalformedAndBottomlessJson) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) {
    deep += R"({"type":"array","elementType":)";
  }
  for (const std::string& json :
       {std::string("[]"), std::string("{"), std::string(R"({"fields":[{"name":"a"}]})"),
        std::string(R"({"fields":[{"name":"a","type":"varint"}]})"),
        R"({"fields":[{"name":"a","type":)" + deep}) {
    EXPECT_FALSE(SchemaFromJson(json).has_value()) << json.substr(0, 80);
  }
}

}  // namespace
}  // namespace medallion
