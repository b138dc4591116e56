#include "sql/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer_testing.h"
#include "base/testing.h"
#include "base/text.h"

namespace medallion::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

BoundQueryPtr Bound(const std::string& text) {
  const auto bound = AnalyzeText(text);
  EXPECT_THAT(bound, medallion::testing::IsOk()) << text;
  return bound ? *bound : nullptr;
}

// `table.column` or `files.column` of each origin.
std::vector<std::string> Lineage(const std::string& text, size_t column = 0) {
  const BoundQueryPtr query = Bound(text);
  const auto lineage = ColumnLineage(*query);
  std::vector<std::string> names;
  for (const ColumnOrigin& origin : lineage[column]) {
    names.push_back((origin.from_files ? "files" : query->tables[origin.input].name.last()) + "." +
                    origin.column);
  }
  return names;
}

TEST(ColumnLineageTest, FollowsExpressionsJoinsAndGroups) {
  EXPECT_THAT(Lineage("SELECT quantity * price AS total FROM sales"),
              ElementsAre("sales.price", "sales.quantity"));
  EXPECT_THAT(Lineage("SELECT c.name FROM sales s JOIN customers c ON s.id = c.id"),
              ElementsAre("customers.name"));
  EXPECT_THAT(Lineage("SELECT customer, sum(price) AS p FROM sales GROUP BY customer", 1),
              ElementsAre("sales.price"));
  EXPECT_THAT(Lineage("SELECT count(*) AS n FROM sales"), IsEmpty());
}

TEST(ColumnLineageTest, FollowsWindowsSetsCommonTablesAndSubqueries) {
  EXPECT_THAT(Lineage("SELECT rank() OVER (ORDER BY price) AS r FROM sales"),
              ElementsAre("sales.price"));
  EXPECT_THAT(Lineage("SELECT id FROM sales UNION ALL SELECT id FROM customers"),
              ElementsAre("sales.id", "customers.id"));
  EXPECT_THAT(
      Lineage(
          "WITH a AS (SELECT id + 1 AS x FROM sales) SELECT l.x FROM a l JOIN a r ON l.x = r.x"),
      ElementsAre("sales.id"));
  EXPECT_THAT(Lineage("SELECT (SELECT max(price) FROM sales) AS m FROM customers"),
              ElementsAre("sales.price"));
  EXPECT_THAT(Lineage("SELECT e FROM t LATERAL VIEW explode(ai) x AS e"), ElementsAre("t.ai"));
}

TEST(ColumnLineageTest, KnowsFilesAndTheirMetadata) {
  EXPECT_THAT(Lineage("SELECT upper(Invoice) AS i FROM read_files('/d')"),
              ElementsAre("files.Invoice"));
  EXPECT_THAT(Lineage("SELECT _metadata.file_path AS p FROM read_files('/d')"),
              ElementsAre("files._metadata.file_path"));
}

std::string Obstacle(const std::string& text) {
  const auto obstacle = FindStreamingObstacle(*Bound(text));
  return obstacle ? obstacle->description + " at " +
                        text.substr(obstacle->span.begin, obstacle->span.end - obstacle->span.begin)
                  : "none";
}

TEST(StreamingObstacleTest, AllowsWhatWorksBatchByBatch) {
  EXPECT_EQ(Obstacle("SELECT id FROM STREAM sales WHERE price > 0"), "none");
  EXPECT_EQ(Obstacle("SELECT s.id FROM STREAM sales s LEFT JOIN customers c ON s.id = c.id"),
            "none");
  EXPECT_EQ(Obstacle("SELECT c.id FROM customers c RIGHT JOIN STREAM sales s ON s.id = c.id"),
            "none");
  EXPECT_EQ(Obstacle("SELECT id FROM STREAM sales UNION ALL SELECT id FROM STREAM customers"),
            "none");
  EXPECT_EQ(Obstacle("SELECT s.id FROM STREAM sales s JOIN (SELECT id, count(*) n FROM customers "
                     "GROUP BY id) c ON s.id = c.id"),
            "none");
  EXPECT_EQ(Obstacle("SELECT id FROM sales ORDER BY id LIMIT 3"), "none");  // no stream
}

