#pragma once

#include <optional>

#include "base/decimal.h"

// Decimal operators whose intermediate results may need more than 128 bits. Operands and results
// are unscaled integers; every result is rounded half up (away from zero) to `result_scale`.

namespace medallion::duckdb {

// Nothing if the result needs more than `precision` digits.
std::optional<int128_t> AddDecimals(Decimal a, Decimal b, int precision, int result_scale);
std::optional<int128_t> MultiplyDecimals(Decimal a, Decimal b, int precision, int result_scale);
// b ≠ 0.
std::optional<int128_t> DivideDecimals(Decimal a, Decimal b, int precision, int result_scale);
// The quotient cut toward zero; b ≠ 0.
std::optional<int128_t> DivideDecimalsToInteger(Decimal a, Decimal b);
// The remainder with the sign of a; b ≠ 0. Exact at scale max(a.scale, b.scale), then rounded.
std::optional<int128_t> DecimalRemainder(Decimal a, Decimal b, int precision, int result_scale);

}  // namespace medallion::duckdb
