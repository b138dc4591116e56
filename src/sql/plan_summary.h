#pragma once

#include <functional>

#include "sql/bound_query.h"

namespace medallion::sql {

// Calls `visit` for the relation and everything below it, relations of subqueries included.
void VisitPlan(const RelationPtr& root, const std::function<void(const Relation&)>& visit);

// Fills in what the plan says about the whole query (determinism, clocks) and drops inputs that no
// scan reads, which definitions of unused common tables leave behind.
BoundQuery Summarize(BoundQuery query);

}  // namespace medallion::sql
