#include "sql/analyzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer_testing.h"
#include "base/testing.h"
#include "sql/parser.h"
#include "sql/plan.h"

namespace medallion::sql {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsError;
using medallion::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Result columns, or the error.
std::string Columns(const std::string& text) {
  const auto bound = AnalyzeText(text);
  return bound ? TypesOf(**bound) : bound.error().ToString();
}

std::string Plan(const std::string& text) {
  const auto bound = AnalyzeText(text);
  return bound ? ToDebugString(**bound) : bound.error().ToString();
}

// --- Names ---------------------------------------------------------------------------------------

TEST(AnalyzerNamesTest, ExpandsStars) {
  EXPECT_EQ(Columns("SELECT * FROM customers"), "id INT, name STRING, country STRING");
  EXPECT_EQ(Columns("SELECT * EXCEPT (id, price) FROM sales"),
            "customer STRING, day DATE, quantity INT");
  EXPECT_EQ(Columns("SELECT c.*, s.id FROM sales s JOIN customers c ON s.id = c.id"),
            "id INT, name STRING, country STRING, id INT");
  EXPECT_EQ(Columns("SELECT st.* FROM t"), "a INT, b STRING");
}

TEST(AnalyzerNamesTest, FindsColumnsByQualifiersInAnyLetterCase) {
  EXPECT_EQ(Columns("SELECT ID, Sales.Customer, shop.sales.day, cat.shop.sales.price FROM sales"),
            "ID INT, Customer STRING, day DATE, price DECIMAL(10,2)");
}

TEST(AnalyzerNamesTest, NamesFieldsOfStructsAndMaps) {
  EXPECT_EQ(Columns("SELECT st.a, t.st.b, mp.k FROM t"), "a INT, b STRING, k INT");
}

TEST(AnalyzerNamesTest, UsesAliasesOfEarlierItems) {
  EXPECT_EQ(Columns("SELECT quantity * price AS total, total * 2 AS twice FROM sales"),
            "total DECIMAL(21,2), twice DECIMAL(23,2)");
}

TEST(AnalyzerNamesTest, PrefersColumnsToAliases) {
  EXPECT_EQ(Columns("SELECT customer AS id, id + 1 AS next FROM sales"), "id STRING, next INT");
}

TEST(AnalyzerNamesTest, MergesColumnsOfUsing) {
  EXPECT_EQ(Columns("SELECT * FROM sales JOIN customers USING (id)"),
            "id INT, customer STRING, day DATE, quantity INT, price DECIMAL(10,2), name STRING, "
            "country STRING");
  EXPECT_EQ(Columns("SELECT * FROM sales NATURAL JOIN customers"),
            "id INT, customer STRING, day DATE, quantity INT, price DECIMAL(10,2), name STRING, "
            "country STRING");
  EXPECT_THAT(Plan("SELECT id FROM sales FULL JOIN customers USING (id)"),
              HasSubstr("coalesce(id#1, id#6)"));
}

TEST(AnalyzerNamesTest, KeepsSelfJoinsApart) {
  EXPECT_EQ(Columns("SELECT a.id, b.id FROM sales a JOIN sales b ON a.id = b.quantity"),
            "id INT, id INT");
  const auto bound = AnalyzeText("SELECT a.id, b.id FROM sales a JOIN sales b ON a.id = b.id");
  ASSERT_THAT(bound, IsOk());
  EXPECT_NE((*bound)->root->columns[0].id, (*bound)->root->columns[1].id);
}

TEST(AnalyzerNamesTest, NamesCurrentDateWithoutParentheses) {
  const auto bound = AnalyzeText("SELECT current_date, current_timestamp AS now FROM sales");
  ASSERT_THAT(bound, IsOk());
  EXPECT_EQ(TypesOf(**bound), "current_date DATE, now TIMESTAMP");
  EXPECT_TRUE((*bound)->uses_current_date);
  EXPECT_TRUE((*bound)->uses_current_timestamp);
  EXPECT_TRUE((*bound)->deterministic);
}

// --- Plans ---------------------------------------------------------------------------------------

TEST(AnalyzerPlanTest, MakesCastsExplicit) {
  EXPECT_EQ(Plan("SELECT quantity * price AS total FROM sales WHERE day >= '2024-01-01'"),
            "Project *(cast(quantity#4 AS DECIMAL(10,0)), price#5)  [total#6 DECIMAL(21,2)]\n"
            "  Filter >=(day#3, cast('2024-01-01' AS DATE))  [id#1 INT, customer#2 STRING, day#3 "
            "DATE, quantity#4 INT, price#5 "
            "DECIMAL(10,2)]\n"
            "    TableScan cat.shop.sales  [id#1 INT, customer#2 STRING, day#3 DATE, quantity#4 "
            "INT, price#5 DECIMAL(10,2)]\n");
}

TEST(AnalyzerPlanTest, SortsByHiddenColumnsAndTakesThemAwayAgain) {
  EXPECT_EQ(Plan("SELECT name FROM customers ORDER BY id DESC LIMIT 3 OFFSET 2"),
            "Limit 3 offset 2  [name#2 STRING]\n"
            "  Project name#2  [name#2 STRING]\n"
            "    Sort sort1#1 DESC NULLS LAST  [name#2 STRING, sort1#1 INT]\n"
            "      Project name#2, id#1  [name#2 STRING, sort1#1 INT]\n"
            "        TableScan cat.shop.customers  [id#1 INT, name#2 STRING, country#3 STRING]\n");
}

TEST(AnalyzerPlanTest, FiltersGroupsByAliasesAndSortsByOrdinals) {
  EXPECT_EQ(Plan("SELECT country, count(*) AS n FROM customers GROUP BY country HAVING n > 1 ORDER "
                 "BY 2 DESC, 1"),
            "Sort n#4 DESC NULLS LAST, country#3 ASC NULLS FIRST  [country#3 STRING, n#4 BIGINT!]\n"
            "  Project country#3, count#4  [country#3 STRING, n#4 BIGINT!]\n"
            "    Filter >(count#4, 1:BIGINT)  [country#3 STRING, count#4 BIGINT!]\n"
            "      Aggregate groups [country#3] aggregates [count()]  [country#3 STRING, count#4 "
            "BIGINT!]\n"
            "        TableScan cat.shop.customers  [id#1 INT, name#2 STRING, country#3 STRING]\n");
}

TEST(AnalyzerPlanTest, ComputesEachAggregateOnce) {
  EXPECT_THAT(Plan("SELECT sum(price) AS a, sum(price) / count(*) AS b, a + 1 AS c FROM sales"),
              HasSubstr("aggregates [sum(price#5), count()]"));
}

TEST(AnalyzerPlanTest, GroupsByAliasOrdinalAndAll) {
  const std::string expected = "Aggregate groups [upper(customer#2)] aggregates [count()]";
  EXPECT_THAT(Plan("SELECT upper(customer) u, count(*) n FROM sales GROUP BY u"),
              HasSubstr(expected));
  EXPECT_THAT(Plan("SELECT upper(customer) u, count(*) n FROM sales GROUP BY 1"),
              HasSubstr(expected));
  EXPECT_THAT(Plan("SELECT upper(customer) u, count(*) n FROM sales GROUP BY ALL"),
              HasSubstr(expected));
}

TEST(AnalyzerPlanTest, MakesGroupingSetsOfRollupAndCube) {
  EXPECT_THAT(Plan("SELECT day, customer, sum(price) FROM sales GROUP BY ROLLUP (day, customer)"),
              HasSubstr("sets (0, 1) (0) ()"));
  EXPECT_THAT(Plan("SELECT day, customer, sum(price) FROM sales GROUP BY CUBE (day, customer)"),
              HasSubstr("sets (0, 1) (0) (1) ()"));
  EXPECT_THAT(Plan("SELECT day, customer, sum(price) FROM sales GROUP BY day, ROLLUP (customer)"),
              HasSubstr("sets (0, 1) (0) "));
  EXPECT_EQ(Columns("SELECT customer, grouping(customer) AS g, grouping_id() AS id FROM sales "
                    "GROUP BY CUBE (customer, day)"),
            "customer STRING, g TINYINT, id BIGINT");
}

TEST(AnalyzerPlanTest, GivesWindowsSparksDefaultFrames) {
  EXPECT_THAT(Plan("SELECT sum(price) OVER (PARTITION BY customer ORDER BY day) AS r FROM sales"),
              HasSubstr("range UNBOUNDED PRECEDING to CURRENT ROW"));
  EXPECT_THAT(Plan("SELECT sum(price) OVER (PARTITION BY customer) AS r FROM sales"),
              HasSubstr("rows UNBOUNDED PRECEDING to UNBOUNDED FOLLOWING"));
  EXPECT_THAT(Plan("SELECT rank() OVER (ORDER BY day) AS r FROM sales"),
              HasSubstr("rank() over (partition [] order [day#3 ASC NULLS FIRST])"));
}

TEST(AnalyzerPlanTest, FiltersByWindowsInQualify) {
  EXPECT_EQ(Plan("SELECT id FROM customers QUALIFY row_number() OVER (PARTITION BY country ORDER "
                 "BY id) = 1"),
            "Project id#1  [id#1 INT]\n"
            "  Filter =(row_number#4, 1)  [id#1 INT, name#2 STRING, country#3 STRING, row_number#4 "
            "INT!]\n"
            "    Window row_number() over (partition [country#3] order [id#1 ASC NULLS FIRST])  "
            "[id#1 INT, name#2 STRING, country#3 "
            "STRING, row_number#4 INT!]\n"
            "      TableScan cat.shop.customers  [id#1 INT, name#2 STRING, country#3 STRING]\n");
}

TEST(AnalyzerPlanTest, PutsWindowsAboveAggregates) {
  const std::string plan =
      Plan("SELECT country, sum(count(*)) OVER () AS n FROM customers GROUP BY country");
  EXPECT_LT(plan.find("Window sum(count#"), plan.find("Aggregate groups"));
}

TEST(AnalyzerPlanTest, InlinesACommonTableUsedOnceAndSharesOneUsedTwice) {
  EXPECT_THAT(Plan("WITH a AS (SELECT id FROM sales) SELECT * FROM a"), Not(HasSubstr("CteScan")));
  const std::string twice =
      Plan("WITH a AS (SELECT id FROM sales) SELECT x.id FROM a x JOIN a y ON x.id = y.id");
  EXPECT_THAT(twice, HasSubstr("With a@1"));
  const auto bound =
      AnalyzeText("WITH a AS (SELECT id FROM sales) SELECT x.id FROM a x JOIN a y ON x.id = y.id");
  ASSERT_THAT(bound, IsOk());
  EXPECT_EQ((*bound)->tables.size(), 1u);
}

TEST(AnalyzerPlanTest, ForgetsInputsOfUnusedCommonTables) {
  const auto bound =
      AnalyzeText("WITH a AS (SELECT rand() AS r FROM sales) SELECT id FROM customers");
  ASSERT_THAT(bound, IsOk());
  ASSERT_EQ((*bound)->tables.size(), 1u);
  EXPECT_EQ((*bound)->tables[0].name.ToString(), "cat.shop.customers");
  EXPECT_TRUE((*bound)->deterministic);
}

TEST(AnalyzerPlanTest, MarksCorrelatedColumnsAsOuter) {
  EXPECT_THAT(
      Plan("SELECT (SELECT max(price) FROM sales s WHERE s.id = c.id) AS m FROM customers c"),
      HasSubstr("outer id#1"));
  EXPECT_THAT(
      Plan("SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM sales s WHERE s.id = c.id)"),
      HasSubstr("exists subquery"));
  EXPECT_THAT(Plan("SELECT id FROM customers WHERE id NOT IN (SELECT l FROM t)"),
              HasSubstr("not((cast(id#1 AS BIGINT)) in subquery)"));
}

TEST(AnalyzerPlanTest, WidensSetOperations) {
  EXPECT_EQ(Columns("SELECT id, name FROM customers UNION ALL SELECT l, s FROM t UNION ALL SELECT "
                    "m, s FROM t"),
            "id DECIMAL(22,2), name STRING");
  EXPECT_THAT(
      Plan("SELECT id FROM sales UNION ALL SELECT id FROM customers UNION ALL SELECT i FROM t"),
      Not(HasSubstr("  Union all")));
}

TEST(AnalyzerPlanTest, GeneratesRows) {
  EXPECT_EQ(Columns("SELECT i, explode(mp) AS (k, v) FROM t"), "i INT, k STRING, v INT");
  EXPECT_EQ(Columns("SELECT i, pos, e FROM t LATERAL VIEW OUTER posexplode(ai) x AS pos, e"),
            "i INT, pos INT, e INT");
  EXPECT_EQ(Columns("SELECT inline(array(st)) FROM t"), "a INT, b STRING");
  EXPECT_EQ(Columns("SELECT stack(2, 1, 'a', 2, 'b') AS (n, s)"), "n INT, s STRING");
  EXPECT_EQ(Columns("SELECT t.i, e.col FROM t, LATERAL explode(ai) e"), "i INT, col INT");
}

TEST(AnalyzerPlanTest, InlinesViewsWithFreshIds) {
  const auto bound = AnalyzeText("SELECT a.id, b.id FROM events a JOIN events b ON a.id = b.id");
  ASSERT_THAT(bound, IsOk());
  EXPECT_EQ((*bound)->tables.size(), 2u);
  EXPECT_NE((*bound)->root->columns[0].id, (*bound)->root->columns[1].id);
  EXPECT_TRUE((*bound)->tables[0].streaming);
}

TEST(AnalyzerPlanTest, ReadsAPinnedVersion) {
  const auto bound = AnalyzeText("SELECT * FROM sales VERSION AS OF 7");
  ASSERT_THAT(bound, IsOk());
  EXPECT_EQ((*bound)->tables[0].version, 7);
}

TEST(AnalyzerPlanTest, TypesValuesAndRange) {
  EXPECT_EQ(Columns("SELECT * FROM VALUES (1, 'a'), (2.5, NULL) AS v(x, y)"),
            "x DECIMAL(11,1), y STRING");
  EXPECT_EQ(Columns("SELECT id FROM range(5)"), "id BIGINT");
}

TEST(AnalyzerPlanTest, TurnsPercentileContIntoPercentile) {
  EXPECT_THAT(
      Plan("SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY price DESC) AS p FROM sales"),
      HasSubstr("percentile(cast(price#5 AS DOUBLE), 0.75:DOUBLE)"));
}

TEST(AnalyzerPlanTest, AddsDaysOrTimeToDatesAsSpark) {
  EXPECT_EQ(Columns("SELECT day + 1 AS a, day - INTERVAL 7 DAYS AS b, day + INTERVAL 24 HOURS AS "
                    "c, day + INTERVAL 1 MONTH AS d, "
                    "day - DATE'2024-01-01' AS e, datediff(day, '2024-01-01') AS f FROM sales"),
            "a DATE, b DATE, c TIMESTAMP, d DATE, e INTERVAL DAY TO SECOND, f INT");
}

// --- Files ---------------------------------------------------------------------------------------

TEST(AnalyzerFilesTest, PassesOptionsToTheResolver) {
  FakeResolver resolver;
  const auto bound = AnalyzeText(
      "SELECT * FROM STREAM read_files('/landing', format => 'csv', header => true, "
      "`cloudFiles.maxFilesPerTrigger` => 10)",
      resolver);
  ASSERT_THAT(bound, IsOk());
  ASSERT_EQ((*bound)->files.size(), 1u);
  const FileInput& files = (*bound)->files[0];
  EXPECT_EQ(files.path, "/landing");
  EXPECT_TRUE(files.streaming);
  EXPECT_EQ(files.options.at("maxFilesPerTrigger"), "10");
  EXPECT_TRUE(files.metadata_fields.empty());
  EXPECT_EQ(TypesOf(**bound),
            "Invoice STRING, Quantity INT, Price DECIMAL(10,2), _rescued_data STRING");
}

TEST(AnalyzerFilesTest, AddsOnlyTheMetadataThatIsUsed) {
  const auto bound = AnalyzeText(
      "SELECT Invoice, _metadata.file_path AS source_file, f._metadata.record_number FROM "
      "read_files('/landing') f "
      "WHERE _metadata.file_size > 0");
  ASSERT_THAT(bound, IsOk());
  EXPECT_THAT((*bound)->files[0].metadata_fields,
              ElementsAre("file_size", "file_path", "record_number"));
  EXPECT_EQ(ToDebugString(**bound),
            "Project Invoice#1, file_path#6, record_number#7  [Invoice#1 STRING, source_file#6 "
            "STRING!, record_number#7 BIGINT]\n"
            "  Filter >(file_size#5, 0:BIGINT)  [Invoice#1 STRING, Quantity#2 INT, Price#3 "
            "DECIMAL(10,2), _rescued_data#4 STRING, "
            "file_size#5 BIGINT!, file_path#6 STRING!, record_number#7 BIGINT]\n"
            "    FileScan '/landing'  [Invoice#1 STRING, Quantity#2 INT, Price#3 DECIMAL(10,2), "
            "_rescued_data#4 STRING, "
            "file_size#5 BIGINT!, file_path#6 STRING!, record_number#7 BIGINT]\n");
}

TEST(AnalyzerFilesTest, GroupsByMetadata) {
  EXPECT_EQ(Columns("SELECT _metadata.file_name AS f, count(*) AS n FROM read_files('/d') GROUP BY "
                    "_metadata.file_name"),
            "f STRING, n BIGINT");
}

TEST(AnalyzerFilesTest, MakesAStructOfTheWholeMetadata) {
  EXPECT_THAT(Columns("SELECT _metadata FROM read_files('/d')"),
              HasSubstr("STRUCT<file_path: STRING"));
}

// --- ProjectTo and AnalyzePredicate --------------------------------------------------------------

BoundQueryPtr Bound(const std::string& text) { return AnalyzeText(text).value(); }

TEST(ProjectToTest, CastsByPositionAsAnInsertDoes) {
  const auto target = Schema::FromDdl("a BIGINT, b STRING").value();
  const auto projected = ProjectTo(Bound("SELECT id, day FROM sales"), target, false);
  ASSERT_THAT(projected, IsOk());
  EXPECT_EQ(TypesOf(**projected), "a BIGINT, b STRING");
}

TEST(ProjectToTest, FillsMissingColumnsByName) {
  const auto target = Schema::FromDdl("name STRING, missing DATE, ID INT").value();
  const auto projected = ProjectTo(Bound("SELECT id, name FROM customers"), target, true);
  ASSERT_THAT(projected, IsOk());
  EXPECT_EQ(ToDebugString(**projected),
            "Project name#2, NULL:DATE, id#1  [name#2 STRING, missing#4 DATE, ID#1 INT]\n"
            "  Project id#1, name#2  [id#1 INT, name#2 STRING]\n"
            "    TableScan cat.shop.customers  [id#1 INT, name#2 STRING, country#3 STRING]\n");
}

TEST(ProjectToTest, KeepsAQueryThatFits) {
  const BoundQueryPtr query = Bound("SELECT id, name FROM customers");
  EXPECT_THAT(ProjectTo(query, query->OutputSchema(), true), HasValue(query));
}

TEST(ProjectToTest, RefusesWhatAnInsertRefuses) {
  const BoundQueryPtr query = Bound("SELECT id, name FROM customers");
  EXPECT_THAT(
      ProjectTo(query, Schema::FromDdl("id INT, name INT").value(), false),
      IsError(ErrorCode::kSpecification, "column `name` is STRING, which cannot be stored as INT"));
  EXPECT_THAT(ProjectTo(query, Schema::FromDdl("id INT").value(), false),
              IsError(ErrorCode::kSpecification, "the query has 2 columns, 1 are declared"));
  EXPECT_THAT(
      ProjectTo(query, Schema::FromDdl("id INT, nam STRING").value(), true),
      IsError(ErrorCode::kSpecification, "the table has no column `name`; did you mean `nam`?"));
}

Result<ExprPtr> Predicate(const std::string& text) {
  const SourceTextPtr source = SourceText::Make("rule.sql", text);
  ASSIGN_OR_RETURN(const auto expression, ParseExpression(source));
  AnalyzerContext context;
  context.source = source;
  FakeResolver resolver;
  context.resolver = &resolver;
  return AnalyzePredicate(*expression, *Bound("SELECT id, quantity * price AS total FROM sales"),
                          context);
}

TEST(AnalyzePredicateTest, SeesTheOutputColumns) {
  EXPECT_THAT(Predicate("total >= 0 AND id IS NOT NULL"), IsOk());
  EXPECT_THAT(Predicate("price > 0"), IsError(ErrorCode::kSpecification, "unknown column `price`"));
}

TEST(AnalyzePredicateTest, RefusesWhatExpectationsCannotUse) {
  EXPECT_THAT(Predicate("total"),
              IsError(ErrorCode::kSpecification, "has to be BOOLEAN, not DECIMAL(21,2)"));
  EXPECT_THAT(Predicate("sum(total) > 0"),
              IsError(ErrorCode::kSpecification, "`sum` is an aggregate"));
  EXPECT_THAT(Predicate("row_number() OVER (ORDER BY id) = 1"),
              IsError(ErrorCode::kSpecification, "window function"));
  EXPECT_THAT(Predicate("id IN (SELECT id FROM customers)"),
              IsError(ErrorCode::kSpecification, "cannot contain a subquery"));
  EXPECT_THAT(Predicate("explode(array(true))"), IsError(ErrorCode::kSpecification, "makes rows"));
}

}  // namespace
}  // namespace medallion::sql
