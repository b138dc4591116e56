#include <array>
#include <utility>

#include "base/text.h"
#include "parser_impl.h"

namespace medallion::sql {

Result<ast::RelationPtr> Parser::ParseFrom() {
  ASSIGN_OR_RETURN(ast::RelationPtr from, ParseJoinedRelation());
  while (cursor_.TrySymbol(",")) {
    RETURN_IF_ERROR(Grow());
    ast::JoinRelation join;
    join.kind = ast::JoinKind::kCross;
    const Span begin = from->span;
    join.left = std::move(from);
    ASSIGN_OR_RETURN(join.right, ParseJoinedRelation());
    from = Share({cursor_.SpanSince(begin), {}, std::move(join)});
  }
  while (cursor_.AtKeywords({"LATERAL", "VIEW"})) {
    ASSIGN_OR_RETURN(from, ParseLateralView(std::move(from)));
  }
  RETURN_IF_ERROR(RefuseRelationClauses());
  return from;
}

Result<ast::RelationPtr> Parser::ParseLateralView(ast::RelationPtr input) {
  RETURN_IF_ERROR(Grow());
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  cursor_.Advance();
  ast::LateralView view;
  const Span input_span = input->span;
  view.input = std::move(input);
  view.outer = cursor_.TryKeyword("OUTER");
  ASSIGN_OR_RETURN(view.function, ParseIdentifier("the name of a generator function"));
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  while (!cursor_.AtSymbol(")")) {
    ASSIGN_OR_RETURN(ast::Argument argument, ParseArgument(false));
    view.args.push_back(std::move(argument));
    if (!cursor_.TrySymbol(",")) break;
  }
  RETURN_IF_ERROR(cursor_.ExpectClose(open));

  ast::TableAlias alias;
  const Span alias_begin = cursor_.Peek().span;
  if (!cursor_.AtKeyword("AS") && !EndsAlias(cursor_.Peek()) &&
      (cursor_.AtKind(TokenKind::kWord) || cursor_.AtKind(TokenKind::kQuotedName))) {
    ASSIGN_OR_RETURN(alias.name, ParseIdentifier("a table alias"));
  }
  if (cursor_.TryKeyword("AS")) {
    ASSIGN_OR_RETURN(alias.columns, ParseIdentifierList("a column alias"));
  }
  alias.span = cursor_.SpanSince(alias_begin);
  ast::Relation relation{cursor_.SpanSince(Span::Cover(input_span, begin)), {}, std::move(view)};
  if (alias.name || !alias.columns.empty()) relation.alias = std::move(alias);
  return Share(std::move(relation));
}

// --- Joins ---------------------------------------------------------------------------------------

Result<ast::RelationPtr> Parser::ParseJoinedRelation() {
  const Nesting nesting(*this);
  RETURN_IF_ERROR(nesting.Check());
  ASSIGN_OR_RETURN(ast::RelationPtr relation, ParsePrimaryRelation());
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<JoinWords> words, ParseJoinWords());
    if (!words) return relation;
    ASSIGN_OR_RETURN(relation, ParseJoin(std::move(relation), *words));
  }
}

// `[NATURAL] [INNER | CROSS | {LEFT | RIGHT | FULL} [OUTER] | [LEFT] {SEMI | ANTI}] JOIN`, or
// nothing.
Result<std::optional<Parser::JoinWords>> Parser::ParseJoinWords() {
  JoinWords words;
  words.natural = cursor_.TryKeyword("NATURAL");
  bool seen = words.natural;
  const auto take = [&](std::string_view keyword, ast::JoinKind kind) {
    // `left` and `right` may be functions and columns, but not behind a table.
    if (!cursor_.TryKeyword(keyword)) return false;
    words.kind = kind;
    seen = true;
    return true;
  };
  if (take("LEFT", ast::JoinKind::kLeft)) {
    if (!take("SEMI", ast::JoinKind::kLeftSemi) && !take("ANTI", ast::JoinKind::kLeftAnti))
      cursor_.TryKeyword("OUTER");
  } else if (take("RIGHT", ast::JoinKind::kRight) || take("FULL", ast::JoinKind::kFull)) {
    cursor_.TryKeyword("OUTER");
  } else if (!take("INNER", ast::JoinKind::kInner) && !take("CROSS", ast::JoinKind::kCross) &&
             !take("SEMI", ast::JoinKind::kLeftSemi)) {
    take("ANTI", ast::JoinKind::kLeftAnti);
  }
  if (cursor_.TryKeyword("JOIN")) return std::optional(words);
  if (!seen) return std::optional<JoinWords>();
  static constexpr std::array<std::string_view, 4> kExpected = {"JOIN", "OUTER", "SEMI", "ANTI"};
  return cursor_.Unexpected("`JOIN`", kExpected);
}

