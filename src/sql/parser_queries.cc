#include <array>
#include <utility>

#include "base/text.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

bool StartsQuery(const Cursor& cursor, size_t ahead) {
  if (cursor.AtKeyword("SELECT", ahead) || cursor.AtKeyword("WITH", ahead)) return true;
  if (cursor.AtKeyword("VALUES", ahead))
    return !cursor.AtSymbol(")", ahead + 1) && !cursor.AtSymbol(",", ahead + 1);
  if (cursor.AtKeyword("TABLE", ahead)) {
    return cursor.AtKind(TokenKind::kWord, ahead + 1) ||
           cursor.AtKind(TokenKind::kQuotedName, ahead + 1);
  }
  return cursor.AtKeyword("FROM", ahead);
}

// Words that make a query of what stands in parentheses before them.
constexpr std::array<std::string_view, 7> kQueryContinuations = {
    "UNION", "INTERSECT", "EXCEPT", "MINUS", "ORDER", "LIMIT", "OFFSET"};

constexpr std::array<std::string_view, 3> kQueryStarts = {"SELECT", "WITH", "VALUES"};

}  // namespace

bool Parser::AtQueryStart() const { return StartsQuery(cursor_, 0); }

// The innermost of several parentheses holds a query; one around it does so too if nothing follows
// inside, or what continues a query: `((SELECT 1) UNION SELECT 2)` is a query, `((SELECT 1) + 1)`
// is not.
Parser::Parenthesized Parser::WhatIsParenthesized() const {
  const size_t run = cursor_.CountOpenParentheses();
  if (run == 0 || run > kNestingDepthMax || !StartsQuery(cursor_, run))
    return Parenthesized::kExpression;
  bool continued = run == 1;
  for (size_t inner = cursor_.index() + run - 1; inner > cursor_.index(); --inner) {
    const size_t close = cursor_.CloseOf(inner);
    if (close == inner) return Parenthesized::kQuery;  // unclosed: reported by whoever takes it
    const size_t ahead = close + 1 - cursor_.index();
    if (cursor_.AtAnyKeyword(kQueryContinuations, ahead)) {
      continued = true;
    } else if (!cursor_.AtSymbol(")", ahead)) {
      return Parenthesized::kExpression;
    }
  }
  return continued ? Parenthesized::kQuery : Parenthesized::kEither;
}

Result<ast::QueryPtr> Parser::ParseParenthesizedQuery() {
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ASSIGN_OR_RETURN(ast::QueryPtr query, ParseQuery());
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return query;
}

Result<ast::QueryPtr> Parser::ParseQuery() {
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  const Span begin = cursor_.Peek().span;
  std::vector<ast::CommonTable> with;
  if (cursor_.AtKeyword("WITH")) {
    ASSIGN_OR_RETURN(with, ParseWith());
  }
  return ParseQueryAfterWith(begin, std::move(with));
}

Result<ast::QueryPtr> Parser::ParseQueryAfterWith(Span begin, std::vector<ast::CommonTable> with) {
  ast::Query query;
  query.with = std::move(with);
  ASSIGN_OR_RETURN(query.body, ParseUnionTerm());
  RETURN_IF_ERROR(RefuseQueryClauses());
  if (cursor_.TryKeyword("ORDER")) {
    ASSIGN_OR_RETURN(query.order_by, ParseOrderBy());
  }
  RETURN_IF_ERROR(RefuseQueryClauses());
  if (cursor_.TryKeyword("LIMIT") && !cursor_.TryKeyword("ALL")) {
    ASSIGN_OR_RETURN(query.limit, ParseExpression());
  }
  if (cursor_.TryKeyword("OFFSET")) {
    ASSIGN_OR_RETURN(query.offset, ParseExpression());
  }
  query.span = cursor_.SpanSince(begin);
  return std::make_shared<const ast::Query>(std::move(query));
}

Status Parser::RefuseQueryClauses() const {
  const Span span = Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span);
  if (cursor_.AtKeywords({"SORT", "BY"})) {
    return cursor_.Unsupported(span, "SORT BY", {"use ORDER BY: rows have no partitions here"});
  }
  if (cursor_.AtKeywords({"DISTRIBUTE", "BY"}))
    return cursor_.Unsupported(span, "DISTRIBUTE BY", {"leave it out"});
  if (cursor_.AtKeywords({"CLUSTER", "BY"}))
    return cursor_.Unsupported(span, "CLUSTER BY in a query", {"use ORDER BY"});
  if (cursor_.AtSymbol("|>"))
    return cursor_.Unsupported(cursor_.Peek().span, "the pipe operator `|>`");
  return OkStatus();
}

