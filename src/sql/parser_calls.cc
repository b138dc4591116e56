#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

ast::Argument Positional(ast::ExpressionPtr value) {
  ast::Argument argument;
  argument.span = value->span;
  argument.value = std::move(value);
  return argument;
}

ast::ExpressionPtr StringAt(Span span, std::string text) {
  return std::make_shared<const ast::Expression>(
      ast::Expression{span, ast::Literal{Value::String(std::move(text))}});
}

ast::FunctionCall CallOf(std::string name, Span name_span) {
  ast::FunctionCall call;
  call.name.push_back({std::move(name), name_span});
  return call;
}

constexpr std::array<std::string_view, 20> kExtractFields = {
    "YEAR",          "YEAROFWEEK", "QUARTER", "MONTH",   "WEEK",    "DAY",    "DAYOFWEEK",
    "DAYOFWEEK_ISO", "DOY",        "DOW",     "DOW_ISO", "HOUR",    "MINUTE", "SECOND",
    "YEARS",         "MONTHS",     "DAYS",    "HOURS",   "MINUTES", "SECONDS"};

constexpr std::array<std::string_view, 10> kTimestampUnits = {
    "MICROSECOND", "MILLISECOND", "SECOND", "MINUTE",  "HOUR",
    "DAY",         "WEEK",        "MONTH",  "QUARTER", "YEAR"};

}  // namespace

// --- Plain calls ---------------------------------------------------------------------------------

Result<ast::ExpressionPtr> Parser::ParseCall(std::vector<Identifier> name) {
  const Span begin = name.front().span;
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ast::FunctionCall call;
  call.name = std::move(name);
  if (call.name.size() == 1 && EqualsIgnoreCase(call.name.front().text, "identifier")) {
    return cursor_.Unsupported(begin, "the IDENTIFIER clause",
                               {"write the name with `${parameter}`"});
  }
  return FinishCall(begin, open, std::move(call));
}

// The arguments and what follows them; the bracket at `open` is taken.
Result<ast::ExpressionPtr> Parser::FinishCall(Span begin, size_t open, ast::FunctionCall call) {
  const bool is_struct =
      call.name.size() == 1 && EqualsIgnoreCase(call.name.front().text, "struct");
  call.distinct = cursor_.TryKeyword("DISTINCT");
  if (!call.distinct && cursor_.AtKeyword("ALL") && !cursor_.AtSymbol(")", 1) &&
      !cursor_.AtSymbol(",", 1)) {
    cursor_.Advance();
  }
  while (!cursor_.AtSymbol(")")) {
    ASSIGN_OR_RETURN(ast::Argument argument, ParseArgument(is_struct));
    call.args.push_back(std::move(argument));
    if (!cursor_.TrySymbol(",")) break;
    if (cursor_.AtSymbol(")")) {
      return cursor_.SyntaxError(cursor_.Last().span,
                                 "expected an argument after the comma, found `)`",
                                 "nothing follows this comma", {"remove the comma"});
    }
  }
  RETURN_IF_ERROR(ParseNullTreatment(call));  // first(x IGNORE NULLS)
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  RETURN_IF_ERROR(ParseCallSuffixes(call));
  return Make(begin, std::move(call));
}

Result<ast::Argument> Parser::ParseArgument(bool struct_aliases) {
  const Span begin = cursor_.Peek().span;
  ast::Argument argument;
  if (cursor_.AtSymbol("=>", 1)) {
    ASSIGN_OR_RETURN(argument.name, ParseIdentifier("the name of an argument"));
    cursor_.Advance();
  }
  if (AtStar()) {
    ASSIGN_OR_RETURN(argument.value, ParseStar());
  } else {
    ASSIGN_OR_RETURN(argument.value, ParseExpression());
  }
  if (struct_aliases && cursor_.TryKeyword("AS")) {
    ASSIGN_OR_RETURN(argument.name, ParseIdentifier("the name of a field"));
  }
  argument.span = cursor_.SpanSince(begin);
  return argument;
}

Status Parser::ParseNullTreatment(ast::FunctionCall& call) {
  if (cursor_.TryKeywords({"IGNORE", "NULLS"})) {
    call.null_treatment = ast::NullTreatment::kIgnore;
  } else if (cursor_.TryKeywords({"RESPECT", "NULLS"})) {
    call.null_treatment = ast::NullTreatment::kRespect;
  }
  return OkStatus();
}

