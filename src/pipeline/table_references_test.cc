#include "table_references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"
#include "sql/parser.h"

namespace medallion::pipeline {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> References(const std::string& text) {
  const auto query = sql::ParseQuery(SourceText::Make("q.sql", text),
                                     [](std::string_view) { return std::nullopt; });
  if (!query) {
    ADD_FAILURE() << query.error().ToString();
    return {};
  }
  std::vector<std::string> names;
  for (const TableMention& mention : FindTableReferences(**query)) {
    names.push_back((mention.streaming ? "STREAM " : "") +
                    std::string(mention.live ? "LIVE " : "") + mention.name.ToString());
  }
  return names;
}

TEST(TableReferences, FindsTablesWhereverAQueryCanStand) {
  EXPECT_THAT(
      References("SELECT (SELECT max(x) FROM a), CASE WHEN EXISTS (SELECT 1 FROM b) THEN 1 END "
                 "FROM c JOIN (SELECT * FROM d) s ON s.x IN (SELECT x FROM e) "
                 "WHERE c.y > ALL_OF OR c.z IN (SELECT z FROM f) GROUP BY c.y "
                 "HAVING max(c.z) > (SELECT 1 FROM g) ORDER BY (SELECT 1 FROM h)"),
      ElementsAre("a", "b", "c", "d", "e", "f", "g", "h"));
}

TEST(TableReferences, KeepsStreamsAndLiveNames) {
  EXPECT_THAT(References("SELECT * FROM STREAM(a.b) JOIN LIVE.c JOIN STREAM(LIVE.d)"),
              ElementsAre("STREAM a.b", "LIVE c", "STREAM LIVE d"));
}

TEST(TableReferences, LeavesOutCommonTablesInTheirScopeOnly) {
  EXPECT_THAT(
      References("WITH x AS (SELECT * FROM x), y AS (SELECT * FROM x) SELECT * FROM Y JOIN c.x"),
      ElementsAre("x", "c.x"));
  EXPECT_THAT(References("SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x) t JOIN x"),
              ElementsAre("x"));
}

TEST(TableReferences, LooksIntoSetOperationsAndTableArguments) {
  EXPECT_THAT(
      References("SELECT * FROM a UNION ALL (SELECT * FROM b LIMIT 1) EXCEPT SELECT * FROM c"),
      ElementsAre("a", "b", "c"));
  EXPECT_THAT(References("SELECT * FROM kmeans(TABLE(a), k => 3)"), ElementsAre("a"));
}

}  // namespace
}  // namespace medallion::pipeline
