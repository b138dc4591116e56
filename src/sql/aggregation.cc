#include "aggregation.h"

#include "expr_builder.h"
#include "plan_rewrite.h"

namespace medallion::sql {
namespace {

// Calls `visit` for every expression in the relation and below it, subqueries included.
void VisitDeep(const Relation& relation, const std::function<void(const Expr&)>& visit);

void VisitDeep(const ExprPtr& expr, const std::function<void(const Expr&)>& visit) {
  VisitExpr(*expr, [&](const Expr& e) {
    visit(e);
    if (const auto* subquery = std::get_if<SubqueryExpr>(&e.node)) {
      VisitDeep(*subquery->query, visit);
    }
  });
}

void VisitDeep(const Relation& relation, const std::function<void(const Expr&)>& visit) {
  ForEachExpression(relation, [&](const ExprPtr& expr) { VisitDeep(expr, visit); });
  ForEachInput(relation, [&](const RelationPtr& input) { VisitDeep(*input, visit); });
}

}  // namespace

Aggregation::Aggregation(Analysis& analysis, std::set<ColumnId> inputs, bool grouped,
                         std::vector<ExprPtr> groups, std::vector<std::vector<size_t>> sets)
    : analysis_(analysis),
      inputs_(std::move(inputs)),
      grouped_(grouped),
      groups_(std::move(groups)),
      sets_(std::move(sets)) {
  for (const ExprPtr& group : groups_) {
    const auto* column = std::get_if<ColumnExpr>(&group->node);
    if (column != nullptr && sets_.empty()) {
      group_columns_.push_back({column->id, column->name, group->type, group->nullable});
    } else {
      const bool nullable = group->nullable || !sets_.empty();
      const std::string name =
          column != nullptr ? column->name : "group" + std::to_string(group_columns_.size() + 1);
      group_columns_.push_back(analysis_.NewColumn(name, group->type, nullable));
    }
  }
}

Result<ExprPtr> Aggregation::Rewrite(const ExprPtr& expr) {
  error_.reset();
  // Parameters of lambdas are no columns of FROM: `inputs_` does not hold them.
  ExprPtr rewritten = sql::Rewrite(expr, [&](const ExprPtr& e) { return Replace(e); });
  if (error_) {
    return *error_;
  }
  return rewritten;
}

ExprPtr Aggregation::Replace(const ExprPtr& expr) {
  if (std::holds_alternative<LiteralExpr>(expr->node)) {
    return nullptr;
  }
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (SameExpr(*groups_[i], *expr)) {
      return ColumnOf(group_columns_[i], expr->span);
    }
  }
  if (std::holds_alternative<AggregateExpr>(expr->node)) {
    return ReplaceAggregate(expr);
  }
  if (const auto* column = std::get_if<ColumnExpr>(&expr->node)) {
    if (!column->outer && inputs_.contains(column->id)) {
      Fail(Missing(column->name, expr->span));
    }
    return expr;
  }
  if (const auto* subquery = std::get_if<SubqueryExpr>(&expr->node)) {
    CheckSubquery(*expr, *subquery);
  }
  return nullptr;
}

ExprPtr Aggregation::ReplaceAggregate(const ExprPtr& expr) {
  const auto& node = std::get<AggregateExpr>(expr->node);
  if (node.function == "grouping" || node.function == "grouping_id") {
    return ReplaceGrouping(*expr, node);
  }
  for (size_t i = 0; i < aggregates_.size(); ++i) {
    if (SameExpr(*aggregates_[i], *expr)) {
      return ColumnOf(aggregate_columns_[i], expr->span);
    }
  }
  aggregates_.push_back(expr);
  aggregate_columns_.push_back(analysis_.NewColumn(node.function, *expr));
  return ColumnOf(aggregate_columns_.back(), expr->span);
}

