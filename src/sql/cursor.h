#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lexer.h"
#include "token.h"

namespace medallion::sql {

// A position in the tokens of a file, with the questions a recursive-descent parser asks and the
// errors it reports. Keywords are compared without regard to letter case; quoted names are never
// keywords.
class Cursor {
 public:
  // `lexed` must outlive the cursor.
  Cursor(SourceTextPtr source, const Lexed& lexed);

  const SourceTextPtr& source() const { return source_; }
  size_t index() const { return index_; }
  void Advance() { ++index_; }

  const Token& Peek(size_t ahead = 0) const;
  // The token before the position; there must be one.
  const Token& Last() const { return tokens_[index_ - 1]; }
  // From the beginning of `begin` to the end of the last token.
  Span SpanSince(Span begin) const;

  bool AtKeyword(std::string_view keyword, size_t ahead = 0) const;
  bool AtKeywords(std::initializer_list<std::string_view> keywords, size_t ahead = 0) const;
  bool AtAnyKeyword(std::span<const std::string_view> keywords, size_t ahead = 0) const;
  bool AtSymbol(std::string_view symbol, size_t ahead = 0) const;
  bool AtKind(TokenKind kind, size_t ahead = 0) const { return Peek(ahead).kind == kind; }
  // At a semicolon or at the end of the text.
  bool AtStatementEnd() const;

  bool TryKeyword(std::string_view keyword);
  bool TryKeywords(std::initializer_list<std::string_view> keywords);
  bool TrySymbol(std::string_view symbol);

  Status ExpectKeyword(std::string_view keyword);
  Status ExpectKeywords(std::initializer_list<std::string_view> keywords);
  Status ExpectSymbol(std::string_view symbol);

  // Takes an opening bracket. The index goes to ExpectClose.
  Result<size_t> ExpectOpen(std::string_view bracket = "(");
  // Takes the bracket that closes the one at `open`; if the statement has none, the error points at
  // the opening.
  Status ExpectClose(size_t open, std::string_view bracket = ")");
  // Index of the bracket that closes the one at `open`, or `open` itself if there is none.
  size_t CloseOf(size_t open) const { return close_of_[open]; }
  // Number of tokens from here that are `(`.
  size_t CountOpenParentheses() const { return open_run_[index_]; }
  const Token& TokenAt(size_t index) const { return tokens_[index]; }

  // Moves behind the next semicolon, or to the end.
  void SkipStatement();

  // The token here is not `expected` (a description, such as "an expression"). Suggests the nearest
  // of `keywords`.
  Error Unexpected(std::string_view expected,
                   std::span<const std::string_view> keywords = {}) const;
  Error Fail(Span span, std::string condition, std::string message, std::string label,
             std::vector<std::string> hints = {}) const;
  Error SyntaxError(Span span, std::string message, std::string label,
                    std::vector<std::string> hints = {}) const;
  // Refuses a construct by its name.
  Error Unsupported(Span span, std::string_view construct,
                    std::vector<std::string> hints = {}) const;

 private:
  void MatchBrackets();
  std::vector<std::string> Suggestions(std::string_view expected,
                                       std::span<const std::string_view> keywords) const;

  SourceTextPtr source_;
  const std::vector<Token>& tokens_;
  const std::vector<Diagnostic>& lexical_errors_;
  std::vector<uint32_t> close_of_;
  std::vector<uint32_t> open_run_;
  size_t index_ = 0;
};

}  // namespace medallion::sql