Result<ast::RelationPtr> Parser::ParseJoin(ast::RelationPtr left, JoinWords words) {
  RETURN_IF_ERROR(Grow());
  const Span begin = left->span;
  ast::JoinRelation join;
  join.kind = words.kind;
  join.natural = words.natural;
  join.left = std::move(left);
  ASSIGN_OR_RETURN(join.right, ParsePrimaryRelation());
  if (!words.natural && cursor_.TryKeyword("ON")) {
    ASSIGN_OR_RETURN(join.condition, ParseExpression());
  } else if (!words.natural && cursor_.TryKeyword("USING")) {
    ASSIGN_OR_RETURN(join.using_columns, ParseColumnNames());
  }
  return Share({cursor_.SpanSince(begin), {}, std::move(join)});
}

// --- One relation --------------------------------------------------------------------------------

Result<ast::RelationPtr> Parser::ParsePrimaryRelation() {
  const Span begin = cursor_.Peek().span;
  const bool lateral = cursor_.TryKeyword("LATERAL");
  ASSIGN_OR_RETURN(ast::Relation relation, ParseUnaliasedRelation(lateral));
  RETURN_IF_ERROR(RefuseRelationClauses());
  ASSIGN_OR_RETURN(std::optional<ast::TableAlias> alias, ParseTableAlias());
  if (alias && relation.alias) {
    return cursor_.SyntaxError(alias->span, "the table has two aliases", "second alias",
                               {"remove one of them"});
  }
  if (alias) relation.alias = std::move(alias);
  relation.span = cursor_.SpanSince(begin);
  RETURN_IF_ERROR(RefuseRelationClauses());
  return Share(std::move(relation));
}

Result<ast::Relation> Parser::ParseUnaliasedRelation(bool lateral) {
  const Span begin = cursor_.Peek().span;
  if (cursor_.AtSymbol("(")) {
    if (AtParenthesizedQuery()) {
      ASSIGN_OR_RETURN(ast::QueryPtr query, ParseParenthesizedQuery());
      return ast::Relation{
          cursor_.SpanSince(begin), {}, ast::SubqueryRelation{std::move(query), lateral}};
    }
    if (lateral) return cursor_.Unexpected("a query or a function after LATERAL");
    ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
    ASSIGN_OR_RETURN(const ast::RelationPtr inner, ParseJoinedRelation());
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
    return *inner;
  }
  if (lateral) return ParseTableFunction(true);
  if (cursor_.AtKeyword("VALUES") &&
      (cursor_.AtSymbol("(", 1) || cursor_.AtKind(TokenKind::kNumber, 1) ||
       cursor_.AtKind(TokenKind::kString, 1))) {
    return ParseValues();
  }
  if (cursor_.AtKeywords({"TABLE"}) && cursor_.AtSymbol("(", 1)) {
    return cursor_.Unsupported(begin, "TABLE(…) in FROM",
                               {"name the table or call the function directly"});
  }
  const bool stream_operand = cursor_.AtSymbol("(", 1) ||
                              cursor_.AtKind(TokenKind::kQuotedName, 1) ||
                              (cursor_.AtKind(TokenKind::kWord, 1) && !EndsAlias(cursor_.Peek(1)) &&
                               !cursor_.AtKeyword("AS", 1));
  if (cursor_.AtKeyword("STREAM") && stream_operand) return ParseStream();
  return ParseTableOrFunction();
}

