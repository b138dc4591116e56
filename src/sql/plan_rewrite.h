#pragma once

#include <functional>

#include "sql/bound_query.h"

// Walking and rebuilding the immutable plan.

namespace medallion::sql {

// Calls `visit` for each direct operand of `expr`; not for relations of subqueries.
void ForEachOperand(const Expr& expr, const std::function<void(const ExprPtr&)>& visit);
// For `expr` and everything below it, `expr` first.
void VisitExpr(const Expr& expr, const std::function<void(const Expr&)>& visit);
// For each expression that the relation itself holds (not those below it).
void ForEachExpression(const Relation& relation, const std::function<void(const ExprPtr&)>& visit);

// For each direct input; not for relations of subqueries.
void ForEachInput(const Relation& relation, const std::function<void(const RelationPtr&)>& visit);

// Rebuilds with `map` applied to each direct operand; the same pointer if nothing changed.
using ExprMap = std::function<ExprPtr(const ExprPtr&)>;
ExprPtr MapOperands(const ExprPtr& expr, const ExprMap& map);

// Top down: what `replace` answers takes the place of an expression; null means "look inside".
ExprPtr Rewrite(const ExprPtr& expr, const ExprMap& replace);

// Rebuilds one relation: its own expressions through `expr`, its inputs (and the relations of
// subqueries in its expressions) through `input`. Columns are kept.
using RelationMap = std::function<RelationPtr(const RelationPtr&)>;
RelationPtr MapRelation(const RelationPtr& relation, const RelationMap& input, const ExprMap& expr);

// Whether any expression below, subqueries excluded, satisfies `test`.
bool AnyExpr(const Expr& expr, const std::function<bool(const Expr&)>& test);

template <class Node>
bool Contains(const Expr& expr) {
  return AnyExpr(expr, [](const Expr& e) { return std::holds_alternative<Node>(e.node); });
}

}  // namespace medallion::sql
