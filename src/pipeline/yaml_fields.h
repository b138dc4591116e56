#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source_text.h"
#include "yaml_document.h"

namespace medallion::pipeline {

// Reads typed values out of one settings file and collects what is wrong with them; a value that is
// wrong is reported once and reads as nothing. `findings` outlives the reader.
class FieldReader {
 public:
  FieldReader(SourceTextPtr source, std::vector<Diagnostic>& findings)
      : source_(std::move(source)), findings_(findings) {}

  // Whether the node is a map; `what` names it in the message.
  bool IsMap(const YamlNode& node, std::string_view what);
  bool IsSequence(const YamlNode& node, std::string_view what);
  // Reports every key that is not in `known`, with the nearest one.
  void RefuseUnknownKeys(const YamlNode& map, std::span<const std::string> known,
                         std::string_view condition);

  // A text, never a number, boolean or null that merely prints as one.
  std::optional<std::string> Text(const YamlEntry& entry);
  std::optional<bool> Boolean(const YamlEntry& entry);
  std::optional<int64_t> Integer(const YamlEntry& entry, int64_t min, int64_t max);
  // One of `names`.
  std::optional<std::string> Choice(const YamlEntry& entry, std::span<const std::string> names);

  void Report(Span span, std::string_view condition, std::string message, std::string label,
              std::vector<std::string> hints);

 private:
  SourceTextPtr source_;
  std::vector<Diagnostic>& findings_;
};

}  // namespace medallion::pipeline