// STREAM t, STREAM(t), STREAM read_files(…)
Result<ast::Relation> Parser::ParseStream() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  std::optional<size_t> open;
  if (cursor_.AtSymbol("(")) {
    ASSIGN_OR_RETURN(open, cursor_.ExpectOpen());
    if (AtQueryStart()) {
      return cursor_.Unsupported(cursor_.Peek().span, "a query inside STREAM(…)",
                                 {"put STREAM before the table inside the query"});
    }
  }
  ASSIGN_OR_RETURN(ast::Relation relation, ParseTableOrFunction());
  if (open) RETURN_IF_ERROR(cursor_.ExpectClose(*open));
  if (cursor_.AtKeyword("WITH") && cursor_.AtSymbol("(", 1)) {
    return cursor_.Unsupported(cursor_.Peek().span, "WITH (…) options of a stream");
  }
  if (auto* table = std::get_if<ast::TableReference>(&relation.node)) {
    table->streaming = true;
    if (table->version != nullptr || table->timestamp != nullptr) {
      return cursor_.Unsupported(cursor_.SpanSince(begin), "time travel in a stream",
                                 {"read the table without STREAM"});
    }
  } else if (auto* function = std::get_if<ast::TableFunctionCall>(&relation.node)) {
    function->streaming = true;
  }
  relation.span = cursor_.SpanSince(begin);
  return relation;
}

Result<ast::Relation> Parser::ParseTableOrFunction() {
  const bool name_ahead =
      cursor_.AtKind(TokenKind::kWord) || cursor_.AtKind(TokenKind::kQuotedName);
  if (name_ahead && !IsReserved(cursor_.Peek()) && cursor_.AtSymbol("(", 1))
    return ParseTableFunction(false);
  const Span begin = cursor_.Peek().span;
  ast::TableReference table;
  ASSIGN_OR_RETURN(NameNode name, ParseName("a table"));
  table.name = std::move(name.name);
  table.name_span = name.span;
  if (cursor_.AtSymbol("(")) {
    return cursor_.Unsupported(name.span, "a qualified table function",
                               {"call it by its name alone"});
  }
  if (table.name.parts.size() > 1 && EqualsIgnoreCase(table.name.parts.front(), "live")) {
    table.live = true;
    table.name.parts.erase(table.name.parts.begin());
  }
  RETURN_IF_ERROR(ParseTimeTravel(table));
  return ast::Relation{cursor_.SpanSince(begin), {}, std::move(table)};
}

Result<ast::Relation> Parser::ParseTableFunction(bool lateral) {
  const Span begin = cursor_.Peek().span;
  ast::TableFunctionCall call;
  call.lateral = lateral;
  if (cursor_.AtKeyword("IDENTIFIER")) {
    return cursor_.Unsupported(begin, "the IDENTIFIER clause",
                               {"write the name with `${parameter}`"});
  }
  ASSIGN_OR_RETURN(call.name, ParseIdentifier("a table function"));
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  while (!cursor_.AtSymbol(")")) {
    ASSIGN_OR_RETURN(ast::Argument argument, ParseTableArgument());
    call.args.push_back(std::move(argument));
    if (!cursor_.TrySymbol(",")) break;
    if (cursor_.AtSymbol(")")) {
      return cursor_.SyntaxError(cursor_.Last().span,
                                 "expected an argument after the comma, found `)`",
                                 "nothing follows this comma", {"remove the comma"});
    }
  }
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return ast::Relation{cursor_.SpanSince(begin), {}, std::move(call)};
}

// `value`, `name => value`, `TABLE(t)`, `TABLE t`, `TABLE(SELECT …)`, `name => TABLE(t)`
Result<ast::Argument> Parser::ParseTableArgument() {
  const size_t shift = cursor_.AtSymbol("=>", 1) ? 2 : 0;
  const bool table_argument =
      cursor_.AtKeyword("TABLE", shift) &&
      (cursor_.AtSymbol("(", shift + 1) || cursor_.AtKind(TokenKind::kWord, shift + 1) ||
       cursor_.AtKind(TokenKind::kQuotedName, shift + 1));
  if (!table_argument) return ParseArgument(false);
  const Span begin = cursor_.Peek().span;
  ast::Argument argument;
  if (shift != 0) {
    ASSIGN_OR_RETURN(argument.name, ParseIdentifier("the name of an argument"));
    cursor_.Advance();
  }
  cursor_.Advance();
  std::optional<size_t> open;
  if (cursor_.AtSymbol("(")) {
    ASSIGN_OR_RETURN(open, cursor_.ExpectOpen());
  }
  const Span table_begin = cursor_.Peek().span;
  if (open && AtQueryStart()) {
    ASSIGN_OR_RETURN(ast::QueryPtr query, ParseQuery());
    argument.table =
        Share({cursor_.SpanSince(table_begin), {}, ast::SubqueryRelation{std::move(query), false}});
  } else {
    ASSIGN_OR_RETURN(ast::Relation table, ParseTableOrFunction());
    argument.table = Share(std::move(table));
  }
  if (open) RETURN_IF_ERROR(cursor_.ExpectClose(*open));
  if (cursor_.AtKeyword("PARTITION") || cursor_.AtKeyword("ORDER") || cursor_.AtKeyword("WITH")) {
    return cursor_.Unsupported(cursor_.Peek().span,
                               ToUpper(cursor_.Peek().text) + " of a table argument");
  }
  argument.span = cursor_.SpanSince(begin);
  return argument;
}

