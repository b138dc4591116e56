#include "folder_name.h"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion {
namespace {

bool StaysAsItIs(char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_' || c == '-'; }

}  // namespace

std::string FolderOfName(std::string_view name) {
  std::string folder;
  for (const char c : ToLower(name)) {
    if (StaysAsItIs(c)) {
      folder.push_back(c);
    } else {
      folder += fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
  }
  return folder;
}

std::optional<std::string> NameOfFolder(std::string_view folder) {
  std::string name;
  for (size_t i = 0; i < folder.size(); ++i) {
    if (folder[i] != '%') {
      name.push_back(folder[i]);
      continue;
    }
    uint8_t byte = 0;
    const std::string_view digits = folder.substr(i + 1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (error != std::errc() || digits.size() != 2 || end != digits.data() + 2) {
      return std::nullopt;
    }
    name.push_back(static_cast<char>(byte));
    i += 2;
  }
  return !name.empty() && FolderOfName(name) == folder ? std::optional<std::string>(name)
                                                       : std::nullopt;
}

}  // namespace medallion
