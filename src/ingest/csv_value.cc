#include "csv_value.h"

#include <array>
#include <charconv>
#include <limits>

#include "base/civil_time.h"
#include "base/text.h"

namespace medallion::ingest {
namespace {

constexpr std::array<int64_t, 19> kPowersOfTen = [] {
  std::array<int64_t, 19> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) {
    powers[i] = powers[i - 1] * 10;
  }
  return powers;
}();

// A sign that `text` begins with is taken off; true for a minus.
bool TakeSign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) {
    return false;
  }
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// Takes between `least` and `most` digits off `text`.
std::optional<int> TakeNumber(std::string_view& text, size_t least, size_t most) {
  size_t count = 0;
  int value = 0;
  while (count < text.size() && count < most && IsDigit(text[count])) {
    value = value * 10 + (text[count] - '0');
    ++count;
  }
  if (count < least) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return value;
}

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month) - 1];
}

// `whole` turns false for a year or a month alone, which Spark takes for its first day.
std::optional<int32_t> TakeDate(std::string_view& text, bool& whole) {
  const std::optional<int> year = TakeNumber(text, 4, 4);
  if (!year || *year == 0) {
    return std::nullopt;
  }
  if (text.empty()) {
    whole = false;
    return DaysFromCivil(*year, 1, 1);
  }
  if (!TakeChar(text, '-')) {
    return std::nullopt;
  }
  const std::optional<int> month = TakeNumber(text, 1, 2);
  if (!month || *month < 1 || *month > 12) {
    return std::nullopt;
  }
  if (text.empty()) {
    whole = false;
    return DaysFromCivil(*year, *month, 1);
  }
  if (!TakeChar(text, '-')) {
    return std::nullopt;
  }
  const std::optional<int> day = TakeNumber(text, 1, 2);
  if (!day || *day < 1 || *day > DaysInMonth(*year, *month)) {
    return std::nullopt;
  }
  return DaysFromCivil(*year, *month, *day);
}

// The fraction after the point, in microseconds.
std::optional<int> TakeFraction(std::string_view& text, bool& exact) {
  size_t count = 0;
  int micros = 0;
  while (count < text.size() && IsDigit(text[count])) {
    if (count < 6) {
      micros = micros * 10 + (text[count] - '0');
    } else {
      exact = exact && text[count] == '0';
    }
    ++count;
  }
  if (count == 0 || count > 9) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  for (; count < 6; ++count) {
    micros *= 10;
  }
  return micros;
}

std::optional<int64_t> TakeTime(std::string_view& text, bool& exact) {
  const std::optional<int> hour = TakeNumber(text, 1, 2);
  if (!hour || *hour > 23 || !TakeChar(text, ':')) {
    return std::nullopt;
  }
  const std::optional<int> minute = TakeNumber(text, 1, 2);
  if (!minute || *minute > 59) {
    return std::nullopt;
  }
  int64_t micros = (*hour * 60LL + *minute) * 60'000'000;
  if (!TakeChar(text, ':')) {
    return micros;
  }
  const std::optional<int> second = TakeNumber(text, 1, 2);
  if (!second || *second > 59) {
    return std::nullopt;
  }
  micros += *second * 1'000'000LL;
  if (TakeChar(text, '.')) {
    const std::optional<int> fraction = TakeFraction(text, exact);
    if (!fraction) {
      return std::nullopt;
    }
    micros += *fraction;
  }
  return micros;
}

// The offset from UTC in seconds that all of `text` says.
std::optional<int> ParseZone(std::string_view text) {
  text = Trim(text);
  if (text.empty() || text == "Z" || text == "UTC" || text == "GMT") {
    return 0;
  }
  if (text.front() != '+' && text.front() != '-') {
    return std::nullopt;
  }
  const bool negative = TakeSign(text);
  const std::optional<int> hours = TakeNumber(text, 1, 2);
  if (!hours || *hours > 18) {
    return std::nullopt;
  }
  int minutes = 0;
  if (!text.empty()) {
    TakeChar(text, ':');
    const std::optional<int> given = TakeNumber(text, 2, 2);
    if (!given || *given > 59) {
      return std::nullopt;
    }
    minutes = *given;
  }
  const int seconds = (*hours * 60 + minutes) * 60;
  return text.empty() ? std::optional<int>(negative ? -seconds : seconds) : std::nullopt;
}

// Whether the last `count` decimal digits are zeros, so that nothing is lost without them.
bool EndsInZeros(int128_t unscaled, int count) {
  for (; count > 0 && unscaled != 0; --count) {
    if (unscaled % 10 != 0) {
      return false;
    }
    unscaled /= 10;
  }
  return true;
}

Parsed ParseDecimalSlowly(std::string_view text, int precision, int scale, int128_t& unscaled) {
  const std::optional<Decimal> decimal = Decimal::Parse(text);
  if (!decimal) {
    return Parsed::kInvalid;
  }
  const std::optional<Decimal> scaled = decimal->Rescale(precision, scale);
  if (!scaled) {
    return Parsed::kInvalid;
  }
  unscaled = scaled->unscaled;
  return EndsInZeros(decimal->unscaled, decimal->scale - scale) ? Parsed::kExact : Parsed::kInexact;
}

}  // namespace

