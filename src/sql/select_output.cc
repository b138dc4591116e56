#include <algorithm>

#include "expr_builder.h"
#include "file_metadata.h"
#include "plan_rewrite.h"
#include "select_binder.h"

// ORDER BY of a SELECT, and the relation that comes of all its clauses.

namespace medallion::sql {

void SelectBinder::BindOrderBy() {
  if (order_by_.all) {
    for (const Item& item : items_) {
      keys_.push_back({item.expr, order_by_.all_item.descending, NullsFirst(order_by_.all_item)});
    }
    return;
  }
  for (const ast::SortItem& item : order_by_.items) {
    if (auto key = Keep(analysis_, BindOrderKey(item))) {
      keys_.push_back(*std::move(key));
    }
  }
}

Result<SortKey> SelectBinder::BindOrderKey(const ast::SortItem& item) {
  ASSIGN_OR_RETURN(const auto ordinal, Ordinal(*item.expr, "ORDER_BY"));
  if (ordinal) {
    return SortKey{items_[*ordinal].expr, item.descending, NullsFirst(item)};
  }
  ExpressionBinder binder(analysis_, queries_, *scope_,
                          Rules("ORDER BY", Scope::AliasOrder::kBeforeColumns, true, true));
  ASSIGN_OR_RETURN(SortKey key, binder.BindSortKey(item));
  const auto is_item = [&](const Item& output) { return SameExpr(*output.expr, *key.expr); };
  if (select_.distinct && std::none_of(items_.begin(), items_.end(), is_item)) {
    return analysis_.Problem(item.span, "UNRESOLVED_COLUMN.WITH_SUGGESTION",
                             "ORDER BY of SELECT DISTINCT can only use what is selected",
                             "not in the select list", {"add it to the select list"});
  }
  return key;
}

Result<RelationPtr> SelectBinder::Build() {
  RelationPtr input = input_;
  if (IsAggregated()) {
    if (has_generator_) {
      return analysis_.Unsupported(items_.front().span, "a generator beside GROUP BY or aggregates",
                                   {"aggregate in a subquery first"});
    }
    // `_metadata` columns are columns of FROM too, found only while names were resolved.
    for (const ScopeFiles& files : scope_->relation().files) {
      for (const BoundColumn& column : analysis_.metadata_columns[files.input]) {
        input_ids_.insert(column.id);
      }
    }
    Aggregation aggregation(analysis_, input_ids_, select_.group_by.has_value(), groups_, sets_);
    RewriteOverGroups(aggregation);
    if (analysis_.failed()) {
      return analysis_.Failure();
    }
    input = aggregation.Build(std::move(input));
    if (having_ != nullptr) {
      input = MakeRelation(input->columns, Filter{input, having_});
    }
  }
  return BuildProjection(std::move(input));
}

RelationPtr SelectBinder::BuildProjection(RelationPtr input) {
  std::vector<ExprPtr> exprs;
  for (const Item& item : items_) {
    exprs.push_back(item.expr);
  }
  for (const SortKey& key : keys_) {
    exprs.push_back(key.expr);
  }
  exprs.push_back(qualify_);
  input = ExtractWindows(analysis_, std::move(input), exprs);
  for (size_t i = 0; i < items_.size(); ++i) {
    items_[i].expr = exprs[i];
  }
  for (size_t i = 0; i < keys_.size(); ++i) {
    keys_[i].expr = exprs[items_.size() + i];
  }
  if (exprs.back() != nullptr) {
    input = MakeRelation(input->columns, Filter{input, exprs.back()});
  }
  return SortProjected(WithMetadataColumns(input, analysis_));
}

// Projects the items and, for ORDER BY, hidden columns that a last projection takes away again.
RelationPtr SelectBinder::SortProjected(RelationPtr input) {
  std::vector<ExprPtr> exprs;
  std::vector<std::string> names;
  for (const Item& item : items_) {
    exprs.push_back(item.expr);
    names.push_back(item.name);
  }
  std::vector<size_t> positions;
  for (const SortKey& key : keys_) {
    const auto same = std::find_if(exprs.begin(), exprs.end(),
                                   [&](const ExprPtr& expr) { return SameExpr(*expr, *key.expr); });
    positions.push_back(static_cast<size_t>(same - exprs.begin()));
    if (same == exprs.end()) {
      exprs.push_back(key.expr);
      names.push_back("sort" + std::to_string(positions.size()));
    }
  }
  RelationPtr result = MakeProject(analysis_, std::move(input), std::move(exprs), names);
  if (select_.distinct) {
    result = MakeRelation(result->columns, Distinct{result});
  }
  if (keys_.empty()) {
    return result;
  }
  Sort sort{result, {}};
  for (size_t i = 0; i < keys_.size(); ++i) {
    sort.keys.push_back({ColumnOf(result->columns[positions[i]], keys_[i].expr->span),
                         keys_[i].descending, keys_[i].nulls_first});
  }
  result = MakeRelation(result->columns, std::move(sort));
  if (result->columns.size() == items_.size()) {
    return result;
  }
  std::vector<ExprPtr> visible;
  names.resize(items_.size());
  for (size_t i = 0; i < items_.size(); ++i) {
    visible.push_back(ColumnOf(result->columns[i], items_[i].span));
  }
  return MakeProject(analysis_, std::move(result), std::move(visible), names);
}

}  // namespace medallion::sql
