#include "pipeline/graph.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"
#include "fake_world.h"
#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsError;

// A project of SQL texts, without a disk.
class GraphTest : public ::testing::Test {
 protected:
  GraphTest() {
    project_.name = "shop";
    project_.folder = "/project";
    project_.catalog = "main";
    project_.schema = "shop";
    world_.AddTable({"main", "shop", "customers"}, "id INT, name STRING, country STRING", 3);
    world_.AddFolder("/project/in",
                     {{"/project/in/1.csv", 10, 1, "t1"}, {"/project/in/2.csv", 20, 2, "t2"}},
                     "id STRING, amount STRING");
  }

  void AddFile(const std::string& text) {
    project_.files.push_back(
        SourceText::Make(fmt::format("{}.sql", project_.files.size() + 1), text));
  }

  GraphPtr Build() {
    Result<GraphPtr> graph = BuildGraph(project_, world_);
    if (!graph) {
      ADD_FAILURE() << graph.error().ToString();
      return std::make_shared<const Graph>();
    }
    return *graph;
  }

  static std::vector<std::string> Names(const Graph& graph) {
    std::vector<std::string> names;
    for (const Dataset& dataset : graph.datasets) {
      names.push_back(dataset.DisplayName());
    }
    return names;
  }

  Project project_;
  FakeWorld world_;
};

constexpr std::string_view kBronze =
    "CREATE OR REFRESH STREAMING TABLE bronze AS SELECT * FROM STREAM read_files('in', format => "
    "'csv');";

TEST_F(GraphTest, OrdersDatasetsOfAllFilesByDependency) {
  AddFile("CREATE OR REFRESH MATERIALIZED VIEW gold AS SELECT id FROM silver;");
  AddFile("CREATE OR REFRESH STREAMING TABLE silver AS SELECT id FROM STREAM(bronze);");
  AddFile(std::string(kBronze));
  const GraphPtr graph = Build();
  EXPECT_THAT(Names(*graph), ElementsAre("main.shop.bronze", "main.shop.silver", "main.shop.gold"));
  EXPECT_THAT(graph->flows.at(2).upstream, ElementsAre(1));
  EXPECT_EQ(graph->flows.at(2).tables.at(0).dataset, 1u);
  EXPECT_TRUE(graph->flows.at(1).streaming);
  EXPECT_FALSE(graph->flows.at(2).streaming);
}

TEST_F(GraphTest, ResolvesNamesOfOneToThreePartsAndLive) {
  AddFile(std::string(kBronze));
  AddFile(
      "CREATE OR REFRESH MATERIALIZED VIEW a AS SELECT id FROM shop.bronze;"
      "CREATE OR REFRESH MATERIALIZED VIEW b AS SELECT id FROM main.shop.BRONZE;"
      "CREATE OR REFRESH MATERIALIZED VIEW c AS SELECT id FROM LIVE.bronze;"
      "USE SCHEMA other; CREATE OR REFRESH MATERIALIZED VIEW d AS SELECT id FROM shop.bronze;");
  const GraphPtr graph = Build();
  EXPECT_THAT(Names(*graph), ElementsAre("main.shop.bronze", "main.shop.a", "main.shop.b",
                                         "main.shop.c", "main.other.d"));
  for (size_t flow = 1; flow < 5; ++flow) {
    EXPECT_THAT(graph->flows.at(flow).upstream, ElementsAre(0)) << flow;
  }
}

TEST_F(GraphTest, LooksThroughTemporaryViews) {
  AddFile(std::string(kBronze));
  AddFile(
      "CREATE TEMPORARY VIEW typed AS SELECT CAST(id AS INT) AS id FROM STREAM(bronze);"
      "CREATE TEMPORARY VIEW named AS SELECT t.id, c.name FROM typed t JOIN customers c ON t.id = "
      "c.id;"
      "CREATE OR REFRESH STREAMING TABLE silver AS SELECT * FROM STREAM(named);");
  const GraphPtr graph = Build();
  const Flow& silver = graph->flows.back();
  EXPECT_TRUE(graph->datasets.at(1).streaming);
  EXPECT_THAT(silver.reads, ElementsAre(2)) << "what the text names";
  EXPECT_THAT(silver.upstream, ElementsAre(0)) << "what must be there first";
  EXPECT_EQ(silver.tables.size(), 2u);
  EXPECT_EQ(graph->datasets.back().schema.ToDdl(), "id INT, name STRING");
}

