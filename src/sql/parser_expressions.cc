#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

struct ValueOperator {
  std::string_view symbol;  // or keyword
  std::string_view canonical;
  int binding;
};
// Spark's `valueExpression`: a higher binding is tighter, all associate to the left.
constexpr std::array<ValueOperator, 21> kValueOperators = {{
    {"=", "=", 1}, {"==", "=", 1},  {"<=>", "<=>", 1}, {"<>", "<>", 1}, {"!=", "<>", 1},
    {"<", "<", 1}, {"<=", "<=", 1}, {">", ">", 1},     {">=", ">=", 1}, {"|", "|", 2},
    {"^", "^", 3}, {"&", "&", 4},   {"<<", "<<", 5},   {">>", ">>", 5}, {">>>", ">>>", 5},
    {"+", "+", 6}, {"-", "-", 6},   {"||", "||", 6},   {"*", "*", 7},   {"/", "/", 7},
    {"%", "%", 7},
}};
constexpr ValueOperator kDiv = {"DIV", "div", 7};

const ValueOperator* OperatorAt(const Cursor& cursor) {
  if (cursor.AtKeyword("DIV")) return &kDiv;
  if (!cursor.AtKind(TokenKind::kSymbol)) return nullptr;
  const auto found = std::ranges::find(kValueOperators, cursor.Peek().text, &ValueOperator::symbol);
  return found == kValueOperators.end() ? nullptr : &*found;
}

constexpr std::array<std::string_view, 34> kReserved = {
    "SELECT",    "FROM",    "WHERE",    "GROUP", "HAVING", "QUALIFY", "ORDER", "LIMIT", "UNION",
    "INTERSECT", "EXCEPT",  "ON",       "USING", "AS",     "AND",     "OR",    "NOT",   "THEN",
    "WHEN",      "ELSE",    "END",      "JOIN",  "BY",     "IN",      "IS",    "CASE",  "WITH",
    "CREATE",    "BETWEEN", "DISTINCT", "INTO",  "THAN",   "DESC",    "ASC"};

constexpr std::array<std::string_view, 30> kNoAlias = {
    "WINDOW",    "OFFSET",         "MINUS",       "SETMINUS",    "LATERAL",
    "INNER",     "LEFT",           "RIGHT",       "FULL",        "CROSS",
    "SEMI",      "ANTI",           "NATURAL",     "SORT",        "DISTRIBUTE",
    "CLUSTER",   "PIVOT",          "UNPIVOT",     "FOR",         "VERSION",
    "TIMESTAMP", "SYSTEM_VERSION", "SYSTEM_TIME", "TABLESAMPLE", "MATCH_RECOGNIZE",
    "DIV",       "LIKE",           "ILIKE",       "RLIKE",       "COLLATE"};

bool IsOneOf(const Token& token, std::span<const std::string_view> words) {
  return token.kind == TokenKind::kWord && std::ranges::any_of(words, [&](std::string_view word) {
           return EqualsIgnoreCase(word, token.text);
         });
}

}  // namespace

bool IsReserved(const Token& token) { return IsOneOf(token, kReserved); }
bool EndsAlias(const Token& token) { return IsReserved(token) || IsOneOf(token, kNoAlias); }

Status Parser::CheckNesting() const {
  if (depth_ <= kNestingDepthMax && height_ <= kNestingDepthMax) return OkStatus();
  return cursor_.Fail(
      cursor_.Peek().span, "PARSE_SYNTAX_ERROR",
      fmt::format("the statement is nested more than {} levels deep", kNestingDepthMax),
      "too deep here",
      {"split it with common table expressions or views, or use IN (…) for long OR lists"});
}

Status Parser::Grow() {
  ++height_;
  return CheckNesting();
}

Result<ast::ExpressionPtr> Parser::ParseExpression() {
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  ASSIGN_OR_RETURN(ast::ExpressionPtr left, ParseAnd());
  while (cursor_.AtKeyword("OR")) {
    RETURN_IF_ERROR(Grow());
    const Span op_span = cursor_.Peek().span;
    cursor_.Advance();
    ASSIGN_OR_RETURN(ast::ExpressionPtr right, ParseAnd());
    const Span begin = left->span;
    left = Make(begin, ast::Binary{"or", std::move(left), std::move(right), op_span});
  }
  return left;
}

