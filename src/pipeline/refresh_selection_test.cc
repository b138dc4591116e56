#include "refresh_selection.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

using testing::IsError;

Dataset MakeDataset(sql::DatasetKind kind, TableName name) {
  Dataset dataset;
  dataset.kind = kind;
  dataset.name = std::move(name);
  return dataset;
}

// bronze, silver, a view; gold in two schemas; `kept` may not be reset.
Graph MakeGraph() {
  Graph graph;
  graph.datasets = {MakeDataset(sql::DatasetKind::kStreamingTable, {"c", "s", "bronze"}),
                    MakeDataset(sql::DatasetKind::kTemporaryView, {"", "", "recent"}),
                    MakeDataset(sql::DatasetKind::kMaterializedView, {"c", "s", "gold"}),
                    MakeDataset(sql::DatasetKind::kMaterializedView, {"c", "ml", "gold"}),
                    MakeDataset(sql::DatasetKind::kStreamingTable, {"c", "s", "kept"})};
  graph.datasets[4].properties["pipelines.reset.allowed"] = "false";
  return graph;
}

std::string Show(const Selection& selection) {
  const auto choices = ResolveSelection(MakeGraph(), selection);
  if (!choices) {
    return choices.error().ToString();
  }
  std::string text;
  for (const RefreshChoice& choice : *choices) {
    text += choice.full_refresh ? 'F' : choice.selected ? 'r' : '-';
  }
  return text;
}

TEST(RefreshSelection, TakesEverythingIncrementallyByDefault) { EXPECT_EQ(Show({}), "rrrrr"); }

TEST(RefreshSelection, TakesOnlyWhatIsNamedAndViews) {
  EXPECT_EQ(Show({.refresh = {"BRONZE"}}), "rr---");
  EXPECT_EQ(Show({.refresh = {"ml.gold"}}), "-r-r-");
  EXPECT_EQ(Show({.refresh = {"c.s.gold"}, .full_refresh = {"bronze"}}), "Frr--");
  EXPECT_EQ(Show({.refresh = {"bronze"}, .full_refresh = {"bronze"}}), "Fr---");
}

TEST(RefreshSelection, ResetsEverythingButWhatForbidsIt) {
  EXPECT_EQ(Show({.full_refresh_all = true}), "FrFFr");
}

TEST(RefreshSelection, RefusesFullRefreshAllWithNames) {
  const auto choices =
      ResolveSelection(MakeGraph(), {.refresh = {"bronze"}, .full_refresh_all = true});
  ASSERT_FALSE(choices.has_value());
  EXPECT_EQ(choices.error().condition(), "CONFLICTING_PIPELINE_REFRESH_OPTIONS");
}

TEST(RefreshSelection, ReportsEveryNameThatDoesNotFit) {
  EXPECT_EQ(
      Show({.refresh = {"bronse", "gold", "recent"}, .full_refresh = {"kept", "c.s.golden"}}),
      "error[PIPELINE_DATASET_NOT_FOUND]: the pipeline has no dataset `bronse`\n"
      " = help: did you mean `bronze`?\n"
      "\n"
      "error[AMBIGUOUS_DATASET_NAME]: several datasets are named `gold`\n"
      " = help: write one of c.s.gold, c.ml.gold\n"
      "\n"
      "error[PIPELINE_DATASET_NOT_REFRESHABLE]: a temporary view has nothing to refresh: recent\n"
      " = help: name the tables that read it\n"
      "\n"
      "error[PIPELINE_RESET_NOT_ALLOWED]: `kept` has pipelines.reset.allowed = false and cannot be "
      "refreshed in "
      "full\n"
      " = help: use --refresh for it, or remove the property\n"
      "\n"
      "error[PIPELINE_DATASET_NOT_FOUND]: the pipeline has no dataset `c.s.golden`\n"
      " = help: did you mean `c.s.gold`?\n");
}

}  // namespace
}  // namespace medallion::pipeline
