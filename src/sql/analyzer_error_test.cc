#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer_testing.h"
#include "base/testing.h"

// What a person reads. Conditions are Spark's where Spark refuses the same text.

namespace medallion::sql {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::string& text) {
  const auto bound = AnalyzeText(text);
  return bound ? "no error" : bound.error().ToString();
}

std::string ConditionOf(const std::string& text) {
  const auto bound = AnalyzeText(text);
  return bound ? "no error" : bound.error().condition();
}

TEST(AnalyzerErrorTest, SuggestsTheNearestColumnAndListsAll) {
  EXPECT_EQ(ErrorOf("SELECT id,\n  custmer\nFROM sales"),
            "error[UNRESOLVED_COLUMN.WITH_SUGGESTION]: unknown column `custmer`\n"
            " --> query.sql:2:3\n"
            "  |\n"
            "2 |   custmer\n"
            "  |   ^^^^^^^ no such column\n"
            "  = help: did you mean `customer`?\n"
            "  = help: columns here: `id`, `customer`, `day`, `quantity`, `price`\n");
}

TEST(AnalyzerErrorTest, ReportsEveryFindingOnce) {
  const auto bound = AnalyzeText(
      "SELECT nosuch(1) AS a, a + 1 AS b, wrong FROM sales WHERE missing = 1 ORDER BY b, absent");
  ASSERT_FALSE(bound.has_value());
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : bound.error().diagnostics()) {
    messages.push_back(diagnostic.message);
  }
  EXPECT_THAT(messages,
              ::testing::ElementsAre("unknown column `missing`", "unknown function `nosuch`",
                                     "unknown column `wrong`", "unknown column `absent`"));
}

