#include "cursor.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::sql {
namespace {

// Keywords that a misspelling turns into an alias: `SELECT a FORM t`.
constexpr std::array<std::string_view, 16> kClauseKeywords = {
    "FROM", "WHERE", "GROUP", "HAVING", "QUALIFY", "ORDER", "LIMIT",     "OFFSET",
    "JOIN", "UNION", "INNER", "LEFT",   "RIGHT",   "FULL",  "INTERSECT", "EXCEPT"};

// Keywords that people also take for names of columns.
constexpr std::array<std::string_view, 12> kNameLikeKeywords = {
    "ORDER", "GROUP", "LIMIT", "END", "IN", "DESC", "ASC", "USING", "WITH", "INTO", "CASE", "BY"};

// How a token is called in a message.
std::string Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd: return "the end of the text";
    case TokenKind::kString: return "a string";
    case TokenKind::kHexString: return "a binary literal";
    case TokenKind::kSymbol:
      return token.text == ";" ? "the end of the statement" : fmt::format("`{}`", token.text);
    default: return fmt::format("`{}`", token.text);
  }
}

// Nearest of the keywords, unless it is the word itself.
std::optional<std::string> NearKeyword(const Token& token,
                                       std::span<const std::string_view> keywords) {
  if (token.kind != TokenKind::kWord) return std::nullopt;
  const std::vector<std::string> candidates(keywords.begin(), keywords.end());
  auto near = NearestName(token.text, candidates);
  if (near && EqualsIgnoreCase(*near, token.text)) return std::nullopt;
  return near;
}

bool Closes(const Token& open, const Token& close) {
  return (open.text == "(" && close.text == ")") || (open.text == "[" && close.text == "]");
}

}  // namespace

Cursor::Cursor(SourceTextPtr source, const Lexed& lexed)
    : source_(std::move(source)), tokens_(lexed.tokens), lexical_errors_(lexed.errors) {
  MatchBrackets();
}

void Cursor::MatchBrackets() {
  close_of_.resize(tokens_.size());
  std::iota(close_of_.begin(), close_of_.end(), 0U);
  open_run_.assign(tokens_.size() + 1, 0);
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.kind != TokenKind::kSymbol) continue;
    if (token.text == "(" || token.text == "[") {
      open.push_back(i);
    } else if (token.text == ";") {
      open.clear();
    } else if (!open.empty() && Closes(tokens_[open.back()], token)) {
      close_of_[open.back()] = i;
      open.pop_back();
    }
  }
  for (size_t i = tokens_.size(); i-- > 0;) {
    const bool is_open = tokens_[i].kind == TokenKind::kSymbol && tokens_[i].text == "(";
    open_run_[i] = is_open ? open_run_[i + 1] + 1 : 0;
  }
}

const Token& Cursor::Peek(size_t ahead) const {
  return tokens_[std::min(index_ + ahead, tokens_.size() - 1)];
}

Span Cursor::SpanSince(Span begin) const {
  return index_ == 0 ? begin : Span{begin.begin, std::max(begin.end, Last().span.end)};
}

bool Cursor::AtKeyword(std::string_view keyword, size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kWord && EqualsIgnoreCase(token.text, keyword);
}

bool Cursor::AtKeywords(std::initializer_list<std::string_view> keywords, size_t ahead) const {
  for (const std::string_view keyword : keywords) {
    if (!AtKeyword(keyword, ahead++)) return false;
  }
  return true;
}

bool Cursor::AtAnyKeyword(std::span<const std::string_view> keywords, size_t ahead) const {
  return AtKind(TokenKind::kWord, ahead) &&
         std::ranges::any_of(keywords,
                             [&](std::string_view keyword) { return AtKeyword(keyword, ahead); });
}

bool Cursor::AtSymbol(std::string_view symbol, size_t ahead) const {
  const Token& token = Peek(ahead);
  return token.kind == TokenKind::kSymbol && token.text == symbol;
}

bool Cursor::AtStatementEnd() const { return AtKind(TokenKind::kEnd) || AtSymbol(";"); }

bool Cursor::TryKeyword(std::string_view keyword) {
  if (!AtKeyword(keyword)) return false;
  Advance();
  return true;
}

bool Cursor::TryKeywords(std::initializer_list<std::string_view> keywords) {
  if (!AtKeywords(keywords)) return false;
  index_ += keywords.size();
  return true;
}

