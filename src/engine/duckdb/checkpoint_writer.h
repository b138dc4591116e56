#pragma once

#include <string>
#include <vector>

#include "database.h"
#include "delta/actions.h"

namespace medallion::duckdb {

// CheckpointEngine::WriteCheckpoint.
Status WriteCheckpointFile(Database& database, const std::string& local_path,
                           const std::vector<delta::Action>& actions);

}  // namespace medallion::duckdb
