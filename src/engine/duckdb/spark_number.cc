#include "spark_number.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace medallion::duckdb {
namespace {

// value = ± digits × 10^exponent, digits without leading zeros (or "0").
struct ShortestDigits {
  bool negative = false;
  std::string digits;
  int exponent = 0;
};

template <class T>
ShortestDigits ShortestDigitsOf(T value) {
  char buffer[64];
  auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  ShortestDigits result;
  const char* at = buffer;
  if (*at == '-') {
    result.negative = true;
    ++at;
  }
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') {
      result.digits += *at;
    }
  }
  int exponent = 0;
  const char* first = at + 1;
  std::from_chars(*first == '+' ? first + 1 : first, end, exponent);
  result.exponent = exponent - static_cast<int>(result.digits.size()) + 1;
  return result;
}

// Java prints at least two digits, and of the two-digit decimals the nearest: 4.9E-324.
template <class T>
ShortestDigits JavaDigitsOf(T value) {
  ShortestDigits shortest = ShortestDigitsOf(value);
  if (shortest.digits.size() > 1) {
    return shortest;
  }
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific, 1).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const size_t point = text.find('.');
  const std::string two = std::string(1, text[point - 1]) + text[point + 1];
  return {shortest.negative, two, shortest.exponent + static_cast<int>(shortest.digits.size()) - 2};
}

template <class T>
std::string FormatReal(T value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "Infinity" : "-Infinity";
  }
  if (value == 0) {
    return std::signbit(value) ? "-0.0" : "0.0";
  }
  const T magnitude = std::abs(value);
  const bool plain = magnitude >= T(1e-3) && magnitude < T(1e7);
  const ShortestDigits shortest = plain ? ShortestDigitsOf(value) : JavaDigitsOf(value);
  const std::string& digits = shortest.digits;
  const int count = static_cast<int>(digits.size());
  const int point = count + shortest.exponent;  // digits before the decimal point
  std::string text = shortest.negative ? "-" : "";
  if (!plain) {
    const std::string fraction = count > 1 ? digits.substr(1) : "0";
    return text + digits[0] + "." + fraction + "E" + std::to_string(point - 1);
  }
  if (point <= 0) {
    return text + "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  }
  if (point >= count) {
    return text + digits + std::string(static_cast<size_t>(point - count), '0') + ".0";
  }
  return text + digits.substr(0, static_cast<size_t>(point)) + "." +
         digits.substr(static_cast<size_t>(point));
}

template <class T>
std::optional<int128_t> DecimalOfReal(T value, int precision, int scale) {
  if (!std::isfinite(value)) {
    return std::nullopt;
  }
  const ShortestDigits shortest = ShortestDigitsOf(value);
  const int shift = shortest.exponent + scale;  // unscaled = digits × 10^shift
  if (static_cast<int>(shortest.digits.size()) + shift > precision) {
    if (value != 0) {
      return std::nullopt;
    }
  }
  int128_t unscaled = 0;
  std::string digits = shortest.digits;
  if (shift >= 0) {
    digits += std::string(static_cast<size_t>(value == 0 ? 0 : shift), '0');
  }
  const int kept = std::min(static_cast<int>(digits.size()),
                            static_cast<int>(digits.size()) + std::min(shift, 0));
  for (int i = 0; i < kept; ++i) {
    unscaled = unscaled * 10 + (digits[static_cast<size_t>(i)] - '0');
  }
  // kept is the place of the first digit cut off; below zero, the value is under a tenth of a unit.
  if (shift < 0 && kept >= 0 && digits[static_cast<size_t>(kept)] >= '5') {
    ++unscaled;
  }
  int128_t limit = 1;
  for (int i = 0; i < precision; ++i) {
    limit *= 10;
  }
  if (unscaled >= limit) {
    return std::nullopt;
  }
  return shortest.negative ? -unscaled : unscaled;
}

}  // namespace

std::string_view TrimForCast(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::optional<int64_t> ParseInteger(std::string_view text, int64_t min, int64_t max) {
  text = TrimForCast(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) {
      return std::nullopt;
    }
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < min || value > max) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> ParseDouble(std::string_view text) {
  text = TrimForCast(text);
  const std::string lower = ToLower(text);
  if (lower == "nan") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (lower == "inf" || lower == "+inf" || lower == "infinity" || lower == "+infinity") {
    return std::numeric_limits<double>::infinity();
  }
  if (lower == "-inf" || lower == "-infinity") {
    return -std::numeric_limits<double>::infinity();
  }
  // Java takes a type suffix; Spark keeps that for casts.
  if (text.size() > 1 && (lower.back() == 'd' || lower.back() == 'f')) {
    text.remove_suffix(1);
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() == sign || (text[sign] != '.' && (text[sign] < '0' || text[sign] > '9'))) {
    return std::nullopt;  // from_chars would take `inf` and `nan(…)` too
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) {
    // Beyond the range Java gives an infinity, below it a zero: the exponent's sign decides.
    const size_t exponent = lower.find("e-");
    const double limit =
        exponent == std::string::npos ? std::numeric_limits<double>::infinity() : 0.0;
    return sign == 1 ? -limit : limit;
  }
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<bool> ParseBoolean(std::string_view text) {
  const std::string lower = ToLower(TrimForCast(text));
  if (lower == "t" || lower == "true" || lower == "y" || lower == "yes" || lower == "1") {
    return true;
  }
  if (lower == "f" || lower == "false" || lower == "n" || lower == "no" || lower == "0") {
    return false;
  }
  return std::nullopt;
}

std::string FormatDouble(double value) { return FormatReal(value); }
std::string FormatFloat(float value) { return FormatReal(value); }

std::optional<int128_t> DecimalOfDouble(double value, int precision, int scale) {
  return DecimalOfReal(value, precision, scale);
}
std::optional<int128_t> DecimalOfFloat(float value, int precision, int scale) {
  return DecimalOfReal(static_cast<double>(value), precision, scale);
}

double RoundDouble(double value, int digits, Rounding rounding) {
  if (!std::isfinite(value) || value == 0) {
    return value;
  }
  const ShortestDigits shortest = ShortestDigitsOf(value);
  const int cut = -digits - shortest.exponent;  // number of trailing digits to round away
  if (cut <= 0) {
    return value;
  }
  const int count = static_cast<int>(shortest.digits.size());
  if (cut > count) {
    return std::signbit(value) ? -0.0 : 0.0;
  }
  std::string kept = "0" + shortest.digits.substr(0, static_cast<size_t>(count - cut));
  const std::string rest = shortest.digits.substr(static_cast<size_t>(count - cut));
  const bool tie = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string::npos;
  const bool odd = (kept.back() - '0') % 2 != 0;
  const bool up = rest[0] >= '5' && (rounding == Rounding::kHalfUp || !tie || odd);
  if (up) {
    size_t i = kept.size() - 1;
    while (kept[i] == '9') {
      kept[i--] = '0';
    }
    ++kept[i];
  }
  const std::string text = kept + "e" + std::to_string(-digits);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return shortest.negative ? -result : result;
}

}  // namespace medallion::duckdb
