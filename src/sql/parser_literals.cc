#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/civil_time.h"
#include "base/identifier.h"
#include "base/text.h"
#include "interval_text.h"
#include "number_literal.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

constexpr std::array<std::string_view, 6> kTypedLiterals = {
    "DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "INTERVAL", "BINARY"};

// A type that literals have, or a misspelt one. Another word before a string is a name.
bool IsLikeTypedLiteral(std::string_view word) {
  const std::vector<std::string> known(kTypedLiterals.begin(), kTypedLiterals.end());
  return NearestName(word, known).has_value();
}

// `2026`, `2026-5`, `2026-05-1`, with blanks around: the forms of Spark's DATE literal.
std::optional<int32_t> ParseDateText(std::string_view text) {
  std::vector<std::string> parts = Split(Trim(text), '-');
  if (parts.size() > 3 || parts.front().size() != 4) return std::nullopt;
  parts.resize(3, "1");
  for (std::string& part : parts) {
    if (part.empty() || part.size() > 4) return std::nullopt;
    if (part.size() == 1) part.insert(0, 1, '0');
  }
  return ParseIsoDate(Join(parts, "-"));
}

// The token as DataType::FromDdl reads it.
std::string DdlText(const Token& token) {
  return token.kind == TokenKind::kQuotedName ? QuoteSparkIdentifier(token.text) : token.text;
}

int AngleDepthChange(const Token& token) {
  if (token.kind != TokenKind::kSymbol) return 0;
  if (token.text == "<") return 1;
  if (token.text == ">" || token.text == ">>" || token.text == ">>>")
    return -static_cast<int>(token.text.size());
  return 0;
}

}  // namespace

Result<std::optional<ast::ExpressionPtr>> Parser::ParseLiteral() {
  const Span begin = cursor_.Peek().span;
  const auto wrap =
      [](Result<ast::ExpressionPtr> result) -> Result<std::optional<ast::ExpressionPtr>> {
    if (!result) return std::move(result).error();
    return std::optional(*std::move(result));
  };
  if (cursor_.AtKind(TokenKind::kNumber)) return wrap(ParseNumber(false, begin));
  if (cursor_.AtSymbol("-") && cursor_.AtKind(TokenKind::kNumber, 1)) {
    cursor_.Advance();
    return wrap(ParseNumber(true, begin));
  }
  if (cursor_.AtKind(TokenKind::kString)) return wrap(ParseStringLiteral());
  if (cursor_.AtKind(TokenKind::kHexString)) {
    Value value{DataType::Binary(), cursor_.Peek().text};
    cursor_.Advance();
    return std::optional(Make(begin, ast::Literal{std::move(value)}));
  }
  if (!cursor_.AtKind(TokenKind::kWord)) return std::optional<ast::ExpressionPtr>();
  if (AtInterval()) return wrap(ParseInterval());
  if (cursor_.AtKind(TokenKind::kString, 1) && IsLikeTypedLiteral(cursor_.Peek().text))
    return wrap(ParseTypedLiteral());
  if (cursor_.AtSymbol(".", 1) || cursor_.AtSymbol("(", 1))
    return std::optional<ast::ExpressionPtr>();
  if (cursor_.TryKeyword("NULL")) return std::optional(Make(begin, ast::Literal{Value::Null()}));
  if (cursor_.TryKeyword("TRUE"))
    return std::optional(Make(begin, ast::Literal{Value::Boolean(true)}));
  if (cursor_.TryKeyword("FALSE"))
    return std::optional(Make(begin, ast::Literal{Value::Boolean(false)}));
  return std::optional<ast::ExpressionPtr>();
}

Result<ast::ExpressionPtr> Parser::ParseNumber(bool negative, Span begin) {
  const Token& token = cursor_.Peek();
  auto value = ParseNumberLiteral(token.text, negative);
  if (!value) {
    std::vector<std::string> hints;
    if (token.text.size() > 38) hints.emplace_back("decimals have at most 38 digits");
    return cursor_.Fail(
        token.span, "INVALID_NUMERIC_LITERAL_RANGE",
        fmt::format("the number {}{} does not fit its type", negative ? "-" : "", token.text),
        "out of range", std::move(hints));
  }
  cursor_.Advance();
  return Make(begin, ast::Literal{*std::move(value)});
}

Result<ast::ExpressionPtr> Parser::ParseStringLiteral() {
  const Span begin = cursor_.Peek().span;
  ASSIGN_OR_RETURN(std::string text, ParseString("a string"));
  return Make(begin, ast::Literal{Value::String(std::move(text))});
}

Result<std::string> Parser::ParseString(std::string_view what) {
  if (!cursor_.AtKind(TokenKind::kString))
    return cursor_.Unexpected(fmt::format("{} as a string", what));
  std::string text;
  while (cursor_.AtKind(TokenKind::kString)) {
    text += cursor_.Peek().text;
    cursor_.Advance();
  }
  return text;
}