TEST_F(GraphTest, GivesDeclaredColumnsTheirTypesAndComments) {
  AddFile(
      "CREATE OR REFRESH MATERIALIZED VIEW totals (country STRING COMMENT 'where', n BIGINT, m "
      "DECIMAL(10,2)) "
      "AS SELECT country, count(*), 1 FROM customers GROUP BY country;"
      "CREATE OR REFRESH MATERIALIZED VIEW renamed (a COMMENT 'first', b) AS SELECT id, name FROM "
      "customers;");
  const GraphPtr graph = Build();
  EXPECT_EQ(graph->datasets.at(0).schema.ToDdl(),
            "country STRING COMMENT 'where', n BIGINT, m DECIMAL(10,2)");
  EXPECT_EQ(graph->flows.at(0).query->OutputSchema()[2].type, DataType::Decimal(10, 2));
  EXPECT_EQ(graph->datasets.at(1).schema.ToDdl(), "a INT COMMENT 'first', b STRING");
}

TEST_F(GraphTest, UnitesTheColumnsOfSeveralFlowsByName) {
  world_.AddTable({"main", "shop", "web"}, "name STRING, id INT, url STRING");
  AddFile(
      "CREATE OR REFRESH STREAMING TABLE people;"
      "CREATE FLOW from_shop AS INSERT INTO people BY NAME SELECT id, name FROM STREAM(customers);"
      "CREATE FLOW from_web AS INSERT INTO people BY NAME SELECT * FROM STREAM(web);");
  const GraphPtr graph = Build();
  EXPECT_EQ(graph->datasets.at(0).schema.ToDdl(), "id INT, name STRING, url STRING");
  ASSERT_EQ(graph->flows.size(), 2u);
  EXPECT_EQ(graph->flows[0].name, "from_shop");
  for (const Flow& flow : graph->flows) {
    EXPECT_EQ(flow.query->OutputSchema().fields().at(2).name, "url") << flow.name;
  }
}

TEST_F(GraphTest, BindsEachExpectationToEachFlow) {
  AddFile(
      "CREATE OR REFRESH STREAMING TABLE people (id INT, name STRING,"
      " CONSTRAINT has_name EXPECT (name IS NOT NULL) ON VIOLATION DROP ROW, CONSTRAINT low EXPECT "
      "(id < 10));"
      "CREATE FLOW a AS INSERT INTO people BY NAME SELECT id, name FROM STREAM(customers);"
      "CREATE FLOW b AS INSERT INTO people BY NAME SELECT id FROM STREAM(customers);");
  const GraphPtr graph = Build();
  const std::vector<Rule> rules = FlowRules(*graph, 1);
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].name, "has_name");
  EXPECT_EQ(rules[0].action, RuleAction::kDropRow);
  EXPECT_EQ(rules[1].action, RuleAction::kWarn);
  EXPECT_NE(rules[0].predicate, FlowRules(*graph, 0)[0].predicate);
  EXPECT_EQ(graph->datasets[0].expectations[0].predicate_text, "name IS NOT NULL");
}

TEST_F(GraphTest, MakesPredicatesTotalWhereNullPasses) {
  project_.settings.expectations_null = Settings::NullOutcome::kPass;
  AddFile(
      "CREATE OR REFRESH MATERIALIZED VIEW v (CONSTRAINT low EXPECT (id < 10)) AS SELECT id FROM "
      "customers;");
  const GraphPtr graph = Build();
  const Rule rule = FlowRules(*graph, 0).at(0);
  EXPECT_FALSE(rule.predicate->nullable);
  EXPECT_EQ(std::get<sql::CallExpr>(rule.predicate->node).function, "coalesce");
}

