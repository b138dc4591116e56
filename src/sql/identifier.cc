#include "sql/identifier.h"

#include <algorithm>

namespace medallion::sql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_';
}

}  // namespace

std::string QuoteIdentifier(std::string_view name) {
  if (!name.empty() && !IsDigit(name.front()) && std::ranges::all_of(name, IsPlain)) {
    return std::string(name);
  }
  std::string quoted = "`";
  for (const char c : name) {
    quoted += c;
    if (c == '`') quoted += c;
  }
  return quoted + "`";
}

}  // namespace medallion::sql
