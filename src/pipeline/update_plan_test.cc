#include "pipeline/update_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.h"
#include "base/testing.h"
#include "fake_world.h"

namespace medallion::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsError;

const int64_t kNow = ParseIsoTimestamp("2026-05-01T09:00:00Z").value();

// bronze from files, silver from bronze, gold over silver, `dated` over a table outside.
class UpdatePlanTest : public ::testing::Test {
 protected:
  UpdatePlanTest() {
    project_.folder = "/project";
    project_.catalog = "main";
    project_.schema = "shop";
    project_.files = {
        SourceText::Make("a.sql",
                         "CREATE OR REFRESH STREAMING TABLE bronze AS SELECT id, amount FROM "
                         "STREAM read_files('in', format => 'csv');"
                         "CREATE TEMPORARY VIEW recent AS SELECT id, amount FROM STREAM(bronze);"
                         "CREATE OR REFRESH STREAMING TABLE silver AS SELECT CAST(id AS INT) AS "
                         "id, upper(amount) AS amount FROM recent;"
                         "CREATE OR REFRESH MATERIALIZED VIEW gold AS SELECT id, count(*) AS n "
                         "FROM silver GROUP BY id;"
                         "CREATE OR REFRESH MATERIALIZED VIEW dated AS SELECT id, current_date() "
                         "AS day FROM customers;")};
    world_.AddFolder("/project/in",
                     {{"/project/in/1.csv", 1000, 1, "t1"}, {"/project/in/2.csv", 500, 2, "t2"}},
                     "id STRING, amount STRING");
    world_.AddTable({"main", "shop", "customers"}, "id INT", 3);
  }

  UpdatePlan Plan(const Selection& selection = {}, int64_t now = kNow) {
    Result<GraphPtr> graph = BuildGraph(project_, world_);
    if (!graph) {
      ADD_FAILURE() << graph.error().ToString();
      std::abort();
    }
    Result<UpdatePlan> plan = PlanUpdate(*graph, selection, world_, now);
    if (!plan) {
      ADD_FAILURE() << plan.error().ToString();
      std::abort();
    }
    return *std::move(plan);
  }

  static const FlowPlan& FlowOf(const UpdatePlan& plan, std::string_view dataset) {
    return plan.flows[plan.graph->datasets[plan.graph->FindDataset(dataset).value()].flows.at(0)];
  }

  // Records what building the view now would record.
  void Build(const UpdatePlan& plan, std::string_view view, int64_t now = kNow) {
    const size_t dataset = plan.graph->FindDataset(view).value();
    const Flow& flow = plan.graph->flows[plan.graph->datasets[dataset].flows.at(0)];
    std::vector<delta::SnapshotPtr> inputs;
    for (const FlowTable& table : flow.tables) {
      inputs.push_back(world_.FindTable(table.name).value());
    }
    const ViewRecord record = CurrentViewRecord(*plan.graph, flow, inputs, now);
    world_.AddTable(plan.graph->datasets[dataset].name,
                    plan.graph->datasets[dataset].schema.ToDdl(), 0, ToTransactions(record, 0));
  }

  Project project_;
  FakeWorld world_;
};

TEST_F(UpdatePlanTest, RunsEverythingTheFirstTimeInDependencyOrder) {
  const UpdatePlan plan = Plan();
  EXPECT_EQ(FlowOf(plan, "bronze").action, FlowAction::kRun);
  EXPECT_EQ(FlowOf(plan, "bronze").reason, "2 new files");
  EXPECT_THAT(FlowOf(plan, "bronze").after, IsEmpty());
  EXPECT_THAT(FlowOf(plan, "silver").after, ElementsAre(FlowOf(plan, "bronze").flow))
      << "through the view";
  EXPECT_EQ(FlowOf(plan, "gold").reason, "never built");
  EXPECT_THAT(FlowOf(plan, "gold").after, ElementsAre(FlowOf(plan, "silver").flow));
}

TEST_F(UpdatePlanTest, CountsOnlyFilesThatWereNotTaken) {
  world_.SetKnownFiles(
      {Schema::FromDdl("id STRING, amount STRING").value(), {{"/project/in/1.csv", "t1"}}});
  const PlannedFiles files = FlowOf(Plan(), "bronze").files.at(0);
  EXPECT_EQ(files.files_total, 2);
  EXPECT_EQ(files.files_new, 1);
  EXPECT_EQ(files.bytes_new, 500u);
}

TEST_F(UpdatePlanTest, DecidesLaterAboutViewsWhoseInputsMayChange) {
  world_.AddTable({"main", "shop", "silver"}, "id INT, amount STRING", 1);
  Build(Plan(), "gold");
  const UpdatePlan plan = Plan();
  EXPECT_EQ(FlowOf(plan, "gold").action, FlowAction::kRunIfChanged);
  EXPECT_EQ(FlowOf(plan, "gold").reason, "if an input changes");
}