bool Cursor::TrySymbol(std::string_view symbol) {
  if (!AtSymbol(symbol)) return false;
  Advance();
  return true;
}

Status Cursor::ExpectKeyword(std::string_view keyword) {
  if (TryKeyword(keyword)) return OkStatus();
  const std::array<std::string_view, 1> keywords = {keyword};
  return Unexpected(fmt::format("`{}`", keyword), keywords);
}

Status Cursor::ExpectKeywords(std::initializer_list<std::string_view> keywords) {
  for (const std::string_view keyword : keywords) RETURN_IF_ERROR(ExpectKeyword(keyword));
  return OkStatus();
}

Status Cursor::ExpectSymbol(std::string_view symbol) {
  if (TrySymbol(symbol)) return OkStatus();
  return Unexpected(fmt::format("`{}`", symbol));
}

Result<size_t> Cursor::ExpectOpen(std::string_view bracket) {
  RETURN_IF_ERROR(ExpectSymbol(bracket));
  return index_ - 1;
}

Status Cursor::ExpectClose(size_t open, std::string_view bracket) {
  if (TrySymbol(bracket)) return OkStatus();
  if (AtKind(TokenKind::kError) || CloseOf(open) != open)
    return Unexpected(fmt::format("`,` or `{}`", bracket));
  return SyntaxError(
      tokens_[open].span, fmt::format("this `{}` is never closed", tokens_[open].text),
      "opened here",
      {fmt::format("a `{}` is missing, at the latest before {}", bracket, Describe(Peek()))});
}

void Cursor::SkipStatement() {
  while (!AtStatementEnd()) Advance();
  TrySymbol(";");
}

std::vector<std::string> Cursor::Suggestions(std::string_view expected,
                                             std::span<const std::string_view> keywords) const {
  if (const auto near = NearKeyword(Peek(), keywords))
    return {fmt::format("did you mean `{}`?", *near)};
  if (index_ > 0) {
    if (Last().kind == TokenKind::kWord && EqualsIgnoreCase(Last().text, "mod"))
      return {"write `a % b` or `mod(a, b)`"};
    const auto near =
        expected.starts_with("the end") ? NearKeyword(Last(), kClauseKeywords) : std::nullopt;
    if (near) {
      return {fmt::format("did you mean `{}` where `{}` stands?", *near, Last().text)};
    }
  }
  if (AtKind(TokenKind::kString) && index_ > 0 && Last().kind == TokenKind::kWord) {
    return {"names stand in back-quotes (`), strings in quotes"};
  }
  if (expected == "an expression" &&
      std::ranges::any_of(kNameLikeKeywords, [this](auto word) { return AtKeyword(word); })) {
    return {fmt::format("if it is a name, put it in back-quotes: `{}`", Peek().text)};
  }
  return {};
}

Error Cursor::Unexpected(std::string_view expected,
                         std::span<const std::string_view> keywords) const {
  const Token& token = Peek();
  if (token.kind == TokenKind::kError) {
    const Diagnostic& error = lexical_errors_[token.payload];
    return {ErrorCode::kSpecification, {error}};
  }
  return SyntaxError(token.span, fmt::format("expected {}, found {}", expected, Describe(token)),
                     fmt::format("expected {}", expected), Suggestions(expected, keywords));
}

Error Cursor::Fail(Span span, std::string condition, std::string message, std::string label,
                   std::vector<std::string> hints) const {
  Diagnostic diagnostic{Severity::kError, std::move(condition), std::move(message), source_, span,
                        std::move(label), std::move(hints)};
  return {ErrorCode::kSpecification, {std::move(diagnostic)}};
}

Error Cursor::SyntaxError(Span span, std::string message, std::string label,
                          std::vector<std::string> hints) const {
  return Fail(span, "PARSE_SYNTAX_ERROR", std::move(message), std::move(label), std::move(hints));
}

Error Cursor::Unsupported(Span span, std::string_view construct,
                          std::vector<std::string> hints) const {
  Diagnostic diagnostic{Severity::kError,
                        "UNSUPPORTED_FEATURE",
                        fmt::format("{} is not supported", construct),
                        source_,
                        span,
                        "not supported",
                        std::move(hints)};
  return {ErrorCode::kUnsupported, {std::move(diagnostic)}};
}

}  // namespace medallion::sql