TEST_F(GraphTest, ReadsHeadersOfNewFilesOnlyWhenEarlierOnesAreKnown) {
  world_.SetKnownFiles({Schema::FromDdl("amount STRING, id STRING, _rescued_data STRING").value(),
                        {{"/project/in/1.csv", "t1"}}});
  AddFile(std::string(kBronze));
  const GraphPtr graph = Build();
  EXPECT_EQ(world_.asked(), "main.shop.bronze main.shop.bronze 0");
  EXPECT_EQ(world_.inferred_from(), 1u);
  EXPECT_EQ(graph->datasets.at(0).schema.ToDdl(), "amount STRING, id STRING, _rescued_data STRING");
}

TEST_F(GraphTest, RefusesAFolderWithNothingToLearnColumnsFrom) {
  world_.AddFolder("/project/empty", {}, "id STRING");
  AddFile(
      "CREATE OR REFRESH STREAMING TABLE b AS SELECT * FROM STREAM read_files('empty', format => "
      "'csv');");
  EXPECT_THAT(BuildGraph(project_, world_),
              IsError(ErrorCode::kSpecification, "no file to learn the columns from"));
}

TEST_F(GraphTest, ChangesTheDefinitionHashWithWhatDecidesRowsAndNothingElse) {
  project_.configuration["day"] = {"2026-05-01", {}};
  project_.configuration["unused"] = {"1", {}};
  AddFile(
      "CREATE TEMPORARY VIEW d AS SELECT DATE'${day}' AS day;"
      "CREATE OR REFRESH MATERIALIZED VIEW v AS SELECT id, day FROM customers CROSS JOIN d;"
      "CREATE OR REFRESH MATERIALIZED VIEW w AS SELECT id, :day AS day FROM customers;"
      "CREATE OR REFRESH MATERIALIZED VIEW x AS SELECT id FROM customers;");
  const auto hashes = [&] {
    std::vector<uint64_t> values;
    for (const Flow& flow : Build()->flows) {
      values.push_back(flow.definition_hash);
    }
    return values;
  };
  const std::vector<uint64_t> before = hashes();
  project_.configuration["unused"] = {"2", {}};
  EXPECT_EQ(hashes(), before);
  project_.configuration["day"] = {"2026-05-02", {}};
  const std::vector<uint64_t> after = hashes();
  EXPECT_NE(after[1], before[1]) << "through the view";
  EXPECT_NE(after[2], before[2]) << "through :day";
  EXPECT_EQ(after[3], before[3]);
}

TEST_F(GraphTest, FindsDatasetsByAnyEndOfTheirName) {
  AddFile(std::string(kBronze));
  const GraphPtr graph = Build();
  for (const char* name : {"bronze", "SHOP.Bronze", "main.shop.bronze"}) {
    EXPECT_EQ(graph->FindDataset(name), 0u) << name;
  }
  EXPECT_EQ(graph->FindDataset("ronze"), std::nullopt);
}

TEST_F(GraphTest, WarnsOfViewsThatCannotBeRepeated) {
  AddFile(
      "CREATE OR REFRESH MATERIALIZED VIEW drawn AS SELECT id, rand() AS x FROM customers;"
      "CREATE OR REFRESH MATERIALIZED VIEW grouped CLUSTER BY (id) AS SELECT id FROM customers;");
  const GraphPtr graph = Build();
  ASSERT_EQ(graph->warnings.size(), 2u);
  EXPECT_EQ(graph->warnings[0].message,
            "`drawn` uses a random function: it is computed anew at each update");
  EXPECT_EQ(graph->warnings[1].message, "CLUSTER BY is noted, files are not clustered by it");
}

