#include "pipeline_view.h"

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "pipeline/diagnostic_json.h"
#include "pipeline/world.h"

namespace medallion::serve {
namespace {

std::string ShortName(const std::string& name) { return name.substr(name.rfind('.') + 1); }

std::string_view KindName(sql::DatasetKind kind) {
  switch (kind) {
    case sql::DatasetKind::kStreamingTable: return "STREAMING_TABLE";
    case sql::DatasetKind::kMaterializedView: return "MATERIALIZED_VIEW";
    case sql::DatasetKind::kTemporaryView:
    case sql::DatasetKind::kView: break;
  }
  return "VIEW";
}

std::string_view ActionName(sql::ViolationAction action) {
  switch (action) {
    case sql::ViolationAction::kWarn: return "WARN";
    case sql::ViolationAction::kDropRow: return "DROP";
    case sql::ViolationAction::kFailUpdate: return "FAIL";
  }
  return "WARN";
}

Json SourceDataset(const std::string& name, const char* kind) {
  return {{"name", name},
          {"short_name", kind == std::string_view("PATH") ? name : ShortName(name)},
          {"kind", kind},
          {"layer", nullptr},
          {"comment", nullptr},
          {"file", nullptr},
          {"line", nullptr},
          {"sql", nullptr},
          {"columns", Json::array()},
          {"partition_columns", Json::array()},
          {"expectations", Json::array()},
          {"flows", Json::array()}};
}

Json DatasetJson(const pipeline::Graph& graph, const pipeline::Dataset& dataset) {
  const std::string name = dataset.DisplayName();
  Json json = SourceDataset(name, "VIEW");
  json["kind"] = KindName(dataset.kind);
  const auto quality = dataset.properties.find("quality");
  json["layer"] = quality == dataset.properties.end() ? Json() : Json(quality->second);
  json["comment"] = OrNull(dataset.comment);
  if (dataset.place.source) {
    json["file"] = dataset.place.source->name();
    json["line"] = dataset.place.source->Locate(dataset.place.span.begin).line;
  }
  std::string sql;
  for (const size_t flow : dataset.flows) {
    sql += (sql.empty() ? "" : "\n\n") + graph.flows[flow].definition;
    json["flows"].push_back(graph.flows[flow].name);
  }
  json["sql"] = OrNull(sql);
  for (const Field& field : dataset.schema.fields()) {
    json["columns"].push_back(ColumnJson(field));
  }
  json["partition_columns"] = dataset.partition_by;
  for (const pipeline::Expectation& expectation : dataset.expectations) {
    json["expectations"].push_back({{"name", expectation.name},
                                    {"predicate", expectation.predicate_text},
                                    {"action", ActionName(expectation.action)}});
  }
  return json;
}

Json DiagnosticsJson(const Error& error) {
  Json diagnostics = Json::array();
  std::istringstream lines(pipeline::DiagnosticJsonLines(error));
  for (std::string line; std::getline(lines, line);) {
    Json diagnostic = Json::parse(line);
    diagnostic.erase("type");
    diagnostics.push_back(std::move(diagnostic));
  }
  return diagnostics;
}

// Adds what the arrows come from and no statement defines: paths and tables of others.
void AddSources(PipelineView& view) {
  std::set<std::string> known;
  for (const Json& dataset : view.datasets) {
    known.insert(dataset["name"].get<std::string>());
  }
  Json sources = Json::array();
  for (const auto& [from, to] : view.edges) {
    if (known.insert(from).second) {
      sources.push_back(
          SourceDataset(from, from.find('/') == std::string::npos ? "TABLE" : "PATH"));
    }
  }
  for (Json& dataset : view.datasets) {
    sources.push_back(std::move(dataset));
  }
  view.datasets = std::move(sources);
}

}  // namespace

std::string PipelineView::PredicateOf(const std::string& dataset, const std::string& rule) const {
  for (const Json& candidate : datasets) {
    if (candidate["name"] != dataset) continue;
    for (const Json& expectation : candidate["expectations"]) {
      if (expectation["name"] == rule) return expectation["predicate"].get<std::string>();
    }
  }
  return "";
}

Json ColumnJson(const Field& field) {
  return {{"name", field.name},
          {"type", field.type.ToDdl()},
          {"comment", OrNull(field.Comment())},
          {"nullable", field.nullable}};
}

PipelineView ViewOfGraph(const pipeline::Project& project, const pipeline::Graph& graph) {
  PipelineView view{.name = project.name, .source = "project"};
  for (const auto& [key, parameter] : project.configuration) {
    view.parameters[key] = parameter.value;
  }
  for (const pipeline::Dataset& dataset : graph.datasets) {
    view.datasets.push_back(DatasetJson(graph, dataset));
  }
  for (const pipeline::Flow& flow : graph.flows) {
    const std::string target = graph.target(flow).DisplayName();
    for (const size_t read : flow.reads) {
      view.edges.emplace_back(graph.datasets[read].DisplayName(), target);
    }
    for (const pipeline::FlowTable& table : flow.tables) {
      if (!table.dataset) view.edges.emplace_back(table.name.ToString(), target);
    }
    // A view's files are shown at the view, not at all who read it.
    for (const pipeline::FlowFiles& files : flow.files) {
      const bool through_view = std::ranges::any_of(
          flow.reads, [&](size_t read) { return !graph.datasets[read].IsStored(); });
      if (!through_view) view.edges.emplace_back(files.path, target);
    }
  }
  std::ranges::sort(view.edges);
  view.edges.erase(std::unique(view.edges.begin(), view.edges.end()), view.edges.end());
  std::erase_if(view.edges, [](const auto& edge) { return edge.first == edge.second; });
  AddSources(view);
  return view;
}

PipelineView ViewOfEvents(const std::vector<UpdateRecordPtr>& newest_first) {
  PipelineView view{.source = "none"};
  const auto told = std::ranges::find_if(
      newest_first, [](const UpdateRecordPtr& update) { return !update->datasets.empty(); });
  if (told == newest_first.end()) {
    return view;
  }
  const UpdateRecord& update = **told;
  view.name = update.pipeline;
  view.source = "events";
  view.parameters = update.configuration;
  for (const DatasetRecord& dataset : update.datasets) {
    Json json = SourceDataset(dataset.name, "VIEW");
    json["kind"] = dataset.type;
    json["layer"] = OrNull(dataset.quality);
    json["comment"] = OrNull(dataset.comment);
    json["file"] = OrNull(dataset.source_file);
    json["line"] = dataset.source_file.empty() ? Json() : Json(dataset.source_line);
    json["partition_columns"] = dataset.partition_columns;
    for (const Json& column : dataset.schema) {
      json["columns"].push_back({{"name", column.value("name", "")},
                                 {"type", column.value("data_type", "")},
                                 {"comment", OrNull(column.value("comment", ""))}});
    }
    for (const FlowRecord& flow : update.flows) {
      if (flow.dataset == dataset.name) json["flows"].push_back(flow.name);
    }
    view.datasets.push_back(std::move(json));
  }
  for (const FlowRecord& flow : update.flows) {
    for (const std::string& input : flow.inputs) {
      if (input != flow.dataset) view.edges.emplace_back(input, flow.dataset);
    }
  }
  AddSources(view);
  return view;
}

PipelineView PipelineSource::ViewOfProject() const {
  const Result<pipeline::Project> project = load_();
  if (!project) {
    PipelineView view = ViewOfEvents(history_.All());
    view.diagnostics = DiagnosticsJson(project.error());
    return view;
  }
  pipeline::CatalogWorld world(catalog_);
  const Result<pipeline::GraphPtr> graph = pipeline::BuildGraph(*project, world);
  if (!graph) {
    PipelineView view = ViewOfEvents(history_.All());
    view.name = project->name;
    view.diagnostics = DiagnosticsJson(graph.error());
    return view;
  }
  return ViewOfGraph(*project, **graph);
}

PipelineView PipelineSource::View() const {
  return load_ ? ViewOfProject() : ViewOfEvents(history_.All());
}

}  // namespace medallion::serve
