#include "base/identifier.h"

#include <algorithm>

#include "base/text.h"

namespace medallion {

bool IsPlainIdentifier(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) &&
         std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

std::string QuoteSparkIdentifier(std::string_view name) {
  if (IsPlainIdentifier(name)) {
    return std::string(name);
  }
  std::string quoted = "`";
  for (const char c : name) {
    quoted += c;
    if (c == '`') quoted += c;
  }
  return quoted + "`";
}

}  // namespace medallion