Status Parser::ParseCallSuffixes(ast::FunctionCall& call) {
  if (cursor_.TryKeywords({"WITHIN", "GROUP"})) {
    ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
    RETURN_IF_ERROR(cursor_.ExpectKeywords({"ORDER", "BY"}));
    ASSIGN_OR_RETURN(call.within_group, ParseSortItems());
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
  }
  if (cursor_.AtKeyword("FILTER") && cursor_.AtSymbol("(", 1)) {
    cursor_.Advance();
    ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
    RETURN_IF_ERROR(cursor_.ExpectKeyword("WHERE"));
    ASSIGN_OR_RETURN(call.filter, ParseExpression());
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
  }
  RETURN_IF_ERROR(ParseNullTreatment(call));
  const bool window_ahead = cursor_.AtSymbol("(", 1) || cursor_.AtKind(TokenKind::kWord, 1) ||
                            cursor_.AtKind(TokenKind::kQuotedName, 1);
  if (cursor_.AtKeyword("OVER") && window_ahead && !IsReserved(cursor_.Peek(1))) {
    cursor_.Advance();
    ASSIGN_OR_RETURN(call.over, ParseWindow());
  }
  return OkStatus();
}

// --- Windows -------------------------------------------------------------------------------------

// `name`, `(name)` or `([PARTITION BY …] [ORDER BY …] [frame])`
Result<ast::Over> Parser::ParseWindow() {
  if (!cursor_.AtSymbol("(")) {
    ASSIGN_OR_RETURN(Identifier name, ParseIdentifier("a window"));
    return ast::Over(std::move(name));
  }
  const Span begin = cursor_.Peek().span;
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  const bool name_ahead =
      cursor_.AtKind(TokenKind::kWord) || cursor_.AtKind(TokenKind::kQuotedName);
  if (name_ahead && cursor_.AtSymbol(")", 1)) {
    ASSIGN_OR_RETURN(Identifier name, ParseIdentifier("a window"));
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
    return ast::Over(std::move(name));
  }
  ast::WindowSpec window;
  if (cursor_.TryKeywords({"PARTITION", "BY"}) || cursor_.TryKeywords({"DISTRIBUTE", "BY"})) {
    ASSIGN_OR_RETURN(window.partition_by, ParseExpressions());
  }
  if (cursor_.TryKeywords({"ORDER", "BY"}) || cursor_.TryKeywords({"SORT", "BY"})) {
    ASSIGN_OR_RETURN(window.order_by, ParseSortItems());
  }
  if (cursor_.AtKeyword("ROWS") || cursor_.AtKeyword("RANGE")) {
    ASSIGN_OR_RETURN(window.frame, ParseFrame());
  }
  if (!cursor_.AtSymbol(")") && cursor_.AtKind(TokenKind::kWord) && cursor_.CloseOf(open) != open) {
    static constexpr std::array<std::string_view, 4> kExpected = {"PARTITION", "ORDER", "ROWS",
                                                                  "RANGE"};
    return cursor_.Unexpected("PARTITION BY, ORDER BY, a frame or `)`", kExpected);
  }
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  window.span = cursor_.SpanSince(begin);
  return ast::Over(std::move(window));
}

Result<ast::WindowFrame> Parser::ParseFrame() {
  const Span begin = cursor_.Peek().span;
  ast::WindowFrame frame;
  frame.unit = cursor_.AtKeyword("ROWS") ? ast::FrameUnit::kRows : ast::FrameUnit::kRange;
  cursor_.Advance();
  if (cursor_.TryKeyword("BETWEEN")) {
    ASSIGN_OR_RETURN(frame.start, ParseFrameBound());
    RETURN_IF_ERROR(cursor_.ExpectKeyword("AND"));
    ASSIGN_OR_RETURN(frame.end, ParseFrameBound());
  } else {
    ASSIGN_OR_RETURN(frame.start, ParseFrameBound());
  }
  frame.span = cursor_.SpanSince(begin);
  return frame;
}

Result<ast::FrameBound> Parser::ParseFrameBound() {
  using Kind = ast::FrameBound::Kind;
  ast::FrameBound bound;
  if (cursor_.TryKeywords({"CURRENT", "ROW"})) return bound;
  const bool unbounded = cursor_.TryKeyword("UNBOUNDED");
  if (!unbounded) {
    ASSIGN_OR_RETURN(bound.offset, ParseValue(0));
  }
  static constexpr std::array<std::string_view, 2> kExpected = {"PRECEDING", "FOLLOWING"};
  if (cursor_.TryKeyword("PRECEDING")) {
    bound.kind = unbounded ? Kind::kUnboundedPreceding : Kind::kPreceding;
  } else if (cursor_.TryKeyword("FOLLOWING")) {
    bound.kind = unbounded ? Kind::kUnboundedFollowing : Kind::kFollowing;
  } else {
    return cursor_.Unexpected("PRECEDING or FOLLOWING", kExpected);
  }
  return bound;
}

// --- Calls with words between their arguments ----------------------------------------------------