Result<ast::Relation> Parser::ParseValues() {
  const Span begin = cursor_.Peek().span;
  RETURN_IF_ERROR(cursor_.ExpectKeyword("VALUES"));
  ast::ValuesRelation values;
  do {
    ASSIGN_OR_RETURN(ast::ExpressionPtr row, ParseExpression());
    if (const auto* constructor = std::get_if<ast::RowConstructor>(&row->node)) {
      values.rows.push_back(constructor->elements);
    } else {
      values.rows.push_back({std::move(row)});
    }
  } while (cursor_.TrySymbol(","));
  return ast::Relation{cursor_.SpanSince(begin), {}, std::move(values)};
}

// [FOR] {VERSION | SYSTEM_VERSION} AS OF n, [FOR] {TIMESTAMP | SYSTEM_TIME} AS OF x
Status Parser::ParseTimeTravel(ast::TableReference& table) {
  const size_t shift = cursor_.AtKeyword("FOR") ? 1 : 0;
  if (!cursor_.AtKeywords({"AS", "OF"}, shift + 1)) return OkStatus();
  const bool version =
      cursor_.AtKeyword("VERSION", shift) || cursor_.AtKeyword("SYSTEM_VERSION", shift);
  const bool timestamp =
      cursor_.AtKeyword("TIMESTAMP", shift) || cursor_.AtKeyword("SYSTEM_TIME", shift);
  if (!version && !timestamp) return OkStatus();
  for (size_t i = 0; i < shift + 3; ++i) cursor_.Advance();
  if (timestamp) {
    ASSIGN_OR_RETURN(table.timestamp, ParseValue(0));
    return OkStatus();
  }
  const bool literal = cursor_.AtKind(TokenKind::kNumber) || cursor_.AtKind(TokenKind::kString);
  if (!literal) return cursor_.Unexpected("a version number");
  ASSIGN_OR_RETURN(std::optional<ast::ExpressionPtr> number, ParseLiteral());
  table.version = *std::move(number);
  return OkStatus();
}

Result<std::optional<ast::TableAlias>> Parser::ParseTableAlias() {
  const Span begin = cursor_.Peek().span;
  const bool as = cursor_.TryKeyword("AS");
  const bool name_ahead =
      cursor_.AtKind(TokenKind::kWord) || cursor_.AtKind(TokenKind::kQuotedName);
  if (!as && (!name_ahead || EndsAlias(cursor_.Peek()))) return std::optional<ast::TableAlias>();
  ast::TableAlias alias;
  ASSIGN_OR_RETURN(alias.name, ParseIdentifier("a table alias"));
  if (cursor_.AtSymbol("(")) {
    ASSIGN_OR_RETURN(alias.columns, ParseColumnNames());
  }
  alias.span = cursor_.SpanSince(begin);
  return std::optional(std::move(alias));
}

Status Parser::RefuseRelationClauses() const {
  const Span span = cursor_.Peek().span;
  if (cursor_.AtKeyword("TABLESAMPLE")) return cursor_.Unsupported(span, "TABLESAMPLE");
  if (cursor_.AtKeyword("PIVOT") && cursor_.AtSymbol("(", 1)) {
    return cursor_.Unsupported(span, "PIVOT",
                               {"write one aggregate with FILTER (WHERE …) per column"});
  }
  if (cursor_.AtKeyword("UNPIVOT"))
    return cursor_.Unsupported(span, "UNPIVOT", {"use LATERAL VIEW stack(…)"});
  if (cursor_.AtKeyword("MATCH_RECOGNIZE")) return cursor_.Unsupported(span, "MATCH_RECOGNIZE");
  if (cursor_.AtSymbol("-") && cursor_.Peek().glued && cursor_.Peek(1).glued) {
    return cursor_.Fail(span, "INVALID_IDENTIFIER", "a name with `-` must be back-quoted",
                        "not part of a name", {"put the whole part in back-quotes: `a-b`"});
  }
  return OkStatus();
}

}  // namespace medallion::sql