Result<std::vector<ast::CommonTable>> Parser::ParseWith() {
  cursor_.Advance();
  if (cursor_.AtKeyword("RECURSIVE") && !cursor_.AtKeyword("AS", 1) && !cursor_.AtSymbol("(", 1)) {
    return cursor_.Unsupported(cursor_.Peek().span, "WITH RECURSIVE");
  }
  std::vector<ast::CommonTable> with;
  do {
    ast::CommonTable table;
    ASSIGN_OR_RETURN(table.name, ParseIdentifier("the name of a common table expression"));
    if (cursor_.AtSymbol("(")) {
      ASSIGN_OR_RETURN(table.columns, ParseColumnNames());
    }
    cursor_.TryKeyword("AS");
    ASSIGN_OR_RETURN(table.query, ParseParenthesizedQuery());
    with.push_back(std::move(table));
  } while (cursor_.TrySymbol(","));
  return with;
}

// --- Set operations ------------------------------------------------------------------------------

Result<ast::QueryTermPtr> Parser::ParseUnionTerm() {
  ASSIGN_OR_RETURN(ast::QueryTermPtr term, ParseIntersectTerm());
  while (true) {
    if (cursor_.TryKeyword("UNION")) {
      ASSIGN_OR_RETURN(term, ParseSetOperation(std::move(term), ast::SetOperator::kUnion));
    } else if (cursor_.TryKeyword("EXCEPT") || cursor_.TryKeyword("MINUS") ||
               cursor_.TryKeyword("SETMINUS")) {
      ASSIGN_OR_RETURN(term, ParseSetOperation(std::move(term), ast::SetOperator::kExcept));
    } else {
      return term;
    }
  }
}

Result<ast::QueryTermPtr> Parser::ParseIntersectTerm() {
  ASSIGN_OR_RETURN(ast::QueryTermPtr term, ParsePrimaryTerm());
  while (cursor_.TryKeyword("INTERSECT")) {
    ASSIGN_OR_RETURN(term, ParseSetOperation(std::move(term), ast::SetOperator::kIntersect));
  }
  return term;
}

Result<ast::QueryTermPtr> Parser::ParseSetOperation(ast::QueryTermPtr left, ast::SetOperator op) {
  RETURN_IF_ERROR(Grow());
  ast::SetOperation operation;
  operation.op = op;
  operation.all = cursor_.TryKeyword("ALL");
  if (!operation.all) cursor_.TryKeyword("DISTINCT");
  if (cursor_.AtKeywords({"BY", "NAME"})) {
    return cursor_.Unsupported(Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span),
                               "UNION BY NAME",
                               {"list the columns of both sides in the same order"});
  }
  const Span begin = left->span;
  operation.left = std::move(left);
  // INTERSECT binds tighter than UNION and EXCEPT; all associate to the left.
  if (op == ast::SetOperator::kIntersect) {
    ASSIGN_OR_RETURN(operation.right, ParsePrimaryTerm());
  } else {
    ASSIGN_OR_RETURN(operation.right, ParseIntersectTerm());
  }
  return std::make_shared<const ast::QueryTerm>(
      ast::QueryTerm{cursor_.SpanSince(begin), std::move(operation)});
}

Result<ast::QueryTermPtr> Parser::ParsePrimaryTerm() {
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  const Span begin = cursor_.Peek().span;
  if (cursor_.AtKeyword("SELECT")) return ParseSelect();
  if (cursor_.AtKeyword("VALUES")) {
    ASSIGN_OR_RETURN(ast::Relation values, ParseValues());
    ASSIGN_OR_RETURN(values.alias, ParseTableAlias());
    values.span = cursor_.SpanSince(begin);
    return SelectStarFrom(Share(std::move(values)));
  }
  if (cursor_.TryKeyword("TABLE")) {
    ASSIGN_OR_RETURN(ast::Relation table, ParseTableOrFunction());
    return SelectStarFrom(Share(std::move(table)));
  }
  if (cursor_.AtSymbol("(")) {
    ASSIGN_OR_RETURN(ast::QueryPtr query, ParseParenthesizedQuery());
    const bool plain = query->with.empty() && query->order_by.items.empty() &&
                       !query->order_by.all && query->limit == nullptr && query->offset == nullptr;
    ast::QueryTerm term;
    if (plain) {
      term = *query->body;
    } else {
      term.node = ast::NestedQuery{std::move(query)};
    }
    term.span = cursor_.SpanSince(begin);
    return std::make_shared<const ast::QueryTerm>(std::move(term));
  }
  if (cursor_.AtKeyword("FROM")) {
    return cursor_.Unsupported(begin, "a query that begins with FROM", {"begin it with SELECT"});
  }
  return cursor_.Unexpected("a query", kQueryStarts);
}

