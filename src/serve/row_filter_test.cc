#include "row_filter.h"

#include "base/testing.h"

namespace medallion::serve {
namespace {

using medallion::testing::IsError;

const Schema kSchema({Field{"id", DataType::Long()}, Field{"name", DataType::String()},
                      Field{"a:b", DataType::String()},
                      Field{"tags", DataType::Array(DataType::String())}});

TEST(ParseRowFilterTest, TextsAreParametersAndNeverSql) {
  const auto filter = ParseRowFilter({"name:eq:x' OR '1'='1", "id:ge:5"}, kSchema);
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->condition, "name = CAST(:value0 AS STRING) AND id >= CAST(:value1 AS BIGINT)");
  EXPECT_EQ(filter->parameters.at("value0"), "x' OR '1'='1");
}

TEST(ParseRowFilterTest, AColumnNameMayHoldAColon) {
  const auto filter = ParseRowFilter({"a:b:contains:c:d"}, kSchema);
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->parameters.at("value0"), "c:d");
  EXPECT_EQ(filter->condition, "contains(lower(CAST(`a:b` AS STRING)), lower(:value0))");
}

TEST(ParseRowFilterTest, NoFilterKeepsAllRows) {
  EXPECT_EQ(ParseRowFilter({}, kSchema)->condition, "true");
}

TEST(ParseRowFilterTest, WhatDoesNotFitIsRefusedByName) {
  EXPECT_THAT(ParseRowFilter({"nope:eq:1"}, kSchema),
              IsError(ErrorCode::kInvalidArgument, "no such column"));
  EXPECT_THAT(ParseRowFilter({"id:like:1"}, kSchema),
              IsError(ErrorCode::kInvalidArgument, "no operator `like`"));
  EXPECT_THAT(ParseRowFilter({"tags:eq:1"}, kSchema),
              IsError(ErrorCode::kInvalidArgument, "null and notnull"));
}

TEST(ParseRowFilterTest, NullsAreTestedWithoutAValue) {
  EXPECT_EQ(ParseRowFilter({"tags:null", "id:notnull"}, kSchema)->condition,
            "tags IS NULL AND id IS NOT NULL");
}

}  // namespace
}  // namespace medallion::serve
