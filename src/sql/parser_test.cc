#include "sql/parser.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"
#include "sql/ast_printer.h"

// What a text means is asserted by how the tree prints: with every compound operand in parentheses,
// every literal with its type's suffix and every alternative spelling gone. Expectations are
// Spark's grammar (SqlBaseParser.g4 of Spark 4.0) and the Databricks SQL reference, applied by
// hand.

namespace medallion::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::optional<std::string> NoParameters(std::string_view /*name*/) { return std::nullopt; }

std::string Expr(std::string_view text) {
  const auto parsed = ParseExpression(SourceText::Make("e.sql", std::string(text)));
  return parsed ? ToSql(**parsed) : parsed.error().ToString();
}

std::string QueryOf(std::string_view text) {
  const auto parsed = ParseQuery(SourceText::Make("q.sql", std::string(text)), NoParameters);
  return parsed ? ToSql(**parsed) : parsed.error().ToString();
}

// The first statement printed, or every finding.
std::string StatementOf(std::string_view text) {
  const ParsedFile file =
      ParseStatements(SourceText::Make("s.sql", std::string(text)), NoParameters);
  std::string out;
  for (const Diagnostic& diagnostic : file.diagnostics) out += Render(diagnostic);
  if (out.empty() && file.statements.size() == 1) out = ToSql(file.statements.front());
  return out;
}

// --- Operators -----------------------------------------------------------------------------------

struct Pair {
  std::string_view text;
  std::string_view printed;
};

class ExpressionTest : public ::testing::TestWithParam<Pair> {};

