#include "lineage.h"

#include <algorithm>
#include <utility>

#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

std::string TypeName(const Dataset& dataset) {
  return dataset.kind == sql::DatasetKind::kStreamingTable ? "STREAMING_TABLE"
                                                           : "MATERIALIZED_VIEW";
}

TableLineage ToTarget(const Dataset& target) {
  TableLineage edge;
  edge.target_type = TypeName(target);
  edge.target_table_full_name = target.DisplayName();
  return edge;
}

TableLineage FromTable(const Graph& graph, const FlowTable& table, const Dataset& target) {
  TableLineage edge = ToTarget(target);
  edge.source_type = table.dataset ? TypeName(graph.datasets[*table.dataset]) : "TABLE";
  edge.source_table_full_name = table.name.ToString();
  return edge;
}

TableLineage FromFiles(const FlowFiles& files, const Dataset& target) {
  TableLineage edge = ToTarget(target);
  edge.source_type = "PATH";
  edge.source_path = files.path;
  return edge;
}

template <class Edge>
std::vector<Edge> SortedUnique(std::vector<Edge> edges) {
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

}  // namespace

std::vector<TableLineage> FindTableLineage(const Graph& graph) {
  std::vector<TableLineage> edges;
  for (const Flow& flow : graph.flows) {
    const Dataset& target = graph.target(flow);
    if (!target.IsStored()) {
      continue;
    }
    for (const FlowTable& table : flow.tables) {
      edges.push_back(FromTable(graph, table, target));
    }
    for (const FlowFiles& files : flow.files) {
      edges.push_back(FromFiles(files, target));
    }
  }
  return SortedUnique(std::move(edges));
}

std::vector<ColumnLineage> FindColumnLineage(const Graph& graph) {
  std::vector<ColumnLineage> edges;
  for (const Flow& flow : graph.flows) {
    const Dataset& target = graph.target(flow);
    if (!target.IsStored()) {
      continue;
    }
    const std::vector<std::vector<sql::ColumnOrigin>> origins = sql::ColumnLineage(*flow.query);
    for (size_t i = 0; i < origins.size(); ++i) {
      for (const sql::ColumnOrigin& origin : origins[i]) {
        ColumnLineage edge;
        edge.tables = origin.from_files ? FromFiles(flow.files[origin.input], target)
                                        : FromTable(graph, flow.tables[origin.input], target);
        edge.source_column = origin.column;
        edge.target_column = flow.query->root->columns[i].name;
        edges.push_back(std::move(edge));
      }
    }
  }
  return SortedUnique(std::move(edges));
}

}  // namespace medallion::pipeline
