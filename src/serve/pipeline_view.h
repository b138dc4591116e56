#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/schema.h"
#include "catalog/catalog.h"
#include "json.h"
#include "pipeline/graph.h"
#include "pipeline/project.h"
#include "update_history.h"

namespace medallion::serve {

// The pipeline as its pages show it.
struct PipelineView {
  std::string name;    // empty if unknown
  std::string source;  // project, events, none
  std::map<std::string, std::string> parameters;
  Json datasets = Json::array();  // as the API describes them, in dependency order
  std::vector<std::pair<std::string, std::string>> edges;  // dataset names, from → to
  Json diagnostics = Json::array();

  // As written; empty if unknown.
  std::string PredicateOf(const std::string& dataset, const std::string& rule) const;
};

// Where the view comes from: the project's files, read anew when they change, or else the
// definitions that the newest update told. Thread-safe.
class PipelineSource {
 public:
  using LoadProject = std::function<Result<pipeline::Project>()>;

  // `load` is empty if there is no project. What it borrows outlives it.
  PipelineSource(LoadProject load, const Catalog& catalog, const UpdateHistory& history)
      : load_(std::move(load)), catalog_(catalog), history_(history) {}

  PipelineView View() const;

 private:
  PipelineView ViewOfProject() const;

  LoadProject load_;
  const Catalog& catalog_;
  const UpdateHistory& history_;
};

PipelineView ViewOfGraph(const pipeline::Project& project, const pipeline::Graph& graph);
PipelineView ViewOfEvents(const std::vector<UpdateRecordPtr>& newest_first);

// `{name, type, nullable, comment}`.
Json ColumnJson(const Field& field);

}  // namespace medallion::serve