TEST_P(ExpressionTest, MeansWhatSparksGrammarSays) {
  EXPECT_EQ(Expr(GetParam().text), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Precedence, ExpressionTest,
    ::testing::Values(
        Pair{"a or b and c", "a OR (b AND c)"}, Pair{"not a and b", "(NOT a) AND b"},
        Pair{"NOT a = b", "NOT (a = b)"}, Pair{"!a = b", "NOT (a = b)"},
        Pair{"NOT NOT a", "NOT (NOT a)"}, Pair{"a + b * c", "a + (b * c)"},
        Pair{"a - b - c", "(a - b) - c"}, Pair{"(a - b) - c", "(a - b) - c"},
        Pair{"a - (b - c)", "a - (b - c)"}, Pair{"a / b % c div d", "((a / b) % c) DIV d"},
        Pair{"a || b + c", "(a || b) + c"}, Pair{"a | b ^ c & d", "a | (b ^ (c & d))"},
        Pair{"a & b << 1", "a & (b << 1)"}, Pair{"a << 1 + 2", "a << (1 + 2)"},
        Pair{"a >> 1 >>> 2", "(a >> 1) >>> 2"}, Pair{"a = b | c", "a = (b | c)"},
        Pair{"a == b", "a = b"}, Pair{"a != b", "a <> b"}, Pair{"a <=> b", "a <=> b"},
        Pair{"a < b = c", "(a < b) = c"}, Pair{"-a * b", "(-a) * b"}, Pair{"~a + 1", "(~a) + 1"},
        Pair{"- -a", "-(-a)"}, Pair{"+a", "+a"}, Pair{"-a[0]", "-(a[0])"},
        Pair{"-a.b::int", "-CAST(a.b AS INT)"}, Pair{"-1::string", "CAST(-1 AS STRING)"},
        Pair{"2 -1", "2 - 1"}, Pair{"a + -1", "a + (-1)"}, Pair{"-(1)", "-(1)"},
        Pair{"a IN (1) AND b", "(a IN (1)) AND b"}, Pair{"a = 1 IS NULL", "(a = 1) IS NULL"}));

INSTANTIATE_TEST_SUITE_P(
    Predicates, ExpressionTest,
    ::testing::Values(
        Pair{"a between 1 and 2 and b", "(a BETWEEN 1 AND 2) AND b"},
        Pair{"a not between 1 and 2", "a NOT BETWEEN 1 AND 2"}, Pair{"a in (1, 2)", "a IN (1, 2)"},
        Pair{"a not in (1)", "a NOT IN (1)"}, Pair{"a in (select 1)", "a IN (SELECT 1)"},
        Pair{"(a, b) not in (select 1, 2)", "(a, b) NOT IN (SELECT 1, 2)"},
        Pair{"a in ((select 1))", "a IN ((SELECT 1))"},
        Pair{"a in (((select 1), b))", "a IN (((SELECT 1), b))"},
        Pair{"((((select 1)) limit 1))", "((SELECT 1 LIMIT 1))"},
        Pair{"a in ((select 1) + 1)", "a IN ((SELECT 1) + 1)"},
        Pair{"a in ((select 1) union select 2)", "a IN (SELECT 1 UNION SELECT 2)"},
        Pair{"a like 'x%'", "a LIKE 'x%'"}, Pair{"a not like b || '%'", "a NOT LIKE (b || '%')"},
        Pair{"a like 'x' escape '/'", "a LIKE 'x' ESCAPE '/'"}, Pair{"a ilike 'x'", "a ILIKE 'x'"},
        Pair{"a like any ('x', 'y')", "a LIKE ANY ('x', 'y')"},
        Pair{"a like some ('x')", "a LIKE ANY ('x')"},
        Pair{"a not ilike all ('x')", "a NOT ILIKE ALL ('x')"}, Pair{"a rlike 'x'", "a RLIKE 'x'"},
        Pair{"a not regexp 'x'", "a NOT RLIKE 'x'"}, Pair{"a is null", "a IS NULL"},
        Pair{"a is not null", "a IS NOT NULL"}, Pair{"a is true", "a IS TRUE"},
        Pair{"a is not false", "a IS NOT FALSE"}, Pair{"a is unknown", "a IS UNKNOWN"},
        Pair{"a is distinct from b + 1", "a IS DISTINCT FROM (b + 1)"},
        Pair{"a is not distinct from null", "a IS NOT DISTINCT FROM NULL"},
        Pair{"exists (select 1)", "EXISTS (SELECT 1)"},
        Pair{"not exists (select 1)", "NOT (EXISTS (SELECT 1))"},
        Pair{"(select max(x) from t) > 1", "(SELECT max(x) FROM t) > 1"}));

INSTANTIATE_TEST_SUITE_P(
    Literals, ExpressionTest,
    ::testing::Values(
        Pair{"1", "1"}, Pair{"2147483647", "2147483647"}, Pair{"2147483648", "2147483648L"},
        Pair{"-2147483648", "-2147483648"}, Pair{"9223372036854775808", "9223372036854775808BD"},
        Pair{"1L", "1L"}, Pair{"-9223372036854775808L", "-9223372036854775808L"}, Pair{"1s", "1S"},
        Pair{"1Y", "1Y"}, Pair{"1.50", "1.50BD"}, Pair{"1.", "1BD"}, Pair{".05", "0.05BD"},
        Pair{"1.0BD", "1.0BD"}, Pair{"1e3", "1000D"}, Pair{"1.5E-1", "0.15D"}, Pair{"1D", "1D"},
        Pair{"1.5f", "1.5F"}, Pair{"null", "NULL"}, Pair{"TRUE", "TRUE"}, Pair{"false", "FALSE"},
        Pair{"'a' \"b\"  'c'", "'abc'"}, Pair{"'it''s'", R"('it\'s')"},
        Pair{R"("a""b")", R"('a"b')"}, Pair{R"('a\tb')", "'a\tb'"}, Pair{R"('\'')", R"('\'')"},
        Pair{R"('\\')", R"('\\')"}, Pair{R"('\u0041\101\x')", "'AAx'"},
        Pair{R"('a\%b\_')", R"('a\%b\_')"}, Pair{R"(r'\d"')", R"('\\d"')"},
        Pair{R"(R"it's")", R"('it\'s')"}, Pair{"X'1f'", "X'1F'"}, Pair{"x'F'", "X'0F'"},
        Pair{"DATE'2026-05-01'", "DATE'2026-05-01'"}, Pair{"date '2026-5'", "DATE'2026-05-01'"},
        Pair{"timestamp '2026-05-01 10:00:00'", "TIMESTAMP'2026-05-01 10:00:00'"},
        Pair{"timestamp_ntz'2026-05-01'", "TIMESTAMP_NTZ'2026-05-01'"}));

INSTANTIATE_TEST_SUITE_P(
    Intervals, ExpressionTest,
    ::testing::Values(Pair{"INTERVAL '1' DAY", "INTERVAL '1' DAY"},
                      Pair{"interval 3 days", "INTERVAL '3' DAY"},
                      Pair{"interval -3 days", "INTERVAL '-3' DAY"},
                      Pair{"interval - '-3' days", "INTERVAL '3' DAY"},
                      Pair{"interval 2 weeks", "INTERVAL '14' DAY"},
                      Pair{"interval 1 day 2 hours", "INTERVAL '1 2' DAY TO HOUR"},
                      Pair{"interval '1-2' year to month", "INTERVAL '1-2' YEAR TO MONTH"},
                      Pair{"interval '-1-2' year to month", "INTERVAL '-1-2' YEAR TO MONTH"},
                      Pair{"interval 1 year 14 months", "INTERVAL '2-2' YEAR TO MONTH"},
                      Pair{"interval '1 02:03:04.5' day to second",
                           "INTERVAL '1 2:3:4.500000' DAY TO SECOND"},
                      Pair{"interval '02:03' hour to minute", "INTERVAL '2:3' HOUR TO MINUTE"},
                      Pair{"interval '1.5' second", "INTERVAL '1.500000' SECOND"},
                      Pair{"interval 5 milliseconds", "INTERVAL '0.005000' SECOND"},
                      Pair{"interval '2 days 3 hours'", "INTERVAL '2 3' DAY TO HOUR"},
                      Pair{"d + interval '1' month", "d + (INTERVAL '1' MONTH)"},
                      Pair{"interval + 1", "`interval` + 1"}));

INSTANTIATE_TEST_SUITE_P(
    Calls, ExpressionTest,
    ::testing::Values(
        Pair{"f()", "f()"}, Pair{"count(*)", "count(*)"}, Pair{"count(t.*)", "count(t.*)"},
        Pair{"count(distinct a, b)", "count(DISTINCT a, b)"}, Pair{"sum(all a)", "sum(a)"},
        Pair{"sum(a) filter (where b)", "sum(a) FILTER (WHERE b)"},
        Pair{"percentile_cont(0.5) within group (order by x desc)",
             "percentile_cont(0.5BD) WITHIN GROUP (ORDER BY x DESC)"},
        Pair{"first(a ignore nulls)", "first(a) IGNORE NULLS"},
        Pair{"lag(a) respect nulls over w", "lag(a) RESPECT NULLS OVER w"},
        Pair{"rank() over (partition by a, b order by c desc nulls last)",
             "rank() OVER (PARTITION BY a, b ORDER BY c DESC NULLS LAST)"},
        Pair{"sum(a) over (order by b rows 2 preceding)",
             "sum(a) OVER (ORDER BY b ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)"},
        Pair{"sum(a) over (range between unbounded preceding and interval 1 day following)",
             "sum(a) OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND (INTERVAL '1' DAY) FOLLOWING)"},
        Pair{"sum(a) over ()", "sum(a) OVER ()"}, Pair{"sum(a) over (w)", "sum(a) OVER w"},
        Pair{"cast(a as decimal(10, 2))", "CAST(a AS DECIMAL(10,2))"},
        Pair{"try_cast(a as int)", "TRY_CAST(a AS INT)"},
        Pair{"a::array<struct<x:int,y:array<string>>>",
             "CAST(a AS ARRAY<STRUCT<x: INT, y: ARRAY<STRING>>>)"},
        Pair{"extract(year from a)", "extract(YEAR FROM a)"},
        Pair{"substring(a from 2 for 3)", "substring(a, 2, 3)"},
        Pair{"substr(a, 2)", "substring(a, 2)"}, Pair{"trim(a)", "trim(a)"},
        Pair{"trim(both 'x' from a)", "btrim(a, 'x')"}, Pair{"trim('x' from a)", "btrim(a, 'x')"},
        Pair{"trim(leading from a)", "ltrim(a)"},
        Pair{"trim(trailing 'x' from a)", "rtrim('x', a)"},
        Pair{"position('a' in b)", "position('a', b)"},
        Pair{"overlay(a placing b from 2 for 1)", "overlay(a, b, 2, 1)"},
        Pair{"dateadd(day, 3, d)", "timestampadd(DAY, 3, d)"},
        Pair{"datediff(month, a, b)", "timestampdiff(MONTH, a, b)"},
        Pair{"datediff(a, b)", "datediff(a, b)"}, Pair{"date_add(d, 1)", "date_add(d, 1)"},
        Pair{"filter(a, x -> x > 1)", "filter(a, (x) -> x > 1)"},
        Pair{"aggregate(a, 0, (s, x) -> s + x)", "aggregate(a, 0, (s, x) -> s + x)"},
        Pair{"exists(a, x -> x)", "exists(a, (x) -> x)"},
        Pair{"struct(a as x, b)", "struct(a AS x, b)"}, Pair{"f(key => 1)", "f(key => 1)"},
        Pair{"left(a, 1)", "left(a, 1)"}, Pair{"if(a, b, c)", "if(a, b, c)"},
        Pair{"replace(a, 'x')", "replace(a, 'x')"}));

INSTANTIATE_TEST_SUITE_P(
    NamesAndForms, ExpressionTest,
    ::testing::Values(Pair{"a.b.c", "a.b.c"}, Pair{"`a b`.`c``d`", "`a b`.`c``d`"},
                      Pair{"2026_sales", "`2026_sales`"}, Pair{"t.1a", "t.`1a`"},
                      Pair{"a[0].b", "(a[0]).b"}, Pair{"f(x).y[1]", "(f(x).y)[1]"},
                      Pair{"(a).b", "(a).b"}, Pair{"date", "date"},
                      Pair{"year + month", "year + month"}, Pair{"key", "key"},
                      Pair{"value", "value"}, Pair{"timestamp", "`timestamp`"},
                      Pair{"current_date", "current_date"}, Pair{"(a, b)", "(a, b)"},
                      Pair{"((a))", "a"},
                      Pair{"case when a then 1 when b then 2 else 3 end",
                           "CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END"},
                      Pair{"case a when 1 then 'x' end", "CASE a WHEN 1 THEN 'x' END"},
                      Pair{"a /* x /* nested */ y */ + -- end\n b", "a + b"}));

// --- Queries -------------------------------------------------------------------------------------

class QueryTest : public ::testing::TestWithParam<Pair> {};

TEST_P(QueryTest, MeansWhatSparksGrammarSays) {
  EXPECT_EQ(QueryOf(GetParam().text), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Select, QueryTest,
    ::testing::Values(
        Pair{"select 1", "SELECT 1"}, Pair{"select a b, c as d", "SELECT a AS b, c AS d"},
        Pair{"select all a", "SELECT a"},
        Pair{"select distinct a from t", "SELECT DISTINCT a FROM t"},
        Pair{"select *, t.*, c.t.* from t", "SELECT *, t.*, c.t.* FROM t"},
        Pair{"select * except (a, t.b) from t", "SELECT * EXCEPT (a, t.b) FROM t"},
        Pair{"select a as `from`, b as select from t", "SELECT a AS `from`, b AS `select` FROM t"},
        Pair{"select stack(2, a, b) as (x, y) from t", "SELECT stack(2, a, b) AS (x, y) FROM t"},
        Pair{"select a from t where b group by a having c order by a",
             "SELECT a FROM t WHERE b GROUP BY a HAVING c ORDER BY a"},
        Pair{"select a from t qualify rank() over w = 1 window w as (order by a), v as w",
             "SELECT a FROM t QUALIFY rank() OVER w = 1 WINDOW w AS (ORDER BY a), v AS w"},
        Pair{"select a from t order by a desc nulls first, b asc nulls last limit 10 offset 5",
             "SELECT a FROM t ORDER BY a DESC NULLS FIRST, b NULLS LAST LIMIT 10 OFFSET 5"},
        Pair{"select a from t order by all desc limit all", "SELECT a FROM t ORDER BY ALL DESC"},
        Pair{"select a from t group by all", "SELECT a FROM t GROUP BY ALL"},
        Pair{"select a from t group by 1, b + c", "SELECT a FROM t GROUP BY 1, b + c"},
        Pair{"select a from t group by rollup(a, (b, c)), cube (d)",
             "SELECT a FROM t GROUP BY ROLLUP (a, (b, c)), CUBE (d)"},
        Pair{"select a from t group by grouping sets ((a, b), a, ())",
             "SELECT a FROM t GROUP BY GROUPING SETS ((a, b), a, ())"},
        Pair{"values (1, 'a'), (2, 'b')", "SELECT * FROM VALUES (1, 'a'), (2, 'b')"},
        Pair{"values 1, 2 as t(x)", "SELECT * FROM VALUES (1), (2) AS t (x)"},
        Pair{"table a.b", "SELECT * FROM a.b"},
        Pair{"with a as (select 1), b(x) as (with c as (select 2) select * from c) select * from "
             "a, b",
             "WITH a AS (SELECT 1), b (x) AS (WITH c AS (SELECT 2) SELECT * FROM c) SELECT * FROM "
             "a CROSS JOIN b"}));

INSTANTIATE_TEST_SUITE_P(
    SetOperations, QueryTest,
    ::testing::Values(Pair{"select 1 union all select 2 union select 3",
                           "(SELECT 1 UNION ALL SELECT 2) UNION SELECT 3"},
                      Pair{"select 1 union distinct select 2 intersect select 3",
                           "SELECT 1 UNION (SELECT 2 INTERSECT SELECT 3)"},
                      Pair{"select 1 intersect all select 2 except select 3",
                           "(SELECT 1 INTERSECT ALL SELECT 2) EXCEPT SELECT 3"},
                      Pair{"select 1 minus select 2", "SELECT 1 EXCEPT SELECT 2"},
                      Pair{"select 1 except (select 2 union select 3)",
                           "SELECT 1 EXCEPT (SELECT 2 UNION SELECT 3)"},
                      Pair{"select * except (select 1)", "SELECT * EXCEPT SELECT 1"},
                      Pair{"(select 1 limit 1) union (select 2) order by 1",
                           "(SELECT 1 LIMIT 1) UNION SELECT 2 ORDER BY 1"},
                      Pair{"values (1) union all values (2)",
                           "SELECT * FROM VALUES (1) UNION ALL SELECT * FROM VALUES (2)"}));

INSTANTIATE_TEST_SUITE_P(
    From, QueryTest,
    ::testing::Values(
        Pair{"select * from a.b.c as t(x, y)", "SELECT * FROM a.b.c AS t (x, y)"},
        Pair{"select * from a t join b on a.x = b.x",
             "SELECT * FROM a AS t INNER JOIN b ON a.x = b.x"},
        Pair{"select * from a left outer join b using (x, y) right join c on true",
             "SELECT * FROM (a LEFT JOIN b USING (x, y)) RIGHT JOIN c ON TRUE"},
        Pair{"select * from a full join b cross join c",
             "SELECT * FROM (a FULL JOIN b) CROSS JOIN c"},
        Pair{"select * from a left semi join b on x left anti join c on y",
             "SELECT * FROM (a LEFT SEMI JOIN b ON x) LEFT ANTI JOIN c ON y"},
        Pair{"select * from a semi join b on x", "SELECT * FROM a LEFT SEMI JOIN b ON x"},
        Pair{"select * from a natural left join b", "SELECT * FROM a NATURAL LEFT JOIN b"},
        Pair{"select * from a, b join c on x", "SELECT * FROM a CROSS JOIN (b INNER JOIN c ON x)"},
        Pair{"select * from a join (b join c on x) on y",
             "SELECT * FROM a INNER JOIN (b INNER JOIN c ON x) ON y"},
        Pair{"select * from (a join b on x) as j", "SELECT * FROM (a INNER JOIN b ON x) AS j"},
        Pair{"select * from (select 1) s(x)", "SELECT * FROM (SELECT 1) AS s (x)"},
        Pair{"select * from a, lateral (select a.x) l",
             "SELECT * FROM a CROSS JOIN LATERAL (SELECT a.x) AS l"},
        Pair{"select * from a, lateral explode(a.y) as e(z)",
             "SELECT * FROM a CROSS JOIN LATERAL explode(a.y) AS e (z)"},
        Pair{"select * from a lateral view explode(y) e as z lateral view outer posexplode(w) as "
             "p, q",
             "SELECT * FROM a LATERAL VIEW explode(y) e AS z LATERAL VIEW OUTER posexplode(w) AS "
             "p, q"},
        Pair{"select * from (values (1), (2)) v(x)",
             "SELECT * FROM (SELECT * FROM VALUES (1), (2)) AS v (x)"},
        Pair{"select * from values (1) v", "SELECT * FROM VALUES (1) AS v"},
        Pair{"select * from range(1, 10) r", "SELECT * FROM range(1, 10) AS r"},
        Pair{"select * from read_files('p', format => 'csv', `a.b` => true)",
             "SELECT * FROM read_files('p', format => 'csv', `a.b` => TRUE)"},
        Pair{"select * from stream read_files('p')", "SELECT * FROM STREAM read_files('p')"},
        Pair{"select * from stream(live.a) as x", "SELECT * FROM STREAM(LIVE.a) AS x"},
        Pair{"select * from stream a.b", "SELECT * FROM STREAM(a.b)"},
        Pair{"select * from stream", "SELECT * FROM `stream`"},
        Pair{"select * from LIVE.b", "SELECT * FROM LIVE.b"},
        Pair{"select * from kmeans(table(t), key => 'k', features => array('a'), k => 'auto')",
             "SELECT * FROM kmeans(TABLE(t), key => 'k', features => array('a'), k => 'auto')"},
        Pair{"select * from f(x => table(select 1))", "SELECT * FROM f(x => TABLE(SELECT 1))"},
        Pair{"select * from t version as of 3", "SELECT * FROM t VERSION AS OF 3"},
        Pair{"select * from t for version as of '3' as x",
             "SELECT * FROM t VERSION AS OF '3' AS x"},
        Pair{"select * from t timestamp as of '2026-05-01'",
             "SELECT * FROM t TIMESTAMP AS OF '2026-05-01'"}));

TEST(QueryParserTest, KeepsTheStreamOfAPipelineDataset) {
  const auto parsed =
      ParseQuery(SourceText::Make("q.sql", "SELECT * FROM STREAM(LIVE.bronze)"), NoParameters);
  ASSERT_THAT(parsed, testing::IsOk());
  const auto& select = std::get<ast::Select>((*parsed)->body->node);
  const auto& table = std::get<ast::TableReference>(select.from->node);
  EXPECT_TRUE(table.streaming);
  EXPECT_TRUE(table.live);
  EXPECT_THAT(table.name.parts, ElementsAre("bronze"));
}

TEST(QueryParserTest, SpansCoverWhatWasWritten) {
  const auto source = SourceText::Make("q.sql", "SELECT  (a + b) * 2 AS x FROM t AS u");
  const auto parsed = ParseQuery(source, NoParameters);
  ASSERT_THAT(parsed, testing::IsOk());
  const auto& select = std::get<ast::Select>((*parsed)->body->node);
  EXPECT_EQ(source->Slice((*parsed)->span), "SELECT  (a + b) * 2 AS x FROM t AS u");
  EXPECT_EQ(source->Slice(select.items[0].span), "(a + b) * 2 AS x");
  EXPECT_EQ(source->Slice(select.items[0].expr->span), "(a + b) * 2");
  const auto& product = std::get<ast::Binary>(select.items[0].expr->node);
  EXPECT_EQ(source->Slice(product.left->span), "(a + b)");
  EXPECT_EQ(source->Slice(product.op_span), "*");
  EXPECT_EQ(source->Slice(select.from->span), "t AS u");
}

// --- Statements ----------------------------------------------------------------------------------

class StatementTest : public ::testing::TestWithParam<Pair> {};

TEST_P(StatementTest, MeansWhatThePipelineGrammarSays) {
  EXPECT_EQ(StatementOf(GetParam().text), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Datasets, StatementTest,
    ::testing::Values(
        Pair{"create or refresh streaming table a.b.t as select 1",
             "CREATE OR REFRESH STREAMING TABLE a.b.t AS SELECT 1"},
        Pair{"create streaming table if not exists t", "CREATE STREAMING TABLE IF NOT EXISTS t"},
        Pair{"create or refresh private materialized view t as select 1",
             "CREATE OR REFRESH PRIVATE MATERIALIZED VIEW t AS SELECT 1"},
        Pair{"create or replace materialized view t as select 1",
             "CREATE OR REFRESH MATERIALIZED VIEW t AS SELECT 1"},
        Pair{"create temporary view t (a comment 'x', constraint c expect (a > 0)) as select 1",
             "CREATE TEMPORARY VIEW t (a COMMENT 'x', CONSTRAINT c EXPECT (a > 0)) AS SELECT 1"},
        Pair{"create temp view t as select 1", "CREATE TEMPORARY VIEW t AS SELECT 1"},
        Pair{"create view t as select 1", "CREATE VIEW t AS SELECT 1"},
        Pair{"create or refresh streaming live table t as select 1",
             "CREATE OR REFRESH STREAMING TABLE t AS SELECT 1"},
        Pair{"create or refresh live table live.t as select 1",
             "CREATE OR REFRESH MATERIALIZED VIEW t AS SELECT 1"},
        Pair{"create live table t as select 1", "CREATE MATERIALIZED VIEW t AS SELECT 1"},
        Pair{"create temporary live table t as select 1",
             "CREATE PRIVATE MATERIALIZED VIEW t AS SELECT 1"},
        Pair{"create temporary live view t as select 1", "CREATE TEMPORARY VIEW t AS SELECT 1"},
        Pair{"create live view t as select 1", "CREATE TEMPORARY VIEW t AS SELECT 1"},
        Pair{"create streaming table t (a int not null comment 'x', b decimal(10,2), "
             "constraint c expect (a is not null) on violation drop row, "
             "constraint d expect (b > 0) on violation fail update)",
             "CREATE STREAMING TABLE t (a INT NOT NULL COMMENT 'x', b DECIMAL(10,2), "
             "CONSTRAINT c EXPECT (a IS NOT NULL) ON VIOLATION DROP ROW, "
             "CONSTRAINT d EXPECT (b > 0) ON VIOLATION FAIL UPDATE)"},
        Pair{"create materialized view t using delta partitioned by (a, b) comment 'x' "
             "tblproperties ('quality' = 'gold', delta.appendOnly = true, n -1) cluster by (c) as "
             "select 1",
             "CREATE MATERIALIZED VIEW t PARTITIONED BY (a, b) CLUSTER BY (c) COMMENT 'x' "
             "TBLPROPERTIES ('delta.appendOnly' = 'true', 'n' = '-1', 'quality' = 'gold') AS "
             "SELECT 1"},
        Pair{"create materialized view t as (select 1)", "CREATE MATERIALIZED VIEW t AS SELECT 1"},
        Pair{"create materialized view t as with a as (select 1) select * from a",
             "CREATE MATERIALIZED VIEW t AS WITH a AS (SELECT 1) SELECT * FROM a"}));

INSTANTIATE_TEST_SUITE_P(
    Others, StatementTest,
    ::testing::Values(
        Pair{"create flow f as insert into t by name select 1",
             "CREATE FLOW f AS INSERT INTO t BY NAME SELECT 1"},
        Pair{"create flow f comment 'x' as insert once into a.t by name select 1",
             "CREATE FLOW f COMMENT 'x' AS INSERT ONCE INTO a.t BY NAME SELECT 1"},
        Pair{"create flow f as insert into once t by name select 1",
             "CREATE FLOW f AS INSERT ONCE INTO t BY NAME SELECT 1"},
        Pair{"create flow f as insert into t by name replace where a > 1 select 1 a",
             "CREATE FLOW f AS INSERT INTO t BY NAME REPLACE WHERE a > 1 SELECT 1 AS a"},
        Pair{"create streaming table t partitioned by (a) flow replace where a=1 and b "
             "by name with c as (select 1 a) select * from c",
             "CREATE STREAMING TABLE t PARTITIONED BY (a) FLOW REPLACE WHERE (a = 1) "
             "AND b BY NAME WITH c AS (SELECT 1 AS a) SELECT * FROM c"},
        Pair{"set pipelines.trigger.interval = '1 hour'",
             "SET 'pipelines.trigger.interval' = '1 hour'"},
        Pair{"set a.b = c d.e", "SET 'a.b' = 'c d.e'"}, Pair{"use catalog c", "USE CATALOG c"},
        Pair{"use schema s", "USE SCHEMA s"}, Pair{"use database s", "USE SCHEMA s"},
        Pair{"use c.s", "USE SCHEMA c.s"}, Pair{"select 1", "SELECT 1"},
        Pair{";; select 1 ;", "SELECT 1"},
        Pair{"\xEF\xBB\xBFselect 1\r\n -- x\r\n;\r\n", "SELECT 1"}));

TEST(ParseStatementsTest, ReadsTheStatementsAfterABadOne) {
  const ParsedFile file =
      ParseStatements(SourceText::Make("s.sql", "SELECT 1; CREATE TABEL x; USE a"), NoParameters);
  EXPECT_EQ(file.statements.size(), 2U);
  ASSERT_EQ(file.diagnostics.size(), 1U);
  EXPECT_EQ(file.source->Slice(file.diagnostics[0].span), "TABEL");
}

TEST(ParseStatementsTest, SemicolonsInStringsNamesAndCommentsSeparateNothing) {
  const ParsedFile file = ParseStatements(
      SourceText::Make("s.sql", "SELECT ';', `;` /* ; */ -- ;\n FROM t; SELECT '--'"),
      NoParameters);
  EXPECT_EQ(file.statements.size(), 2U);
  EXPECT_THAT(file.diagnostics, IsEmpty());
}

TEST(ParseStatementsTest, AnEmptyOrCommentedFileHasNoStatements) {
  for (const char* text : {"", "  \n", "-- nothing\n", "/* nothing */", "\xEF\xBB\xBF"}) {
    const ParsedFile file = ParseStatements(SourceText::Make("s.sql", text), NoParameters);
    EXPECT_THAT(file.statements, IsEmpty());
    EXPECT_THAT(file.diagnostics, IsEmpty());
  }
}

// --- Parameters ----------------------------------------------------------------------------------

std::optional<std::string> SomeParameters(std::string_view name) {
  if (name == "schema") return "dlt";
  if (name == "n") return "42";
  if (name == "condition") return "a > 1 AND b";
  if (name == "quoted") return "it's \\n";
  return std::nullopt;
}

std::string WithParameters(std::string_view text) {
  const auto parsed = ParseQuery(SourceText::Make("q.sql", std::string(text)), SomeParameters);
  return parsed ? ToSql(**parsed) : parsed.error().ToString();
}

TEST(ParameterTest, BracedOnesAreTextBetweenTokens) {
  EXPECT_EQ(WithParameters("SELECT ${n} FROM ${schema}.t_${n}_x WHERE ${condition}"),
            "SELECT 42 FROM dlt.t_42_x WHERE (a > 1) AND b");
  EXPECT_EQ(WithParameters("SELECT ${n}_a FROM t"), "SELECT `42_a` FROM t");
}

TEST(ParameterTest, InQuotesTheyAreCharactersAndCannotEndTheString) {
  EXPECT_EQ(WithParameters("SELECT '<${quoted}>', `${schema} x`"),
            R"(SELECT '<it\'s \\n>', `dlt x`)");
}

TEST(ParameterTest, ColonOnesAreStringLiterals) {
  EXPECT_EQ(WithParameters("SELECT DATE(:n), :quoted"), R"(SELECT DATE('42'), 'it\'s \\n')");
}

TEST(ParameterTest, InCommentsTheyAreNothing) {
  EXPECT_EQ(WithParameters("SELECT 1 -- ${missing}"), "SELECT 1");
}

// --- Limits --------------------------------------------------------------------------------------

std::string Repeat(std::string_view text, size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(ParserLimitTest, RefusesDeepNestingOfEveryKind) {
  const std::string deep[] = {
      Repeat("(", 5000) + "1" + Repeat(")", 5000),
      Repeat("NOT ", 5000) + "a",
      Repeat("- ", 5000) + "a",
      "a" + Repeat(" + a", 5000),
      "a" + Repeat(" OR a", 5000),
      "a" + Repeat("[0]", 5000),
      "a" + Repeat("::int", 5000),
      Repeat("f(", 5000) + "1" + Repeat(")", 5000),
      Repeat("CASE WHEN a THEN ", 5000) + "1" + Repeat(" END", 5000),
      Repeat("(SELECT ", 5000) + "1" + Repeat(")", 5000),
      Repeat("x -> ", 5000) + "1",
      "1 IN " + Repeat("(1 IN ", 5000),
  };
  for (const std::string& text : deep) {
    EXPECT_THAT(ParseExpression(SourceText::Make("e.sql", text)),
                testing::IsError(ErrorCode::kSpecification, "nested more than 500 levels"))
        << text.substr(0, 40);
  }
  const std::string queries[] = {
      "SELECT 1" + Repeat(" UNION SELECT 1", 20000),
      "SELECT * FROM t" + Repeat(" JOIN t", 5000),
      "SELECT * FROM t" + Repeat(", t", 5000),
      "SELECT * FROM t" + Repeat(" LATERAL VIEW explode(a) e AS x", 5000),
      "SELECT * FROM " + Repeat("(", 5000) + "t" + Repeat(")", 5000),
      Repeat("WITH a AS (", 5000) + "SELECT 1" + Repeat(") SELECT 1", 5000),
      "SELECT " + Repeat("(", 100) + "a" + Repeat(Repeat(" + a", 100) + ")", 100),
  };
  for (const std::string& text : queries) {
    EXPECT_THAT(ParseQuery(SourceText::Make("q.sql", text), NoParameters),
                testing::IsError(ErrorCode::kSpecification, "nested more than 500 levels"))
        << text.substr(0, 40);
  }
}

TEST(ParserLimitTest, TakesReasonableDepthAndGreatWidth) {
  EXPECT_THAT(ParseExpression(SourceText::Make("e.sql", Repeat("(", 200) + "1" + Repeat(")", 200))),
              testing::IsOk());
  EXPECT_THAT(ParseExpression(SourceText::Make("e.sql", "a" + Repeat(" OR a", 400))),
              testing::IsOk());
  EXPECT_THAT(
      ParseQuery(SourceText::Make("q.sql", "SELECT a" + Repeat(", a + b", 50000)), NoParameters),
      testing::IsOk());
}

TEST(ParserLimitTest, RefusesTextsOfMoreThanAMegabyte) {
  EXPECT_THAT(
      ParseExpression(SourceText::Make("e.sql", "'" + std::string(kTextBytesMax, 'x') + "'")),
      testing::IsError(ErrorCode::kSpecification, "more than 1048576"));
}

}  // namespace
}  // namespace medallion::sql
