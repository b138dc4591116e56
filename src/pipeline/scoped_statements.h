#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "declarations.h"
#include "pipeline/project.h"
#include "sql/parser.h"
#include "sql/statement.h"

namespace medallion::pipeline {

// A CREATE statement with what SET and USE before it in its file made of names and parameters.
struct ScopedStatement {
  sql::Statement statement;
  Namespace where;
  std::string text;  // as written, `${…}` substituted
};

// SET values of one file multiply parsing; a file that needs more is generated.
inline constexpr size_t kSetStatementsMax = 100;

// Parses one file. `SET key = value` supplies `${key}` and `:key` to the statements after it; `USE`
// moves the namespace. Appends findings.
std::vector<ScopedStatement> ParseScoped(const Project& project, const SourceTextPtr& source,
                                         std::vector<Diagnostic>& findings);

// `text` with every `${name}` replaced that `parameters` knows.
std::string Substitute(std::string_view text, const sql::ParameterLookup& parameters);

// What a configuration key means to us. Spark confs that would change results and that we do not
// follow are refused; others have no effect here.
enum class ConfEffect { kParameter, kFollowed, kNoEffect, kRefused };
ConfEffect ClassifyConf(std::string_view key, std::string_view value);

}  // namespace medallion::pipeline
