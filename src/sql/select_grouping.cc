#include <algorithm>

#include "expr_builder.h"
#include "plan_rewrite.h"
#include "select_binder.h"

// GROUP BY of a SELECT.

namespace medallion::sql {
namespace {

// CUBE doubles per column; more than this is a mistake (Spark stops at 64 columns of grouping).
constexpr size_t kGroupingSetsMax = 4096;

using Sets = std::vector<std::vector<size_t>>;

Sets RollupOf(const Sets& parts) {
  Sets sets;
  for (size_t length = parts.size() + 1; length-- > 0;) {
    std::vector<size_t>& set = sets.emplace_back();
    for (size_t i = 0; i < length; ++i) {
      set.insert(set.end(), parts[i].begin(), parts[i].end());
    }
  }
  return sets;
}

Sets CubeOf(const Sets& parts) {
  Sets sets;
  for (size_t mask = size_t{1} << parts.size(); mask-- > 0;) {
    std::vector<size_t>& set = sets.emplace_back();
    for (size_t i = 0; i < parts.size(); ++i) {
      if ((mask >> (parts.size() - 1 - i) & 1) != 0) {
        set.insert(set.end(), parts[i].begin(), parts[i].end());
      }
    }
  }
  return sets;
}

Sets CrossProduct(const Sets& a, const Sets& b) {
  Sets product;
  for (const auto& left : a) {
    for (const auto& right : b) {
      std::vector<size_t>& set = product.emplace_back(left);
      for (const size_t group : right) {
        if (std::find(set.begin(), set.end(), group) == set.end()) {
          set.push_back(group);
        }
      }
    }
  }
  return product;
}

}  // namespace

// An integer literal as a position in the select list, from 0.
Result<std::optional<size_t>> SelectBinder::Ordinal(const ast::Expression& expression,
                                                    const char* clause) const {
  const auto* literal = std::get_if<ast::Literal>(&expression.node);
  const auto* position = literal == nullptr ? nullptr : std::get_if<int64_t>(&literal->value.data);
  if (position == nullptr || !literal->value.type.IsIntegral()) {
    return std::optional<size_t>();
  }
  if (*position < 1 || *position > static_cast<int64_t>(items_.size())) {
    return analysis_.Problem(
        expression.span, std::string(clause) + "_POS_OUT_OF_RANGE",
        fmt::format("position {} is not in the select list, which has {} items", *position,
                    items_.size()),
        "out of range");
  }
  return std::optional<size_t>(static_cast<size_t>(*position - 1));
}

Result<ExprPtr> SelectBinder::BindGroupExpr(const ast::Expression& expression) {
  ASSIGN_OR_RETURN(const auto ordinal, Ordinal(expression, "GROUP_BY"));
  ExprPtr expr;
  if (ordinal) {
    expr = items_[*ordinal].expr;
  } else {
    ExpressionBinder binder(analysis_, queries_, *scope_,
                            Rules("GROUP BY", Scope::AliasOrder::kAfterColumns, false, false));
    ASSIGN_OR_RETURN(expr, binder.Bind(expression));
  }
  if (Contains<AggregateExpr>(*expr) || Contains<WindowExpr>(*expr)) {
    return analysis_.Problem(
        expression.span, ordinal ? "GROUP_BY_POS_AGGREGATE" : "GROUP_BY_AGGREGATE",
        "GROUP BY cannot use an aggregate or a window function", "computed after grouping");
  }
  if (expr->type.Is(TypeKind::kMap)) {
    return analysis_.Problem(expression.span, "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                             "cannot group by " + expr->type.ToDdl(), "a map");
  }
  return expr;
}

size_t SelectBinder::AddGroup(const ExprPtr& expr) {
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (SameExpr(*groups_[i], *expr)) {
      return i;
    }
  }
  groups_.push_back(expr);
  return groups_.size() - 1;
}

Result<Sets> SelectBinder::BindGroupingElement(const ast::GroupingElement& element) {
  Sets parts;
  for (const auto& expressions : element.sets) {
    std::vector<size_t>& part = parts.emplace_back();
    for (const ast::ExpressionPtr& expression : expressions) {
      ASSIGN_OR_RETURN(const ExprPtr expr, BindGroupExpr(*expression));
      part.push_back(AddGroup(expr));
    }
  }
  constexpr size_t kCubePartsMax = 12;  // 2^12 sets, see kGroupingSetsMax
  if (element.kind == ast::GroupingElement::Kind::kCube && parts.size() > kCubePartsMax) {
    return analysis_.Unsupported(element.span,
                                 fmt::format("CUBE of more than {} expressions", kCubePartsMax));
  }
  switch (element.kind) {
    case ast::GroupingElement::Kind::kRollup: return RollupOf(parts);
    case ast::GroupingElement::Kind::kCube: return CubeOf(parts);
    case ast::GroupingElement::Kind::kExpression:
    case ast::GroupingElement::Kind::kGroupingSets: break;
  }
  return parts;
}

void SelectBinder::BindGroupBy() {
  if (!select_.group_by) {
    return;
  }
  if (select_.group_by->all) {
    if (const Status status = BindGroupByAll(); !status) {
      analysis_.Report(status.error());
    }
    return;
  }
  Sets sets = {{}};
  bool plain = true;
  for (const ast::GroupingElement& element : select_.group_by->elements) {
    auto parts = Keep(analysis_, BindGroupingElement(element));
    plain = plain && element.kind == ast::GroupingElement::Kind::kExpression;
    if (!parts) {
      continue;
    }
    sets = CrossProduct(sets, *parts);
    if (sets.size() > kGroupingSetsMax) {
      analysis_.Report(analysis_.Unsupported(
          element.span, fmt::format("more than {} grouping sets", kGroupingSetsMax)));
      return;
    }
  }
  if (!plain) {
    sets_ = std::move(sets);
  }
}

// The items without aggregates are the groups (Spark's GROUP BY ALL).
Status SelectBinder::BindGroupByAll() {
  for (const Item& item : items_) {
    if (Contains<WindowExpr>(*item.expr)) {
      return analysis_.Unsupported(item.span, "GROUP BY ALL beside a window function",
                                   {"name the groups"});
    }
    if (!Contains<AggregateExpr>(*item.expr) && ConstantOf(*item.expr) == nullptr) {
      AddGroup(item.expr);
    }
  }
  return OkStatus();
}

bool SelectBinder::IsAggregated() const {
  if (select_.group_by || having_ != nullptr) {
    return true;
  }
  const auto aggregated = [](const ExprPtr& expr) { return Contains<AggregateExpr>(*expr); };
  return std::any_of(items_.begin(), items_.end(),
                     [&](const Item& item) { return aggregated(item.expr); }) ||
         std::any_of(keys_.begin(), keys_.end(),
                     [&](const SortKey& key) { return aggregated(key.expr); }) ||
         (qualify_ != nullptr && aggregated(qualify_));
}

void SelectBinder::RewriteOverGroups(Aggregation& aggregation) {
  const auto rewrite = [&](ExprPtr& expr) {
    if (expr != nullptr) {
      expr = Keep(analysis_, aggregation.Rewrite(expr)).value_or(expr);
    }
  };
  for (Item& item : items_) {
    rewrite(item.expr);
  }
  rewrite(having_);
  rewrite(qualify_);
  for (SortKey& key : keys_) {
    rewrite(key.expr);
  }
}

}  // namespace medallion::sql
