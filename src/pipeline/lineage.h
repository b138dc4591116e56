#pragma once

#include <vector>

#include "pipeline/graph.h"
#include "pipeline/update_plan.h"

namespace medallion::pipeline {

// Between stored tables and files; temporary views are looked through. Sorted and unique.
std::vector<TableLineage> FindTableLineage(const Graph& graph);
std::vector<ColumnLineage> FindColumnLineage(const Graph& graph);

}  // namespace medallion::pipeline
