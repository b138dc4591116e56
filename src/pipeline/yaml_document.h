#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/source_text.h"

// A YAML text as a tree with places, for the settings files. Only what settings need: one document,
// no anchors, aliases or tags, string keys, bounded depth and size. Scalars keep their text; what
// they mean follows the core schema of YAML 1.2 (section 10.3), where `no`, `on` and `12:30` are
// strings.

namespace medallion::pipeline {

// Deeper nesting than any settings need, and far below where the parser's recursion gets dangerous.
inline constexpr size_t kYamlDepthMax = 64;
inline constexpr size_t kYamlBytesMax = size_t{1} << 20;

struct YamlEntry;

struct YamlNode {
  enum class Kind { kScalar, kSequence, kMap };
  Kind kind = Kind::kScalar;
  Span span = {};  // of a scalar's text; of a collection's first character
  std::string scalar = {};
  bool plain = false;  // a scalar without quotes
  std::vector<YamlNode> items = {};
  std::vector<YamlEntry> entries = {};

  const YamlEntry* Find(std::string_view key) const;
};

struct YamlEntry {
  std::string key;
  Span key_span;
  YamlNode value;
};

// What a scalar is under the core schema; quoted ones are strings.
enum class YamlType { kNull, kBoolean, kInteger, kFloat, kString };
YamlType CoreType(const YamlNode& scalar);

// Whether YAML 1.1, which Spark's reader follows, takes a plain scalar for something else than
// text: "a boolean", "a number", "a date"; empty if not.
std::string Yaml11Surprise(const YamlNode& scalar);

// "a list", "a number" …: for messages.
std::string DescribeYaml(const YamlNode& node);

// A text without any document gives a null scalar.
Result<YamlNode> ParseYaml(const SourceTextPtr& source);

}  // namespace medallion::pipeline
