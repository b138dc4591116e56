#include "yaml_fields.h"

#include <charconv>
#include <utility>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

constexpr std::string_view kWrongType = "PIPELINE_SPEC_FIELD_TYPE";

std::string QuotedHint(const YamlEntry& entry) {
  return entry.value.scalar.empty()
             ? fmt::format("write `{}: \"\"` for an empty text", entry.key)
             : fmt::format("put it in quotes: `{}: \"{}\"`", entry.key, entry.value.scalar);
}

}  // namespace

void FieldReader::Report(Span span, std::string_view condition, std::string message,
                         std::string label, std::vector<std::string> hints) {
  findings_.push_back(Diagnostic::At(source_, span, condition, std::move(message), std::move(label),
                                     std::move(hints)));
}

bool FieldReader::IsMap(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::kMap) {
    return true;
  }
  Report(node.span, kWrongType, fmt::format("{} must be a map, found {}", what, DescribeYaml(node)),
         "expected `key: value` lines", {});
  return false;
}

bool FieldReader::IsSequence(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::kSequence) {
    return true;
  }
  Report(node.span, kWrongType,
         fmt::format("{} must be a list, found {}", what, DescribeYaml(node)),
         "expected `- item` lines", {});
  return false;
}

void FieldReader::RefuseUnknownKeys(const YamlNode& map, std::span<const std::string> known,
                                    std::string_view condition) {
  for (const YamlEntry& entry : map.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) {
      continue;
    }
    std::vector<std::string> hints;
    if (const auto nearest = NearestName(entry.key, known)) {
      hints.push_back(fmt::format("did you mean `{}`?", *nearest));
    }
    hints.push_back(fmt::format("known fields: {}", Join(known, ", ")));
    Report(entry.key_span, condition, fmt::format("unknown field `{}`", entry.key), "no such field",
           std::move(hints));
  }
}

std::optional<std::string> FieldReader::Text(const YamlEntry& entry) {
  const YamlNode& value = entry.value;
  if (value.kind != YamlNode::Kind::kScalar || CoreType(value) != YamlType::kString) {
    std::vector<std::string> hints;
    if (value.kind == YamlNode::Kind::kScalar) {
      hints.push_back(QuotedHint(entry));
    }
    const Span place = value.span.begin == value.span.end ? entry.key_span : value.span;
    Report(place, kWrongType,
           fmt::format("`{}` must be a text, found {}", entry.key, DescribeYaml(value)),
           "not a text", std::move(hints));
    return std::nullopt;
  }
  return value.scalar;
}

std::optional<bool> FieldReader::Boolean(const YamlEntry& entry) {
  if (entry.value.kind == YamlNode::Kind::kScalar && CoreType(entry.value) == YamlType::kBoolean) {
    return ToLower(entry.value.scalar) == "true";
  }
  Report(entry.value.span, kWrongType,
         fmt::format("`{}` must be true or false, found {}", entry.key, DescribeYaml(entry.value)),
         "expected true or false", {});
  return std::nullopt;
}

std::optional<int64_t> FieldReader::Integer(const YamlEntry& entry, int64_t min, int64_t max) {
  const std::string& text = entry.value.scalar;
  int64_t number = 0;
  const bool is_integer =
      entry.value.kind == YamlNode::Kind::kScalar && CoreType(entry.value) == YamlType::kInteger;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (is_integer && problem == std::errc() && end == text.data() + text.size() && number >= min &&
      number <= max) {
    return number;
  }
  Report(entry.value.span, kWrongType,
         fmt::format("`{}` must be a whole number from {} to {}", entry.key, min, max),
         "not such a number", {});
  return std::nullopt;
}

std::optional<std::string> FieldReader::Choice(const YamlEntry& entry,
                                               std::span<const std::string> names) {
  const bool is_scalar = entry.value.kind == YamlNode::Kind::kScalar;
  if (is_scalar && std::find(names.begin(), names.end(), entry.value.scalar) != names.end()) {
    return entry.value.scalar;
  }
  std::vector<std::string> hints;
  if (const auto nearest = NearestName(entry.value.scalar, names)) {
    hints.push_back(fmt::format("did you mean `{}`?", *nearest));
  }
  Report(entry.value.span, kWrongType,
         fmt::format("`{}` must be one of {}", entry.key, Join(names, ", ")), "not one of them",
         std::move(hints));
  return std::nullopt;
}

}  // namespace medallion::pipeline
