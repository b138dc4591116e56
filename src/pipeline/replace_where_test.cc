#include "replace_where.h"

#include "sql/ast_printer.h"
#include "sql/parser.h"

namespace medallion::pipeline {
namespace {

sql::CreateFlow Parse(const std::string& text) {
  const auto no_parameters = [](std::string_view) { return std::optional<std::string>(); };
  const sql::ParsedFile file = sql::ParseStatements(SourceText::Make("a.sql", text), no_parameters);
  EXPECT_TRUE(file.diagnostics.empty());
  return std::get<sql::CreateFlow>(file.statements.front());
}

TEST(ReplaceWhereTest, TheFlowWritesTheRowsOfItsPredicate) {
  const sql::CreateFlow flow =
      Parse("CREATE FLOW f AS INSERT INTO t BY NAME REPLACE WHERE a = 1 SELECT a FROM s LIMIT 3");
  EXPECT_EQ(sql::ToSql(*RowsInside(flow.query, *flow.replace_where)),
            "SELECT * FROM (SELECT a FROM s LIMIT 3) WHERE a = 1");
}

// A row for which the predicate is NULL is not replaced, so it has to be kept.
TEST(ReplaceWhereTest, TheTableKeepsEveryRowForWhichThePredicateIsNotTrue) {
  const sql::CreateFlow flow =
      Parse("CREATE FLOW f AS INSERT INTO t BY NAME REPLACE WHERE a = 1 SELECT 1 AS a");
  EXPECT_EQ(sql::ToSql(*RowsOutside({{"c", "d", "t"}}, *flow.replace_where)),
            "SELECT * FROM c.d.t WHERE NOT ((a = 1) <=> TRUE)");
}

}  // namespace
}  // namespace medallion::pipeline
