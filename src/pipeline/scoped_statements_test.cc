#include "scoped_statements.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

class ScopedStatementsTest : public ::testing::Test {
 protected:
  ScopedStatementsTest() {
    project_.catalog = "main";
    project_.schema = "shop";
    project_.configuration["source"] = {"/in", {}};
  }

  std::vector<ScopedStatement> Parse(const std::string& text) {
    source_ = SourceText::Make("a.sql", text);
    return ParseScoped(project_, source_, findings_);
  }

  Project project_;
  SourceTextPtr source_;
  std::vector<Diagnostic> findings_;
};

TEST_F(ScopedStatementsTest, GivesEachStatementTheValuesSetBeforeIt) {
  const auto statements = Parse(
      "CREATE TEMPORARY VIEW a AS SELECT '${source}' AS s;\n"
      "SET source = /new;\n"
      "CREATE TEMPORARY VIEW b AS SELECT '${source}' AS s;\n"
      "SET day = ${source}/1;\n"
      "CREATE TEMPORARY VIEW c AS SELECT '${day}' AS s;\n");
  ASSERT_TRUE(findings_.empty()) << Render(findings_.front());
  ASSERT_EQ(statements.size(), 3u);
  EXPECT_EQ(statements[0].text, "CREATE TEMPORARY VIEW a AS SELECT '/in' AS s");
  EXPECT_EQ(statements[1].text, "CREATE TEMPORARY VIEW b AS SELECT '/new' AS s");
  EXPECT_EQ(statements[2].text, "CREATE TEMPORARY VIEW c AS SELECT '/new/1' AS s");
}

TEST_F(ScopedStatementsTest, KeepsPlacesInTheWholeFileBehindASet) {
  Parse("SET a = 1;\nCREATE TEMPORARY VIEW v AS SELECT FROM;\n");
  ASSERT_EQ(findings_.size(), 1u);
  EXPECT_EQ(findings_[0].source, source_);
  EXPECT_EQ(source_->Locate(findings_[0].span.begin).line, 2u);
}

TEST_F(ScopedStatementsTest, MovesTheNamespaceWithUse) {
  const auto statements = Parse(
      "CREATE TEMPORARY VIEW a AS SELECT 1 AS x; USE SCHEMA ml; CREATE TEMPORARY VIEW b AS SELECT "
      "1 AS x;"
      "USE CATALOG other; CREATE TEMPORARY VIEW c AS SELECT 1 AS x; USE x.y; CREATE TEMPORARY VIEW "
      "d AS SELECT 1 AS x;");
  ASSERT_EQ(statements.size(), 4u);
  EXPECT_EQ(statements[0].where.schema, "shop");
  EXPECT_EQ(statements[1].where.catalog + "." + statements[1].where.schema, "main.ml");
  EXPECT_EQ(statements[2].where.catalog + "." + statements[2].where.schema, "other.default");
  EXPECT_EQ(statements[3].where.catalog + "." + statements[3].where.schema, "x.y");
}

TEST_F(ScopedStatementsTest, RefusesConfsInFilesAndQueriesAlone) {
  Parse("SET spark.sql.ansi.enabled = false; SELECT 1;");
  ASSERT_EQ(findings_.size(), 2u);
  EXPECT_EQ(findings_[0].message, "not supported in a file: SET spark.sql.ansi.enabled");
  EXPECT_EQ(findings_[1].message, "a query alone does nothing in a pipeline file");
}

TEST_F(ScopedStatementsTest, BoundsTheSetStatementsOfOneFile) {
  std::string text;
  for (size_t i = 0; i <= kSetStatementsMax; ++i) {
    text += fmt::format("SET k{} = 1;\n", i);
  }
  Parse(text);
  ASSERT_EQ(findings_.size(), 1u);
  EXPECT_EQ(findings_[0].message, "more than 100 SET statements in one file");
}

TEST(ClassifyConf, KnowsWhichConfsWouldChangeResults) {
  EXPECT_EQ(ClassifyConf("source", "x"), ConfEffect::kParameter);
  EXPECT_EQ(ClassifyConf("spark.sql.session.timeZone", "UTC"), ConfEffect::kFollowed);
  EXPECT_EQ(ClassifyConf("spark.sql.ansi.enabled", "TRUE"), ConfEffect::kFollowed);
  EXPECT_EQ(ClassifyConf("spark.sql.ansi.enabled", "false"), ConfEffect::kRefused);
  EXPECT_EQ(ClassifyConf("spark.sql.legacy.timeParserPolicy", "LEGACY"), ConfEffect::kRefused);
  EXPECT_EQ(ClassifyConf("spark.sql.shuffle.partitions", "8"), ConfEffect::kNoEffect);
  EXPECT_EQ(ClassifyConf("pipelines.trigger.interval", "1 hour"), ConfEffect::kNoEffect);
}

}  // namespace
}  // namespace medallion::pipeline
