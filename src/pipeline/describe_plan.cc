#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "pipeline/update_plan.h"

// Two projections of an UpdatePlan: lines for people, JSON for programs (docs/json-output.md).

namespace medallion::pipeline {
namespace {

using Json = nlohmann::ordered_json;

std::string_view KindName(const Dataset& dataset) {
  switch (dataset.kind) {
    case sql::DatasetKind::kStreamingTable: return "streaming table";
    case sql::DatasetKind::kMaterializedView: return "materialized view";
    case sql::DatasetKind::kTemporaryView: return "temporary view";
    case sql::DatasetKind::kView: return "view";
  }
  return "";
}

std::string_view ActionName(FlowAction action) {
  switch (action) {
    case FlowAction::kRun: return "run";
    case FlowAction::kRunIfChanged: return "run if changed";
    case FlowAction::kSkip: return "skip";
    case FlowAction::kExclude: return "exclude";
  }
  return "";
}

std::string_view ChangeName(TableChange change) {
  switch (change) {
    case TableChange::kCreate: return "create";
    case TableChange::kKeep: return "keep";
    case TableChange::kAddColumns: return "add columns";
    case TableChange::kReplace: return "replace";
  }
  return "";
}

std::string_view ViolationName(sql::ViolationAction action) {
  switch (action) {
    case sql::ViolationAction::kWarn: return "warn";
    case sql::ViolationAction::kDropRow: return "drop row";
    case sql::ViolationAction::kFailUpdate: return "fail update";
  }
  return "";
}

std::string ShowBytes(uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  auto amount = static_cast<double>(bytes);
  size_t unit = 0;
  while (amount >= 1000 && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string ShowColumns(const Schema& schema) {
  std::vector<std::string> columns;
  for (const Field& field : schema.fields()) {
    columns.push_back(fmt::format("{} {}", field.name, field.type.ToDdl()));
  }
  return Join(columns, ", ");
}

// Writes the lines of one plan.
class PlanWriter {
 public:
  explicit PlanWriter(const UpdatePlan& plan) : plan_(plan), graph_(*plan.graph) {}

  std::vector<std::string> Write() {
    for (size_t i = 0; i < graph_.datasets.size(); ++i) {
      WriteDataset(i);
    }
    WriteSummary();
    return std::move(lines_);
  }

 private:
  void Line(std::string line) { lines_.push_back(std::move(line)); }

  void WriteDataset(size_t index) {
    const Dataset& dataset = graph_.datasets[index];
    std::string head =
        fmt::format("{:2} {} {}", index + 1, KindName(dataset), dataset.DisplayName());
    if (dataset.IsStored()) {
      head += fmt::format(": {}", ChangeName(plan_.datasets[index].change));
    }
    Line(std::move(head));
    Line(fmt::format("     columns: {}", ShowColumns(dataset.schema)));
    for (const Expectation& expectation : dataset.expectations) {
      Line(fmt::format("     expect {} ({}): {}", expectation.name,
                       ViolationName(expectation.action), expectation.predicate_text));
    }
    for (const size_t flow : dataset.flows) {
      WriteFlow(flow);
    }
  }

  void WriteFlow(size_t index) {
    const Flow& flow = graph_.flows[index];
    const FlowPlan& planned = plan_.flows[index];
    for (const size_t dataset : flow.reads) {
      Line(fmt::format("     reads {}", graph_.datasets[dataset].DisplayName()));
    }
    for (const FlowTable& table : flow.tables) {
      if (!table.dataset) {
        Line(fmt::format("     reads {} (outside the pipeline)", table.name.ToString()));
      }
    }
    for (const PlannedFiles& files : planned.files) {
      Line(fmt::format("     reads {}: {} files, {} new ({})", files.path, files.files_total,
                       files.files_new, ShowBytes(files.bytes_new)));
    }
    if (flow.outside != nullptr) {
      Line(fmt::format("     replaces the rows where {}", flow.replace_where));
    }
    if (graph_.target(flow).IsStored()) {
      const std::string name =
          flow.name == graph_.target(flow).DisplayName() ? "" : fmt::format(" {}", flow.name);
      Line(fmt::format("     flow{}: {}, {}", name, ActionName(planned.action), planned.reason));
    }
  }

  void WriteSummary() {
    std::map<FlowAction, size_t> counts;
    size_t stored = 0;
    for (const FlowPlan& flow : plan_.flows) {
      const bool is_stored = graph_.target(graph_.flows[flow.flow]).IsStored();
      stored += is_stored ? 1 : 0;
      counts[flow.action] += is_stored ? 1 : 0;
    }
    std::vector<std::string> parts;
    for (const auto& [action, count] : counts) {
      if (count > 0) {
        parts.push_back(fmt::format("{} {}", count, ActionName(action)));
      }
    }
    Line(fmt::format("{} datasets, {} flows: {}", graph_.datasets.size(), stored,
                     Join(parts, ", ")));
  }

  const UpdatePlan& plan_;
  const Graph& graph_;
  std::vector<std::string> lines_;
};

Json ColumnsJson(const Schema& schema) {
  Json columns = Json::array();
  for (const Field& field : schema.fields()) {
    columns.push_back(
        {{"name", field.name}, {"type", field.type.ToDdl()}, {"comment", field.Comment()}});
  }
  return columns;
}

Json FlowJson(const UpdatePlan& plan, size_t index) {
  const Graph& graph = *plan.graph;
  const Flow& flow = graph.flows[index];
  const FlowPlan& planned = plan.flows[index];
  Json object = {{"name", flow.name},
                 {"action", ActionName(planned.action)},
                 {"reason", planned.reason},
                 {"full_refresh", planned.full_refresh},
                 {"streaming", flow.streaming}};
  if (flow.outside != nullptr) {
    object["replace_where"] = flow.replace_where;
  }
  object["reads"] = Json::array();
  for (const size_t dataset : flow.reads) {
    object["reads"].push_back(graph.datasets[dataset].DisplayName());
  }
  object["after"] = Json::array();
  for (const size_t other : planned.after) {
    object["after"].push_back(graph.flows[other].name);
  }
  object["files"] = Json::array();
  for (const PlannedFiles& files : planned.files) {
    object["files"].push_back({{"path", files.path},
                               {"files_total", files.files_total},
                               {"files_new", files.files_new},
                               {"bytes_new", files.bytes_new}});
  }
  return object;
}

Json DatasetJson(const UpdatePlan& plan, size_t index) {
  const Dataset& dataset = plan.graph->datasets[index];
  Json object = {{"name", dataset.DisplayName()},
                 {"kind", KindName(dataset)},
                 {"private", dataset.is_private}};
  if (dataset.IsStored()) {
    object["change"] = ChangeName(plan.datasets[index].change);
  }
  object["comment"] = dataset.comment;
  object["columns"] = ColumnsJson(dataset.schema);
  object["expectations"] = Json::array();
  for (const Expectation& expectation : dataset.expectations) {
    object["expectations"].push_back({{"name", expectation.name},
                                      {"predicate", expectation.predicate_text},
                                      {"on_violation", ViolationName(expectation.action)}});
  }
  object["flows"] = Json::array();
  for (const size_t flow : dataset.flows) {
    object["flows"].push_back(FlowJson(plan, flow));
  }
  return object;
}

Json TableLineageJson(const TableLineage& edge) {
  return {{"source_type", edge.source_type},
          {"source_path", edge.source_path},
          {"source_table_full_name", edge.source_table_full_name},
          {"target_type", edge.target_type},
          {"target_table_full_name", edge.target_table_full_name}};
}

}  // namespace

std::vector<std::string> DescribePlan(const UpdatePlan& plan) { return PlanWriter(plan).Write(); }

std::string DescribePlanJson(const UpdatePlan& plan) {
  Json object = {{"datasets", Json::array()},
                 {"table_lineage", Json::array()},
                 {"column_lineage", Json::array()}};
  for (size_t i = 0; i < plan.graph->datasets.size(); ++i) {
    object["datasets"].push_back(DatasetJson(plan, i));
  }
  for (const TableLineage& edge : plan.table_lineage) {
    object["table_lineage"].push_back(TableLineageJson(edge));
  }
  for (const ColumnLineage& edge : plan.column_lineage) {
    Json entry = TableLineageJson(edge.tables);
    entry["source_column"] = edge.source_column;
    entry["target_column"] = edge.target_column;
    object["column_lineage"].push_back(std::move(entry));
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace medallion::pipeline
