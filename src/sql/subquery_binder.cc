#include "expr_builder.h"
#include "expression_binder.h"
#include "query_binder.h"
#include "type_coercion.h"

// Queries inside expressions. Names that the inner query does not know are looked up here
// (correlation).

namespace medallion::sql {
namespace {

ExprPtr MakeSubquery(SubqueryExpr subquery, DataType type, bool nullable, Span span) {
  return std::make_shared<const Expr>(Expr{std::move(type), nullable, span, std::move(subquery)});
}

}  // namespace

Status ExpressionBinder::AllowSubquery(Span span) const {
  if (rules_.subqueries) {
    return OkStatus();
  }
  return analysis_.Problem(span, "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY",
                           fmt::format("{} cannot contain a subquery", rules_.clause), "subquery");
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Exists& node, Span span) {
  RETURN_IF_ERROR(AllowSubquery(span));
  ASSIGN_OR_RETURN(RelationPtr query, queries_.BindQuery(*node.query, &scope_));
  return MakeSubquery({SubqueryExpr::Kind::kExists, std::move(query), {}}, DataType::Boolean(),
                      false, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::ScalarSubquery& node, Span span) {
  RETURN_IF_ERROR(AllowSubquery(span));
  ASSIGN_OR_RETURN(RelationPtr query, queries_.BindQuery(*node.query, &scope_));
  if (query->columns.size() != 1) {
    return analysis_.Problem(
        span, "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
        fmt::format("a subquery used as a value has to have one column, not {}",
                    query->columns.size()),
        "too many columns");
  }
  const DataType type = query->columns[0].type;
  return MakeSubquery({SubqueryExpr::Kind::kScalar, std::move(query), {}}, type, true, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::InSubquery& node, Span span) {
  RETURN_IF_ERROR(AllowSubquery(span));
  ExprList needles;
  if (const auto* row = std::get_if<ast::RowConstructor>(&node.operand->node)) {
    ASSIGN_OR_RETURN(needles, BindAll(row->elements));
  } else {
    ASSIGN_OR_RETURN(ExprPtr needle, Bind(*node.operand));
    needles.push_back(std::move(needle));
  }
  ASSIGN_OR_RETURN(RelationPtr query, queries_.BindQuery(*node.query, &scope_));
  if (query->columns.size() != needles.size()) {
    return analysis_.Problem(
        span, "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
        fmt::format("IN compares {} values with {} columns", needles.size(), query->columns.size()),
        "numbers differ");
  }
  std::vector<DataType> types;
  bool nullable = false;
  for (size_t i = 0; i < needles.size(); ++i) {
    auto common = CommonType(needles[i]->type, query->columns[i].type);
    if (!common) {
      return analysis_.Problem(span, "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                               fmt::format("IN cannot compare {} with {}", needles[i]->type.ToDdl(),
                                           query->columns[i].type.ToDdl()),
                               "types differ");
    }
    nullable = nullable || needles[i]->nullable || query->columns[i].nullable;
    needles[i] = CastTo(std::move(needles[i]), *common);
    types.push_back(*std::move(common));
  }
  query = queries_.CastColumns(query, types);
  ExprPtr in = MakeSubquery({SubqueryExpr::Kind::kIn, std::move(query), std::move(needles)},
                            DataType::Boolean(), nullable, span);
  return Negate(std::move(in), node.negated, span);
}

}  // namespace medallion::sql
