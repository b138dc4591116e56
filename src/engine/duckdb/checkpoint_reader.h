#pragma once

#include <functional>
#include <string>

#include "database.h"
#include "delta/actions.h"

namespace medallion::duckdb {

// CheckpointEngine::ReadCheckpoint.
Status ReadCheckpointFile(Database& database, const std::string& local_path,
                          const std::function<Status(delta::Action)>& sink);

}  // namespace medallion::duckdb