Result<ast::QueryTermPtr> Parser::SelectStarFrom(ast::RelationPtr relation) {
  const Span span = relation->span;
  ast::Select select;
  ast::SelectItem star;
  star.expr = std::make_shared<const ast::Expression>(ast::Expression{span, ast::Star{}});
  star.span = span;
  select.items.push_back(std::move(star));
  select.from = std::move(relation);
  return std::make_shared<const ast::QueryTerm>(ast::QueryTerm{span, std::move(select)});
}

// --- SELECT --------------------------------------------------------------------------------------

Result<ast::QueryTermPtr> Parser::ParseSelect() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ast::Select select;
  select.distinct = cursor_.TryKeyword("DISTINCT");
  if (!select.distinct && cursor_.AtKeyword("ALL") && !cursor_.AtSymbol("(", 1)) cursor_.Advance();
  do {
    if (cursor_.AtKeyword("FROM") && !select.items.empty()) {
      return cursor_.SyntaxError(cursor_.Last().span,
                                 "expected a column after the comma, found `FROM`",
                                 "nothing follows this comma", {"remove the comma"});
    }
    ASSIGN_OR_RETURN(ast::SelectItem item, ParseSelectItem());
    select.items.push_back(std::move(item));
  } while (cursor_.TrySymbol(","));
  if (cursor_.TryKeyword("FROM")) {
    ASSIGN_OR_RETURN(select.from, ParseFrom());
  }
  if (cursor_.TryKeyword("WHERE")) {
    ASSIGN_OR_RETURN(select.where, ParseExpression());
  }
  if (cursor_.AtKeyword("GROUP")) {
    ASSIGN_OR_RETURN(select.group_by, ParseGroupBy());
  }
  if (cursor_.TryKeyword("HAVING")) {
    ASSIGN_OR_RETURN(select.having, ParseExpression());
  }
  if (cursor_.TryKeyword("QUALIFY")) {
    ASSIGN_OR_RETURN(select.qualify, ParseExpression());
  }
  if (cursor_.TryKeyword("WINDOW")) {
    ASSIGN_OR_RETURN(select.windows, ParseNamedWindows());
  }
  return std::make_shared<const ast::QueryTerm>(
      ast::QueryTerm{cursor_.SpanSince(begin), std::move(select)});
}

Result<ast::SelectItem> Parser::ParseSelectItem() {
  const Span begin = cursor_.Peek().span;
  ast::SelectItem item;
  if (AtStar()) {
    ASSIGN_OR_RETURN(item.expr, ParseStar());
    item.span = cursor_.SpanSince(begin);
    return item;
  }
  ASSIGN_OR_RETURN(item.expr, ParseExpression());
  const bool as = cursor_.TryKeyword("AS");
  if (cursor_.AtSymbol("(") && as) {
    ASSIGN_OR_RETURN(item.aliases, ParseColumnNames());
  } else if (as || (!EndsAlias(cursor_.Peek()) &&
                    (cursor_.AtKind(TokenKind::kWord) || cursor_.AtKind(TokenKind::kQuotedName)))) {
    ASSIGN_OR_RETURN(Identifier alias, ParseIdentifier("an alias"));
    item.aliases.push_back(std::move(alias));
  }
  item.span = cursor_.SpanSince(begin);
  return item;
}

Result<ast::GroupBy> Parser::ParseGroupBy() {
  const Span begin = cursor_.Peek().span;
  RETURN_IF_ERROR(cursor_.ExpectKeywords({"GROUP", "BY"}));
  ast::GroupBy group_by;
  if (cursor_.AtKeyword("ALL") && !cursor_.AtSymbol("(", 1) && !cursor_.AtSymbol(".", 1)) {
    cursor_.Advance();
    group_by.all = true;
    group_by.span = cursor_.SpanSince(begin);
    return group_by;
  }
  do {
    ASSIGN_OR_RETURN(ast::GroupingElement element, ParseGroupingElement());
    group_by.elements.push_back(std::move(element));
  } while (cursor_.TrySymbol(","));
  if (cursor_.AtKeyword("WITH") &&
      (cursor_.AtKeyword("ROLLUP", 1) || cursor_.AtKeyword("CUBE", 1))) {
    return cursor_.Unsupported(Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span),
                               "GROUP BY … WITH " + ToUpper(cursor_.Peek(1).text),
                               {"write GROUP BY " + ToUpper(cursor_.Peek(1).text) + " (…)"});
  }
  if (cursor_.AtKeywords({"GROUPING", "SETS"})) {
    return cursor_.Unsupported(Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span),
                               "GROUPING SETS behind the columns",
                               {"write GROUP BY GROUPING SETS (…)"});
  }
  group_by.span = cursor_.SpanSince(begin);
  return group_by;
}