Result<std::optional<ast::ExpressionPtr>> Parser::ParseSpecialCall() {
  if (!cursor_.AtKind(TokenKind::kWord) || !cursor_.AtSymbol("(", 1))
    return std::optional<ast::ExpressionPtr>();
  const auto wrap =
      [](Result<ast::ExpressionPtr> result) -> Result<std::optional<ast::ExpressionPtr>> {
    if (!result) return std::move(result).error();
    return std::optional(*std::move(result));
  };
  if (cursor_.AtKeyword("CAST")) return wrap(ParseCast(false));
  if (cursor_.AtKeyword("TRY_CAST")) return wrap(ParseCast(true));
  if (cursor_.AtKeyword("EXTRACT")) return wrap(ParseExtract());
  if (cursor_.AtKeyword("SUBSTRING") || cursor_.AtKeyword("SUBSTR")) return wrap(ParseSubstring());
  if (cursor_.AtKeyword("TRIM")) return wrap(ParseTrim());
  if (cursor_.AtKeyword("POSITION")) return wrap(ParsePosition());
  if (cursor_.AtKeyword("OVERLAY")) return wrap(ParseOverlay());
  const bool unit = cursor_.AtAnyKeyword(kTimestampUnits, 2) && cursor_.AtSymbol(",", 3);
  if (cursor_.AtKeyword("TIMESTAMPADD") || (unit && cursor_.AtKeyword("DATEADD")) ||
      (unit && cursor_.AtKeyword("DATE_ADD"))) {
    return wrap(ParseTimestampArithmetic("timestampadd"));
  }
  if (cursor_.AtKeyword("TIMESTAMPDIFF") || (unit && cursor_.AtKeyword("DATEDIFF")) ||
      (unit && cursor_.AtKeyword("DATE_DIFF"))) {
    return wrap(ParseTimestampArithmetic("timestampdiff"));
  }
  return std::optional<ast::ExpressionPtr>();
}

Result<ast::ExpressionPtr> Parser::ParseCast(bool try_cast) {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ast::Cast cast;
  cast.try_cast = try_cast;
  ASSIGN_OR_RETURN(cast.operand, ParseExpression());
  if (cursor_.AtSymbol(",")) {
    return cursor_.SyntaxError(cursor_.Peek().span, "expected `AS`, found `,`", "expected `AS`",
                               {"write `CAST(value AS type)`"});
  }
  RETURN_IF_ERROR(cursor_.ExpectKeyword("AS"));
  ASSIGN_OR_RETURN(cast.type, ParseType(cast.type_span));
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, std::move(cast));
}

Result<ast::ExpressionPtr> Parser::ParseExtract() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  const Token& field = cursor_.Peek();
  if (!cursor_.AtAnyKeyword(kExtractFields)) {
    return cursor_.Unexpected("a field such as YEAR, MONTH or DAY", kExtractFields);
  }
  ast::FunctionCall call = CallOf("extract", begin);
  call.args.push_back(Positional(StringAt(field.span, ToUpper(field.text))));
  cursor_.Advance();
  RETURN_IF_ERROR(cursor_.ExpectKeyword("FROM"));
  ASSIGN_OR_RETURN(ast::ExpressionPtr source, ParseExpression());
  call.args.push_back(Positional(std::move(source)));
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, std::move(call));
}

Result<ast::ExpressionPtr> Parser::ParseSubstring() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ast::FunctionCall call = CallOf("substring", begin);
  if (cursor_.AtSymbol(")")) return FinishCall(begin, open, std::move(call));
  ASSIGN_OR_RETURN(ast::Argument text, ParseArgument(false));
  call.args.push_back(std::move(text));
  if (!cursor_.TryKeyword("FROM")) {
    if (cursor_.AtSymbol(")")) return FinishCall(begin, open, std::move(call));
    RETURN_IF_ERROR(cursor_.TrySymbol(",") ? OkStatus()
                                           : Status(cursor_.Unexpected("`,` or FROM")));
    return FinishCall(begin, open, std::move(call));
  }
  ASSIGN_OR_RETURN(ast::ExpressionPtr position, ParseExpression());
  call.args.push_back(Positional(std::move(position)));
  if (cursor_.TryKeyword("FOR")) {
    ASSIGN_OR_RETURN(ast::ExpressionPtr length, ParseExpression());
    call.args.push_back(Positional(std::move(length)));
  }
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, std::move(call));
}