// reference: "Tables (column order is part of the contract)" of the retail pipeline's description.
class RetailGraphTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = std::string(MEDALLION_SOURCE_DIR) + "/pipelines/retail";
    Result<Project> project = LoadProject(folder, {.overrides = {{"source", "/landing"}}});
    ASSERT_TRUE(project.has_value()) << project.error().ToString();
    FakeWorld world;
    world.AddFolder(
        "/landing", {{"/landing/2025-06-26_transactions.csv", 1, 1, "t"}},
        "Invoice STRING, StockCode STRING, Description STRING, Quantity STRING, Price STRING, "
        "`Customer ID` STRING, Country STRING, InvoiceDate STRING");
    for (const std::string name : {"cluster_advice.csv", "rfm_segments.csv"}) {
      const std::string path = folder + "/advice/" + name;
      world.AddFolder(path, {{path, 1, 1, "t"}}, "");
    }
    Result<GraphPtr> graph = BuildGraph(*project, world);
    ASSERT_TRUE(graph.has_value()) << graph.error().ToString();
    graph_ = *graph;
  }

  // Names and types, without comments.
  std::string Columns(std::string_view table) const {
    Schema plain;
    for (const Field& field :
         graph_->datasets[graph_->FindDataset(table).value()].schema.fields()) {
      plain.Append({field.name, field.type});
    }
    return plain.ToDdl();
  }

  GraphPtr graph_;
};

TEST_F(RetailGraphTest, HasTheColumnsOfTheContract) {
  EXPECT_EQ(Columns("retail_transactions_bronze"),
            "Invoice STRING, StockCode STRING, Description STRING, Quantity INT, Price "
            "DECIMAL(10,2), CustomerID STRING, "
            "Country STRING, InvoiceDate STRING, ingestion_timestamp TIMESTAMP, source_file "
            "STRING, processing_date DATE, "
            "_rescued_data STRING, source_record BIGINT");
  EXPECT_EQ(Columns("retail_transactions_silver"),
            "InvoiceNo STRING, StockCode STRING, Description STRING, Quantity INT, UnitPrice "
            "DECIMAL(10,2), CustomerID "
            "STRING, Country STRING, InvoiceDate DATE, ingestion_timestamp TIMESTAMP, source_file "
            "STRING, processing_date "
            "DATE, IsCancellation BOOLEAN, TotalPrice DECIMAL(21,2), Year INT, Month INT, "
            "DayOfWeek INT, SurrogateKey "
            "STRING");
  EXPECT_EQ(
      Columns("customer_rfm_gold"),
      "CustomerID STRING, MaxInvoiceDate DATE, Recency INT, Frequency INT, Monetary DECIMAL(31,2)");
}

TEST_F(RetailGraphTest, HasACommentAndAQualityForEveryTable) {
  for (const Dataset& dataset : graph_->datasets) {
    EXPECT_FALSE(dataset.comment.empty()) << dataset.DisplayName();
    EXPECT_EQ(dataset.IsStored() ? dataset.properties.count("quality") : 1, 1u)
        << dataset.DisplayName();
  }
}

TEST_F(RetailGraphTest, KeepsSilverRowByRowSoThatQuarantineHasTheOriginalText) {
  const size_t silver = graph_->FindDataset("retail_transactions_silver").value();
  EXPECT_TRUE(
      sql::AppendInputColumns(*graph_->flows[graph_->datasets[silver].flows[0]].query).has_value());
}

TEST_F(RetailGraphTest, MakesOnlyScoringAndTheDayOfIngestionDependOnTheDate) {
  std::vector<std::string> dated;
  for (const Flow& flow : graph_->flows) {
    EXPECT_TRUE(flow.query->deterministic) << flow.name;
    if (flow.query->uses_current_date && graph_->target(flow).IsStored()) {
      dated.push_back(graph_->target(flow).name.table);
    }
  }
  EXPECT_THAT(dated, ::testing::UnorderedElementsAre(
                         "retail_transactions_bronze", "customer_rfm_gold", "silver_dq",
                         "customer_segments_clustered", "customer_segment_history",
                         "segment_movement", "customer_segment_models"));
}

TEST_F(RetailGraphTest, HasNoWarnings) { EXPECT_THAT(graph_->warnings, IsEmpty()); }

}  // namespace
}  // namespace medallion::pipeline
