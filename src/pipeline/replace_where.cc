#include "replace_where.h"

#include <utility>

namespace medallion::pipeline {
namespace {

namespace ast = sql::ast;

template <typename Node>
ast::ExpressionPtr MakeExpression(Span span, Node node) {
  return std::make_shared<const ast::Expression>(ast::Expression{span, std::move(node)});
}

// SELECT * FROM from WHERE condition
ast::QueryPtr SelectAll(ast::Relation from, ast::ExpressionPtr condition, Span span) {
  ast::Select select;
  select.items.push_back({MakeExpression(span, ast::Star{}), {}, span});
  select.from = std::make_shared<const ast::Relation>(std::move(from));
  select.where = std::move(condition);
  ast::Query query;
  query.span = span;
  query.body = std::make_shared<const ast::QueryTerm>(ast::QueryTerm{span, std::move(select)});
  return std::make_shared<const ast::Query>(std::move(query));
}

}  // namespace

ast::QueryPtr RowsInside(const ast::QueryPtr& query, const sql::ReplaceWhere& replace) {
  ast::Relation from;
  from.span = query->span;
  from.node = ast::SubqueryRelation{query, false};
  return SelectAll(std::move(from), replace.predicate, query->span);
}

ast::QueryPtr RowsOutside(const sql::QualifiedName& table, const sql::ReplaceWhere& replace) {
  ast::TableReference reference;
  reference.name = table;
  reference.name_span = replace.span;
  ast::Relation from;
  from.span = replace.span;
  from.node = std::move(reference);
  const ast::ExpressionPtr is_true = MakeExpression(
      replace.span, ast::Binary{"<=>", replace.predicate,
                                MakeExpression(replace.span, ast::Literal{Value::Boolean(true)})});
  return SelectAll(std::move(from),
                   MakeExpression(replace.span, ast::Unary{ast::UnaryOperator::kNot, is_true}),
                   replace.span);
}

}  // namespace medallion::pipeline
