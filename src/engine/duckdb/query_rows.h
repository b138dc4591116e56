#pragma once

#include <memory>

#include "database.h"
#include "engine/engine.h"

namespace medallion::duckdb {

// Prints `query` over its inputs, starts it and hands out its rows as they are computed.
Result<std::unique_ptr<ResultRows>> OpenQuery(const std::shared_ptr<Database>& database,
                                              const sql::BoundQuery& query,
                                              const BoundInputs& inputs,
                                              const QueryContext& context);

// `SELECT CAST(c1 AS T) AS "name", …`: the root's columns by position under these names, in exactly
// these types.
std::string SelectOutput(const sql::BoundQuery& query, const Schema& schema, std::string_view from);

}  // namespace medallion::duckdb
