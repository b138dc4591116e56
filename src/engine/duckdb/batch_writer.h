#pragma once

#include <memory>

#include "database.h"
#include "engine/engine.h"

namespace medallion::duckdb {

// Engine::Write: evaluates the query once, counts the rules over its rows, and writes the kept and
// the dropped rows.
Result<WriteOutcome> WriteBatch(const std::shared_ptr<Database>& database,
                                const WriteRequest& request);

}  // namespace medallion::duckdb
