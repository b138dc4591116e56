#include <algorithm>

#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "query_binder.h"
#include "type_coercion.h"

namespace medallion::sql {
namespace {

JoinKind KindOf(ast::JoinKind kind) { return static_cast<JoinKind>(kind); }
static_assert(static_cast<int>(ast::JoinKind::kLeftAnti) == static_cast<int>(JoinKind::kLeftAnti));

bool IsLateral(const ast::Relation& relation) {
  if (const auto* subquery = std::get_if<ast::SubqueryRelation>(&relation.node)) {
    return subquery->lateral;
  }
  const auto* function = std::get_if<ast::TableFunctionCall>(&relation.node);
  return function != nullptr && function->lateral;
}

bool KeepsRight(JoinKind kind) {
  return kind != JoinKind::kLeftSemi && kind != JoinKind::kLeftAnti;
}

// The names of both sides; what may lack a partner becomes nullable.
RelationScope Merge(JoinKind kind, const RelationScope& left, const RelationScope& right) {
  RelationScope merged = left;
  for (ScopeColumn& column : merged.columns) {
    column.column.nullable =
        column.column.nullable || kind == JoinKind::kRight || kind == JoinKind::kFull;
  }
  if (!KeepsRight(kind)) {
    return merged;
  }
  for (ScopeColumn column : right.columns) {
    column.column.nullable =
        column.column.nullable || kind == JoinKind::kLeft || kind == JoinKind::kFull;
    merged.columns.push_back(std::move(column));
  }
  merged.files.insert(merged.files.end(), right.files.begin(), right.files.end());
  return merged;
}

std::vector<Identifier> CommonNames(const RelationScope& left, const RelationScope& right,
                                    Span span) {
  std::vector<Identifier> names;
  for (const ScopeColumn& a : left.columns) {
    const bool both =
        !a.qualified_only &&
        std::any_of(right.columns.begin(), right.columns.end(), [&](const ScopeColumn& b) {
          return !b.qualified_only && EqualsIgnoreCase(a.column.name, b.column.name);
        });
    if (both) {
      names.push_back({a.column.name, span});
    }
  }
  return names;
}

RelationPtr MakeJoin(JoinKind kind, const BoundFrom& left, const BoundFrom& right,
                     ExprPtr condition, bool lateral) {
  return MakeRelation(JoinedColumns(kind, *left.relation, *right.relation),
                      Join{kind, left.relation, right.relation, std::move(condition), lateral});
}

// Leaves columns of these names visible only with their table's name.
void HideNames(RelationScope& scope, const std::vector<Identifier>& names) {
  for (ScopeColumn& column : scope.columns) {
    column.qualified_only = column.qualified_only ||
                            std::any_of(names.begin(), names.end(), [&](const Identifier& name) {
                              return EqualsIgnoreCase(name.text, column.column.name);
                            });
  }
}

// The columns that are one side's own.
std::vector<BoundColumn> ColumnsOf(const std::vector<Identifier>& names,
                                   const std::vector<ExprPtr>& exprs) {
  std::vector<BoundColumn> columns;
  for (size_t i = 0; i < names.size(); ++i) {
    columns.push_back({std::get<ColumnExpr>(exprs[i]->node).id, names[i].text, exprs[i]->type,
                       exprs[i]->nullable});
  }
  return columns;
}

}  // namespace

Result<BoundFrom> QueryBinder::BindRelation(const ast::JoinRelation& node,
                                            const ast::Relation& relation, const Scope* outer) {
  auto left = Keep(analysis_, BindFrom(*node.left, outer));
  const bool lateral = IsLateral(*node.right);
  // A lateral right side looks names up in the left first; errors of both sides are reported.
  Scope left_scope(analysis_, left ? left->scope : RelationScope(), outer);
  auto right = Keep(analysis_, BindFrom(*node.right, lateral && left ? &left_scope : outer));
  if (!left || !right) {
    return analysis_.Failure();
  }
  if (node.natural || !node.using_columns.empty()) {
    std::vector<Identifier> names =
        node.natural ? CommonNames(left->scope, right->scope, relation.span) : node.using_columns;
    return BindUsing(node, std::move(names), *std::move(left), *std::move(right), relation.span);
  }
  JoinKind kind = KindOf(node.kind);
  ExprPtr condition;
  if (node.condition != nullptr) {
    // The condition of a semi join sees both sides too.
    Scope scope(analysis_,
                Merge(KeepsRight(kind) ? kind : JoinKind::kInner, left->scope, right->scope),
                outer);
    ExpressionRules rules;
    rules.clause = "ON";
    ASSIGN_OR_RETURN(
        condition,
        ExpressionBinder(analysis_, *this, scope, std::move(rules)).BindCondition(*node.condition));
  } else if (kind == JoinKind::kInner) {
    kind = JoinKind::kCross;
  } else if (kind != JoinKind::kCross) {
    condition = LiteralOf(Value::Boolean(true), relation.span);
  }
  if (kind == JoinKind::kCross && condition != nullptr) {
    kind = JoinKind::kInner;
  }
  RelationScope scope = Merge(kind, left->scope, right->scope);
  return BoundFrom{MakeJoin(kind, *left, *right, std::move(condition), lateral), std::move(scope)};
}

// Every name becomes one column: the left's, for RIGHT the right's, for FULL whichever is there.
// The merged columns come first in `*`; both originals stay visible under their tables' names.
Result<BoundFrom> QueryBinder::BindUsing(const ast::JoinRelation& node,
                                         std::vector<Identifier> names, BoundFrom left,
                                         BoundFrom right, Span span) {
  const JoinKind kind =
      KindOf(node.kind) == JoinKind::kCross ? JoinKind::kInner : KindOf(node.kind);
  Scope left_scope(analysis_, left.scope, nullptr);
  Scope right_scope(analysis_, right.scope, nullptr);
  ExprPtr condition;
  std::vector<ExprPtr> merged;
  for (const Identifier& name : names) {
    const std::span<const Identifier> part(&name, 1);
    ASSIGN_OR_RETURN(const ExprPtr a,
                     left_scope.Resolve(part, name.span, Scope::AliasOrder::kIgnored));
    ASSIGN_OR_RETURN(const ExprPtr b,
                     right_scope.Resolve(part, name.span, Scope::AliasOrder::kIgnored));
    auto equal = CallOf("=", {a, b}, name.span);
    if (!equal) {
      return analysis_.Place(std::move(equal).error(), name.span);
    }
    condition = condition == nullptr ? *std::move(equal)
                                     : *CallOf("and", {condition, *std::move(equal)}, span);
    if (kind == JoinKind::kFull) {
      ASSIGN_OR_RETURN(ExprPtr either, CallOf("coalesce", {a, b}, name.span));
      merged.push_back(std::move(either));
    } else {
      merged.push_back(kind == JoinKind::kRight ? b : a);
    }
  }
  const bool cross = condition == nullptr && kind == JoinKind::kInner;
  BoundFrom joined{
      MakeJoin(cross ? JoinKind::kCross : kind, left, right, condition, IsLateral(*node.right)),
      Merge(kind, left.scope, right.scope)};
  HideNames(joined.scope, names);
  const std::vector<BoundColumn> firsts =
      kind == JoinKind::kFull && !names.empty()
          ? ProjectMerged(joined, names, std::move(merged), span)
          : ColumnsOf(names, merged);
  std::vector<ScopeColumn> visible;
  for (const BoundColumn& column : firsts) {
    visible.push_back({column, {}, false});
  }
  joined.scope.columns.insert(joined.scope.columns.begin(), visible.begin(), visible.end());
  return joined;
}

// Puts a projection above the join: the merged columns, then all of the join's. Gives the merged
// ones.
std::vector<BoundColumn> QueryBinder::ProjectMerged(BoundFrom& joined,
                                                    const std::vector<Identifier>& names,
                                                    std::vector<ExprPtr> merged, Span span) {
  std::vector<std::string> all_names;
  for (const Identifier& name : names) {
    all_names.push_back(name.text);
  }
  for (const BoundColumn& column : joined.relation->columns) {
    merged.push_back(ColumnOf(column, span));
    all_names.push_back(column.name);
  }
  joined.relation = MakeProject(analysis_, joined.relation, std::move(merged), all_names);
  const auto begin = joined.relation->columns.begin();
  return {begin, begin + static_cast<std::ptrdiff_t>(names.size())};
}

}  // namespace medallion::sql
