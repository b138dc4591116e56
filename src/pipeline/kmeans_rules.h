#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "declarations.h"
#include "sql/bound_query.h"

namespace medallion::pipeline {

// What a dataset's query may do with kmeans: one per dataset, which is then the model's name, and
// columns that can be carried around the model. Appends findings; true if there was none.
bool CheckKMeans(const FlowDeclaration& flow, const sql::BoundQuery& query,
                 std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
