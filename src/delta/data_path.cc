#include "delta/data_path.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/civil_time.h"
#include "base/text.h"

namespace medallion::delta {
namespace {

constexpr std::string_view kHiveNull = "__HIVE_DEFAULT_PARTITION__";
// Leaves room in a folder name of at most 255 bytes. What is cut off is in the action.
constexpr size_t kFolderBytesMax = 200;

bool NeedsHiveEscape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F ||
         std::string_view("\"#%'*/:=?\\{[]^").find(c) != std::string_view::npos;
}

// Hive's escaping of folder names, as Spark does it. Never cut inside a character or an escape.
std::string HiveEscape(std::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins_character && escaped.size() + 4 > kFolderBytesMax) {
      break;
    }
    if (NeedsHiveEscape(text[i])) {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(text[i]));
    } else {
      escaped += text[i];
    }
  }
  return escaped;
}

std::string HiveFolder(const std::string& column, const std::optional<std::string>& value) {
  return fmt::format("{}={}/", HiveEscape(column),
                     value && !value->empty() ? HiveEscape(*value) : std::string(kHiveNull));
}

// Java's spelling, which Spark reads and writes.
template <class Float>
std::string FloatText(Float number) {
  if (std::isnan(number)) {
    return "NaN";
  }
  if (std::isinf(number)) {
    return number > 0 ? "Infinity" : "-Infinity";
  }
  const std::string text = fmt::format("{}", number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

// `2026-05-01 09:00:00.123456`: as for timestamps, but without a zone.
std::string NtzText(int64_t micros) {
  std::string text = FormatIsoTimestampMicros(micros);
  text.pop_back();
  text[text.find('T')] = ' ';
  return text;
}

Error NotOfType(const std::string& text, const DataType& type) {
  return Error(ErrorCode::kCorruption,
               fmt::format("partition value is no {}: '{}'", type.ToDdl(), text));
}

std::optional<int64_t> ParseInteger(const std::string& text, int64_t min, int64_t max) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && number >= min && number <= max
             ? std::optional(number)
             : std::nullopt;
}

std::optional<double> ParseDouble(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

std::optional<bool> ParseBoolean(const std::string& text) {
  if (EqualsIgnoreCase(text, "true")) {
    return true;
  }
  return EqualsIgnoreCase(text, "false") ? std::optional(false) : std::nullopt;
}

std::optional<Decimal> ParseDecimal(const std::string& text, const DataType& type) {
  const std::optional<Decimal> decimal = Decimal::Parse(text);
  return decimal ? decimal->Rescale(type.precision(), type.scale()) : std::nullopt;
}

template <class T>
Result<Value> ValueOr(const DataType& type, const std::optional<T>& parsed,
                      const std::string& text) {
  if (!parsed) {
    return NotOfType(text, type);
  }
  return Value{type, *parsed};
}

template <class Integer>
Result<Value> IntegerValue(const std::string& text, const DataType& type) {
  using Limits = std::numeric_limits<Integer>;
  return ValueOr(type, ParseInteger(text, Limits::min(), Limits::max()), text);
}

}  // namespace

std::string NewDataFilePath(const std::vector<std::string>& partition_columns,
                            const PartitionValues& values, int part, Random& random) {
  std::string path;
  for (const std::string& column : partition_columns) {
    const auto value = values.find(column);
    path += HiveFolder(column, value == values.end() ? std::nullopt : value->second);
  }
  return path + fmt::format("part-{:05}-{}-c000.zstd.parquet", part, random.Uuid());
}

Result<std::optional<std::string>> PartitionValueToText(const Value& value) {
  using Text = std::optional<std::string>;
  if (value.is_null()) {
    return Text();
  }
  switch (value.type.kind()) {
    case TypeKind::kBoolean: return Text(std::get<bool>(value.data) ? "true" : "false");
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong: return Text(std::to_string(std::get<int64_t>(value.data)));
    case TypeKind::kFloat: return Text(FloatText(static_cast<float>(std::get<double>(value.data))));
    case TypeKind::kDouble: return Text(FloatText(std::get<double>(value.data)));
    case TypeKind::kDecimal: return Text(std::get<Decimal>(value.data).ToString());
    case TypeKind::kString: {
      const auto& text = std::get<std::string>(value.data);
      return text.empty() ? Text() : Text(text);
    }
    case TypeKind::kDate:
      return Text(FormatIsoDate(static_cast<int32_t>(std::get<int64_t>(value.data))));
    case TypeKind::kTimestamp: return Text(FormatIsoTimestampMicros(std::get<int64_t>(value.data)));
    case TypeKind::kTimestampNtz: return Text(NtzText(std::get<int64_t>(value.data)));
    default:
      return Error(ErrorCode::kUnsupported,
                   fmt::format("partition values of type {}", value.type.ToDdl()));
  }
}

Result<Value> PartitionValueFromText(const std::optional<std::string>& text, const DataType& type) {
  if (!text || text->empty()) {
    return Value::Null(type);
  }
  switch (type.kind()) {
    case TypeKind::kBoolean: return ValueOr(type, ParseBoolean(*text), *text);
    case TypeKind::kByte: return IntegerValue<int8_t>(*text, type);
    case TypeKind::kShort: return IntegerValue<int16_t>(*text, type);
    case TypeKind::kInteger: return IntegerValue<int32_t>(*text, type);
    case TypeKind::kLong: return IntegerValue<int64_t>(*text, type);
    case TypeKind::kFloat:
    case TypeKind::kDouble: return ValueOr(type, ParseDouble(*text), *text);
    case TypeKind::kDecimal: return ValueOr(type, ParseDecimal(*text, type), *text);
    case TypeKind::kString: return Value{type, *text};
    case TypeKind::kDate: {
      const std::optional<int32_t> days = ParseIsoDate(*text);
      return ValueOr(type, days ? std::optional<int64_t>(*days) : std::nullopt, *text);
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return ValueOr(type, ParseIsoTimestamp(*text), *text);
    default:
      return Error(ErrorCode::kUnsupported,
                   fmt::format("partition values of type {}", type.ToDdl()));
  }
}

}  // namespace medallion::delta
