#include "query_binder.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "select_binder.h"
#include "type_coercion.h"

// WITH, set operations, ORDER BY, LIMIT.

namespace medallion::sql {
namespace {

bool HasOrder(const ast::OrderBy& order_by) { return order_by.all || !order_by.items.empty(); }

SetOperator OperatorOf(ast::SetOperator op) {
  switch (op) {
    case ast::SetOperator::kIntersect: return SetOperator::kIntersect;
    case ast::SetOperator::kExcept: return SetOperator::kExcept;
    case ast::SetOperator::kUnion: break;
  }
  return SetOperator::kUnion;
}

const char* NameOf(ast::SetOperator op) {
  switch (op) {
    case ast::SetOperator::kIntersect: return "INTERSECT";
    case ast::SetOperator::kExcept: return "EXCEPT";
    case ast::SetOperator::kUnion: break;
  }
  return "UNION";
}

}  // namespace

RelationPtr MakeRelation(std::vector<BoundColumn> columns, decltype(Relation::node) node) {
  return std::make_shared<const Relation>(Relation{std::move(columns), std::move(node)});
}

RelationPtr MakeProject(Analysis& analysis, RelationPtr input, std::vector<ExprPtr> exprs,
                        const std::vector<std::string>& names) {
  std::vector<BoundColumn> columns;
  std::set<ColumnId> passed;
  for (size_t i = 0; i < exprs.size(); ++i) {
    const auto* column = std::get_if<ColumnExpr>(&exprs[i]->node);
    if (column != nullptr && !column->outer && passed.insert(column->id).second) {
      columns.push_back({column->id, names[i], exprs[i]->type, exprs[i]->nullable});
    } else {
      columns.push_back(analysis.NewColumn(names[i], *exprs[i]));
    }
  }
  return MakeRelation(std::move(columns), Project{std::move(input), std::move(exprs)});
}

RelationPtr QueryBinder::CastColumns(const RelationPtr& relation,
                                     const std::vector<DataType>& types) {
  std::vector<ExprPtr> exprs;
  std::vector<std::string> names;
  bool changed = false;
  for (size_t i = 0; i < types.size(); ++i) {
    const BoundColumn& column = relation->columns[i];
    exprs.push_back(CastTo(ColumnOf(column, {}), types[i]));
    names.push_back(column.name);
    changed = changed || !std::holds_alternative<ColumnExpr>(exprs.back()->node);
  }
  return changed ? MakeProject(analysis_, relation, std::move(exprs), names) : relation;
}

Result<RelationPtr> QueryBinder::BindQuery(const ast::Query& query, const Scope* outer) {
  PushCommonTables(query, outer);
  auto body = BindTerm(*query.body, query.order_by, outer);
  if (body) {
    body = ApplyLimit(*std::move(body), query);
  }
  if (!body) {
    PopCommonTables(query.with.size(), nullptr);
    return body;
  }
  return PopCommonTables(query.with.size(), *std::move(body));
}

Result<RelationPtr> QueryBinder::BindTerm(const ast::QueryTerm& term, const ast::OrderBy& order_by,
                                          const Scope* outer) {
  if (const auto* select = std::get_if<ast::Select>(&term.node)) {
    return SelectBinder(analysis_, *this, *select, order_by, outer).Bind();
  }
  if (const auto* operation = std::get_if<ast::SetOperation>(&term.node)) {
    ASSIGN_OR_RETURN(RelationPtr relation, BindSetOperation(*operation, outer, term.span));
    return SortByOutput(std::move(relation), order_by, outer);
  }
  ASSIGN_OR_RETURN(RelationPtr relation,
                   BindQuery(*std::get<ast::NestedQuery>(term.node).query, outer));
  return SortByOutput(std::move(relation), order_by, outer);
}

Result<RelationPtr> QueryBinder::BindSetOperation(const ast::SetOperation& node, const Scope* outer,
                                                  Span span) {
  const ast::OrderBy unordered;
  // Both sides are looked at even if the first has errors.
  const auto left = Keep(analysis_, BindTerm(*node.left, unordered, outer));
  const auto right = Keep(analysis_, BindTerm(*node.right, unordered, outer));
  if (!left || !right) {
    return analysis_.Failure();
  }
  const std::vector<BoundColumn>& a = (*left)->columns;
  const std::vector<BoundColumn>& b = (*right)->columns;
  if (a.size() != b.size()) {
    return analysis_.Problem(span, "NUM_COLUMNS_MISMATCH",
                             fmt::format("{} needs equally many columns on both sides: {} and {}",
                                         NameOf(node.op), a.size(), b.size()),
                             "numbers differ");
  }
  std::vector<DataType> types;
  std::vector<BoundColumn> columns;
  for (size_t i = 0; i < a.size(); ++i) {
    auto common = CommonType(a[i].type, b[i].type);
    if (!common) {
      return analysis_.Problem(
          span, "INCOMPATIBLE_COLUMN_TYPE",
          fmt::format("column {} of {} is {} on one side and {} on the other", i + 1,
                      NameOf(node.op), a[i].type.ToDdl(), b[i].type.ToDdl()),
          "types differ", {"cast one side"});
    }
    columns.push_back(analysis_.NewColumn(a[i].name, *common, a[i].nullable || b[i].nullable));
    types.push_back(*std::move(common));
  }
  SetOperation operation{OperatorOf(node.op), node.all, {}};
  // a UNION b UNION c is one operation of three inputs.
  const auto* nested = std::get_if<SetOperation>(&(*left)->node);
  const bool flat = nested != nullptr && operation.op == SetOperator::kUnion &&
                    nested->op == SetOperator::kUnion && nested->all == node.all;
  if (flat) {
    for (const RelationPtr& input : nested->inputs) {
      operation.inputs.push_back(CastColumns(input, types));
    }
  } else {
    operation.inputs.push_back(CastColumns(*left, types));
  }
  operation.inputs.push_back(CastColumns(*right, types));
  return MakeRelation(std::move(columns), std::move(operation));
}

// ORDER BY above a set operation sees only its output.
Result<RelationPtr> QueryBinder::SortByOutput(RelationPtr relation, const ast::OrderBy& order_by,
                                              const Scope* outer) {
  if (!HasOrder(order_by)) {
    return relation;
  }
  Sort sort{relation, {}};
  if (order_by.all) {
    for (const BoundColumn& column : relation->columns) {
      sort.keys.push_back(
          {ColumnOf(column, {}), order_by.all_item.descending, NullsFirst(order_by.all_item)});
    }
    return MakeRelation(relation->columns, std::move(sort));
  }
  RelationScope names;
  for (const BoundColumn& column : relation->columns) {
    names.columns.push_back({column, {}, false});
  }
  Scope scope(analysis_, std::move(names), outer);
  ExpressionRules rules;
  rules.clause = "ORDER BY of a set operation";
  ExpressionBinder binder(analysis_, *this, scope, std::move(rules));
  for (const ast::SortItem& item : order_by.items) {
    ASSIGN_OR_RETURN(SortKey key, binder.BindSortKey(item));
    const Value* position = ConstantOf(*key.expr);
    if (position != nullptr && position->type.IsIntegral() && !position->is_null()) {
      const int64_t ordinal = std::get<int64_t>(position->data);
      if (ordinal < 1 || ordinal > static_cast<int64_t>(relation->columns.size())) {
        return analysis_.Problem(item.span, "ORDER_BY_POS_OUT_OF_RANGE",
                                 fmt::format("position {} is not among the {} columns", ordinal,
                                             relation->columns.size()),
                                 "out of range");
      }
      key.expr = ColumnOf(relation->columns[static_cast<size_t>(ordinal - 1)], item.span);
    }
    sort.keys.push_back(std::move(key));
  }
  return MakeRelation(relation->columns, std::move(sort));
}

Result<std::optional<int64_t>> QueryBinder::ConstantCount(const ast::ExpressionPtr& expression,
                                                          const char* clause) {
  if (expression == nullptr) {
    return std::optional<int64_t>();
  }
  Scope nothing(analysis_, {}, nullptr);
  ExpressionRules rules;
  rules.clause = clause;
  rules.subqueries = false;
  ASSIGN_OR_RETURN(const ExprPtr bound,
                   ExpressionBinder(analysis_, *this, nothing, std::move(rules)).Bind(*expression));
  const Value* value = ConstantOf(*bound);
  const auto* count = value == nullptr ? nullptr : std::get_if<int64_t>(&value->data);
  if (count == nullptr || !value->type.IsIntegral() || *count < 0) {
    return analysis_.Problem(expression->span, "INVALID_LIMIT_LIKE_EXPRESSION",
                             fmt::format("{} has to be a whole number, 0 or more", clause),
                             "not a constant count");
  }
  return std::optional<int64_t>(*count);
}

Result<RelationPtr> QueryBinder::ApplyLimit(RelationPtr relation, const ast::Query& query) {
  ASSIGN_OR_RETURN(const auto limit, ConstantCount(query.limit, "LIMIT"));
  ASSIGN_OR_RETURN(const auto offset, ConstantCount(query.offset, "OFFSET"));
  if (!limit && !offset) {
    return relation;
  }
  std::vector<BoundColumn> columns = relation->columns;
  return MakeRelation(std::move(columns), Limit{std::move(relation), limit, offset.value_or(0)});
}

}  // namespace medallion::sql
