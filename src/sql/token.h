#pragma once

#include <cstdint>
#include <string>

#include "base/source_text.h"

namespace medallion::sql {

enum class TokenKind {
  kEnd,         // after the last token, once
  kWord,        // a keyword or a name without quotes: the parser tells which
  kQuotedName,  // `name`; text is without back-quotes
  kString,      // text is unescaped
  kHexString,   // X'1F'; text is the bytes
  kNumber,      // text as written, with suffix
  kSymbol,      // text is the operator or bracket
  kError,       // text is empty; the finding is in Lexed::errors[payload]
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  // No blank or comment stands between this token and the one before.
  bool glued = false;
  // kError: index of the finding.
  uint32_t payload = 0;
  std::string text;
};

}  // namespace medallion::sql
