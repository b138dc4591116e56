#include "translation_template.h"

#include <algorithm>

#include <fmt/format.h>

namespace medallion::duckdb {

std::string FillTemplate(std::string_view text, const std::vector<std::string>& args,
                         std::string_view result_type) {
  std::string filled;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' || i + 2 >= text.size() || text[i + 2] != '}') {
      filled += text[i];
      continue;
    }
    const char key = text[i + 1];
    if (key == '*') {
      filled += fmt::format("{}", fmt::join(args, ", "));
    } else if (key == 'T') {
      filled += result_type;
    } else {
      filled += args[static_cast<size_t>(key - '0')];
    }
    i += 2;
  }
  return filled;
}

int TemplateArity(std::string_view text) {
  int arity = 0;
  for (size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') {
      if (text[i + 1] == '*') {
        return -1;
      }
      if (text[i + 1] != 'T') {
        arity = std::max(arity, text[i + 1] - '0' + 1);
      }
    }
  }
  return arity;
}

}  // namespace medallion::duckdb