TEST(AnalyzerErrorTest, ReportsBothSidesOfAJoin) {
  const auto bound = AnalyzeText("SELECT * FROM nothing JOIN nowhere ON true");
  ASSERT_FALSE(bound.has_value());
  EXPECT_EQ(bound.error().diagnostics().size(), 2u);
  EXPECT_EQ(bound.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(bound.error().condition(), "TABLE_OR_VIEW_NOT_FOUND");
}

TEST(AnalyzerErrorTest, ExplainsMissingGroups) {
  EXPECT_EQ(ErrorOf("SELECT customer, id FROM sales GROUP BY customer"),
            "error[MISSING_AGGREGATION]: column `id` is neither grouped nor inside an aggregate\n"
            " --> query.sql:1:18\n"
            "  |\n"
            "1 | SELECT customer, id FROM sales GROUP BY customer\n"
            "  |                  ^^ which row's value?\n"
            "  = help: add it to GROUP BY, or take any row's value with any_value(id)\n");
}

TEST(AnalyzerErrorTest, PlacesTypeErrors) {
  EXPECT_EQ(ErrorOf("SELECT upper(ai) FROM t"),
            "error[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE]: argument 1 of `upper` has to be "
            "STRING, not ARRAY<INT>\n"
            " --> query.sql:1:8\n"
            "  |\n"
            "1 | SELECT upper(ai) FROM t\n"
            "  |        ^^^^^^^^^\n");
}

TEST(AnalyzerErrorTest, NamesEveryCandidateOfAnAmbiguousColumn) {
  EXPECT_THAT(ErrorOf("SELECT id FROM sales JOIN customers ON sales.id = customers.id"),
              HasSubstr("it could be `cat.shop.sales.id`, `cat.shop.customers.id`"));
}

TEST(AnalyzerErrorTest, UsesSparksConditions) {
  const std::pair<const char*, const char*> cases[] = {
      {"SELECT customer, sum(price) FROM sales", "MISSING_GROUP_BY"},
      {"SELECT * FROM nosuch", "TABLE_OR_VIEW_NOT_FOUND"},
      {"SELECT sum(sum(price)) FROM sales", "NESTED_AGGREGATE_FUNCTION"},
      {"SELECT * FROM sales WHERE sum(price) > 1", "INVALID_WHERE_CONDITION"},
      {"SELECT substrin(customer, 1) FROM sales", "UNRESOLVED_ROUTINE"},
      {"SELECT id FROM sales GROUP BY 2", "GROUP_BY_POS_OUT_OF_RANGE"},
      {"SELECT id FROM sales ORDER BY 9", "ORDER_BY_POS_OUT_OF_RANGE"},
      {"SELECT sum(price) FROM sales GROUP BY 1", "GROUP_BY_POS_AGGREGATE"},
      {"SELECT id FROM sales UNION SELECT id, name FROM customers", "NUM_COLUMNS_MISMATCH"},
      {"SELECT bo FROM t UNION SELECT i FROM t", "INCOMPATIBLE_COLUMN_TYPE"},
      {"SELECT 1 WHERE id = (SELECT id, name FROM customers)",
       "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"},
      {"SELECT id FROM sales WHERE id = (SELECT id, name FROM customers)",
       "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN"},
      {"SELECT count(DISTINCT id) OVER () FROM sales", "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED"},
      {"SELECT explode(ai), explode(ai) FROM t", "UNSUPPORTED_GENERATOR.MULTI_GENERATOR"},
      {"SELECT explode(mp) AS (a) FROM t", "UDTF_ALIAS_NUMBER_MISMATCH"},
      {"SELECT st.nosuch FROM t", "FIELD_NOT_FOUND"},
      {"SELECT * FROM nofunction(1)", "UNRESOLVABLE_TABLE_VALUED_FUNCTION"},
      {"SELECT id FROM sales LIMIT -1", "INVALID_LIMIT_LIKE_EXPRESSION"},
      {"SELECT cast(dt AS INT) FROM t", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
      {"SELECT sum(price) OVER w FROM sales", "MISSING_WINDOW_SPECIFICATION"},
      {"SELECT id FROM sales WHERE customer", "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN"},
      {"SELECT grouping(customer) FROM sales GROUP BY customer", "UNSUPPORTED_GROUPING_EXPRESSION"},
      {"SELECT mp FROM t ORDER BY mp", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"},
      {"WITH a(x, y) AS (SELECT id FROM sales) SELECT * FROM a", "ASSIGNMENT_ARITY_MISMATCH"},
      {"SELECT row_number() OVER () FROM sales", "WINDOW_FUNCTION_WITHOUT_ORDER_BY"},
      {"WITH x AS (SELECT 1), x AS (SELECT 2) SELECT * FROM x", "DUPLICATED_CTE_NAMES"},
      {"SELECT sales.* FROM sales s", "CANNOT_RESOLVE_STAR_EXPAND"},
      {"SELECT 1 AS a, 2 AS a, a + 1 AS b", "AMBIGUOUS_LATERAL_COLUMN_ALIAS"},
      {"SELECT sum(price) AS p FROM sales GROUP BY p", "GROUP_BY_AGGREGATE"},
      {"SELECT id FROM sales WHERE rank() OVER (ORDER BY id) = 1",
       "WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE"},
      {"SELECT rank() FROM sales", "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE"},
  };
  for (const auto& [text, condition] : cases) {
    EXPECT_EQ(ConditionOf(text), condition) << text;
  }
}

TEST(AnalyzerErrorTest, RefusesQueriesThatGrowBeyondBounds) {
  std::string doubling = "SELECT id AS a0";
  for (int i = 1; i < 60; ++i) {
    doubling += fmt::format(", a{} + a{} AS a{}", i - 1, i - 1, i);
  }
  EXPECT_THAT(ErrorOf(doubling + " FROM sales"), HasSubstr("EXPRESSION_TOO_LARGE"));
  std::string nested = "bo";
  for (int i = 0; i < 60; ++i) {
    nested = "(" + nested + " BETWEEN false AND true)";
  }
  EXPECT_THAT(ErrorOf("SELECT " + nested + " FROM t"), HasSubstr("EXPRESSION_TOO_LARGE"));
  std::string chain = "WITH c0 AS (SELECT id FROM sales)";
  for (int i = 1; i < 600; ++i) {
    chain += fmt::format(", c{} AS (SELECT id FROM c{})", i, i - 1);
  }
  EXPECT_THAT(ErrorOf(chain + " SELECT id FROM c599"), HasSubstr("WITH of more than 500 tables"));
}

TEST(AnalyzerErrorTest, AllowsLongButHonestQueries) {
  std::string text = "SELECT id AS a0";
  for (int i = 1; i < 300; ++i) {
    text += fmt::format(", a{} + 1 AS a{}", i - 1, i);
  }
  EXPECT_EQ(ErrorOf(text + " FROM sales"), "no error");
  std::string chain = "WITH c0 AS (SELECT id FROM sales)";
  for (int i = 1; i < 400; ++i) {
    chain += fmt::format(", c{} AS (SELECT id FROM c{})", i, i - 1);
  }
  EXPECT_EQ(ErrorOf(chain + " SELECT id FROM c399"), "no error");
}

TEST(AnalyzerErrorTest, RefusesReadFilesWithoutAConstantPath) {
  EXPECT_THAT(ErrorOf("SELECT * FROM read_files(format => 'csv')"),
              HasSubstr("read_files without a path"));
  EXPECT_THAT(ErrorOf("SELECT * FROM read_files(concat('a', 'b'))"),
              HasSubstr("has to be a literal"));
  EXPECT_THAT(ErrorOf("SELECT _metadata.nosuch FROM read_files('/d')"),
              HasSubstr("no field `nosuch` in `_metadata`"));
  EXPECT_THAT(ErrorOf("SELECT * FROM read_files('')"), HasSubstr("query.sql:1:15"));
}

}  // namespace
}  // namespace medallion::sql
