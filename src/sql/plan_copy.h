#pragma once

#include "analysis.h"

namespace medallion::sql {

// The view's plan as part of another query: column and CTE ids are fresh, its inputs are appended
// to the analysis's.
RelationPtr InlineQuery(const BoundQuery& view, Analysis& analysis);

}  // namespace medallion::sql