Result<std::vector<ast::ExpressionPtr>> Parser::ParseExpressions() {
  std::vector<ast::ExpressionPtr> expressions;
  do {
    ASSIGN_OR_RETURN(ast::ExpressionPtr expr, ParseExpression());
    expressions.push_back(std::move(expr));
  } while (cursor_.TrySymbol(","));
  return expressions;
}

Result<ast::ExpressionPtr> Parser::ParseAnd() {
  ASSIGN_OR_RETURN(ast::ExpressionPtr left, ParseNot());
  while (cursor_.AtKeyword("AND")) {
    RETURN_IF_ERROR(Grow());
    const Span op_span = cursor_.Peek().span;
    cursor_.Advance();
    ASSIGN_OR_RETURN(ast::ExpressionPtr right, ParseNot());
    const Span begin = left->span;
    left = Make(begin, ast::Binary{"and", std::move(left), std::move(right), op_span});
  }
  return left;
}

Result<ast::ExpressionPtr> Parser::ParseNot() {
  const Span begin = cursor_.Peek().span;
  if (!cursor_.TryKeyword("NOT") && !cursor_.TrySymbol("!")) return ParsePredicate();
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  ASSIGN_OR_RETURN(ast::ExpressionPtr operand, ParseNot());
  return Make(begin, ast::Unary{ast::UnaryOperator::kNot, std::move(operand)});
}

// --- Predicates ----------------------------------------------------------------------------------

// Spark: `valueExpression predicate?`, so `a IS NULL IS NULL` is no expression.
Result<ast::ExpressionPtr> Parser::ParsePredicate() {
  const Span begin = cursor_.Peek().span;
  if (cursor_.AtKeyword("EXISTS") && cursor_.AtSymbol("(", 1)) {
    cursor_.Advance();
    if (AtParenthesizedQuery()) {
      ASSIGN_OR_RETURN(ast::QueryPtr query, ParseParenthesizedQuery());
      return Make(begin, ast::Exists{std::move(query)});
    }
    // The higher-order function `exists(array, x -> …)`.
    ASSIGN_OR_RETURN(ast::ExpressionPtr call, ParseCall({Identifier{cursor_.Last().text, begin}}));
    return ParsePredicateAfter(std::move(call));
  }
  ASSIGN_OR_RETURN(ast::ExpressionPtr operand, ParseValue(0));
  return ParsePredicateAfter(std::move(operand));
}

Result<ast::ExpressionPtr> Parser::ParsePredicateAfter(ast::ExpressionPtr operand) {
  if (cursor_.TryKeyword("IS")) return ParseIs(std::move(operand));
  const Span not_span = cursor_.Peek().span;
  const bool negated =
      cursor_.TryKeyword("NOT") || (cursor_.AtSymbol("!") && cursor_.TrySymbol("!"));
  if (cursor_.TryKeyword("BETWEEN")) {
    const Span begin = operand->span;
    ast::Between between;
    between.operand = std::move(operand);
    between.negated = negated;
    ASSIGN_OR_RETURN(between.low, ParseValue(0));
    RETURN_IF_ERROR(cursor_.ExpectKeyword("AND"));
    ASSIGN_OR_RETURN(between.high, ParseValue(0));
    return Make(begin, std::move(between));
  }
  if (cursor_.TryKeyword("IN")) return ParseIn(std::move(operand), negated);
  if (cursor_.TryKeyword("LIKE"))
    return ParseLike(std::move(operand), ast::Like::Kind::kLike, negated);
  if (cursor_.TryKeyword("ILIKE"))
    return ParseLike(std::move(operand), ast::Like::Kind::kILike, negated);
  if (cursor_.TryKeyword("RLIKE") || cursor_.TryKeyword("REGEXP")) {
    return ParseLike(std::move(operand), ast::Like::Kind::kRLike, negated);
  }
  if (negated) {
    static constexpr std::array<std::string_view, 6> kExpected = {"IN",    "LIKE",  "BETWEEN",
                                                                  "RLIKE", "ILIKE", "REGEXP"};
    if (cursor_.AtKeyword("NULL") && EqualsIgnoreCase(cursor_.source()->Slice(not_span), "not")) {
      return cursor_.SyntaxError(Span::Cover(not_span, cursor_.Peek().span),
                                 "expected a predicate, found `NOT NULL`", "no predicate",
                                 {"write `IS NOT NULL`"});
    }
    return cursor_.Unexpected("IN, LIKE or BETWEEN", kExpected);
  }
  return operand;
}

