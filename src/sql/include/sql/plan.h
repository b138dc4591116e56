#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sql/bound_query.h"

// Questions and rewrites over BoundQuery that need no knowledge of names or types.

namespace medallion::sql {

// Direct inputs of a relation, and of subqueries inside its expressions.
std::vector<RelationPtr> Children(const Relation& relation);
// Calls `visit` for each expression of the relation, itself first, then its operands; does not
// enter child relations or subqueries.
void VisitExpressions(const Relation& relation, const std::function<void(const Expr&)>& visit);

// The plan with `replacement`, which has the same columns, in the place of `old`, a relation of it.
RelationPtr ReplaceRelation(const RelationPtr& root, const Relation& old,
                            const RelationPtr& replacement);

// If each row of the result comes from exactly one row of one scan (projections and filters only),
// the same query with that scan's remaining columns appended to the root, named `name`; nothing
// otherwise. Used for quarantine: the rejected row keeps its original text.
struct AppendedInput {
  BoundQueryPtr query;
  // Index of the first appended column; the appended columns are all columns of the scan, in order.
  size_t first = 0;
};
std::optional<AppendedInput> AppendInputColumns(const BoundQuery& query);

// Whether rows of a stream can be processed batch by batch: no aggregate, sort, limit, distinct,
// window or outer join whose preserved side is not the stream, above a streaming input. The first
// offender's description and span otherwise.
struct StreamingObstacle {
  std::string description;  // "aggregation", "ORDER BY" …
  Span span;
};
std::optional<StreamingObstacle> FindStreamingObstacle(const BoundQuery& query);

// One line per node, indented, with types: for golden tests and `--explain`.
std::string ToDebugString(const BoundQuery& query);

// Column lineage: for each output column, the (input table or files, column) pairs it is made of.
struct ColumnOrigin {
  bool from_files = false;
  size_t input = 0;  // index into tables or files
  std::string column;
  friend auto operator<=>(const ColumnOrigin&, const ColumnOrigin&) = default;
};
std::vector<std::vector<ColumnOrigin>> ColumnLineage(const BoundQuery& query);

}  // namespace medallion::sql
