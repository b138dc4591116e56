#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "sql/statement.h"

namespace medallion::sql {

// Limits of a file, so that every later pass may recurse over what was parsed.
inline constexpr int kNestingDepthMax = 500;
inline constexpr size_t kTextBytesMax = 1 << 20;

// Values of `${name}` and `:name`. Substituted by the lexer: `${name}` as text within the token
// stream (as Databricks does for pipeline configuration), `:name` as a string literal.
using ParameterLookup = std::function<std::optional<std::string>(std::string_view name)>;

struct ParsedFile {
  SourceTextPtr source;
  std::vector<Statement> statements;
  // Findings in statements that were skipped; the parser resumes after the next semicolon.
  std::vector<Diagnostic> diagnostics;
};

// Parses one file of statements separated by semicolons. Limits: 1 MB of text, nesting depth 500.
// `SET` in the file does not affect `${name}`: substitution is the caller's.
ParsedFile ParseStatements(SourceTextPtr source, const ParameterLookup& parameters);

// Parses one query, e.g. of `medallion sql`.
Result<std::shared_ptr<const ast::Query>> ParseQuery(const SourceTextPtr& source,
                                                     const ParameterLookup& parameters);

// Parses one expression (tests, and expectations given in `medallion.yml`).
Result<std::shared_ptr<const ast::Expression>> ParseExpression(const SourceTextPtr& source);

}  // namespace medallion::sql
