#include "base/value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "base/civil_time.h"
#include "base/schema.h"

namespace medallion {
namespace {

// Java's Double.toString: plain notation from 10^-3 to below 10^7, else `d.dddE±n`, always with a
// digit after the point; the shortest digits that read back to the same number.
template <class Float>
std::string FormatJavaFloat(Float value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "Infinity" : "-Infinity";
  }
  std::array<char, 64> buffer{};
  const Float magnitude = std::fabs(value);
  const bool plain = magnitude == 0 || (magnitude >= Float(1e-3) && magnitude < Float(1e7));
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer.data(), end);
  if (plain) {
    return text.find('.') == std::string::npos ? text + ".0" : text;
  }
  const size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  mantissa += mantissa.find('.') == std::string::npos ? ".0" : "";
  return fmt::format("{}E{}", mantissa, std::atoi(text.c_str() + e + 1));
}

// Spark drops trailing zeros of the fraction: `2026-05-01 09:00:00.5`.
std::string FormatTimestamp(int64_t micros) {
  std::string text = FormatIsoTimestampMicros(micros);
  text[10] = ' ';
  text.pop_back();  // Z
  const size_t last = text.find_last_not_of('0');
  return text.substr(0, text[last] == '.' ? last : last + 1);
}

std::string FormatYearMonthInterval(int64_t months) {
  const int64_t magnitude = months < 0 ? -months : months;
  return fmt::format("INTERVAL '{}{}-{}' YEAR TO MONTH", months < 0 ? "-" : "", magnitude / 12,
                     magnitude % 12);
}

std::string FormatDayTimeInterval(int64_t micros) {
  const bool negative = micros < 0;
  const uint64_t magnitude =
      negative ? ~static_cast<uint64_t>(micros) + 1 : static_cast<uint64_t>(micros);
  const uint64_t seconds = magnitude / 1'000'000;
  std::string text =
      fmt::format("INTERVAL '{}{} {:02}:{:02}:{:02}", negative ? "-" : "", seconds / 86400,
                  seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  if (const uint64_t fraction = magnitude % 1'000'000; fraction != 0) {
    std::string digits = fmt::format(".{:06}", fraction);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += digits;
  }
  return text + "' DAY TO SECOND";
}

std::string FormatInt64(const DataType& type, int64_t value) {
  switch (type.kind()) {
    case TypeKind::kDate: return FormatIsoDate(static_cast<int32_t>(value));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return FormatTimestamp(value);
    case TypeKind::kYearMonthInterval: return FormatYearMonthInterval(value);
    case TypeKind::kDayTimeInterval: return FormatDayTimeInterval(value);
    default: return std::to_string(value);
  }
}

std::string DisplayMember(const Value& value) {
  return value.is_null() ? "null" : ToDisplayString(value);
}

std::string FormatList(const Value& value, const Value::List& list) {
  const bool is_map = value.type.Is(TypeKind::kMap);
  std::string text;
  for (size_t i = 0; i < list.size(); ++i) {
    text += i == 0 ? "" : (is_map && i % 2 == 1 ? " -> " : ", ");
    text += DisplayMember(list[i]);
  }
  return value.type.Is(TypeKind::kArray) ? "[" + text + "]" : "{" + text + "}";
}

}  // namespace

std::string ToDisplayString(const Value& value) {
  struct Visitor {
    const Value& value;
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(int64_t v) const { return FormatInt64(value.type, v); }
    std::string operator()(double v) const {
      return value.type.Is(TypeKind::kFloat) ? FormatJavaFloat(static_cast<float>(v))
                                             : FormatJavaFloat(v);
    }
    std::string operator()(const Decimal& v) const { return v.ToString(); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const Value::List& v) const { return FormatList(value, v); }
  };
  return std::visit(Visitor{value}, value.data);
}

}  // namespace medallion
