#include "string_escapes.h"

#include <cstdint>
#include <optional>

#include "base/text.h"

namespace medallion::sql {
namespace {

std::optional<uint32_t> ParseDigits(std::string_view text, size_t position, size_t count,
                                    uint32_t base) {
  if (position + count > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (const char c : text.substr(position, count)) {
    uint32_t digit = base;
    if (IsDigit(c)) digit = static_cast<uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<uint32_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<uint32_t>(c - 'A') + 10;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

bool IsSurrogate(uint32_t code_point) { return code_point >= 0xD800 && code_point <= 0xDFFF; }

// \uD83D\uDE00: two escapes that are one character.
std::optional<uint32_t> ParseSurrogatePair(std::string_view text, size_t position, uint32_t high) {
  if (high > 0xDBFF || text.substr(position, 2) != "\\u") return std::nullopt;
  const auto low = ParseDigits(text, position + 2, 4, 16);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  return 0x10000 + ((high - 0xD800) << 10) + (*low - 0xDC00);
}

}  // namespace

void AppendUtf8(uint32_t code_point, std::string& out) {
  const auto append = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | code_point >> 6);
    append(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    append(0xE0 | code_point >> 12);
    append(0x80 | (code_point >> 6 & 0x3F));
    append(0x80 | (code_point & 0x3F));
  } else {
    append(0xF0 | code_point >> 18);
    append(0x80 | (code_point >> 12 & 0x3F));
    append(0x80 | (code_point >> 6 & 0x3F));
    append(0x80 | (code_point & 0x3F));
  }
}

size_t AppendEscape(std::string_view text, size_t position, std::string& out) {
  const char c = text[position + 1];
  if (c == 'u') {
    const auto code = ParseDigits(text, position + 2, 4, 16);
    if (code && !IsSurrogate(*code)) {
      AppendUtf8(*code, out);
      return position + 6;
    }
    if (code) {
      const auto pair = ParseSurrogatePair(text, position + 6, *code);
      AppendUtf8(pair.value_or(0xFFFD), out);
      return position + (pair ? 12 : 6);
    }
  }
  if (c == 'U') {
    const auto code = ParseDigits(text, position + 2, 8, 16);
    if (code && *code <= 0x10FFFF && !IsSurrogate(*code)) {
      AppendUtf8(*code, out);
      return position + 10;
    }
  }
  if (c == '0' || c == '1') {
    if (const auto code = ParseDigits(text, position + 1, 3, 8)) {
      AppendUtf8(*code, out);
      return position + 4;
    }
  }
  switch (c) {
    case '0': out += '\0'; break;
    case 'b': out += '\b'; break;
    case 'n': out += '\n'; break;
    case 'r': out += '\r'; break;
    case 't': out += '\t'; break;
    case 'Z': out += '\x1A'; break;
    case '%': out += "\\%"; break;
    case '_': out += "\\_"; break;
    default: out += c; break;
  }
  return position + 2;
}

std::string QuoteString(std::string_view content) {
  std::string quoted = "'";
  for (size_t i = 0; i < content.size(); ++i) {
    const char c = content[i];
    const char next = i + 1 < content.size() ? content[i + 1] : '\0';
    if (c == '\\' && (next == '%' || next == '_')) {
      quoted += c;  // read back with its backslash
    } else if (c == '\\' || c == '\'' || (c == '$' && next == '{')) {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\0') {
      quoted += "\\000";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace medallion::sql
