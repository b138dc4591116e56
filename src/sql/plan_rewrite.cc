#include "plan_rewrite.h"

#include "sql/plan.h"

namespace medallion::sql {
namespace {

// One description of where operands are, used both to read (const Node) and to rebuild (a copy).
// `f` takes a reference to an ExprPtr that is never null.
template <class F>
void EachKey(std::vector<SortKey>& keys, const F& f) {
  for (SortKey& key : keys) {
    f(key.expr);
  }
}
template <class F>
void EachOf(std::vector<ExprPtr>& exprs, const F& f) {
  for (ExprPtr& expr : exprs) {
    f(expr);
  }
}
template <class F>
void IfSet(ExprPtr& expr, const F& f) {
  if (expr != nullptr) {
    f(expr);
  }
}

template <class F>
void EachOperand(LiteralExpr&, const F&) {}
template <class F>
void EachOperand(ColumnExpr&, const F&) {}
template <class F>
void EachOperand(CallExpr& node, const F& f) {
  EachOf(node.args, f);
}
template <class F>
void EachOperand(CastExpr& node, const F& f) {
  f(node.child);
}
template <class F>
void EachOperand(CaseExpr& node, const F& f) {
  for (CaseExpr::Branch& branch : node.branches) {
    f(branch.condition);
    f(branch.result);
  }
  IfSet(node.otherwise, f);
}
template <class F>
void EachOperand(AggregateExpr& node, const F& f) {
  EachOf(node.args, f);
  IfSet(node.filter, f);
  EachKey(node.order_by, f);
}
template <class F>
void EachOperand(WindowExpr& node, const F& f) {
  EachOperand(node.function, f);
  EachOf(node.partition_by, f);
  EachKey(node.order_by, f);
  if (node.frame) {
    IfSet(node.frame->start.offset, f);
    IfSet(node.frame->end.offset, f);
  }
}
template <class F>
void EachOperand(SubqueryExpr& node, const F& f) {
  EachOf(node.needles, f);
}
template <class F>
void EachOperand(LambdaExpr& node, const F& f) {
  f(node.body);
}

template <class F>
void EachExpression(Project& node, const F& f) {
  EachOf(node.exprs, f);
}
template <class F>
void EachExpression(Filter& node, const F& f) {
  f(node.condition);
}
template <class F>
void EachExpression(Aggregate& node, const F& f) {
  EachOf(node.groups, f);
  EachOf(node.aggregates, f);
}
template <class F>
void EachExpression(Window& node, const F& f) {
  EachOf(node.windows, f);
}
template <class F>
void EachExpression(Join& node, const F& f) {
  IfSet(node.condition, f);
}
template <class F>
void EachExpression(Sort& node, const F& f) {
  EachKey(node.keys, f);
}
template <class F>
void EachExpression(Generate& node, const F& f) {
  EachOf(node.args, f);
}
template <class F>
void EachExpression(ValuesRelation& node, const F& f) {
  for (auto& row : node.rows) {
    EachOf(row, f);
  }
}
template <class F>
void EachExpression(TableFunction& node, const F& f) {
  EachOf(node.args, f);
}
template <class Node, class F>
void EachExpression(Node&, const F&) {}

template <class F>
void EachInput(Join& node, const F& f) {
  f(node.left);
  f(node.right);
}
template <class F>
void EachInput(SetOperation& node, const F& f) {
  for (RelationPtr& input : node.inputs) {
    f(input);
  }
}
template <class F>
void EachInput(With& node, const F& f) {
  for (With::Definition& definition : node.definitions) {
    f(definition.query);
  }
  f(node.body);
}
template <class Node, class F>
void EachInput(Node& node, const F& f) {
  if constexpr (requires { node.input = RelationPtr(); }) {
    f(node.input);
  }
}

ExprPtr MapWithSubqueries(const ExprPtr& expr, const RelationMap& input, const ExprMap& map) {
  ExprPtr mapped = map(expr);
  return Rewrite(mapped, [&](const ExprPtr& e) -> ExprPtr {
    const auto* subquery = std::get_if<SubqueryExpr>(&e->node);
    if (subquery == nullptr) {
      return nullptr;
    }
    Expr copy = *e;
    SubqueryExpr& node = std::get<SubqueryExpr>(copy.node);
    node.query = input(subquery->query);
    for (ExprPtr& needle : node.needles) {
      needle = MapWithSubqueries(needle, input, [](const ExprPtr& same) { return same; });
    }
    return std::make_shared<const Expr>(std::move(copy));
  });
}

}  // namespace

void ForEachOperand(const Expr& expr, const std::function<void(const ExprPtr&)>& visit) {
  auto copy = expr.node;
  std::visit(
      [&](auto& node) { EachOperand(node, [&](const ExprPtr& operand) { visit(operand); }); },
      copy);
}

void VisitExpr(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  visit(expr);
  ForEachOperand(expr, [&](const ExprPtr& operand) { VisitExpr(*operand, visit); });
}

void ForEachExpression(const Relation& relation, const std::function<void(const ExprPtr&)>& visit) {
  auto copy = relation.node;
  std::visit([&](auto& node) { EachExpression(node, [&](const ExprPtr& expr) { visit(expr); }); },
             copy);
}

void ForEachInput(const Relation& relation, const std::function<void(const RelationPtr&)>& visit) {
  auto copy = relation.node;
  std::visit([&](auto& node) { EachInput(node, [&](const RelationPtr& input) { visit(input); }); },
             copy);
}

ExprPtr MapOperands(const ExprPtr& expr, const ExprMap& map) {
  Expr copy = *expr;
  bool changed = false;
  std::visit(
      [&](auto& node) {
        EachOperand(node, [&](ExprPtr& operand) {
          ExprPtr mapped = map(operand);
          changed = changed || mapped != operand;
          operand = std::move(mapped);
        });
      },
      copy.node);
  return changed ? std::make_shared<const Expr>(std::move(copy)) : expr;
}

ExprPtr Rewrite(const ExprPtr& expr, const ExprMap& replace) {
  if (ExprPtr replaced = replace(expr)) {
    return replaced;
  }
  return MapOperands(expr, [&](const ExprPtr& operand) { return Rewrite(operand, replace); });
}

RelationPtr MapRelation(const RelationPtr& relation, const RelationMap& input,
                        const ExprMap& expr) {
  Relation copy = *relation;
  std::visit(
      [&](auto& node) {
        EachInput(node, [&](RelationPtr& child) { child = input(child); });
        EachExpression(node, [&](ExprPtr& e) { e = MapWithSubqueries(e, input, expr); });
      },
      copy.node);
  return std::make_shared<const Relation>(std::move(copy));
}

bool AnyExpr(const Expr& expr, const std::function<bool(const Expr&)>& test) {
  bool found = false;
  VisitExpr(expr, [&](const Expr& e) { found = found || test(e); });
  return found;
}

RelationPtr ReplaceRelation(const RelationPtr& root, const Relation& old,
                            const RelationPtr& replacement) {
  if (root.get() == &old) {
    return replacement;
  }
  return MapRelation(
      root, [&](const RelationPtr& input) { return ReplaceRelation(input, old, replacement); },
      [](const ExprPtr& expr) { return expr; });
}

}  // namespace medallion::sql
