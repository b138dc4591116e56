#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/bound_query.h"

// Making and comparing bound expressions.

namespace medallion::sql {

ExprPtr LiteralOf(Value value, Span span);
ExprPtr ColumnOf(const BoundColumn& column, Span span, bool outer = false);

// `expr` as `type`; itself if it has that type. Literals whose new value is exact stay literals.
ExprPtr CastTo(ExprPtr expr, const DataType& type, CastMode mode = CastMode::kAnsi);

// Whether the type of a cast is nullable although its operand is not (Spark's Cast.forceNullable).
bool CastMayGiveNull(const DataType& from, const DataType& to);

// The call of a scalar function, with casts as its typing wants them. Errors have no place.
Result<ExprPtr> CallOf(std::string_view function, std::vector<ExprPtr> args, Span span);

// The value if `expr` is a constant, else null.
const Value* ConstantOf(const Expr& expr);

// How large an expression is as a tree (shared parts count every time they occur) and how deep.
// Linear in the number of distinct nodes.
struct ExprExtent {
  size_t nodes = 1;
  size_t depth = 1;
};
ExprExtent ExtentOf(const Expr& expr);

// Whether both are the same text of operations on the same columns; spans do not matter.
bool SameExpr(const Expr& a, const Expr& b);
bool SameExprs(std::span<const ExprPtr> a, std::span<const ExprPtr> b);

// Whether types differ at most in what may be NULL inside.
bool SameTypeButNulls(const DataType& a, const DataType& b);

// Columns of a join: those of a side that may lack a partner become nullable.
std::vector<BoundColumn> JoinedColumns(JoinKind kind, const Relation& left, const Relation& right);

}  // namespace medallion::sql
