#include "sql/parser.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "cursor.h"
#include "lexer.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The offset of the first byte that does not belong to valid UTF-8.
size_t FirstInvalidUtf8(std::string_view text) {
  // A prefix is valid if it is followed by nothing worse: bisect over code point starts.
  size_t valid = 0;
  size_t invalid = text.size();
  while (invalid - valid > 1) {
    size_t middle = valid + (invalid - valid) / 2;
    while (middle > valid && (static_cast<unsigned char>(text[middle]) & 0xC0) == 0x80) --middle;
    if (middle == valid) break;
    (IsValidUtf8(text.substr(0, middle)) ? valid : invalid) = middle;
  }
  return valid;
}

Diagnostic TextError(const SourceTextPtr& source, size_t offset, std::string message,
                     std::string label, std::string hint) {
  const auto begin = static_cast<uint32_t>(offset);
  Diagnostic diagnostic{Severity::kError,
                        "PARSE_SYNTAX_ERROR",
                        std::move(message),
                        source,
                        {begin, begin + 1},
                        std::move(label),
                        {}};
  if (!hint.empty()) diagnostic.hints.push_back(std::move(hint));
  return diagnostic;
}

// What makes the bytes no SQL text at all.
std::optional<Diagnostic> CheckText(const SourceTextPtr& source) {
  const std::string_view text = source->text();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    const SourceTextPtr empty = SourceText::Make(source->name(), "");
    return TextError(empty, 0, "the file is UTF-16", "", "save it as UTF-8");
  }
  if (text.size() > kTextBytesMax) {
    const SourceTextPtr empty = SourceText::Make(source->name(), "");
    return TextError(empty, 0,
                     fmt::format("the text has {} bytes, more than {}", text.size(), kTextBytesMax),
                     "", "split it into several files");
  }
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return TextError(source, nul, "the text contains a NUL byte", "here",
                     "remove it, or save the file as UTF-8");
  }
  if (!IsValidUtf8(text)) {
    return TextError(source, FirstInvalidUtf8(text), "the text is not valid UTF-8",
                     "first invalid byte", "save the file as UTF-8");
  }
  return std::nullopt;
}

SourceTextPtr WithoutByteOrderMark(SourceTextPtr source) {
  if (!source->text().starts_with(kByteOrderMark)) return source;
  return SourceText::Make(source->name(), source->text().substr(kByteOrderMark.size()));
}

// Parses the whole text as one `what`.
template <class T, class Parse>
Result<T> ParseWhole(const SourceTextPtr& original, const ParameterLookup& parameters,
                     std::string_view what, const Parse& parse) {
  const SourceTextPtr source = WithoutByteOrderMark(original);
  if (auto error = CheckText(source)) return Error(ErrorCode::kSpecification, {*std::move(error)});
  const Lexed lexed = Lex(source, parameters);
  Cursor cursor(source, lexed);
  Parser parser(cursor, parameters);
  ASSIGN_OR_RETURN(T result, parse(parser));
  cursor.TrySymbol(";");
  if (!cursor.AtKind(TokenKind::kEnd))
    return cursor.Unexpected(fmt::format("the end of the {}", what));
  return result;
}

}  // namespace

ParsedFile ParseStatements(SourceTextPtr original, const ParameterLookup& parameters) {
  ParsedFile file;
  file.source = WithoutByteOrderMark(std::move(original));
  if (auto error = CheckText(file.source)) {
    file.diagnostics.push_back(*std::move(error));
    return file;
  }
  const Lexed lexed = Lex(file.source, parameters);
  Cursor cursor(file.source, lexed);
  while (!cursor.AtKind(TokenKind::kEnd)) {
    if (cursor.TrySymbol(";")) continue;
    Parser parser(cursor, parameters);
    auto statement = parser.ParseStatement();
    if (statement && !cursor.AtStatementEnd())
      statement = cursor.Unexpected("the end of the statement");
    if (statement) {
      file.statements.push_back(*std::move(statement));
    } else {
      const auto& found = statement.error().diagnostics();
      file.diagnostics.insert(file.diagnostics.end(), found.begin(), found.end());
    }
    cursor.SkipStatement();
  }
  return file;
}

Result<std::shared_ptr<const ast::Query>> ParseQuery(const SourceTextPtr& source,
                                                     const ParameterLookup& parameters) {
  return ParseWhole<ast::QueryPtr>(source, parameters, "query",
                                   [](Parser& parser) { return parser.ParseQuery(); });
}

Result<std::shared_ptr<const ast::Expression>> ParseExpression(const SourceTextPtr& source) {
  return ParseWhole<ast::ExpressionPtr>(source, ParameterLookup(), "expression",
                                        [](Parser& parser) { return parser.ParseExpression(); });
}

}  // namespace medallion::sql