Result<ast::ExpressionPtr> Parser::ParseIs(ast::ExpressionPtr operand) {
  const Span begin = operand->span;
  const bool negated = cursor_.TryKeyword("NOT") || cursor_.TrySymbol("!");
  if (cursor_.TryKeywords({"DISTINCT", "FROM"})) {
    ASSIGN_OR_RETURN(ast::ExpressionPtr right, ParseValue(0));
    return Make(begin, ast::IsDistinctFrom{std::move(operand), std::move(right), negated});
  }
  static constexpr std::array<std::string_view, 5> kExpected = {"NULL", "TRUE", "FALSE", "UNKNOWN",
                                                                "DISTINCT"};
  using What = ast::IsTest::What;
  constexpr std::array<What, 4> kWhat = {What::kNull, What::kTrue, What::kFalse, What::kUnknown};
  for (size_t i = 0; i < kWhat.size(); ++i) {
    if (cursor_.TryKeyword(kExpected[i]))
      return Make(begin, ast::IsTest{std::move(operand), kWhat[i], negated});
  }
  return cursor_.Unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM", kExpected);
}

Result<ast::ExpressionPtr> Parser::ParseIn(ast::ExpressionPtr operand, bool negated) {
  const Span begin = operand->span;
  if (!cursor_.AtSymbol("(")) return cursor_.Unexpected("`(` after IN");
  // Spark's grammar has the list first: `a IN ((SELECT 1))` compares with one scalar subquery.
  if (WhatIsParenthesized() == Parenthesized::kQuery) {
    ASSIGN_OR_RETURN(ast::QueryPtr query, ParseParenthesizedQuery());
    return Make(begin, ast::InSubquery{std::move(operand), std::move(query), negated});
  }
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ASSIGN_OR_RETURN(std::vector<ast::ExpressionPtr> candidates, ParseExpressions());
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, ast::InList{std::move(operand), std::move(candidates), negated});
}

Result<ast::ExpressionPtr> Parser::ParseLike(ast::ExpressionPtr operand, ast::Like::Kind kind,
                                             bool negated) {
  const Span begin = operand->span;
  ast::Like like;
  like.kind = kind;
  like.negated = negated;
  like.operand = std::move(operand);
  const bool any = cursor_.AtKeyword("ANY") || cursor_.AtKeyword("SOME");
  if (kind != ast::Like::Kind::kRLike && cursor_.AtSymbol("(", 1) &&
      (any || cursor_.AtKeyword("ALL"))) {
    like.quantifier = any ? ast::Like::Quantifier::kAny : ast::Like::Quantifier::kAll;
    cursor_.Advance();
    ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
    ASSIGN_OR_RETURN(like.patterns, ParseExpressions());
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
    return Make(begin, std::move(like));
  }
  ASSIGN_OR_RETURN(ast::ExpressionPtr pattern, ParseValue(0));
  like.patterns.push_back(std::move(pattern));
  if (kind != ast::Like::Kind::kRLike && cursor_.TryKeyword("ESCAPE")) {
    const Span escape_span = cursor_.Peek().span;
    ASSIGN_OR_RETURN(like.escape, ParseString("the escape character"));
    if (like.escape->size() != 1) {
      return cursor_.Fail(escape_span, "INVALID_ESCAPE_CHAR", "ESCAPE takes one character",
                          "not one character");
    }
  }
  return Make(begin, std::move(like));
}

// --- Values --------------------------------------------------------------------------------------

Result<ast::ExpressionPtr> Parser::ParseValue(int binding_min) {
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  ASSIGN_OR_RETURN(ast::ExpressionPtr left, ParseUnary());
  while (const ValueOperator* op = OperatorAt(cursor_)) {
    if (op->binding < binding_min) break;
    RETURN_IF_ERROR(Grow());
    const Span op_span = cursor_.Peek().span;
    cursor_.Advance();
    ASSIGN_OR_RETURN(ast::ExpressionPtr right, ParseValue(op->binding + 1));
    const Span begin = left->span;
    left = Make(
        begin, ast::Binary{std::string(op->canonical), std::move(left), std::move(right), op_span});
  }
  return left;
}

