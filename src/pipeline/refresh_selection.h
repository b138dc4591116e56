#pragma once

#include <vector>

#include "base/result.h"
#include "pipeline/graph.h"
#include "pipeline/update_plan.h"

namespace medallion::pipeline {

// What an update does with one dataset, by index as Graph::datasets. Views are always selected:
// they are computed by their readers.
struct RefreshChoice {
  bool selected = true;
  bool full_refresh = false;
  bool kept_from_reset = false;  // `--full-refresh-all` met `pipelines.reset.allowed = false`
};

// Pure. The error carries every finding.
Result<std::vector<RefreshChoice>> ResolveSelection(const Graph& graph, const Selection& selection);

}  // namespace medallion::pipeline
