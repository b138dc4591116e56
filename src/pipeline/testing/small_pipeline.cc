#include "testing/small_pipeline.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "base/check.h"
#include "event_stream.h"
#include "snapshot_pool.h"
#include "update_loop.h"

namespace medallion::pipeline::testing {
namespace {

namespace fs = std::filesystem;

class CollectingSink final : public EventSink {
 public:
  explicit CollectingSink(std::vector<Event>& events) : events_(events) {}
  void OnEvent(const Event& event) override { events_.push_back(event); }

 private:
  std::vector<Event>& events_;
};

sql::BoundColumn ValueColumn(int64_t id) { return {{id}, "value", DataType::String(), true}; }

sql::ExprPtr ValueExpr(int64_t id) {
  return std::make_shared<sql::Expr>(
      sql::Expr{DataType::String(), true, {}, sql::ColumnExpr{{id}, "value", false}});
}

// SELECT value FROM <the input>.
sql::BoundQueryPtr PassThrough(sql::Relation scan) {
  scan.columns.insert(scan.columns.begin(), ValueColumn(1));
  auto root = std::make_shared<sql::Relation>();
  root->columns = {ValueColumn(1)};
  root->node = sql::Project{std::make_shared<sql::Relation>(std::move(scan)), {ValueExpr(1)}};
  auto query = std::make_shared<sql::BoundQuery>();
  query->root = std::move(root);
  return query;
}

Schema ValueSchema() { return Schema({{"value", DataType::String()}}); }

Dataset MakeDataset(sql::DatasetKind kind, const char* name, size_t flow) {
  Dataset dataset;
  dataset.kind = kind;
  dataset.name = {"c", "s", name};
  dataset.schema = ValueSchema();
  dataset.flows = {flow};
  dataset.streaming = kind == sql::DatasetKind::kStreamingTable;
  return dataset;
}

Flow MakeBronzeFlow(const std::string& landing) {
  Flow flow;
  flow.name = "c.s.bronze";
  flow.target = SmallPipeline::kBronze;
  flow.streaming = true;
  flow.definition_hash = 11;
  FlowFiles files;
  files.path = landing;
  files.schema = Schema({{"value", DataType::String()}, {"_rescued_data", DataType::String()}});
  files.streaming = true;
  sql::Relation scan;
  scan.columns = {{{2}, "_rescued_data", DataType::String(), true}};
  scan.node = sql::FileScan{0};
  auto query = std::make_shared<sql::BoundQuery>(*PassThrough(std::move(scan)));
  query->files.push_back({.path = landing,
                          .options = {},
                          .schema = files.schema,
                          .metadata_fields = {},
                          .streaming = true});
  flow.query = std::move(query);
  flow.files.push_back(std::move(files));
  return flow;
}

Flow MakeTableFlow(size_t target, const char* name, size_t input, const char* input_name,
                   bool streaming) {
  Flow flow;
  flow.name = std::string("c.s.") + name;
  flow.target = target;
  flow.streaming = streaming;
  flow.definition_hash = 20 + target;
  flow.upstream = {input};
  flow.reads = {input};
  flow.tables.push_back({{"c", "s", input_name}, input, streaming});
  sql::Relation scan;
  scan.node = sql::TableScan{0};
  auto query = std::make_shared<sql::BoundQuery>(*PassThrough(std::move(scan)));
  query->tables.push_back(
      {.name = {{"c", "s", input_name}}, .schema = ValueSchema(), .streaming = streaming});
  flow.query = std::move(query);
  return flow;
}

void MakeCounting(Flow& flow) {
  auto root = std::make_shared<sql::Relation>(*flow.query->root);
  root->node = sql::Aggregate{std::get<sql::Project>(root->node).input, {}, {}, {}, false};
  auto query = std::make_shared<sql::BoundQuery>(*flow.query);
  query->root = std::move(root);
  flow.query = std::move(query);
}

}  // namespace

SmallPipeline::SmallPipeline(std::string landing)
    : landing_(std::move(landing)), graph_(std::make_shared<Graph>()) {
  fs::remove_all(landing_);
  fs::create_directories(landing_);
  graph_->datasets = {MakeDataset(sql::DatasetKind::kStreamingTable, "bronze", kBronze),
                      MakeDataset(sql::DatasetKind::kStreamingTable, "silver", kSilver),
                      MakeDataset(sql::DatasetKind::kMaterializedView, "gold", kGold)};
  graph_->flows = {MakeBronzeFlow(landing_),
                   MakeTableFlow(kSilver, "silver", kBronze, "bronze", true),
                   MakeTableFlow(kGold, "gold", kSilver, "silver", false)};
  MakeCounting(graph_->flows[kGold]);
  Expectation rule;
  rule.name = "bad";
  rule.predicates = {nullptr};
  rule.action = sql::ViolationAction::kDropRow;
  graph_->datasets[kSilver].expectations = {rule};
}

SmallPipeline::~SmallPipeline() { fs::remove_all(landing_); }

void SmallPipeline::Land(const std::string& name, const std::vector<std::string>& values) {
  const fs::path path = fs::path(landing_) / name;
  std::ofstream file(path);
  file << "value\n";
  for (const std::string& value : values) {
    file << value << "\n";
  }
  file.close();
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(24 * 365 * 10));
}