Result<ast::ExpressionPtr> Parser::ParseUnary() {
  const Span begin = cursor_.Peek().span;
  if (cursor_.AtSymbol("-") && cursor_.AtKind(TokenKind::kNumber, 1))
    return ParsePostfix();  // a negative number
  std::optional<ast::UnaryOperator> op;
  if (cursor_.AtSymbol("-")) op = ast::UnaryOperator::kMinus;
  if (cursor_.AtSymbol("+")) op = ast::UnaryOperator::kPlus;
  if (cursor_.AtSymbol("~")) op = ast::UnaryOperator::kBitNot;
  if (!op) return ParsePostfix();
  cursor_.Advance();
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  ASSIGN_OR_RETURN(ast::ExpressionPtr operand, ParseUnary());
  return Make(begin, ast::Unary{*op, std::move(operand)});
}

Result<ast::ExpressionPtr> Parser::ParsePostfix() {
  const Span begin = cursor_.Peek().span;
  ASSIGN_OR_RETURN(ast::ExpressionPtr expr, ParsePrimary());
  while (cursor_.AtKind(TokenKind::kSymbol) || cursor_.AtKeyword("COLLATE") ||
         cursor_.AtKeywords({"AT", "TIME"})) {
    if (cursor_.TrySymbol("[")) {
      RETURN_IF_ERROR(Grow());
      const size_t open = cursor_.index() - 1;
      ASSIGN_OR_RETURN(ast::ExpressionPtr index, ParseExpression());
      RETURN_IF_ERROR(cursor_.ExpectClose(open, "]"));
      expr = Make(begin, ast::Subscript{std::move(expr), std::move(index)});
    } else if (cursor_.TrySymbol(".")) {
      RETURN_IF_ERROR(Grow());
      ASSIGN_OR_RETURN(Identifier field, ParseIdentifier("the name of a field"));
      expr = Make(begin, ast::FieldAccess{std::move(expr), std::move(field)});
    } else if (cursor_.TrySymbol("::")) {
      RETURN_IF_ERROR(Grow());
      ast::Cast cast;
      ASSIGN_OR_RETURN(cast.type, ParseType(cast.type_span));
      cast.operand = std::move(expr);
      expr = Make(begin, std::move(cast));
    } else if (cursor_.AtSymbol(":")) {
      return cursor_.Unsupported(cursor_.Peek().span, "the JSON path operator `:`",
                                 {"use get_json_object(column, '$.path')"});
    } else if (cursor_.AtKeyword("COLLATE") || cursor_.AtKeyword("AT")) {
      return cursor_.Unsupported(cursor_.Peek().span,
                                 cursor_.AtKeyword("AT") ? "AT TIME ZONE" : "COLLATE");
    } else {
      break;
    }
  }
  return expr;
}

Result<ast::ExpressionPtr> Parser::ParsePrimary() {
  if (AtLambda()) return ParseLambda();
  if (cursor_.AtSymbol("(")) return ParseParenthesized();
  ASSIGN_OR_RETURN(std::optional<ast::ExpressionPtr> literal, ParseLiteral());
  if (literal) return *std::move(literal);
  if (cursor_.AtKeyword("CASE")) return ParseCase();
  if (cursor_.AtSymbol(":")) return ParseParameter();
  ASSIGN_OR_RETURN(std::optional<ast::ExpressionPtr> call, ParseSpecialCall());
  if (call) return *std::move(call);
  const bool name = cursor_.AtKind(TokenKind::kWord) || cursor_.AtKind(TokenKind::kQuotedName);
  if (name && !IsReserved(cursor_.Peek())) return ParseNameOrCall();
  if (cursor_.AtSymbol("*")) {
    return cursor_.SyntaxError(cursor_.Peek().span, "`*` is no value", "not a value",
                               {"`*` may stand alone in a select list, or in count(*)"});
  }
  return cursor_.Unexpected("an expression");
}

Result<ast::ExpressionPtr> Parser::ParseParenthesized() {
  const Span begin = cursor_.Peek().span;
  if (AtParenthesizedQuery()) {
    ASSIGN_OR_RETURN(ast::QueryPtr query, ParseParenthesizedQuery());
    return Make(begin, ast::ScalarSubquery{std::move(query)});
  }
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ASSIGN_OR_RETURN(std::vector<ast::ExpressionPtr> elements, ParseExpressions());
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  if (elements.size() > 1) return Make(begin, ast::RowConstructor{std::move(elements)});
  return Make(begin, elements.front()->node);
}