Result<ast::GroupingElement> Parser::ParseGroupingElement() {
  using Kind = ast::GroupingElement::Kind;
  const Span begin = cursor_.Peek().span;
  ast::GroupingElement element;
  if (cursor_.AtKeyword("ROLLUP") && cursor_.AtSymbol("(", 1)) element.kind = Kind::kRollup;
  if (cursor_.AtKeyword("CUBE") && cursor_.AtSymbol("(", 1)) element.kind = Kind::kCube;
  if (element.kind != Kind::kExpression) {
    cursor_.Advance();
  } else if (cursor_.TryKeywords({"GROUPING", "SETS"})) {
    element.kind = Kind::kGroupingSets;
  }
  if (element.kind == Kind::kExpression) {
    ASSIGN_OR_RETURN(ast::ExpressionPtr expr, ParseExpression());
    element.sets.push_back({std::move(expr)});
  } else {
    ASSIGN_OR_RETURN(element.sets, ParseGroupingSets());
  }
  element.span = cursor_.SpanSince(begin);
  return element;
}

Result<std::vector<std::vector<ast::ExpressionPtr>>> Parser::ParseGroupingSets() {
  std::vector<std::vector<ast::ExpressionPtr>> sets;
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  do {
    const bool nested =
        (cursor_.AtKeyword("ROLLUP") || cursor_.AtKeyword("CUBE")) && cursor_.AtSymbol("(", 1);
    if (nested || cursor_.AtKeywords({"GROUPING", "SETS"})) {
      return cursor_.Unsupported(cursor_.Peek().span, "a grouping set within another",
                                 {"write the sets out"});
    }
    if (cursor_.AtSymbol("(") && cursor_.AtSymbol(")", 1)) {
      cursor_.Advance();
      cursor_.Advance();
      sets.emplace_back();
      continue;
    }
    ASSIGN_OR_RETURN(ast::ExpressionPtr expr, ParseExpression());
    if (const auto* row = std::get_if<ast::RowConstructor>(&expr->node)) {
      sets.push_back(row->elements);
    } else {
      sets.push_back({std::move(expr)});
    }
  } while (cursor_.TrySymbol(","));
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return sets;
}

Result<std::vector<ast::NamedWindow>> Parser::ParseNamedWindows() {
  std::vector<ast::NamedWindow> windows;
  do {
    ASSIGN_OR_RETURN(Identifier name, ParseIdentifier("the name of a window"));
    RETURN_IF_ERROR(cursor_.ExpectKeyword("AS"));
    ASSIGN_OR_RETURN(ast::Over window, ParseWindow());
    windows.push_back({std::move(name), std::move(window)});
  } while (cursor_.TrySymbol(","));
  return windows;
}

// --- ORDER BY ------------------------------------------------------------------------------------

Result<ast::OrderBy> Parser::ParseOrderBy() {
  RETURN_IF_ERROR(cursor_.ExpectKeyword("BY"));
  ast::OrderBy order_by;
  if (cursor_.AtKeyword("ALL") && !cursor_.AtSymbol("(", 1) && !cursor_.AtSymbol(".", 1)) {
    const Span begin = cursor_.Peek().span;
    cursor_.Advance();
    order_by.all = true;
    RETURN_IF_ERROR(ParseSortDirection(order_by.all_item));
    order_by.all_item.span = cursor_.SpanSince(begin);
    return order_by;
  }
  ASSIGN_OR_RETURN(order_by.items, ParseSortItems());
  return order_by;
}

Result<std::vector<ast::SortItem>> Parser::ParseSortItems() {
  std::vector<ast::SortItem> items;
  do {
    ASSIGN_OR_RETURN(ast::SortItem item, ParseSortItem());
    items.push_back(std::move(item));
  } while (cursor_.TrySymbol(","));
  return items;
}

Result<ast::SortItem> Parser::ParseSortItem() {
  const Span begin = cursor_.Peek().span;
  ast::SortItem item;
  ASSIGN_OR_RETURN(item.expr, ParseExpression());
  RETURN_IF_ERROR(ParseSortDirection(item));
  item.span = cursor_.SpanSince(begin);
  return item;
}

Status Parser::ParseSortDirection(ast::SortItem& item) {
  item.descending = cursor_.TryKeyword("DESC");
  if (!item.descending) cursor_.TryKeyword("ASC");
  if (!cursor_.TryKeyword("NULLS")) return OkStatus();
  item.nulls_first = cursor_.TryKeyword("FIRST");
  if (*item.nulls_first) return OkStatus();
  return cursor_.ExpectKeyword("LAST");
}

}  // namespace medallion::sql