UpdatePlan SmallPipeline::MakePlan() const {
  UpdatePlan plan;
  auto graph = std::make_shared<Graph>(*graph_);
  for (Flow& flow : graph->flows) {
    for (FlowFiles& files : flow.files) {
      files.options.max_files_per_trigger = files_per_batch;
      auto listing = ingest::ListFiles(files.path, files.options);
      CHECK(listing.has_value());
      files.listing = *std::move(listing);
    }
  }
  for (size_t i = 0; i < graph->flows.size(); ++i) {
    const Flow& flow = graph->flows[i];
    FlowPlan flow_plan;
    flow_plan.flow = i;
    flow_plan.action = flow.streaming ? FlowAction::kRun : FlowAction::kRunIfChanged;
    flow_plan.full_refresh = full_refresh.contains(flow.target);
    for (const size_t upstream : flow.upstream) {
      const std::vector<size_t>& flows = graph->datasets[upstream].flows;
      flow_plan.after.insert(flow_plan.after.end(), flows.begin(), flows.end());
    }
    plan.flows.push_back(std::move(flow_plan));
  }
  for (size_t i = 0; i < graph->datasets.size(); ++i) {
    plan.datasets.push_back({.selected = true, .full_refresh = full_refresh.contains(i)});
  }
  plan.graph = std::move(graph);
  return plan;
}

Catalog SmallPipeline::OpenCatalog(const std::shared_ptr<ObjectStore>& root) {
  return Catalog(root, {nullptr, &clock_, &random_});
}

SmallPipeline::Run SmallPipeline::Update(const std::shared_ptr<ObjectStore>& root,
                                         const DeadUpdates& dead) {
  Run run;
  clock_.Advance(std::chrono::seconds(60));
  const UpdatePlan plan = MakePlan();
  Catalog catalog = OpenCatalog(root);
  TextEngine engine(random_);
  CancellationToken never;
  CollectingSink sink(run.events);
  EventOrigin origin;
  origin.update_id = fmt::format("update-{}", updates_++);
  EventStream events(origin, clock_, {&sink});
  SnapshotPool snapshots(catalog);
  const Settings settings;
  RunContext context{.plan = plan,
                     .settings = settings,
                     .catalog = catalog,
                     .engine = engine,
                     .clock = clock_,
                     .random = random_,
                     .cancellation = cancellation != nullptr ? *cancellation : never,
                     .events = events,
                     .snapshots = snapshots,
                     .dead_updates = dead,
                     .update_id = origin.update_id,
                     .update_time_micros = clock_.NowMicros(),
                     .parameters = {}};
  run.flows = RunFlows(context, threads);
  run.evaluations = engine.evaluations();
  return run;
}

std::vector<std::string> SmallPipeline::Rows(const std::shared_ptr<ObjectStore>& root,
                                             size_t dataset) {
  const delta::Table table = OpenCatalog(root).Table(graph_->datasets[dataset].name);
  const auto snapshot = LatestOrNull(table);
  CHECK(snapshot.has_value());
  return *snapshot ? ReadTextTable(*table.store(), **snapshot)
                   : std::vector<std::string>{"no table"};
}

std::vector<std::string> SmallPipeline::QuarantineRows(const std::shared_ptr<ObjectStore>& root,
                                                       size_t dataset) {
  const delta::Table table = OpenCatalog(root).Quarantine(graph_->datasets[dataset].name);
  const auto snapshot = LatestOrNull(table);
  CHECK(snapshot.has_value());
  return *snapshot ? ReadTextTable(*table.store(), **snapshot)
                   : std::vector<std::string>{"no table"};
}

int64_t SmallPipeline::Version(const std::shared_ptr<ObjectStore>& root, size_t dataset) {
  const auto snapshot = LatestOrNull(OpenCatalog(root).Table(graph_->datasets[dataset].name));
  CHECK(snapshot.has_value());
  return *snapshot ? (*snapshot)->version() : -1;
}

}  // namespace medallion::pipeline::testing
