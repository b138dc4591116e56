#include "base/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.h"
#include "base/text.h"

namespace medallion {
namespace {

constexpr int kDigitsMax = 38;

constexpr std::array<int128_t, kDigitsMax + 1> MakePowersOfTen() {
  std::array<int128_t, kDigitsMax + 1> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) {
    powers[i] = powers[i - 1] * 10;
  }
  return powers;
}
constexpr std::array<int128_t, kDigitsMax + 1> kPowersOfTen = MakePowersOfTen();

// Exponents beyond this cannot name a number of 38 digits; it also bounds the arithmetic on them.
constexpr int kExponentMax = 10'000;

// Reads the exponent after `e`; nothing if it is malformed.
std::optional<int> ParseExponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || !std::all_of(text.begin(), text.end(), IsDigit)) {
    return std::nullopt;
  }
  int exponent = 0;
  for (const char c : text) {
    exponent = std::min(kExponentMax, exponent * 10 + (c - '0'));
  }
  return negative ? -exponent : exponent;
}

int128_t Negate(int128_t value, bool negative) { return negative ? -value : value; }

}  // namespace

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  int exponent = 0;
  if (const size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    const std::optional<int> parsed = ParseExponent(text.substr(e + 1));
    if (!parsed) {
      return std::nullopt;
    }
    exponent = *parsed;
    text = text.substr(0, e);
  }
  int128_t unscaled = 0;
  int significant_digits = 0;
  int scale = 0;
  bool point_seen = false;
  bool digit_seen = false;
  for (const char c : text) {
    if (c == '.' && !point_seen) {
      point_seen = true;
      continue;
    }
    if (!IsDigit(c)) {
      return std::nullopt;
    }
    digit_seen = true;
    significant_digits += significant_digits > 0 || c != '0' ? 1 : 0;
    if (significant_digits > kDigitsMax) {
      return std::nullopt;
    }
    unscaled = unscaled * 10 + (c - '0');
    scale += point_seen ? 1 : 0;
  }
  if (!digit_seen) {
    return std::nullopt;
  }
  scale -= exponent;
  if (scale < 0) {  // 12e3: bring it to scale 0
    if (unscaled != 0 && significant_digits - scale > kDigitsMax) {
      return std::nullopt;
    }
    unscaled = unscaled == 0 ? 0 : unscaled * kPowersOfTen[static_cast<size_t>(-scale)];
    scale = 0;
  }
  return Decimal{Negate(unscaled, negative), scale};
}

std::optional<Decimal> Decimal::Rescale(int precision, int new_scale) const {
  CHECK(precision >= 1 && precision <= kDigitsMax && new_scale >= 0 && new_scale <= precision);
  int128_t value = unscaled;
  if (new_scale >= scale) {
    const int shift = new_scale - scale;
    if (value != 0 && (shift > kDigitsMax || Digits() + shift > kDigitsMax)) {
      return std::nullopt;
    }
    value = value == 0 ? 0 : value * kPowersOfTen[static_cast<size_t>(shift)];
  } else {
    const int shift = scale - new_scale;
    if (shift > kDigitsMax) {
      value = 0;
    } else {
      const bool negative = value < 0;
      const int128_t divisor = kPowersOfTen[static_cast<size_t>(shift)];
      const int128_t magnitude = negative ? -value : value;
      const int128_t remainder = magnitude % divisor;
      const bool up =
          remainder >= divisor - remainder;  // half up, without doubling beyond 128 bits
      value = Negate(magnitude / divisor + (up ? 1 : 0), negative);
    }
  }
  const Decimal result{value, new_scale};
  return result.Digits() <= precision ? std::optional<Decimal>(result) : std::nullopt;
}

int Decimal::Digits() const {
  const int128_t magnitude = unscaled < 0 ? -unscaled : unscaled;
  const auto above = std::upper_bound(kPowersOfTen.begin() + 1, kPowersOfTen.end(), magnitude);
  return static_cast<int>(above - kPowersOfTen.begin());
}

std::string Decimal::ToString() const {
  std::string digits;
  int128_t magnitude = unscaled < 0 ? -unscaled : unscaled;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  while (static_cast<int>(digits.size()) <= scale) {
    digits.push_back('0');
  }
  if (scale > 0) {
    digits.insert(digits.begin() + scale,
                  '.');  // the overload for text trips GCC 12's -Wstringop-overflow
  }
  if (unscaled < 0) {
    digits.push_back('-');
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

double Decimal::ToDouble() const {
  const std::string text = ToString();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace medallion
