#include "decimal_arithmetic.h"

#include <algorithm>
#include <array>

namespace medallion::duckdb {
namespace {

__extension__ using uint128_t = unsigned __int128;

// An unsigned 256-bit integer: enough for 10^76, the product of two 38-digit numbers.
struct Wide {
  uint128_t high = 0;
  uint128_t low = 0;

  friend bool operator==(const Wide&, const Wide&) = default;
};

bool Less(const Wide& a, const Wide& b) {
  return a.high != b.high ? a.high < b.high : a.low < b.low;
}

Wide Add(const Wide& a, const Wide& b) {
  Wide sum{a.high + b.high, a.low + b.low};
  if (sum.low < a.low) {
    ++sum.high;
  }
  return sum;
}

Wide Subtract(const Wide& a, const Wide& b) {
  Wide difference{a.high - b.high, a.low - b.low};
  if (a.low < b.low) {
    --difference.high;
  }
  return difference;
}

Wide Multiply(uint128_t a, uint128_t b) {
  const uint128_t mask = ~uint64_t{0};
  const uint128_t a0 = a & mask;
  const uint128_t a1 = a >> 64;
  const uint128_t b0 = b & mask;
  const uint128_t b1 = b >> 64;
  const uint128_t low = a0 * b0;
  const uint128_t middle = a1 * b0 + (low >> 64);  // fits: (2^64-1)^2 + 2^64-1 < 2^128
  const uint128_t middle_low = (middle & mask) + a0 * b1;
  return {a1 * b1 + (middle >> 64) + (middle_low >> 64), (middle_low << 64) | (low & mask)};
}

constexpr int kPowerMax = 38;

uint128_t PowerOfTen(int exponent) {
  static const auto powers = [] {
    std::array<uint128_t, kPowerMax + 1> table{};
    table[0] = 1;
    for (size_t i = 1; i < table.size(); ++i) {
      table[i] = table[i - 1] * 10;
    }
    return table;
  }();
  return powers[static_cast<size_t>(exponent)];
}

// value × 10^exponent, or nothing beyond 256 bits. Any value of at most 77 digits fits.
std::optional<Wide> Scale(Wide value, int exponent) {
  while (exponent > 0) {
    const int step = std::min(exponent, kPowerMax);
    const Wide low = Multiply(value.low, PowerOfTen(step));
    const Wide high = Multiply(value.high, PowerOfTen(step));
    if (high.high != 0 || high.low + low.high < high.low) {
      return std::nullopt;
    }
    value = {high.low + low.high, low.low};
    exponent -= step;
  }
  return value;
}

struct Quotient {
  Wide quotient;
  Wide remainder;
};

// Binary long division: one step per bit. Only values beyond 128 bits come here.
Quotient DivideSlowly(const Wide& dividend, const Wide& divisor) {
  Quotient result;
  for (int bit = 255; bit >= 0; --bit) {
    const bool carry = (result.remainder.high >> 127) != 0;
    result.remainder = Add(result.remainder, result.remainder);
    const uint128_t word = bit >= 128 ? dividend.high : dividend.low;
    result.remainder.low |= (word >> (bit % 128)) & 1;
    if (carry || !Less(result.remainder, divisor)) {
      result.remainder = Subtract(result.remainder, divisor);
      (bit >= 128 ? result.quotient.high : result.quotient.low) |= uint128_t{1} << (bit % 128);
    }
  }
  return result;
}

Quotient Divide(const Wide& dividend, const Wide& divisor) {
  if (dividend.high == 0 && divisor.high == 0) {
    return {{0, dividend.low / divisor.low}, {0, dividend.low % divisor.low}};
  }
  return DivideSlowly(dividend, divisor);
}

Wide DivideRounded(const Wide& dividend, const Wide& divisor) {
  Quotient result = Divide(dividend, divisor);
  // Half or more of the divisor rounds away from zero; the comparison avoids doubling.
  if (!Less(result.remainder, Subtract(divisor, result.remainder))) {
    result.quotient = Add(result.quotient, {0, 1});
  }
  return result.quotient;
}

uint128_t Magnitude(int128_t value) {
  return value < 0 ? -static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
}

std::optional<int128_t> Bounded(const Wide& magnitude, bool negative, int precision) {
  if (magnitude.high != 0 || magnitude.low >= PowerOfTen(precision)) {
    return std::nullopt;
  }
  const auto value = static_cast<int128_t>(magnitude.low);
  return negative ? -value : value;
}

// Brings a magnitude from one scale to another, rounding half up when digits go.
std::optional<Wide> Rescale(const Wide& value, int from, int to) {
  if (to >= from) {
    return Scale(value, to - from);
  }
  const std::optional<Wide> divisor = Scale({0, 1}, from - to);
  return divisor ? std::optional(DivideRounded(value, *divisor)) : std::nullopt;
}

}  // namespace

std::optional<int128_t> AddDecimals(Decimal a, Decimal b, int precision, int result_scale) {
  const int scale = std::max(a.scale, b.scale);
  const std::optional<Wide> left = Scale({0, Magnitude(a.unscaled)}, scale - a.scale);
  const std::optional<Wide> right = Scale({0, Magnitude(b.unscaled)}, scale - b.scale);
  if (!left || !right) {
    return std::nullopt;
  }
  const bool left_negative = a.unscaled < 0;
  const bool right_negative = b.unscaled < 0;
  Wide sum;
  bool negative = left_negative;
  if (left_negative == right_negative) {
    sum = Add(*left, *right);
  } else if (Less(*left, *right)) {
    sum = Subtract(*right, *left);
    negative = right_negative;
  } else {
    sum = Subtract(*left, *right);
  }
  const std::optional<Wide> rounded = Rescale(sum, scale, result_scale);
  return rounded ? Bounded(*rounded, negative, precision) : std::nullopt;
}

std::optional<int128_t> MultiplyDecimals(Decimal a, Decimal b, int precision, int result_scale) {
  const Wide product = Multiply(Magnitude(a.unscaled), Magnitude(b.unscaled));
  const std::optional<Wide> rounded = Rescale(product, a.scale + b.scale, result_scale);
  return rounded ? Bounded(*rounded, (a.unscaled < 0) != (b.unscaled < 0), precision)
                 : std::nullopt;
}

std::optional<int128_t> DivideDecimals(Decimal a, Decimal b, int precision, int result_scale) {
  const int shift = result_scale - a.scale + b.scale;
  const std::optional<Wide> dividend = Scale({0, Magnitude(a.unscaled)}, std::max(shift, 0));
  const std::optional<Wide> divisor = Scale({0, Magnitude(b.unscaled)}, std::max(-shift, 0));
  if (!dividend || !divisor) {
    return std::nullopt;
  }
  return Bounded(DivideRounded(*dividend, *divisor), (a.unscaled < 0) != (b.unscaled < 0),
                 precision);
}

std::optional<int128_t> DivideDecimalsToInteger(Decimal a, Decimal b) {
  const int scale = std::max(a.scale, b.scale);
  const std::optional<Wide> dividend = Scale({0, Magnitude(a.unscaled)}, scale - a.scale);
  const std::optional<Wide> divisor = Scale({0, Magnitude(b.unscaled)}, scale - b.scale);
  if (!dividend || !divisor) {
    return std::nullopt;
  }
  return Bounded(Divide(*dividend, *divisor).quotient, (a.unscaled < 0) != (b.unscaled < 0),
                 kPowerMax);
}

std::optional<int128_t> DecimalRemainder(Decimal a, Decimal b, int precision, int result_scale) {
  const int scale = std::max(a.scale, b.scale);
  const std::optional<Wide> dividend = Scale({0, Magnitude(a.unscaled)}, scale - a.scale);
  const std::optional<Wide> divisor = Scale({0, Magnitude(b.unscaled)}, scale - b.scale);
  if (!dividend || !divisor) {
    return std::nullopt;
  }
  const std::optional<Wide> rounded =
      Rescale(Divide(*dividend, *divisor).remainder, scale, result_scale);
  return rounded ? Bounded(*rounded, a.unscaled < 0, precision) : std::nullopt;
}

}  // namespace medallion::duckdb
