#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "delta/snapshot.h"
#include "pipeline/graph.h"
#include "pipeline/update_plan.h"

namespace medallion::pipeline {

// What writing the dataset does to its table as it stands (`snapshot` null: there is none). Fills
// `change`, `table_schema` and `snapshot` of the plan, whose `full_refresh` is decided. Appends
// findings for what the rows already there do not allow. Pure.
void PlanTableChange(const Dataset& dataset, const delta::SnapshotPtr& snapshot, DatasetPlan& plan,
                     std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
