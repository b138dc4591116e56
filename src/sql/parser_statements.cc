#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "parser_impl.h"

namespace medallion::sql {
namespace {

constexpr std::array<std::string_view, 6> kStatementStarts = {"CREATE", "SELECT", "WITH",
                                                              "VALUES", "SET",    "USE"};

// Statements of Spark and Databricks SQL that a pipeline file does not have.
constexpr std::array<std::string_view, 37> kRefusedStatements = {
    "INSERT", "UPDATE",  "DELETE",  "MERGE",   "TRUNCATE", "DROP",   "ALTER",    "DESCRIBE",
    "DESC",   "SHOW",    "EXPLAIN", "CALL",    "DECLARE",  "BEGIN",  "EXECUTE",  "REFRESH",
    "CACHE",  "UNCACHE", "CLEAR",   "ANALYZE", "GRANT",    "REVOKE", "OPTIMIZE", "VACUUM",
    "COPY",   "RESTORE", "MSCK",    "LOAD",    "ADD",      "LIST",   "RESET",    "COMMENT",
    "IMPORT", "EXPORT",  "REPLACE", "UNDROP",  "FSCK"};

std::string_view AdviceFor(std::string_view statement) {
  if (statement == "INSERT") return "write CREATE FLOW … AS INSERT INTO … BY NAME";
  if (statement == "OPTIMIZE" || statement == "VACUUM" || statement == "RESTORE" ||
      statement == "FSCK") {
    return "use the `medallion table` commands";
  }
  if (statement == "DESCRIBE" || statement == "DESC" || statement == "SHOW")
    return "use `medallion table list` and `show`";
  if (statement == "EXPLAIN") return "use `medallion dry-run`";
  return "pipeline files define datasets with CREATE, and settings with SET and USE";
}

}  // namespace

Result<Statement> Parser::ParseStatement() {
  const Nesting nesting(*this);
  if (cursor_.AtKeyword("CREATE")) return ParseCreate();
  if (AtQueryStart() || cursor_.AtSymbol("(")) {
    const Span begin = cursor_.Peek().span;
    ASSIGN_OR_RETURN(ast::QueryPtr query, ParseQuery());
    return Statement(QueryStatement{std::move(query), cursor_.SpanSince(begin)});
  }
  if (cursor_.AtKeyword("SET")) return ParseSet();
  if (cursor_.AtKeyword("USE")) return ParseUse();
  RETURN_IF_ERROR(RefuseStatement());
  return cursor_.Unexpected("a statement", kStatementStarts);
}

Status Parser::RefuseStatement() const {
  const Span two_words = Span::Cover(cursor_.Peek().span, cursor_.Peek(1).span);
  if (cursor_.AtKeywords({"APPLY", "CHANGES"}))
    return cursor_.Unsupported(two_words, "APPLY CHANGES (AUTO CDC)");
  if (cursor_.AtKeywords({"AUTO", "CDC"})) return cursor_.Unsupported(two_words, "AUTO CDC");
  if (!cursor_.AtAnyKeyword(kRefusedStatements)) return OkStatus();
  const std::string statement = ToUpper(cursor_.Peek().text);
  return cursor_.Unsupported(cursor_.Peek().span, "the statement " + statement,
                             {std::string(AdviceFor(statement))});
}

// SET key = value: the value is the text up to the semicolon, without the quotes of a single
// string.
Result<Statement> Parser::ParseSet() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  for (const std::string_view word : {"TIME", "VAR", "VARIABLE", "ROLE", "CATALOG"}) {
    if (cursor_.AtKeyword(word) && !cursor_.AtSymbol("=", 1) && !cursor_.AtSymbol(".", 1)) {
      return cursor_.Unsupported(
          Span::Cover(begin, cursor_.Peek().span),
          word == "TIME" ? "SET TIME ZONE" : fmt::format("SET {}", word),
          {word == "TIME" ? "set spark.sql.session.timeZone" : "write `SET key = value`"});
    }
  }
  SetStatement set;
  ASSIGN_OR_RETURN(set.key, ParsePropertyKey());
  RETURN_IF_ERROR(cursor_.ExpectSymbol("="));
  const bool single = cursor_.AtKind(TokenKind::kString) &&
                      (cursor_.AtSymbol(";", 1) || cursor_.AtKind(TokenKind::kEnd, 1));
  for (bool first = true; !cursor_.AtStatementEnd(); first = false) {
    const Token& token = cursor_.Peek();
    if (token.kind == TokenKind::kError) return cursor_.Unexpected("a value");
    if (!first && !token.glued) set.value += ' ';
    const bool quoted = token.kind == TokenKind::kString || token.kind == TokenKind::kQuotedName;
    set.value += quoted && !single ? std::string(cursor_.source()->Slice(token.span)) : token.text;
    cursor_.Advance();
  }
  if (set.value.empty() && !single) return cursor_.Unexpected("a value");
  set.span = cursor_.SpanSince(begin);
  return Statement(std::move(set));
}

// USE CATALOG c, USE [SCHEMA | DATABASE | NAMESPACE] s
Result<Statement> Parser::ParseUse() {
  const Span begin = cursor_.Peek().span;
  cursor_.Advance();
  UseStatement use;
  const bool name_follows =
      cursor_.AtKind(TokenKind::kWord, 1) || cursor_.AtKind(TokenKind::kQuotedName, 1);
  if (name_follows && cursor_.TryKeyword("CATALOG")) {
    use.kind = UseStatement::Kind::kCatalog;
  } else if (name_follows && !cursor_.TryKeyword("SCHEMA") && !cursor_.TryKeyword("DATABASE")) {
    cursor_.TryKeyword("NAMESPACE");
  }
  ASSIGN_OR_RETURN(use.name, ParseName("a catalog or schema"));
  const size_t parts_max = use.kind == UseStatement::Kind::kCatalog ? 1 : 2;
  if (use.name.name.parts.size() > parts_max) {
    return cursor_.Fail(use.name.span, "REQUIRES_SINGLE_PART_NAMESPACE",
                        "USE takes a catalog, a schema or `catalog.schema`", "too many parts");
  }
  use.span = cursor_.SpanSince(begin);
  return Statement(std::move(use));
}

}  // namespace medallion::sql
