#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "sql/parser.h"
#include "token.h"

namespace medallion::sql {

struct Lexed {
  // Ends with one kEnd.
  std::vector<Token> tokens;
  std::vector<Diagnostic> errors;
};

// Splits a text into tokens by the rules of Spark 4: strings in either quote with escapes and
// doubled quotes, raw strings, `--` and nested `/* */` comments, names that may begin with digits.
// `${name}` is replaced by its value: in strings and quoted names as plain characters, elsewhere as
// text, so that
// `${schema}.t_${suffix}` works; not in comments. What cannot be a token becomes a kError token,
// and lexing goes on behind it; an unclosed string, name or comment points at its opening and ends
// the text.
//
// The text is valid UTF-8 without NUL and without a byte order mark (ParseStatements sees to it).
Lexed Lex(const SourceTextPtr& source, const ParameterLookup& parameters);

}  // namespace medallion::sql
