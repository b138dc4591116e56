#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medallion {

__extension__ using int128_t = __int128;

// An exact decimal number: unscaled × 10^-scale, at most 38 digits.
struct Decimal {
  int128_t unscaled = 0;
  int scale = 0;

  // Reads `-12.50`, `+3`, `.5`, `1e-3`. Nothing for other text or more than 38 digits.
  static std::optional<Decimal> Parse(std::string_view text);

  // The same value with `scale` digits after the point, rounded half up (away from zero), as Spark
  // casts. Nothing if it needs more than `precision` digits.
  std::optional<Decimal> Rescale(int precision, int scale) const;

  // Number of decimal digits of the unscaled value; 1 for zero.
  int Digits() const;
  // Plain notation with exactly `scale` digits after the point: `-12.50`.
  std::string ToString() const;

  // The nearest double.
  double ToDouble() const;

  // Equal only with equal scale: 1.0 and 1.00 are different texts.
  friend bool operator==(const Decimal& a, const Decimal& b) = default;
};

}  // namespace medallion