// trim(x), trim(BOTH FROM x), trim(LEADING c FROM x), trim(c FROM x), trim(c, x)
Result<ast::ExpressionPtr> Parser::ParseTrim() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  std::string name = "trim";
  const bool word_ahead =
      !cursor_.AtSymbol(")", 1) && !cursor_.AtSymbol(",", 1) && !cursor_.AtSymbol(".", 1);
  if (word_ahead && cursor_.TryKeyword("BOTH")) name = "btrim";
  if (word_ahead && cursor_.TryKeyword("LEADING")) name = "ltrim";
  if (word_ahead && cursor_.TryKeyword("TRAILING")) name = "rtrim";
  const bool sided = name != "trim";
  ast::ExpressionPtr characters;
  if (!cursor_.AtKeyword("FROM")) {
    ASSIGN_OR_RETURN(characters, ParseExpression());
  }
  if (!sided && !cursor_.AtKeyword("FROM")) {
    ast::FunctionCall call = CallOf(std::move(name), begin);
    call.args.push_back(Positional(std::move(characters)));
    if (cursor_.AtSymbol(")")) return FinishCall(begin, open, std::move(call));
    RETURN_IF_ERROR(cursor_.TrySymbol(",") ? OkStatus()
                                           : Status(cursor_.Unexpected("`,`, `)` or FROM")));
    return FinishCall(begin, open, std::move(call));
  }
  RETURN_IF_ERROR(cursor_.ExpectKeyword("FROM"));
  ASSIGN_OR_RETURN(ast::ExpressionPtr text, ParseExpression());
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  if (!sided) name = "btrim";
  ast::FunctionCall call = CallOf(name, begin);
  call.args.push_back(Positional(std::move(text)));
  if (characters != nullptr) {
    // Spark's ltrim and rtrim take the characters first, btrim takes them last.
    call.args.insert(name == "btrim" ? call.args.end() : call.args.begin(),
                     Positional(std::move(characters)));
  }
  return Make(begin, std::move(call));
}

// position(a IN b), position(a, b[, start])
Result<ast::ExpressionPtr> Parser::ParsePosition() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ast::FunctionCall call = CallOf("position", begin);
  // Not ParseExpression: its IN would take the word that separates the arguments.
  ASSIGN_OR_RETURN(ast::ExpressionPtr needle, ParseValue(0));
  call.args.push_back(Positional(std::move(needle)));
  if (!cursor_.TryKeyword("IN")) {
    RETURN_IF_ERROR(cursor_.TrySymbol(",") ? OkStatus() : Status(cursor_.Unexpected("`,` or IN")));
    return FinishCall(begin, open, std::move(call));
  }
  ASSIGN_OR_RETURN(ast::ExpressionPtr text, ParseValue(0));
  call.args.push_back(Positional(std::move(text)));
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, std::move(call));
}

// overlay(s PLACING r FROM p [FOR n]), overlay(s, r, p[, n])
Result<ast::ExpressionPtr> Parser::ParseOverlay() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ast::FunctionCall call = CallOf("overlay", begin);
  ASSIGN_OR_RETURN(ast::Argument text, ParseArgument(false));
  call.args.push_back(std::move(text));
  if (!cursor_.TryKeyword("PLACING")) {
    RETURN_IF_ERROR(cursor_.TrySymbol(",") ? OkStatus()
                                           : Status(cursor_.Unexpected("`,` or PLACING")));
    return FinishCall(begin, open, std::move(call));
  }
  ASSIGN_OR_RETURN(ast::ExpressionPtr replacement, ParseExpression());
  call.args.push_back(Positional(std::move(replacement)));
  RETURN_IF_ERROR(cursor_.ExpectKeyword("FROM"));
  ASSIGN_OR_RETURN(ast::ExpressionPtr position, ParseExpression());
  call.args.push_back(Positional(std::move(position)));
  if (cursor_.TryKeyword("FOR")) {
    ASSIGN_OR_RETURN(ast::ExpressionPtr length, ParseExpression());
    call.args.push_back(Positional(std::move(length)));
  }
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, std::move(call));
}

Result<ast::ExpressionPtr> Parser::ParseTimestampArithmetic(std::string_view name) {
  const Token& word = cursor_.Peek();
  const Span begin = word.span;
  cursor_.Advance();
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  const Token& unit = cursor_.Peek();
  if (!cursor_.AtAnyKeyword(kTimestampUnits)) {
    return cursor_.Unexpected("a unit such as DAY, WEEK or MONTH", kTimestampUnits);
  }
  ast::FunctionCall call = CallOf(std::string(name), begin);
  call.args.push_back(Positional(StringAt(unit.span, ToUpper(unit.text))));
  cursor_.Advance();
  for (int i = 0; i < 2; ++i) {
    if (i == 1 && cursor_.AtSymbol(")")) {
      // `datediff(day, d)`: two arguments, of which the first is a column that is named as a unit
      // is.
      call.name = CallOf(word.text, begin).name;
      call.args[0] = Positional(Make(unit.span, ast::ColumnReference{{{unit.text, unit.span}}}));
      break;
    }
    RETURN_IF_ERROR(cursor_.ExpectSymbol(","));
    ASSIGN_OR_RETURN(ast::ExpressionPtr value, ParseExpression());
    call.args.push_back(Positional(std::move(value)));
  }
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return Make(begin, std::move(call));
}

}  // namespace medallion::sql
