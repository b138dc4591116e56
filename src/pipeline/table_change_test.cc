#include "table_change.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

Dataset StreamingTable(const std::string& ddl) {
  Dataset dataset;
  dataset.kind = sql::DatasetKind::kStreamingTable;
  dataset.name = {"c", "s", "orders"};
  dataset.schema = Schema::FromDdl(ddl).value();
  return dataset;
}

delta::SnapshotPtr Existing(const std::string& ddl,
                            std::vector<std::string> partition_columns = {}) {
  delta::Snapshot::State state;
  state.version = 4;
  state.metadata.schema = Schema::FromDdl(ddl).value();
  state.metadata.partition_columns = std::move(partition_columns);
  return std::make_shared<const delta::Snapshot>(std::move(state));
}

struct Outcome {
  DatasetPlan plan;
  std::vector<Diagnostic> findings;
};

Outcome Plan(const Dataset& dataset, const delta::SnapshotPtr& snapshot, DatasetPlan plan = {}) {
  Outcome outcome{std::move(plan), {}};
  PlanTableChange(dataset, snapshot, outcome.plan, outcome.findings);
  return outcome;
}

TEST(TableChange, CreatesWhatDoesNotExist) {
  EXPECT_EQ(Plan(StreamingTable("id INT"), nullptr).plan.change, TableChange::kCreate);
}

TEST(TableChange, KeepsATableWithEqualColumnsInAnyOrder) {
  const Outcome outcome = Plan(StreamingTable("b STRING, a INT"), Existing("a INT, b STRING"));
  EXPECT_TRUE(outcome.findings.empty());
  EXPECT_EQ(outcome.plan.change, TableChange::kKeep);
  EXPECT_EQ(outcome.plan.table_schema.ToDdl(), "a INT, b STRING");
}

TEST(TableChange, AddsNewColumnsAtTheEnd) {
  const Outcome outcome =
      Plan(StreamingTable("a INT, c DATE, b STRING"), Existing("a INT, b STRING"));
  EXPECT_EQ(outcome.plan.change, TableChange::kAddColumns);
  EXPECT_EQ(outcome.plan.table_schema.ToDdl(), "a INT, b STRING, c DATE");
}

TEST(TableChange, RefusesChangedTypesAndLostColumns) {
  const Outcome outcome =
      Plan(StreamingTable("a BIGINT, B STRING"), Existing("a INT, b STRING, c DATE"));
  ASSERT_EQ(outcome.findings.size(), 3u);
  EXPECT_EQ(outcome.findings[0].message, "column `a` is INT in the table and BIGINT now");
  EXPECT_EQ(outcome.findings[0].hints.at(1),
            "or rebuild the table from its sources: --full-refresh orders");
  EXPECT_EQ(outcome.findings[1].message, "column `b` of the table is spelt `B` now");
  EXPECT_EQ(outcome.findings[2].message, "column `c` of the table is no longer produced");
}

TEST(TableChange, RefusesOtherPartitions) {
  const Outcome outcome =
      Plan(StreamingTable("a INT, b STRING"), Existing("a INT, b STRING", {"b"}));
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].message, "the table is partitioned by (b), now by ()");
}

TEST(TableChange, ReplacesAnythingInAFullRefresh) {
  const Outcome outcome =
      Plan(StreamingTable("a BIGINT"), Existing("a INT"), {.full_refresh = true});
  EXPECT_TRUE(outcome.findings.empty());
  EXPECT_EQ(outcome.plan.change, TableChange::kReplace);
}

TEST(TableChange, ReplacesAViewWhoseColumnsChanged) {
  Dataset view = StreamingTable("a BIGINT");
  view.kind = sql::DatasetKind::kMaterializedView;
  EXPECT_EQ(Plan(view, Existing("a INT")).plan.change, TableChange::kReplace);
  EXPECT_EQ(Plan(view, Existing("a BIGINT")).plan.change, TableChange::kKeep);
}

TEST(TableChange, LeavesUnselectedTablesAlone) {
  const Outcome outcome = Plan(StreamingTable("a BIGINT"), Existing("a INT"), {.selected = false});
  EXPECT_TRUE(outcome.findings.empty());
  EXPECT_EQ(outcome.plan.table_schema.ToDdl(), "a INT");
}

TEST(TableChange, RefusesPropertiesThatAskForWhatIsNotWritten) {
  Dataset dataset = StreamingTable("a INT");
  dataset.properties = {{"delta.enableChangeDataFeed", "true"}, {"quality", "gold"}};
  const Outcome outcome = Plan(dataset, nullptr);
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].condition, "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE");
  EXPECT_THAT(outcome.findings[0].message, ::testing::HasSubstr("delta.enableChangeDataFeed"));
}

}  // namespace
}  // namespace medallion::pipeline