Parsed ParseBoolean(std::string_view text, int64_t& value) {
  if (EqualsIgnoreCase(text, "true")) {
    value = 1;
    return Parsed::kExact;
  }
  value = 0;
  return EqualsIgnoreCase(text, "false") ? Parsed::kExact : Parsed::kInvalid;
}

Parsed ParseInteger(std::string_view text, TypeKind kind, int64_t& value) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (text.empty() || !IsDigit(text.front())) {
      return Parsed::kInvalid;
    }
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Parsed::kInvalid;
  }
  const int bits = kind == TypeKind::kByte      ? 8
                   : kind == TypeKind::kShort   ? 16
                   : kind == TypeKind::kInteger ? 32
                                                : 64;
  const int64_t most = std::numeric_limits<int64_t>::max() >> (64 - bits);
  return value <= most && value >= -most - 1 ? Parsed::kExact : Parsed::kInvalid;
}

Parsed ParseDecimal(std::string_view text, int precision, int scale, int64_t& unscaled) {
  // The plain form with at most 18 digits, by far the most common.
  std::string_view rest = text;
  const bool negative = TakeSign(rest);
  int64_t digits = 0;
  int fraction_digits = -1;
  bool plain = !rest.empty() && rest.size() <= 18;
  for (const char c : rest) {
    if (IsDigit(c)) {
      digits = plain ? digits * 10 + (c - '0') : 0;
      fraction_digits += fraction_digits >= 0 ? 1 : 0;
    } else if (c == '.' && fraction_digits < 0) {
      fraction_digits = 0;
    } else {
      plain = false;
      break;
    }
  }
  const int read_scale = std::max(fraction_digits, 0);
  plain = plain && (rest.size() > 1 || IsDigit(rest.front())) && read_scale <= scale;
  if (plain) {
    const int64_t factor = kPowersOfTen[static_cast<size_t>(scale - read_scale)];
    const int64_t limit = kPowersOfTen[static_cast<size_t>(precision)];
    if (digits > (limit - 1) / factor) {
      return Parsed::kInvalid;
    }
    unscaled = negative ? -digits * factor : digits * factor;
    return Parsed::kExact;
  }
  int128_t wide = 0;
  const Parsed parsed = ParseDecimalSlowly(text, precision, scale, wide);
  unscaled = static_cast<int64_t>(wide);
  return parsed;
}

Parsed ParseWideDecimal(std::string_view text, int precision, int scale, int128_t& unscaled) {
  return ParseDecimalSlowly(text, precision, scale, unscaled);
}

Parsed ParseDouble(std::string_view text, TypeKind kind, double& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
    return Parsed::kExact;
  }
  if (text == "Inf" || text == "Infinity" || text == "-Inf" || text == "-Infinity") {
    value = text.front() == '-' ? -kInfinity : kInfinity;
    return Parsed::kExact;
  }
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
  }
  // from_chars would also take `inf`, `nan` and their kin, which Spark does not.
  const size_t first = !text.empty() && text.front() == '-' ? 1 : 0;
  if (first >= text.size() || (!IsDigit(text[first]) && text[first] != '.')) {
    return Parsed::kInvalid;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Parsed::kInvalid;
  }
  if (kind == TypeKind::kFloat) {
    value = static_cast<double>(static_cast<float>(value));
  }
  return Parsed::kExact;
}

Parsed ParseDate(std::string_view text, int64_t& days) {
  text = Trim(text);
  bool whole = true;
  const std::optional<int32_t> date = TakeDate(text, whole);
  if (!date) {
    return Parsed::kInvalid;
  }
  days = *date;
  if (text.empty()) {
    return whole ? Parsed::kExact : Parsed::kInexact;
  }
  return text.front() == 'T' || text.front() == ' ' ? Parsed::kInexact : Parsed::kInvalid;
}

Parsed ParseTimestamp(std::string_view text, TypeKind kind, int64_t& micros) {
  text = Trim(text);
  bool exact = true;
  const std::optional<int32_t> date = TakeDate(text, exact);
  if (!date) {
    return Parsed::kInvalid;
  }
  micros = *date * kMicrosPerDay;
  if (text.empty()) {
    return exact ? Parsed::kExact : Parsed::kInexact;
  }
  if (!TakeChar(text, 'T') && !TakeChar(text, ' ')) {
    return Parsed::kInvalid;
  }
  const std::optional<int64_t> time = TakeTime(text, exact);
  if (!time || (kind == TypeKind::kTimestampNtz && !text.empty())) {
    return Parsed::kInvalid;
  }
  const std::optional<int> zone = ParseZone(text);
  if (!zone) {
    return Parsed::kInvalid;
  }
  micros += *time - *zone * 1'000'000LL;
  return exact ? Parsed::kExact : Parsed::kInexact;
}

}  // namespace medallion::ingest
