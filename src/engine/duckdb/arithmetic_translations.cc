#include <algorithm>

#include "sql_text.h"
#include "translation.h"

// Arithmetic, rounding and mathematics.

namespace medallion::duckdb {
namespace {

bool IsDecimal(const DataType& type) { return type.Is(TypeKind::kDecimal); }
bool IsInterval(const DataType& type) {
  return type.Is(TypeKind::kYearMonthInterval) || type.Is(TypeKind::kDayTimeInterval);
}

Result<std::string> DecimalCall(Printer& printer, const PrintedCall& call,
                                DecimalOperation operation) {
  return fmt::format("{}({}, {})",
                     printer.Need({operation, call.type_of(0), call.type_of(1), call.type()}),
                     call.args[0], call.args[1]);
}

// DuckDB adds decimals exactly once both have the result's type; where Spark had to cap the
// result's digits the sum may not fit, and our function decides.
Result<std::string> AddOrSubtract(Printer& printer, const PrintedCall& call) {
  const std::string& op = std::string(call.function);
  if (IsDecimal(call.type())) {
    const DataType& a = call.type_of(0);
    const DataType& b = call.type_of(1);
    const int scale = std::max(a.scale(), b.scale());
    const int whole = std::max(a.precision() - a.scale(), b.precision() - b.scale());
    if (whole + scale + 1 > DataType::kDecimalPrecisionMax || call.type().scale() != scale) {
      return DecimalCall(printer, call,
                         op == "+" ? DecimalOperation::kAdd : DecimalOperation::kSubtract);
    }
    return Cast(fmt::format("({} {} {})", Cast(call.args[0], call.type()), op,
                            Cast(call.args[1], call.type())),
                call.type());
  }
  return fmt::format("({} {} {})", call.args[0], op, call.args[1]);
}

Result<std::string> Multiply(Printer& printer, const PrintedCall& call) {
  const DataType& a = call.type_of(0);
  const DataType& b = call.type_of(1);
  if (IsDecimal(call.type())) {
    const int digits = a.precision() + b.precision();
    if (digits + 1 > DataType::kDecimalPrecisionMax ||
        call.type().scale() != a.scale() + b.scale()) {
      return DecimalCall(printer, call, DecimalOperation::kMultiply);
    }
    // DuckDB multiplies in 64 bits when both operands fit there, even if the product does not: the
    // left operand is widened so that the product of more than 18 digits is computed in 128.
    constexpr int kDigitsOf64Bits = 18;
    const bool wide = digits > kDigitsOf64Bits;
    const std::string left =
        wide ? Cast(call.args[0],
                    DataType::Decimal(std::max(a.precision(), kDigitsOf64Bits + 1), a.scale()))
             : call.args[0];
    const int left_precision = wide ? std::max(a.precision(), kDigitsOf64Bits + 1) : a.precision();
    if (left_precision + b.precision() > DataType::kDecimalPrecisionMax) {
      return DecimalCall(printer, call, DecimalOperation::kMultiply);
    }
    return Cast(fmt::format("({} * {})", left, call.args[1]), call.type());
  }
  if (IsInterval(call.type())) {
    return printer.Unsupported(call.expression.span, "multiplying an interval is not supported");
  }
  return fmt::format("({} * {})", call.args[0], call.args[1]);
}

// Whether the operand is a constant other than zero, so that no check is needed.
bool IsNonZeroLiteral(const Value* value) {
  if (value == nullptr || value->is_null()) {
    return false;
  }
  if (const auto* integer = std::get_if<int64_t>(&value->data)) {
    return *integer != 0 && *integer != -1;
  }
  const auto* real = std::get_if<double>(&value->data);
  return real != nullptr && *real != 0;
}

Result<std::string> Divide(Printer& printer, const PrintedCall& call) {
  if (IsDecimal(call.type())) {
    return DecimalCall(printer, call, DecimalOperation::kDivide);
  }
  if (IsInterval(call.type())) {
    return printer.Unsupported(call.expression.span, "dividing an interval is not supported");
  }
  return IsNonZeroLiteral(call.literal(1))
             ? fmt::format("({} / {})", call.args[0], call.args[1])
             : fmt::format("spark_divide({}, {})", call.args[0], call.args[1]);
}

Result<std::string> IntegerDivide(Printer& printer, const PrintedCall& call) {
  if (IsDecimal(call.type_of(0))) {
    return DecimalCall(printer, call, DecimalOperation::kIntegerDivide);
  }
  if (!call.type_of(0).IsIntegral()) {
    return printer.Unsupported(call.expression.span, "`div` of intervals is not supported");
  }
  return IsNonZeroLiteral(call.literal(1))
             ? fmt::format("({} // {})", call.args[0], call.args[1])
             : fmt::format("spark_integer_divide({}, {})", call.args[0], call.args[1]);
}

Result<std::string> Remainder(Printer& printer, const PrintedCall& call) {
  const bool positive = call.function == "pmod";
  if (IsDecimal(call.type())) {
    return DecimalCall(
        printer, call,
        positive ? DecimalOperation::kPositiveRemainder : DecimalOperation::kRemainder);
  }
  const std::string name = positive ? "spark_positive_remainder" : "spark_remainder";
  if (call.type().IsFloatingPoint()) {
    return Cast(fmt::format("{}_double({}, {})", name, call.args[0], call.args[1]), call.type());
  }
  if (!positive && IsNonZeroLiteral(call.literal(1))) {
    return fmt::format("({} % {})", call.args[0], call.args[1]);
  }
  return Cast(fmt::format("{}({}, {})", name, call.args[0], call.args[1]), call.type());
}

// try_add, try_subtract, try_multiply of integers: computed one size up, then narrowed or NULL.
Result<std::string> TryIntegers(Printer& printer, const PrintedCall& call) {
  const char op = call.function == "try_add" ? '+' : call.function == "try_subtract" ? '-' : '*';
  if (!call.type().IsIntegral()) {
    if (call.type().IsFloatingPoint()) {
      return fmt::format("({} {} {})", call.args[0], op, call.args[1]);
    }
    return printer.Unsupported(
        call.expression.span,
        fmt::format("`{}` of {} is not supported", call.function, call.type().ToDdl()));
  }
  return fmt::format("TRY_CAST(CAST({} AS HUGEINT) {} CAST({} AS HUGEINT) AS {})", call.args[0], op,
                     call.args[1], TypeName(call.type()));
}

Result<std::string> TryDivide(Printer& printer, const PrintedCall& call) {
  const bool divide = call.function == "try_divide";
  std::vector<std::string> args = {
      call.args[0], fmt::format("nullif({}, {})", call.args[1], Cast("0", call.type_of(1)))};
  const PrintedCall checked{call.expression, divide ? "/" : "%", call.operands, std::move(args)};
  if (IsInterval(call.type())) {
    return printer.Unsupported(call.expression.span, "dividing an interval is not supported");
  }
  return divide ? Divide(printer, checked) : Remainder(printer, checked);
}

// Java counts shifts modulo the width, DuckDB does not: only constant counts below it are the same.
Result<std::string> ShiftRight(Printer& printer, const PrintedCall& call) {
  const Value* literal = call.literal(1);
  const int64_t width = call.type().Is(TypeKind::kLong) ? 64 : 32;
  const auto* count = literal == nullptr ? nullptr : std::get_if<int64_t>(&literal->data);
  if (count == nullptr || *count < 0 || *count >= width) {
    return printer.Unsupported(call.operands[1]->span,
                               fmt::format("`shiftright` by other than a constant from 0 to {} is "
                                           "not supported",
                                           width - 1));
  }
  return fmt::format("({} >> {})", call.args[0], Cast(call.args[1], call.type()));
}

Result<std::string> Round(Printer& printer, const PrintedCall& call) {
  const bool half_even = call.function == "bround";
  const std::string digits = call.args.size() > 1 ? call.args[1] : "0";
  const DataType& from = call.type_of(0);
  if (IsDecimal(from)) {
    const DecimalOperation operation =
        half_even ? DecimalOperation::kRoundHalfEven : DecimalOperation::kRound;
    const Value* literal = call.literal(1);
    const bool plain =
        call.args.size() == 1 || (literal != nullptr && std::get<int64_t>(literal->data) >= 0);
    // A cast rounds half up too.
    if (!half_even && plain &&
        call.type().precision() - call.type().scale() > from.precision() - from.scale()) {
      return Cast(call.args[0], call.type());
    }
    return fmt::format("{}({}, {})", printer.Need({operation, from, {}, call.type()}), call.args[0],
                       digits);
  }
  const std::string_view suffix = half_even ? "_half_even" : "";
  if (from.IsFloatingPoint()) {
    return Cast(fmt::format("spark_round{}({}, {})", suffix, call.args[0], digits), call.type());
  }
  return Cast(fmt::format("spark_round_integer{}({}, {})", suffix, call.args[0], digits),
              call.type());
}

Result<std::string> Ceiling(Printer& printer, const PrintedCall& call) {
  const bool ceil = call.function == "ceil";
  const DataType& from = call.type_of(0);
  if (IsDecimal(from)) {
    const std::string digits = call.args.size() > 1 ? call.args[1] : "0";
    return fmt::format(
        "{}({}, {})",
        printer.Need(
            {ceil ? DecimalOperation::kCeil : DecimalOperation::kFloor, from, {}, call.type()}),
        call.args[0], digits);
  }
  return from.IsIntegral() ? call.args[0]
                           : Cast(fmt::format("{}({})", call.function, call.args[0]), call.type());
}

Result<std::string> Negative(Printer&, const PrintedCall& call) {
  return IsDecimal(call.type()) ? Cast(fmt::format("(- {})", call.args[0]), call.type())
                                : fmt::format("(- {})", call.args[0]);
}

}  // namespace

Translations ArithmeticTranslations() {
  return {
      {"+", {{}, AddOrSubtract}},
      {"-", {{}, AddOrSubtract}},
      {"*", {{}, Multiply}},
      {"/", {{}, Divide}},
      {"div", {{}, IntegerDivide}},
      {"%", {{}, Remainder}},
      {"pmod", {{}, Remainder}},
      {"negative", {{}, Negative}},
      {"positive", {{"{0}"}}},
      {"abs", {{"CAST(abs({0}) AS {T})"}}},
      {"try_add", {{}, TryIntegers}},
      {"try_subtract", {{}, TryIntegers}},
      {"try_multiply", {{}, TryIntegers}},
      {"try_divide", {{}, TryDivide}},
      {"try_mod", {{}, TryDivide}},
      {"round", {{}, Round}},
      {"bround", {{}, Round}},
      {"ceil", {{}, Ceiling}},
      {"floor", {{}, Ceiling}},
      {"&", {{"({0} & {1})"}}},
      {"shiftright", {{}, ShiftRight}},
      {"|", {{"({0} | {1})"}}},
      {"^", {{"xor({0}, {1})"}}},
      {"~", {{"(~ {0})"}}},
      {"sign", {{"CAST(sign({0}) AS DOUBLE)"}}},
      {"power", {{"power({0}, {1})"}}},
      // Outside its domain a logarithm is NULL and a square root NaN.
      {"ln", {{"(CASE WHEN {0} > 0 THEN ln({0}) END)"}}},
      {"log10", {{"(CASE WHEN {0} > 0 THEN log10({0}) END)"}}},
      {"log2", {{"(CASE WHEN {0} > 0 THEN log2({0}) END)"}}},
      {"log1p", {{"(CASE WHEN {0} > -1 THEN spark_log1p({0}) END)"}}},
      {"log",
       {{"(CASE WHEN {0} > 0 THEN ln({0}) END)",
         "(CASE WHEN {0} > 0 AND {1} > 0 THEN ln({1}) / ln({0}) END)"}}},
      {"sqrt", {{"(CASE WHEN {0} < 0 THEN CAST('nan' AS DOUBLE) ELSE sqrt({0}) END)"}}},
      {"cbrt", {{"spark_cbrt({0})"}}},
      {"exp", {{"exp({0})"}}},
      {"sin", {{"sin({0})"}}},
      {"cos", {{"cos({0})"}}},
      {"tan", {{"tan({0})"}}},
      {"sinh", {{"sinh({0})"}}},
      {"cosh", {{"cosh({0})"}}},
      {"tanh", {{"tanh({0})"}}},
      {"atan", {{"atan({0})"}}},
      {"hypot", {{"spark_hypot({0}, {1})"}}},
      {"expm1", {{"spark_expm1({0})"}}},
      {"atan2", {{"atan2({0}, {1})"}}},
      {"degrees", {{"degrees({0})"}}},
      {"radians", {{"radians({0})"}}},
      {"rint", {{"spark_round_half_even({0}, 0)"}}},
      {"pi", {{"pi()"}}},
      {"e", {{"exp(CAST(1 AS DOUBLE))"}}},
      {"rand", {{"random()"}}},
      {"uuid", {{"CAST(gen_random_uuid() AS VARCHAR)"}}},
  };
}

}  // namespace medallion::duckdb
