#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "declarations.h"
#include "sql/bound_query.h"

namespace medallion::pipeline {

// Whether the query reads a stream.
bool IsStreaming(const sql::BoundQuery& query);

// What kind of query may fill what kind of dataset: a streaming table needs a stream that can be
// processed batch by batch, a materialized view must not read one (Spark, INVALID_FLOW_QUERY_TYPE).
// Appends findings; true if there was none.
bool CheckStreaming(const DatasetDeclaration& dataset, const FlowDeclaration& flow,
                    const sql::BoundQuery& query, std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
