#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"

// Spark's rules for numbers and booleans as text, without DuckDB.
// Source: Spark 4 `UTF8String.toLong`, `Cast.castToDecimal`, `RoundBase`, `Double.toString` of
// Java 19.

namespace medallion::duckdb {

// Removes what Spark trims before a cast: blanks and control characters up to U+0020, and DEL.
std::string_view TrimForCast(std::string_view text);

// A whole number, optionally signed; no fraction, no exponent. Nothing if malformed or outside
// [min, max].
std::optional<int64_t> ParseInteger(std::string_view text, int64_t min, int64_t max);
// Java's Double.parseDouble plus Spark's `inf`, `infinity` and `nan` in any letter case.
std::optional<double> ParseDouble(std::string_view text);
std::optional<bool> ParseBoolean(std::string_view text);

// `1.0`, `1.0E7`, `1.5E-4`, `NaN`, `Infinity`: the shortest digits that give the value back.
std::string FormatDouble(double value);
std::string FormatFloat(float value);

// The decimal that Spark makes of a double: of its shortest digits. Nothing for NaN and infinities,
// or if it has more digits than 38 after rounding to `scale`.
std::optional<int128_t> DecimalOfDouble(double value, int precision, int scale);
std::optional<int128_t> DecimalOfFloat(float value, int precision, int scale);

enum class Rounding { kHalfUp, kHalfEven };
// Rounds the shortest digits of `value` to `digits` places after (or, negative, before) the point.
double RoundDouble(double value, int digits, Rounding rounding);

}  // namespace medallion::duckdb