// The first group's bit is the highest; 1 means "not part of this set" (Spark's GroupingID).
ExprPtr Aggregation::ReplaceGrouping(const Expr& expr, const AggregateExpr& node) {
  if (sets_.empty()) {
    Fail(analysis_.Problem(expr.span, "UNSUPPORTED_GROUPING_EXPRESSION",
                           fmt::format("`{}` needs ROLLUP, CUBE or GROUPING SETS", node.function),
                           "no grouping sets"));
    return LiteralOf(Value::Long(0), expr.span);
  }
  if (!grouping_id_) {
    grouping_id_ = analysis_.NewColumn("grouping_id", DataType::Long(), false);
  }
  if (node.function == "grouping") {
    ExprPtr bit = GroupingBit(expr, node.args[0]);
    return bit == nullptr ? LiteralOf(Value::Long(0), expr.span)
                          : CastTo(std::move(bit), DataType::Byte());
  }
  if (!node.args.empty() && !SameExprs(node.args, groups_)) {
    Fail(analysis_.Problem(
        expr.span, "GROUPING_ID_COLUMN_MISMATCH",
        "the arguments of `grouping_id` have to be the expressions of GROUP BY in order", "differ",
        {"write grouping_id() without arguments"}));
  }
  return ColumnOf(*grouping_id_, expr.span);
}

ExprPtr Aggregation::GroupingBit(const Expr& expr, const ExprPtr& column) {
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (!SameExpr(*groups_[i], *column)) {
      continue;
    }
    ExprPtr distance =
        LiteralOf(Value::Integer(static_cast<int32_t>(groups_.size() - 1 - i)), expr.span);
    ExprPtr shifted =
        *CallOf("shiftright", {ColumnOf(*grouping_id_, expr.span), std::move(distance)}, expr.span);
    ExprPtr bit =
        *CallOf("&", {std::move(shifted), LiteralOf(Value::Long(1), expr.span)}, expr.span);
    return CastTo(std::move(bit), DataType::Byte());
  }
  Fail(analysis_.Problem(column->span, "GROUPING_COLUMN_MISMATCH",
                         "the argument of `grouping` has to be in GROUP BY", "not grouped"));
  return nullptr;
}

// A correlated subquery sees one row per group: only plain group columns keep their identity there.
void Aggregation::CheckSubquery(const Expr& expr, const SubqueryExpr& node) {
  VisitDeep(*node.query, [&](const Expr& inner) {
    const auto* column = std::get_if<ColumnExpr>(&inner.node);
    if (column == nullptr || !column->outer || !inputs_.contains(column->id)) {
      return;
    }
    for (const BoundColumn& group : group_columns_) {
      if (group.id == column->id) {
        return;
      }
    }
    Fail(Missing(column->name, inner.span));
  });
  static_cast<void>(expr);
}

Error Aggregation::Missing(const std::string& column, Span span) const {
  return analysis_.Problem(
      span, grouped_ ? "MISSING_AGGREGATION" : "MISSING_GROUP_BY",
      fmt::format("column `{}` is neither grouped nor inside an aggregate", column),
      "which row's value?",
      {fmt::format("add it to GROUP BY, or take any row's value with any_value({})", column)});
}

void Aggregation::Fail(Error error) {
  if (!error_) {
    error_ = std::move(error);
  }
}

RelationPtr Aggregation::Build(RelationPtr input) const {
  Relation relation;
  relation.columns = group_columns_;
  relation.columns.insert(relation.columns.end(), aggregate_columns_.begin(),
                          aggregate_columns_.end());
  if (grouping_id_) {
    relation.columns.push_back(*grouping_id_);
  }
  relation.node =
      Aggregate{std::move(input), groups_, sets_, aggregates_, grouping_id_.has_value()};
  return std::make_shared<const Relation>(std::move(relation));
}

RelationPtr ExtractWindows(Analysis& analysis, RelationPtr input, std::vector<ExprPtr>& exprs) {
  Window window;
  std::vector<BoundColumn> columns;
  const auto replace = [&](const ExprPtr& expr) -> ExprPtr {
    if (!std::holds_alternative<WindowExpr>(expr->node)) {
      return nullptr;
    }
    for (size_t i = 0; i < window.windows.size(); ++i) {
      if (SameExpr(*window.windows[i], *expr)) {
        return ColumnOf(columns[i], expr->span);
      }
    }
    window.windows.push_back(expr);
    columns.push_back(
        analysis.NewColumn(std::get<WindowExpr>(expr->node).function.function, *expr));
    return ColumnOf(columns.back(), expr->span);
  };
  for (ExprPtr& expr : exprs) {
    if (expr != nullptr) {
      expr = Rewrite(expr, replace);
    }
  }
  if (window.windows.empty()) {
    return input;
  }
  Relation relation;
  relation.columns = input->columns;
  relation.columns.insert(relation.columns.end(), columns.begin(), columns.end());
  window.input = std::move(input);
  relation.node = std::move(window);
  return std::make_shared<const Relation>(std::move(relation));
}

}  // namespace medallion::sql
