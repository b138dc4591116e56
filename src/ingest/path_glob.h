#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace medallion::ingest {

// Globs as Databricks' strict globber takes them: `*` any characters but `/`, `?` one character but
// `/`, `[abc]`, `[a-z]`, `[^a]` one character of a set, `{ab,cd}` alternatives (may nest and hold
// `/`),
// `\` makes the next character ordinary.

bool HasGlob(std::string_view path);

// The patterns without braces that the alternatives spell out, at most kGlobAlternativesMax.
Result<std::vector<std::string>> ExpandBraces(std::string_view pattern);
inline constexpr size_t kGlobAlternativesMax = 1000;

// Whether the brace-free `pattern` matches all of `name`, a single path segment.
bool MatchesGlob(std::string_view pattern, std::string_view name);

}  // namespace medallion::ingest
