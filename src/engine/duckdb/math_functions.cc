#include <algorithm>
#include <cmath>
#include <limits>

#include "spark_functions.h"
#include "spark_number.h"

namespace medallion::duckdb {
namespace {

std::nullopt_t RaiseDivideByZero(Failure& failure) {
  return failure.Raise("DIVIDE_BY_ZERO", "division by zero; use `try_divide` to get NULL instead");
}
std::nullopt_t RaiseRemainderByZero(Failure& failure) {
  return failure.Raise("REMAINDER_BY_ZERO", "remainder by zero; use `try_mod` to get NULL instead");
}

std::optional<double> Divide(Failure& failure, double a, double b) {
  return b == 0 ? std::optional<double>(RaiseDivideByZero(failure)) : a / b;
}

std::optional<int64_t> IntegerDivide(Failure& failure, int64_t a, int64_t b) {
  if (b == 0) {
    return RaiseDivideByZero(failure);
  }
  if (a == std::numeric_limits<int64_t>::min() && b == -1) {
    return failure.Raise("ARITHMETIC_OVERFLOW", "overflow in integral divide");
  }
  return a / b;
}

std::optional<int64_t> Remainder(Failure& failure, int64_t a, int64_t b) {
  if (b == 0) {
    return RaiseRemainderByZero(failure);
  }
  return b == -1 ? 0 : a % b;
}

std::optional<double> RemainderOfDoubles(Failure& failure, double a, double b) {
  return b == 0 ? std::optional<double>(RaiseRemainderByZero(failure)) : std::fmod(a, b);
}

std::optional<int64_t> PositiveRemainder(Failure& failure, int64_t a, int64_t n) {
  const std::optional<int64_t> r = Remainder(failure, a, n);
  return r && *r < 0 ? Remainder(failure, *r + n, n) : r;
}

std::optional<double> PositiveRemainderOfDoubles(Failure& failure, double a, double n) {
  const std::optional<double> r = RemainderOfDoubles(failure, a, n);
  return r && *r < 0 ? RemainderOfDoubles(failure, *r + n, n) : r;
}

std::optional<double> Round(Failure&, double value, int32_t digits) {
  return RoundDouble(value, digits, Rounding::kHalfUp);
}
std::optional<double> RoundHalfEven(Failure&, double value, int32_t digits) {
  return RoundDouble(value, digits, Rounding::kHalfEven);
}

// Rounds an integer to tens, hundreds …; `digits` ≥ 0 changes nothing.
std::optional<int64_t> RoundInteger(Failure& failure, int64_t value, int32_t digits,
                                    Rounding rounding) {
  if (digits >= 0) {
    return value;
  }
  if (digits < -18) {
    return 0;
  }
  int128_t unit = 1;
  for (int i = 0; i < -digits; ++i) {
    unit *= 10;
  }
  int128_t quotient = value / unit;
  const int128_t remainder = value % unit;
  const int128_t twice = 2 * (remainder < 0 ? -remainder : remainder);
  if (twice > unit || (twice == unit && (rounding == Rounding::kHalfUp || quotient % 2 != 0))) {
    quotient += value < 0 ? -1 : 1;
  }
  const int128_t result = quotient * unit;
  if (result > std::numeric_limits<int64_t>::max() ||
      result < std::numeric_limits<int64_t>::min()) {
    return failure.Raise("ARITHMETIC_OVERFLOW", "overflow in round");
  }
  return static_cast<int64_t>(result);
}
std::optional<int64_t> RoundIntegerHalfUp(Failure& failure, int64_t value, int32_t digits) {
  return RoundInteger(failure, value, digits, Rounding::kHalfUp);
}
std::optional<int64_t> RoundIntegerHalfEven(Failure& failure, int64_t value, int32_t digits) {
  return RoundInteger(failure, value, digits, Rounding::kHalfEven);
}

std::optional<double> CubeRoot(Failure&, double value) {
  // In extended precision first: the double routine of the C library may be one unit off.
  return static_cast<double>(std::cbrt(static_cast<long double>(value)));
}
std::optional<double> Hypotenuse(Failure&, double a, double b) { return std::hypot(a, b); }
std::optional<double> ExpMinusOne(Failure&, double value) { return std::expm1(value); }
std::optional<double> LogOfOnePlus(Failure&, double value) { return std::log1p(value); }

// Percentile over the non-NULL members of a list. Spark 4.3 interpolates low + (high - low) ×
// fraction; DuckDB's quantile_cont has low × (1 - fraction) + high × fraction, whose last bit may
// differ.
void RunPercentile(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure&) {
  const InputVector lists(input, 0);
  const InputVector fractions(input, 1);
  const InputVector members(duckdb_list_vector_get_child(lists.vector()));
  // NaN sorts last, as Spark orders doubles.
  const auto less = [](double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; };
  std::vector<double> values;
  for (idx_t row = 0; row < rows; ++row) {
    values.clear();
    if (!lists.IsNull(row)) {
      const auto entry = lists.Get<duckdb_list_entry>(row);
      for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
        if (!members.IsNull(i)) {
          values.push_back(members.Get<double>(i));
        }
      }
    }
    if (values.empty() || fractions.IsNull(row)) {
      output.SetNull(row);
      continue;
    }
    const double position = static_cast<double>(values.size() - 1) * fractions.Get<double>(row);
    const double lower = std::floor(position);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(lower);
    std::nth_element(values.begin(), at, values.end(), less);
    double result = *at;
    if (position > lower) {
      const double high = *std::min_element(at + 1, values.end(), less);
      result = *at == high ? high : *at + (high - *at) * (position - lower);
    }
    output.Set(row, result);
  }
}

ScalarFunction PercentileFunction() {
  ScalarFunction function;
  function.name = "spark_percentile";
  function.parameters.push_back(MakeListType(DUCKDB_TYPE_DOUBLE));
  function.parameters.push_back(MakeType(DUCKDB_TYPE_DOUBLE));
  function.result = MakeType(DUCKDB_TYPE_DOUBLE);
  function.run = RunPercentile;
  return function;
}

}  // namespace

std::vector<ScalarFunction> MathFunctions() {
  std::vector<ScalarFunction> functions;
  functions.push_back(RowWise("spark_divide", &Divide));
  functions.push_back(RowWise("spark_integer_divide", &IntegerDivide));
  functions.push_back(RowWise("spark_remainder", &Remainder));
  functions.push_back(RowWise("spark_remainder_double", &RemainderOfDoubles));
  functions.push_back(RowWise("spark_positive_remainder", &PositiveRemainder));
  functions.push_back(RowWise("spark_positive_remainder_double", &PositiveRemainderOfDoubles));
  functions.push_back(RowWise("spark_round", &Round));
  functions.push_back(RowWise("spark_round_half_even", &RoundHalfEven));
  functions.push_back(RowWise("spark_round_integer", &RoundIntegerHalfUp));
  functions.push_back(RowWise("spark_round_integer_half_even", &RoundIntegerHalfEven));
  functions.push_back(RowWise("spark_cbrt", &CubeRoot));
  functions.push_back(RowWise("spark_hypot", &Hypotenuse));
  functions.push_back(RowWise("spark_expm1", &ExpMinusOne));
  functions.push_back(RowWise("spark_log1p", &LogOfOnePlus));
  functions.push_back(PercentileFunction());
  return functions;
}

}  // namespace medallion::duckdb
