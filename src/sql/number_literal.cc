#include "number_literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "base/civil_time.h"
#include "base/decimal.h"
#include "base/text.h"
#include "string_escapes.h"

namespace medallion::sql {
namespace {

template <class Integer>
std::optional<Value> IntegerOf(DataType type, const std::string& text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Value{std::move(type), int64_t{value}};
}

std::optional<Value> DecimalOf(const std::string& text) {
  auto decimal = Decimal::Parse(text);
  if (!decimal) return std::nullopt;
  if (decimal->scale < 0) decimal = decimal->Rescale(DataType::kDecimalPrecisionMax, 0);
  if (!decimal) return std::nullopt;
  const int precision = std::max(decimal->Digits(), decimal->scale);
  if (precision > DataType::kDecimalPrecisionMax) return std::nullopt;
  return Value{DataType::Decimal(precision, decimal->scale), *decimal};
}

std::optional<Value> DoubleOf(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return std::isfinite(value) ? std::optional(Value::Double(value)) : std::nullopt;
}

std::optional<Value> FloatOf(const std::string& text) {
  const float value = std::strtof(text.c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return Value{DataType::Float(), static_cast<double>(value)};
}

std::optional<Value> UnsuffixedOf(const std::string& text) {
  if (text.find_first_of("eE") != std::string::npos) return DoubleOf(text);
  if (text.find('.') != std::string::npos) return DecimalOf(text);
  if (auto value = IntegerOf<int32_t>(DataType::Integer(), text)) return value;
  if (auto value = IntegerOf<int64_t>(DataType::Long(), text)) return value;
  return DecimalOf(text);
}

std::string BytesToHex(const std::string& bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return hex;
}

}  // namespace

std::optional<Value> ParseNumberLiteral(std::string_view text, bool negative) {
  const size_t last_digit = text.find_last_of("0123456789.");
  const std::string suffix = ToUpper(text.substr(last_digit + 1));
  const std::string digits = (negative ? "-" : "") + std::string(text.substr(0, last_digit + 1));
  if (suffix == "L") return IntegerOf<int64_t>(DataType::Long(), digits);
  if (suffix == "S") return IntegerOf<int16_t>(DataType::Short(), digits);
  if (suffix == "Y") return IntegerOf<int8_t>(DataType::Byte(), digits);
  if (suffix == "BD") return DecimalOf(digits);
  if (suffix == "D") return DoubleOf(digits);
  if (suffix == "F") return FloatOf(digits);
  return UnsuffixedOf(digits);
}

std::string LiteralToSql(const Value& value) {
  if (value.is_null()) return "NULL";
  switch (value.type.kind()) {
    case TypeKind::kBoolean: return std::get<bool>(value.data) ? "TRUE" : "FALSE";
    case TypeKind::kByte: return fmt::format("{}Y", std::get<int64_t>(value.data));
    case TypeKind::kShort: return fmt::format("{}S", std::get<int64_t>(value.data));
    case TypeKind::kInteger: return fmt::format("{}", std::get<int64_t>(value.data));
    case TypeKind::kLong: return fmt::format("{}L", std::get<int64_t>(value.data));
    case TypeKind::kFloat:
      return fmt::format("{}F", static_cast<float>(std::get<double>(value.data)));
    case TypeKind::kDouble: return fmt::format("{}D", std::get<double>(value.data));
    case TypeKind::kDecimal: return std::get<Decimal>(value.data).ToString() + "BD";
    case TypeKind::kBinary: return "X'" + BytesToHex(std::get<std::string>(value.data)) + "'";
    case TypeKind::kDate:
      return "DATE'" + FormatIsoDate(static_cast<int32_t>(std::get<int64_t>(value.data))) + "'";
    case TypeKind::kString: return QuoteString(std::get<std::string>(value.data));
    default: return ToDisplayString(value);
  }
}

}  // namespace medallion::sql