// `:name`
Result<ast::ExpressionPtr> Parser::ParseParameter() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  if (!cursor_.AtKind(TokenKind::kWord) || !cursor_.Peek().glued)
    return cursor_.Unexpected("the name of a parameter");
  const std::string& name = cursor_.Peek().text;
  auto value = parameters_ ? parameters_(name) : std::nullopt;
  cursor_.Advance();
  if (!value) {
    return cursor_.Fail(
        cursor_.SpanSince(begin), "UNBOUND_SQL_PARAMETER",
        fmt::format("parameter `{}` has no value", name), "no value",
        {fmt::format("give it one in the project file's `configuration`, or with `--set {}=…`",
                     name)});
  }
  return Make(begin, ast::Literal{Value::String(*std::move(value))});
}

Result<ast::ExpressionPtr> Parser::ParseTypedLiteral() {
  const Span begin = cursor_.Peek().span;
  const std::string type = ToUpper(cursor_.Peek().text);
  if (type == "TIMESTAMP" || type == "TIMESTAMP_LTZ" || type == "TIMESTAMP_NTZ") {
    cursor_.Advance();
    ASSIGN_OR_RETURN(std::string text, ParseString("a timestamp"));
    const TypeKind kind = type == "TIMESTAMP_NTZ" ? TypeKind::kTimestampNtz : TypeKind::kTimestamp;
    return Make(begin, ast::TimestampLiteral{kind, std::move(text)});
  }
  if (type == "DATE") {
    cursor_.Advance();
    const std::string text = cursor_.Peek().text;
    const auto days = ParseDateText(text);
    cursor_.Advance();
    if (!days) {
      return cursor_.Fail(cursor_.SpanSince(begin), "INVALID_TYPED_LITERAL",
                          fmt::format("`{}` is no date", text), "not a date",
                          {"write DATE'2026-05-01'"});
    }
    return Make(begin, ast::Literal{Value::Date(*days)});
  }
  const std::vector<std::string> known(kTypedLiterals.begin(), kTypedLiterals.end());
  std::vector<std::string> hints;
  const auto near = NearestName(type, known);
  if (near && *near != type) hints.push_back(fmt::format("did you mean `{}`?", *near));
  return cursor_.Fail(begin, "UNSUPPORTED_TYPED_LITERAL",
                      fmt::format("there is no literal of type `{}`", type), "no such literal",
                      std::move(hints));
}

// --- Intervals -----------------------------------------------------------------------------------

// `INTERVAL 3 …`, `INTERVAL -3 …`, `INTERVAL '…'`. Otherwise `interval` is a name.
bool Parser::AtInterval() const {
  if (!cursor_.AtKeyword("INTERVAL")) return false;
  const size_t value = cursor_.AtSymbol("-", 1) || cursor_.AtSymbol("+", 1) ? 2 : 1;
  if (value == 1 && cursor_.AtKind(TokenKind::kString, 1)) return true;
  const bool amount =
      cursor_.AtKind(TokenKind::kNumber, value) || cursor_.AtKind(TokenKind::kString, value);
  return amount && cursor_.AtKind(TokenKind::kWord, value + 1);
}

Result<ast::ExpressionPtr> Parser::ParseInterval() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  std::vector<std::string> amounts;
  std::vector<IntervalUnit> units;
  std::optional<ast::IntervalLiteral> literal;
  const auto at_amount = [this] {
    const size_t ahead = cursor_.AtSymbol("-") || cursor_.AtSymbol("+") ? 1 : 0;
    const bool amount =
        cursor_.AtKind(TokenKind::kNumber, ahead) || cursor_.AtKind(TokenKind::kString, ahead);
    return amount && cursor_.AtKind(TokenKind::kWord, ahead + 1) &&
           ParseIntervalUnit(cursor_.Peek(ahead + 1).text).has_value();
  };
  const Token& first = cursor_.Peek();
  if (first.kind == TokenKind::kString && !at_amount()) {
    cursor_.Advance();
    if (const auto parts = SplitIntervalText(first.text)) literal = MakeInterval(*parts);
  }
  while (!literal && at_amount()) {
    std::string sign;
    if (cursor_.AtSymbol("-") || cursor_.AtSymbol("+")) {
      sign = cursor_.Peek().text;
      cursor_.Advance();
    }
    amounts.push_back(cursor_.Peek().text);
    // '-3' behind a minus is three.
    if (sign == "-")
      amounts.back() =
          amounts.back().starts_with('-') ? amounts.back().substr(1) : "-" + amounts.back();
    cursor_.Advance();
    units.push_back(*ParseIntervalUnit(cursor_.Peek().text));
    cursor_.Advance();
    if (amounts.size() > 1 || !cursor_.TryKeyword("TO")) continue;
    const auto to = ParseIntervalUnit(cursor_.Peek().text);
    if (!to) return cursor_.Unexpected("a unit such as MONTH or SECOND");
    cursor_.Advance();
    literal = ParseIntervalRange(amounts.front(), units.front(), *to);
    if (!literal) break;
  }
  if (!literal && amounts.size() == units.size() && cursor_.Last().kind == TokenKind::kWord) {
    std::vector<IntervalPart> parts;
    for (size_t i = 0; i < units.size(); ++i) parts.push_back({amounts[i], units[i]});
    literal = MakeInterval(parts);
  }
  if (!literal) {
    return cursor_.Fail(cursor_.SpanSince(begin), "INVALID_INTERVAL_FORMAT", "this is no interval",
                        "not an interval",
                        {"write INTERVAL 3 DAYS, INTERVAL '1-2' YEAR TO MONTH or INTERVAL '1 "
                         "02:03:04' DAY TO SECOND; "
                         "years and months do not mix with days and times"});
  }
  return Make(begin, *std::move(literal));
}

