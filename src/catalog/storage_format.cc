#include "storage_format.h"

#include <nlohmann/json.hpp>

namespace medallion {

std::string StorageFormatToJson(const StorageFormat& format) {
  const nlohmann::ordered_json json = {{"layout", format.layout},
                                       {"leastReader", format.least_reader},
                                       {"leastWriter", format.least_writer}};
  return json.dump(2) + "\n";
}

Result<StorageFormat> StorageFormatFromJson(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  const auto number = [&](const char* key) {
    return json.is_object() && json.contains(key) && json.at(key).is_number_unsigned()
               ? std::optional<int>(json.at(key).get<int>())
               : std::nullopt;
  };
  const std::optional<int> layout = number("layout");
  const std::optional<int> least_reader = number("leastReader");
  const std::optional<int> least_writer = number("leastWriter");
  if (!layout || !least_reader || !least_writer) {
    return Error(ErrorCode::kCorruption,
                 "not a storage format, expected layout, leastReader and leastWriter: " +
                     std::string(text.substr(0, 200)));
  }
  return StorageFormat{*layout, *least_reader, *least_writer};
}

Status CheckSupported(const StorageFormat& format, int known_version) {
  if (format.least_reader <= known_version && format.least_writer <= known_version) {
    return OkStatus();
  }
  return Error(
      ErrorCode::kUnsupported,
      fmt::format("storage has layout {} and asks for a program that reads version {} and writes "
                  "version {}; this program knows {}: use a newer program",
                  format.layout, format.least_reader, format.least_writer, known_version));
}

}  // namespace medallion