Result<ast::ExpressionPtr> Parser::ParseCase() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ast::Case node;
  if (!cursor_.AtKeyword("WHEN")) {
    ASSIGN_OR_RETURN(node.operand, ParseExpression());
  }
  RETURN_IF_ERROR(cursor_.ExpectKeyword("WHEN"));
  do {
    ast::Case::Branch branch;
    ASSIGN_OR_RETURN(branch.condition, ParseExpression());
    RETURN_IF_ERROR(cursor_.ExpectKeyword("THEN"));
    ASSIGN_OR_RETURN(branch.result, ParseExpression());
    node.branches.push_back(std::move(branch));
  } while (cursor_.TryKeyword("WHEN"));
  if (cursor_.TryKeyword("ELSE")) {
    ASSIGN_OR_RETURN(node.otherwise, ParseExpression());
  }
  if (cursor_.AtStatementEnd()) {
    return cursor_.SyntaxError(begin, "this CASE has no END", "opened here", {"close it with END"});
  }
  RETURN_IF_ERROR(cursor_.ExpectKeyword("END"));
  return Make(begin, std::move(node));
}

// --- Names, stars, lambdas -----------------------------------------------------------------------

// `*`, `t.*`, `s.t.*`
bool Parser::AtStar() const {
  size_t ahead = 0;
  while (
      (cursor_.AtKind(TokenKind::kWord, ahead) || cursor_.AtKind(TokenKind::kQuotedName, ahead)) &&
      cursor_.AtSymbol(".", ahead + 1)) {
    ahead += 2;
  }
  return cursor_.AtSymbol("*", ahead);
}

Result<ast::ExpressionPtr> Parser::ParseStar() {
  const Span begin = cursor_.Peek().span;
  ast::Star star;
  while (!cursor_.TrySymbol("*")) {
    ASSIGN_OR_RETURN(Identifier part, ParseIdentifier("a table"));
    star.qualifier.push_back(std::move(part));
    RETURN_IF_ERROR(cursor_.ExpectSymbol("."));
  }
  // `SELECT * EXCEPT (SELECT …)` is a set operation.
  const bool except = cursor_.AtKeyword("EXCEPT") && cursor_.AtSymbol("(", 1) &&
                      !cursor_.AtKeyword("SELECT", 2) && !cursor_.AtKeyword("WITH", 2) &&
                      !cursor_.AtSymbol("(", 2) && !cursor_.AtKeyword("VALUES", 2);
  if (except) {
    cursor_.Advance();
    ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
    do {
      std::vector<Identifier> column;
      do {
        ASSIGN_OR_RETURN(Identifier part, ParseIdentifier("a column"));
        column.push_back(std::move(part));
      } while (cursor_.TrySymbol("."));
      star.except.push_back(std::move(column));
    } while (cursor_.TrySymbol(","));
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
  }
  return Make(begin, std::move(star));
}

bool Parser::AtLambda() const {
  const auto name_at = [this](size_t ahead) {
    return cursor_.AtKind(TokenKind::kWord, ahead) || cursor_.AtKind(TokenKind::kQuotedName, ahead);
  };
  if (name_at(0)) return cursor_.AtSymbol("->", 1);
  if (!cursor_.AtSymbol("(")) return false;
  size_t ahead = 1;
  while (name_at(ahead) && cursor_.AtSymbol(",", ahead + 1)) ahead += 2;
  return name_at(ahead) && cursor_.AtSymbol(")", ahead + 1) && cursor_.AtSymbol("->", ahead + 2);
}

Result<ast::ExpressionPtr> Parser::ParseLambda() {
  const Span begin = cursor_.Peek().span;
  ast::Lambda lambda;
  if (cursor_.AtSymbol("(")) {
    ASSIGN_OR_RETURN(lambda.parameters, ParseColumnNames());
  } else {
    ASSIGN_OR_RETURN(Identifier parameter, ParseIdentifier("a parameter"));
    lambda.parameters.push_back(std::move(parameter));
  }
  RETURN_IF_ERROR(cursor_.ExpectSymbol("->"));
  ASSIGN_OR_RETURN(lambda.body, ParseExpression());
  return Make(begin, std::move(lambda));
}

Result<ast::ExpressionPtr> Parser::ParseNameOrCall() {
  const Span begin = cursor_.Peek().span;
  std::vector<Identifier> parts;
  do {
    ASSIGN_OR_RETURN(Identifier part, ParseIdentifier("a name"));
    parts.push_back(std::move(part));
  } while (cursor_.TrySymbol("."));
  if (cursor_.AtSymbol("(")) return ParseCall(std::move(parts));
  return Make(begin, ast::ColumnReference{std::move(parts)});
}

}  // namespace medallion::sql
