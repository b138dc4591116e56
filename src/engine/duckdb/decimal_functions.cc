#include <cmath>

#include "decimal_arithmetic.h"
#include "spark_functions.h"
#include "spark_number.h"

namespace medallion::duckdb {
namespace {

std::string_view OperationName(DecimalOperation operation) {
  switch (operation) {
    case DecimalOperation::kAdd: return "add";
    case DecimalOperation::kSubtract: return "subtract";
    case DecimalOperation::kMultiply: return "multiply";
    case DecimalOperation::kDivide: return "divide";
    case DecimalOperation::kIntegerDivide: return "integer_divide";
    case DecimalOperation::kRemainder: return "remainder";
    case DecimalOperation::kPositiveRemainder: return "positive_remainder";
    case DecimalOperation::kOfString: return "of_string";
    case DecimalOperation::kTryOfString: return "try_of_string";
    case DecimalOperation::kOfDouble: return "of_double";
    case DecimalOperation::kTryOfDouble: return "try_of_double";
    case DecimalOperation::kOfFloat: return "of_float";
    case DecimalOperation::kTryOfFloat: return "try_of_float";
    case DecimalOperation::kRound: return "round";
    case DecimalOperation::kRoundHalfEven: return "round_half_even";
    case DecimalOperation::kCeil: return "ceil";
    case DecimalOperation::kFloor: return "floor";
  }
  CHECK(false);
}

std::string TypeSuffix(const DataType& type) {
  return type.Is(TypeKind::kDecimal) ? fmt::format("_{}_{}", type.precision(), type.scale()) : "";
}

void RaiseOutOfRange(Failure& failure, std::string_view value, const DataType& type) {
  failure.Raise("NUMERIC_VALUE_OUT_OF_RANGE",
                fmt::format("{} cannot be represented as {}", value, type.ToDdl()));
}

LogicalType TypeOf(const DataType& type) {
  return type.Is(TypeKind::kDecimal) ? MakeDecimalType(type.precision(), type.scale())
         : type.Is(TypeKind::kLong)  ? MakeType(DUCKDB_TYPE_BIGINT)
                                     : MakeType(DUCKDB_TYPE_INTEGER);
}

using BinaryOperator = std::optional<int128_t> (*)(Decimal a, Decimal b, int precision, int scale);

std::optional<int128_t> Subtract(Decimal a, Decimal b, int precision, int scale) {
  return AddDecimals(a, {-b.unscaled, b.scale}, precision, scale);
}

// r = a % n; a negative r becomes (r + n) % n, as Spark has it.
std::optional<int128_t> PositiveRemainder(Decimal a, Decimal n, int precision, int scale) {
  const int common = std::max(a.scale, n.scale);
  const std::optional<int128_t> remainder = DecimalRemainder(a, n, 38, common);
  if (!remainder || *remainder >= 0) {
    return remainder ? AddDecimals({*remainder, common}, {0, 0}, precision, scale) : std::nullopt;
  }
  const std::optional<int128_t> sum = AddDecimals({*remainder, common}, n, 38, common);
  return sum ? DecimalRemainder({*sum, common}, n, precision, scale) : std::nullopt;
}

std::optional<int128_t> IntegerDivide(Decimal a, Decimal b, int, int) {
  const std::optional<int128_t> quotient = DivideDecimalsToInteger(a, b);
  if (!quotient || *quotient > INT64_MAX || *quotient < INT64_MIN) {
    return std::nullopt;
  }
  return quotient;
}

BinaryOperator OperatorOf(DecimalOperation operation) {
  switch (operation) {
    case DecimalOperation::kAdd: return AddDecimals;
    case DecimalOperation::kSubtract: return Subtract;
    case DecimalOperation::kMultiply: return MultiplyDecimals;
    case DecimalOperation::kDivide: return DivideDecimals;
    case DecimalOperation::kIntegerDivide: return IntegerDivide;
    case DecimalOperation::kRemainder: return DecimalRemainder;
    case DecimalOperation::kPositiveRemainder: return PositiveRemainder;
    default: return nullptr;
  }
}

bool IsDivision(DecimalOperation operation) {
  return operation == DecimalOperation::kDivide || operation == DecimalOperation::kIntegerDivide;
}
bool IsRemainder(DecimalOperation operation) {
  return operation == DecimalOperation::kRemainder ||
         operation == DecimalOperation::kPositiveRemainder;
}

ScalarFunction MakeBinary(const DecimalFunction& definition) {
  ScalarFunction function;
  function.parameters.push_back(TypeOf(definition.left));
  function.parameters.push_back(TypeOf(definition.right));
  function.result = TypeOf(definition.result);
  function.run = [definition](duckdb_data_chunk input, idx_t rows, OutputVector& output,
                              Failure& failure) {
    const InputVector left(input, 0);
    const InputVector right(input, 1);
    const bool decimal_result = definition.result.Is(TypeKind::kDecimal);
    const duckdb_type left_storage = DecimalStorage(definition.left.precision());
    const duckdb_type right_storage = DecimalStorage(definition.right.precision());
    const duckdb_type storage =
        decimal_result ? DecimalStorage(definition.result.precision()) : DUCKDB_TYPE_BIGINT;
    const BinaryOperator apply = OperatorOf(definition.operation);
    for (idx_t row = 0; row < rows && !failure.raised(); ++row) {
      if (left.IsNull(row) || right.IsNull(row)) {
        output.SetNull(row);
        continue;
      }
      const Decimal a{ReadDecimal(left.vector(), left_storage, row), definition.left.scale()};
      const Decimal b{ReadDecimal(right.vector(), right_storage, row), definition.right.scale()};
      if (b.unscaled == 0 && IsDivision(definition.operation)) {
        failure.Raise("DIVIDE_BY_ZERO", "division by zero; use `try_divide` to get NULL instead");
        return;
      }
      if (b.unscaled == 0 && IsRemainder(definition.operation)) {
        failure.Raise("REMAINDER_BY_ZERO", "remainder by zero; use `try_mod` to get NULL instead");
        return;
      }
      const std::optional<int128_t> result =
          apply(a, b, definition.result.precision(), definition.result.scale());
      if (!result) {
        RaiseOutOfRange(failure,
                        fmt::format("the result for {} and {}", a.ToString(), b.ToString()),
                        definition.result);
        return;
      }
      WriteDecimal(output.vector(), storage, row, *result);
    }
  };
  return function;
}

ScalarFunction MakeOfString(const DecimalFunction& definition, bool is_try) {
  ScalarFunction function;
  function.parameters.push_back(MakeType(DUCKDB_TYPE_VARCHAR));
  function.result = TypeOf(definition.result);
  function.run = [type = definition.result, is_try](duckdb_data_chunk input, idx_t rows,
                                                    OutputVector& output, Failure& failure) {
    const InputVector texts(input, 0);
    const duckdb_type storage = DecimalStorage(type.precision());
    for (idx_t row = 0; row < rows && !failure.raised(); ++row) {
      if (texts.IsNull(row)) {
        output.SetNull(row);
        continue;
      }
      const auto text = texts.Get<std::string_view>(row);
      const std::optional<Decimal> parsed = Decimal::Parse(TrimForCast(text));
      const std::optional<Decimal> value =
          parsed ? parsed->Rescale(type.precision(), type.scale()) : std::nullopt;
      if (value) {
        WriteDecimal(output.vector(), storage, row, value->unscaled);
      } else if (is_try) {
        output.SetNull(row);
      } else if (parsed) {
        RaiseOutOfRange(failure, text, type);
      } else {
        failure.Raise(
            "CAST_INVALID_INPUT",
            fmt::format(
                "the value '{}' of the type \"STRING\" cannot be cast to \"{}\" because it is "
                "malformed; use `try_cast` to get NULL instead",
                text, type.ToDdl()));
      }
    }
  };
  return function;
}

template <class T>
ScalarFunction MakeOfReal(const DecimalFunction& definition, bool is_try) {
  ScalarFunction function;
  function.parameters.push_back(MakeType(TypeIdOf<T>()));
  function.result = TypeOf(definition.result);
  function.run = [type = definition.result, is_try](duckdb_data_chunk input, idx_t rows,
                                                    OutputVector& output, Failure& failure) {
    const InputVector values(input, 0);
    const duckdb_type storage = DecimalStorage(type.precision());
    for (idx_t row = 0; row < rows && !failure.raised(); ++row) {
      const T value = values.IsNull(row) ? T() : values.Get<T>(row);
      // Spark casts NaN and the infinities to NULL.
      if (values.IsNull(row) || !std::isfinite(value)) {
        output.SetNull(row);
        continue;
      }
      if (const auto unscaled =
              DecimalOfDouble(static_cast<double>(value), type.precision(), type.scale())) {
        WriteDecimal(output.vector(), storage, row, *unscaled);
      } else if (is_try) {
        output.SetNull(row);
      } else {
        RaiseOutOfRange(failure, FormatDouble(static_cast<double>(value)), type);
      }
    }
  };
  return function;
}

std::optional<int128_t> RoundTo(DecimalOperation operation, Decimal value, int digits,
                                const DataType& type) {
  int128_t unit = 1;
  const int cut = value.scale - digits;
  if (cut > DataType::kDecimalPrecisionMax) {
    return 0;
  }
  for (int i = 0; i < cut; ++i) {
    unit *= 10;
  }
  int128_t quotient = value.unscaled / unit;
  const int128_t remainder = value.unscaled % unit;
  const int128_t magnitude = remainder < 0 ? -remainder : remainder;
  const int sign = remainder < 0 ? -1 : 1;
  switch (operation) {
    case DecimalOperation::kCeil: quotient += remainder > 0 ? 1 : 0; break;
    case DecimalOperation::kFloor: quotient -= remainder < 0 ? 1 : 0; break;
    case DecimalOperation::kRoundHalfEven:
      if (magnitude > unit - magnitude || (magnitude == unit - magnitude && quotient % 2 != 0)) {
        quotient += sign;
      }
      break;
    default:
      if (remainder != 0 && magnitude >= unit - magnitude) {
        quotient += sign;
      }
      break;
  }
  const int scale = std::min(digits, value.scale);
  if (scale < 0) {
    for (int i = 0; i < -scale; ++i) {
      quotient *= 10;
    }
    return AddDecimals({quotient, 0}, {0, 0}, type.precision(), type.scale());
  }
  return AddDecimals({quotient, scale}, {0, 0}, type.precision(), type.scale());
}

ScalarFunction MakeRound(const DecimalFunction& definition) {
  ScalarFunction function;
  function.parameters.push_back(TypeOf(definition.left));
  function.parameters.push_back(MakeType(DUCKDB_TYPE_INTEGER));
  function.result = TypeOf(definition.result);
  function.run = [definition](duckdb_data_chunk input, idx_t rows, OutputVector& output,
                              Failure& failure) {
    const InputVector values(input, 0);
    const InputVector digits(input, 1);
    const duckdb_type from = DecimalStorage(definition.left.precision());
    const duckdb_type to = DecimalStorage(definition.result.precision());
    for (idx_t row = 0; row < rows && !failure.raised(); ++row) {
      if (values.IsNull(row) || digits.IsNull(row)) {
        output.SetNull(row);
        continue;
      }
      const Decimal value{ReadDecimal(values.vector(), from, row), definition.left.scale()};
      if (const auto rounded =
              RoundTo(definition.operation, value, digits.Get<int32_t>(row), definition.result)) {
        WriteDecimal(output.vector(), to, row, *rounded);
      } else {
        RaiseOutOfRange(failure, value.ToString() + " rounded", definition.result);
      }
    }
  };
  return function;
}

}  // namespace

std::string DecimalFunction::Name() const {
  return fmt::format("spark_decimal_{}{}{}{}", OperationName(operation), TypeSuffix(left),
                     TypeSuffix(right), TypeSuffix(result));
}

ScalarFunction DecimalFunction::Make() const {
  ScalarFunction function;
  switch (operation) {
    case DecimalOperation::kOfString: function = MakeOfString(*this, false); break;
    case DecimalOperation::kTryOfString: function = MakeOfString(*this, true); break;
    case DecimalOperation::kOfDouble: function = MakeOfReal<double>(*this, false); break;
    case DecimalOperation::kTryOfDouble: function = MakeOfReal<double>(*this, true); break;
    case DecimalOperation::kOfFloat: function = MakeOfReal<float>(*this, false); break;
    case DecimalOperation::kTryOfFloat: function = MakeOfReal<float>(*this, true); break;
    case DecimalOperation::kRound:
    case DecimalOperation::kRoundHalfEven:
    case DecimalOperation::kCeil:
    case DecimalOperation::kFloor: function = MakeRound(*this); break;
    default: function = MakeBinary(*this); break;
  }
  function.name = Name();
  return function;
}

}  // namespace medallion::duckdb