// --- Types and names -----------------------------------------------------------------------------

// Takes the tokens of a type: a word, then brackets as far as they go.
Result<DataType> Parser::ParseType(Span& span) {
  const Span begin = cursor_.Peek().span;
  if (!cursor_.AtKind(TokenKind::kWord)) return cursor_.Unexpected("a type");
  std::string ddl = ToUpper(cursor_.Peek().text);
  const bool interval = cursor_.TryKeyword("INTERVAL");
  if (!interval) cursor_.Advance();
  while (interval && cursor_.AtKind(TokenKind::kWord) && ParseIntervalUnit(cursor_.Peek().text)) {
    ddl += " " + cursor_.Peek().text;
    cursor_.Advance();
    if (cursor_.TryKeyword("TO")) ddl += " TO";
  }
  if (cursor_.AtSymbol("(")) {
    const size_t open = cursor_.index();
    while (!cursor_.AtSymbol(")") && !cursor_.AtStatementEnd()) {
      ddl += cursor_.Peek().text;
      cursor_.Advance();
    }
    RETURN_IF_ERROR(cursor_.ExpectClose(open));
    ddl += ")";
  } else if (cursor_.AtSymbol("<>")) {
    ddl += "<>";
    cursor_.Advance();
  } else if (cursor_.AtSymbol("<")) {
    const Span open_span = cursor_.Peek().span;
    int depth = 0;
    do {
      if (cursor_.AtStatementEnd()) {
        return cursor_.SyntaxError(open_span, "this `<` is never closed", "opened here");
      }
      depth += AngleDepthChange(cursor_.Peek());
      ddl += DdlText(cursor_.Peek()) + " ";
      cursor_.Advance();
    } while (depth > 0);
  }
  span = cursor_.SpanSince(begin);
  auto type = DataType::FromDdl(ddl);
  if (!type) {
    return cursor_.Fail(span, "UNSUPPORTED_DATATYPE", type.error().message(), "not a type",
                        {"types are e.g. STRING, INT, BIGINT, DECIMAL(10,2), DOUBLE, DATE, "
                         "TIMESTAMP, ARRAY<STRING>"});
  }
  return *std::move(type);
}

Result<Identifier> Parser::ParseIdentifier(std::string_view what) {
  const Token& token = cursor_.Peek();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kQuotedName) {
    return cursor_.Unexpected(what);
  }
  cursor_.Advance();
  return Identifier{token.text, token.span};
}

Result<std::vector<Identifier>> Parser::ParseIdentifierList(std::string_view what) {
  std::vector<Identifier> names;
  do {
    ASSIGN_OR_RETURN(Identifier name, ParseIdentifier(what));
    names.push_back(std::move(name));
  } while (cursor_.TrySymbol(","));
  return names;
}

Result<std::vector<Identifier>> Parser::ParseColumnNames() {
  ASSIGN_OR_RETURN(const size_t open, cursor_.ExpectOpen());
  ASSIGN_OR_RETURN(std::vector<Identifier> names, ParseIdentifierList("a column"));
  RETURN_IF_ERROR(cursor_.ExpectClose(open));
  return names;
}

Result<NameNode> Parser::ParseName(std::string_view what) {
  const Span begin = cursor_.Peek().span;
  if (IsReserved(cursor_.Peek())) return cursor_.Unexpected(what);
  NameNode node;
  do {
    ASSIGN_OR_RETURN(Identifier part, ParseIdentifier(what));
    node.name.parts.push_back(std::move(part.text));
  } while (cursor_.TrySymbol("."));
  node.span = cursor_.SpanSince(begin);
  // `LIVE.c.s.t` has one part more than a table's name.
  const bool live = EqualsIgnoreCase(node.name.parts.front(), "live");
  if (node.name.parts.size() > (live ? 4U : 3U)) {
    return cursor_.Fail(node.span, "REQUIRES_SINGLE_PART_NAMESPACE",
                        "a table's name has at most three parts", "too many parts",
                        {"names are `catalog.schema.table`"});
  }
  return node;
}

}  // namespace medallion::sql