TEST(StreamingObstacleTest, NamesWhatNeedsAllRows) {
  EXPECT_EQ(Obstacle("SELECT sum(price) AS p FROM STREAM sales"), "aggregation at sum(price)");
  EXPECT_EQ(Obstacle("SELECT id FROM STREAM sales ORDER BY price"), "ORDER BY at price");
  EXPECT_EQ(Obstacle("SELECT DISTINCT id FROM STREAM sales"), "DISTINCT at id");
  EXPECT_EQ(Obstacle("SELECT rank() OVER (ORDER BY id) AS r FROM STREAM sales"),
            "window function at rank() OVER (ORDER BY id)");
  EXPECT_EQ(Obstacle("SELECT id FROM STREAM sales LIMIT 3"), "LIMIT at id");
  EXPECT_EQ(Obstacle("SELECT c.id FROM customers c LEFT JOIN STREAM sales s ON s.id = c.id"),
            "join that keeps rows of the side that is no stream at s.id = c.id");
  EXPECT_EQ(Obstacle("SELECT id FROM STREAM sales UNION SELECT id FROM STREAM customers"),
            "UNION without ALL at id");
}

TEST(ChildrenTest, IncludeRelationsOfSubqueries) {
  const BoundQueryPtr query = Bound("SELECT id FROM customers WHERE id IN (SELECT id FROM sales)");
  const Relation& filter = *Children(*query->root)[0];
  EXPECT_EQ(Children(filter).size(), 2u);
}

// The first columns of the appended query are the query's own: same names, types and ids; then come
// all columns of the scan.
void ExpectAppended(const std::string& text, size_t scan_columns) {
  const BoundQueryPtr query = Bound(text);
  const auto appended = AppendInputColumns(*query);
  ASSERT_TRUE(appended.has_value()) << text;
  const std::vector<BoundColumn>& before = query->root->columns;
  const std::vector<BoundColumn>& after = appended->query->root->columns;
  EXPECT_EQ(appended->first, before.size());
  ASSERT_EQ(after.size(), before.size() + scan_columns) << text;
  std::set<ColumnId> ids;
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_TRUE(ids.insert(after[i].id).second) << text << " column " << i;
    if (i < before.size()) {
      EXPECT_EQ(after[i].id, before[i].id);
      EXPECT_EQ(after[i].name, before[i].name);
      EXPECT_EQ(after[i].type.ToDdl(), before[i].type.ToDdl());
    }
  }
}

TEST(AppendInputColumnsTest, KeepsTheQuerysColumnsAndAddsAllOfTheScan) {
  ExpectAppended("SELECT * FROM sales", 5);
  ExpectAppended("SELECT id AS x, price * 2 AS y FROM sales WHERE day IS NOT NULL", 5);
  ExpectAppended(
      "SELECT y + 1 AS z FROM (SELECT id AS y, customer FROM sales WHERE id > 0) WHERE y > 1", 5);
  ExpectAppended("WITH a AS (SELECT id, id AS twin FROM sales) SELECT twin, id FROM a", 5);
  ExpectAppended("SELECT id FROM STREAM events", 5);
  ExpectAppended("SELECT Invoice, _metadata.file_path FROM STREAM read_files('/d')", 5);
}

TEST(AppendInputColumnsTest, RefusesQueriesWhoseRowsComeFromSeveral) {
  for (const char* text :
       {"SELECT count(*) AS n FROM sales",
        "SELECT s.id FROM sales s JOIN customers c ON s.id = c.id",
        "SELECT id FROM sales UNION ALL SELECT id FROM customers", "SELECT DISTINCT id FROM sales",
        "SELECT explode(ai) FROM t", "SELECT 1 AS one"}) {
    EXPECT_FALSE(AppendInputColumns(*Bound(text)).has_value()) << text;
  }
}

}  // namespace
}  // namespace medallion::sql
