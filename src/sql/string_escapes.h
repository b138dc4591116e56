#pragma once

#include <string>
#include <string_view>

namespace medallion::sql {

// Appends to `out` what the escape sequence at text[position] (a backslash with at least one byte
// behind it) stands for, and returns the position behind it. Spark's rules: \0 \b \n \r \t \Z,
// \uXXXX,
// \UXXXXXXXX and three octal digits up to \177 are characters, \% and \_ keep their backslash for
// LIKE, any other character stands for itself.
size_t AppendEscape(std::string_view text, size_t position, std::string& out);

// The content as a string literal in single quotes that reads back as `content`.
std::string QuoteString(std::string_view content);

void AppendUtf8(uint32_t code_point, std::string& out);

}  // namespace medallion::sql
