#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/update_plan.h"
#include "system_table.h"

namespace medallion::pipeline {

// Appends the arrows to `system/table_lineage` (columns: docs/formats/table_lineage.md), once per
// update.
Status WriteLineage(const SystemTableWriter& writer, const std::vector<TableLineage>& lineage,
                    const std::string& update_id, int64_t update_time_micros);

}  // namespace medallion::pipeline