TEST_F(UpdatePlanTest, SkipsAViewWhoseInputsStandStill) {
  Build(Plan(), "dated");
  const UpdatePlan plan = Plan();
  EXPECT_EQ(FlowOf(plan, "dated").action, FlowAction::kSkip);
  EXPECT_EQ(FlowOf(plan, "dated").reason, "no input changed");
}

TEST_F(UpdatePlanTest, RunsADatedViewOnTheNextDayOfTheSessionZone) {
  Build(Plan(), "dated");
  const int64_t late = ParseIsoTimestamp("2026-05-01T23:30:00Z").value();
  EXPECT_EQ(FlowOf(Plan({}, late), "dated").action, FlowAction::kSkip);
  const UpdatePlan next_day = Plan({}, late + 3'600'000'000);
  EXPECT_EQ(FlowOf(next_day, "dated").action, FlowAction::kRun);
  EXPECT_EQ(FlowOf(next_day, "dated").reason, "the date is 2026-05-02 now");
}

TEST_F(UpdatePlanTest, RunsAViewWhoseOutsideInputMoved) {
  Build(Plan(), "dated");
  world_.AddTable({"main", "shop", "customers"}, "id INT", 4);
  EXPECT_EQ(FlowOf(Plan(), "dated").reason, "customers moved from version 3 to 4");
}

TEST_F(UpdatePlanTest, RunsASelectedViewByItsInputsAsTheyAre) {
  world_.AddTable({"main", "shop", "silver"}, "id INT, amount STRING", 1);
  Build(Plan(), "gold");
  const UpdatePlan plan = Plan({.refresh = {"gold"}});
  EXPECT_EQ(FlowOf(plan, "gold").action, FlowAction::kSkip)
      << "nothing that it reads runs in this update";
  EXPECT_EQ(FlowOf(plan, "silver").action, FlowAction::kExclude);
  EXPECT_EQ(FlowOf(plan, "silver").reason, "not selected");
}

TEST_F(UpdatePlanTest, RefreshesInFullWhatIsAskedFor) {
  world_.AddTable({"main", "shop", "silver"}, "id STRING",
                  1);  // another type: no matter in a full refresh
  const UpdatePlan plan = Plan({.full_refresh = {"silver"}});
  EXPECT_TRUE(FlowOf(plan, "silver").full_refresh);
  EXPECT_FALSE(FlowOf(plan, "bronze").full_refresh);
  EXPECT_EQ(plan.datasets[plan.graph->FindDataset("silver").value()].change, TableChange::kReplace);
}

TEST_F(UpdatePlanTest, FindsLineageBetweenStoredTablesAndFiles) {
  const UpdatePlan plan = Plan();
  std::vector<std::string> edges;
  for (const TableLineage& edge : plan.table_lineage) {
    edges.push_back(fmt::format("{} {}{} → {} {}", edge.source_type, edge.source_path,
                                edge.source_table_full_name, edge.target_type,
                                edge.target_table_full_name));
  }
  EXPECT_THAT(edges,
              ElementsAre("PATH /project/in → STREAMING_TABLE main.shop.bronze",
                          "STREAMING_TABLE main.shop.bronze → STREAMING_TABLE main.shop.silver",
                          "STREAMING_TABLE main.shop.silver → MATERIALIZED_VIEW main.shop.gold",
                          "TABLE main.shop.customers → MATERIALIZED_VIEW main.shop.dated"));
  std::vector<std::string> columns;
  for (const ColumnLineage& edge : plan.column_lineage) {
    if (edge.tables.target_table_full_name == "main.shop.silver") {
      columns.push_back(edge.source_column + " → " + edge.target_column);
    }
  }
  EXPECT_THAT(columns, ElementsAre("amount → amount", "id → id"));
}

TEST_F(UpdatePlanTest, IsDescribedInLines) {
  const std::vector<std::string> lines = DescribePlan(Plan());
  EXPECT_THAT(lines, ::testing::IsSupersetOf({
                         " 1 streaming table main.shop.bronze: create",
                         "     columns: id STRING, amount STRING",
                         "     reads /project/in: 2 files, 2 new (1.5 kB)",
                         "     flow: run, 2 new files",
                         "     reads main.shop.customers (outside the pipeline)",
                         "5 datasets, 4 flows: 4 run",
                     }));
}

TEST_F(UpdatePlanTest, IsDescribedInJson) {
  const std::string json = DescribePlanJson(Plan());
  EXPECT_THAT(json, HasSubstr(R"("name":"main.shop.bronze")"));
  EXPECT_THAT(json, HasSubstr(R"("kind":"temporary view")"));
  EXPECT_THAT(json, HasSubstr(R"("bytes_new":1500)"));
  EXPECT_THAT(json, HasSubstr(R"("source_path":"/project/in")"));
}

TEST_F(UpdatePlanTest, RefusesUnknownNames) {
  const GraphPtr graph = BuildGraph(project_, world_).value();
  EXPECT_THAT(PlanUpdate(graph, {.refresh = {"sliver"}}, world_, kNow),
              IsError(ErrorCode::kSpecification, "did you mean `silver`?"));
}

}  // namespace
}  // namespace medallion::pipeline
