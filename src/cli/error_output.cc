#include "error_output.h"

#include "terminal.h"

namespace medallion::cli {

std::string RenderError(const Error& error, bool color) {
  const std::string text = error.ToString();
  std::string painted;
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    const size_t colon = line.find(": ");
    if (color && line.starts_with("error") && colon != std::string_view::npos) {
      painted += Paint(true, Ink::kRed, line.substr(0, colon)) + std::string(line.substr(colon));
    } else if (color && line.starts_with("warning") && colon != std::string_view::npos) {
      painted += Paint(true, Ink::kYellow, line.substr(0, colon)) + std::string(line.substr(colon));
    } else {
      painted += line;
    }
    painted += "\n";
    begin = end + 1;
  }
  return painted;
}

}  // namespace medallion::cli
