#include "copy_statistics.h"

#include <charconv>

#include "base/civil_time.h"
#include "base/text.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

template <class T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

// `2025-01-01 00:00:00.123456+00`: connections are in UTC.
std::optional<int64_t> ParseUtc(std::string_view text) {
  if (text.ends_with("+00")) {
    text.remove_suffix(3);
  }
  return ParseIsoTimestamp(text);
}

// The bound as a value of the type; nothing where Delta keeps no bounds or the text is not
// understood.
std::optional<Value> ParseBound(const std::string& text, const DataType& type) {
  const auto make = [&type](auto parsed) -> std::optional<Value> {
    return parsed ? std::optional(Value{type, *parsed}) : std::nullopt;
  };
  switch (type.kind()) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong: return make(ParseNumber<int64_t>(text));
    case TypeKind::kFloat:
    case TypeKind::kDouble: return make(ParseNumber<double>(text));
    case TypeKind::kDecimal: {
      const std::optional<Decimal> parsed = Decimal::Parse(text);
      return make(parsed ? parsed->Rescale(type.precision(), type.scale()) : std::nullopt);
    }
    case TypeKind::kString: return Value{type, text};
    case TypeKind::kDate: {
      const std::optional<int32_t> days = ParseIsoDate(text);
      return make(days ? std::optional(int64_t{*days}) : std::nullopt);
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return make(ParseUtc(text));
    default: return std::nullopt;
  }
}

void AppendLeaves(const Field& field, std::vector<std::string> path, const std::string& key,
                  const CopyColumnStatistics& columns, delta::FileStatistics& statistics) {
  path.push_back(field.name);
  if (field.type.Is(TypeKind::kStruct)) {
    for (const Field& member : field.type.fields()) {
      AppendLeaves(member, path, key + "." + QuoteIdentifier(member.name), columns, statistics);
    }
    return;
  }
  const auto found = columns.find(key);
  if (found == columns.end() || field.type.IsNested()) {
    return;
  }
  const CopyColumn& column = found->second;
  delta::ColumnStatistics leaf;
  leaf.path = std::move(path);
  leaf.null_count = column.null_count;
  if (column.min && column.max && !column.has_nan) {
    leaf.min = ParseBound(*column.min, field.type);
    leaf.max = ParseBound(*column.max, field.type);
  }
  statistics.columns.push_back(std::move(leaf));
}

}  // namespace

CopyColumnStatistics ReadCopyStatistics(const Value& value) {
  CopyColumnStatistics statistics;
  if (value.is_null()) {
    return statistics;
  }
  const auto& columns = std::get<Value::List>(value.data);
  for (size_t i = 0; i + 1 < columns.size(); i += 2) {
    CopyColumn& column = statistics[std::get<std::string>(columns[i].data)];
    const auto& entries = std::get<Value::List>(columns[i + 1].data);
    for (size_t j = 0; j + 1 < entries.size(); j += 2) {
      if (entries[j + 1].is_null()) {
        continue;
      }
      const std::string& name = std::get<std::string>(entries[j].data);
      const std::string& text = std::get<std::string>(entries[j + 1].data);
      if (name == "min") {
        column.min = text;
      } else if (name == "max") {
        column.max = text;
      } else if (name == "null_count") {
        column.null_count = ParseNumber<int64_t>(text);
      } else if (name == "has_nan") {
        column.has_nan = text == "true";
      }
    }
  }
  return statistics;
}

delta::FileStatistics ToFileStatistics(int64_t row_count, const CopyColumnStatistics& columns,
                                       const OutputFiles& output) {
  delta::FileStatistics statistics;
  statistics.record_count = row_count;
  for (const Field& field : output.schema.fields()) {
    const bool is_partition =
        std::any_of(output.partition_columns.begin(), output.partition_columns.end(),
                    [&](const std::string& name) { return EqualsIgnoreCase(name, field.name); });
    if (!is_partition) {
      AppendLeaves(field, {}, QuoteIdentifier(field.name), columns, statistics);
    }
  }
  return statistics;
}

}  // namespace medallion::duckdb
