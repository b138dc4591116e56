#pragma once

#include <string>
#include <vector>

#include "base/data_type.h"
#include "scalar_function.h"

// The `spark_…` scalar functions: what DuckDB's own operators do not say exactly. All of a fixed
// signature are registered when the database opens; those over DECIMAL, whose types carry numbers,
// when a query first needs them.

namespace medallion::duckdb {

std::vector<ScalarFunction> CastFunctions();
std::vector<ScalarFunction> MathFunctions();
std::vector<ScalarFunction> RegexFunctions();
std::vector<ScalarFunction> TextFunctions();
std::vector<ScalarFunction> TimeFunctions();

enum class DecimalOperation {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kIntegerDivide,  // to BIGINT
  kRemainder,
  kPositiveRemainder,
  kOfString,
  kTryOfString,
  kOfDouble,
  kTryOfDouble,
  kOfFloat,
  kTryOfFloat,
  kRound,  // (DECIMAL, INTEGER digits), half up; also for digits before the point
  kRoundHalfEven,
  kCeil,
  kFloor,
};

// A function over decimals. `left` and `right` are its operands' types where it has any.
struct DecimalFunction {
  DecimalOperation operation = DecimalOperation::kAdd;
  DataType left;
  DataType right;
  DataType result;

  // Unique: `spark_decimal_divide_10_2_5_0_16_8`.
  std::string Name() const;
  ScalarFunction Make() const;
};

}  // namespace medallion::duckdb
