#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/schema.h"
#include "base/value.h"
#include "engine/engine.h"
#include "sql/bound_query.h"

// Rejected rows keep what they were: the columns of the flow's result, the input row they came
// from, where it stood, and which rules it broke.

namespace medallion::pipeline {

// A flow's query as it is given to the engine.
struct ExecutableQuery {
  sql::BoundQuery query;
  // The columns of the quarantine table, if rejected rows are kept: the query's, then
  // `_failed_expectations`, `_update_id`, `_quarantined_at`.
  std::optional<Schema> quarantine_schema;
};

// With `keep_rejected`, appends the columns of the input row where each result row comes from
// exactly one, as `_source_file` and `_source_record` where it comes from a file. Names that the
// result has already get the prefix `_input_`; characters that Delta refuses become `_`.
ExecutableQuery PrepareQuery(const sql::BoundQuery& query, bool keep_rejected);

// The constant columns, in the order of the schema.
std::vector<std::pair<std::string, Value>> QuarantineConstants(std::string update_id,
                                                               int64_t now_micros);

}  // namespace medallion::pipeline
