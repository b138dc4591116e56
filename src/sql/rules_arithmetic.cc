#include <algorithm>

#include "decimal_typing.h"
#include "function_rules.h"
#include "rule_errors.h"
#include "type_coercion.h"

namespace medallion::sql {
namespace {

using DecimalRule = DataType (*)(const DataType&, const DataType&);

Error WrongOperands(std::string_view op, const DataType& a, const DataType& b) {
  return Error(ErrorCode::kSpecification,
               fmt::format("`{}` cannot take {} and {}", op, a.ToDdl(), b.ToDdl()))
      .WithCondition(a.kind() == b.kind() ? "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"
                                          : "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
}

// Comparisons share their typing, so the message does not name one.
Error NotComparable(const DataType& a, const DataType& b) {
  const bool date_and_number =
      (a.Is(TypeKind::kDate) && b.IsIntegral()) || (b.Is(TypeKind::kDate) && a.IsIntegral());
  return Error(ErrorCode::kSpecification,
               fmt::format("{} and {} cannot be compared{}", a.ToDdl(), b.ToDdl(),
                           date_and_number ? "; a date is written DATE'2026-01-31'" : ""))
      .WithCondition(a.kind() == b.kind() ? "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE"
                                          : "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
}

struct Operands {
  DataType left;
  DataType right;
};

// A string beside a number is cast as PromotedString says; NULL takes the other's type, and DOUBLE
// beside NULL.
std::optional<Operands> WithoutStrings(const ArgumentInfo& a, const ArgumentInfo& b) {
  const DataType& left = a.type;
  const DataType& right = b.type;
  if (left.Is(TypeKind::kVoid) && right.Is(TypeKind::kVoid)) {
    return Operands{DataType::Double(), DataType::Double()};
  }
  if (left.Is(TypeKind::kVoid) || right.Is(TypeKind::kVoid)) {
    const DataType& other = left.Is(TypeKind::kVoid) ? right : left;
    return Operands{other, other};
  }
  if (left.Is(TypeKind::kString) != right.Is(TypeKind::kString)) {
    const auto common = CommonType(left, right);
    if (!common) {
      return std::nullopt;
    }
    return Operands{*common, *common};
  }
  return Operands{left, right};
}

// Both as decimals if one is and the other is exact; integer literals count only their own digits.
std::optional<Operands> AsDecimals(const Operands& operands, const ArgumentInfo& a,
                                   const ArgumentInfo& b) {
  const auto exact = [](const DataType& type) {
    return type.IsIntegral() || type.Is(TypeKind::kDecimal);
  };
  if ((!operands.left.Is(TypeKind::kDecimal) && !operands.right.Is(TypeKind::kDecimal)) ||
      !exact(operands.left) || !exact(operands.right)) {
    return std::nullopt;
  }
  const auto convert = [](const DataType& type, const ArgumentInfo& argument) {
    return type.IsIntegral() && argument.literal != nullptr && argument.literal->type == type
               ? DecimalForLiteral(*argument.literal)
               : DecimalForIntegral(type);
  };
  return Operands{convert(operands.left, a), convert(operands.right, b)};
}

CallTypes Both(const DataType& type, DataType result, bool nullable) {
  return {{type, type}, std::move(result), nullable};
}

Result<CallTypes> NumericRule(std::string_view op, DecimalRule decimal_rule, Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount(op, "2", arguments.size());
  }
  const ArgumentInfo& a = arguments[0];
  const ArgumentInfo& b = arguments[1];
  const auto operands = WithoutStrings(a, b);
  if (operands && operands->left.IsNumeric() && operands->right.IsNumeric()) {
    if (const auto decimals = AsDecimals(*operands, a, b)) {
      return CallTypes{{decimals->left, decimals->right},
                       decimal_rule(decimals->left, decimals->right),
                       AnyNullable(arguments)};
    }
    const auto common = CommonType(operands->left, operands->right);
    return Both(*common, *common, AnyNullable(arguments));
  }
  return WrongOperands(op, a.type, b.type);
}

std::optional<CallTypes> IntervalSum(Arguments arguments) {
  if (arguments.size() != 2) {
    return std::nullopt;
  }
  const auto common = CommonType(arguments[0].type, arguments[1].type);
  if (!common || !IsInterval(*common)) {
    return std::nullopt;
  }
  return Both(*common, *common, AnyNullable(arguments));
}

// interval × number and interval ÷ number; the number becomes DOUBLE unless it is exact.
std::optional<CallTypes> ScaledInterval(Arguments arguments, bool commutative) {
  if (arguments.size() != 2) {
    return std::nullopt;
  }
  for (const size_t interval : {size_t{0}, size_t{1}}) {
    const DataType& number = arguments[1 - interval].type;
    if (IsInterval(arguments[interval].type) && number.IsNumeric() &&
        (commutative || interval == 0)) {
      return CallTypes{TypesOf(arguments), arguments[interval].type, AnyNullable(arguments)};
    }
  }
  return std::nullopt;
}

// Spark calls results of division nullable, whatever the operands are.
Result<CallTypes> Nullable(Result<CallTypes> types) {
  if (types) {
    types->nullable = true;
  }
  return types;
}

Result<CallTypes> Comparison(Arguments arguments, bool ordering) {
  if (arguments.size() != 2) {
    return WrongCount("comparison", "2", arguments.size());
  }
  const ArgumentInfo& a = arguments[0];
  const ArgumentInfo& b = arguments[1];
  auto common = CommonType(a.type, b.type);
  if (const auto decimals = AsDecimals({a.type, b.type}, a, b)) {
    common = WiderDecimal(decimals->left, decimals->right);
  }
  if (!common) {
    return NotComparable(a.type, b.type);
  }
  if (!(ordering ? IsOrderable(*common) : IsComparable(*common))) {
    return NotComparable(a.type, b.type);
  }
  return Both(*common, DataType::Boolean(), AnyNullable(arguments));
}

}  // namespace

Result<CallTypes> AddRule(Arguments arguments) {
  if (auto sum = IntervalSum(arguments)) {
    return *std::move(sum);
  }
  return NumericRule("+", DecimalSum, arguments);
}

Result<CallTypes> SubtractRule(Arguments arguments) {
  if (auto sum = IntervalSum(arguments)) {
    return *std::move(sum);
  }
  return NumericRule("-", DecimalSum, arguments);
}

Result<CallTypes> MultiplyRule(Arguments arguments) {
  if (auto scaled = ScaledInterval(arguments, true)) {
    return *std::move(scaled);
  }
  return NumericRule("*", DecimalProduct, arguments);
}

Result<CallTypes> DivideRule(Arguments arguments) {
  if (auto scaled = ScaledInterval(arguments, false)) {
    return *std::move(scaled);
  }
  ASSIGN_OR_RETURN(const CallTypes types, Nullable(NumericRule("/", DecimalQuotient, arguments)));
  if (types.result.Is(TypeKind::kDecimal)) {
    return types;
  }
  return Both(DataType::Double(), DataType::Double(), true);
}

Result<CallTypes> RemainderRule(Arguments arguments) {
  return Nullable(NumericRule("%", DecimalRemainder, arguments));
}

Result<CallTypes> IntegralDivideRule(Arguments arguments) {
  ASSIGN_OR_RETURN(CallTypes types, Nullable(NumericRule("div", DecimalQuotient, arguments)));
  if (types.result.Is(TypeKind::kDecimal)) {
    types.result = DataType::Long();
    return types;
  }
  if (!types.result.IsIntegral()) {
    return WrongOperands("div", arguments[0].type, arguments[1].type);
  }
  return Both(DataType::Long(), DataType::Long(), types.nullable);
}

Result<CallTypes> TryAddRule(Arguments arguments) { return Nullable(AddRule(arguments)); }
Result<CallTypes> TrySubtractRule(Arguments arguments) { return Nullable(SubtractRule(arguments)); }
Result<CallTypes> TryMultiplyRule(Arguments arguments) { return Nullable(MultiplyRule(arguments)); }
Result<CallTypes> TryDivideRule(Arguments arguments) { return Nullable(DivideRule(arguments)); }
Result<CallTypes> TryRemainderRule(Arguments arguments) {
  return Nullable(RemainderRule(arguments));
}

Result<CallTypes> BitwiseRule(Arguments arguments) {
  ASSIGN_OR_RETURN(CallTypes types, NumericRule("&", DecimalSum, arguments));
  if (!types.result.IsIntegral()) {
    return WrongOperands("&", arguments[0].type, arguments[1].type);
  }
  return types;
}

Result<CallTypes> EqualityRule(Arguments arguments) { return Comparison(arguments, false); }

Result<CallTypes> NullSafeEqualityRule(Arguments arguments) {
  ASSIGN_OR_RETURN(CallTypes types, Comparison(arguments, false));
  types.nullable = false;
  return types;
}

Result<CallTypes> OrderingRule(Arguments arguments) { return Comparison(arguments, true); }

Result<CallTypes> LogicalRule(Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount("and", "2", arguments.size());
  }
  const auto common = CommonType(arguments[0].type, arguments[1].type);
  if (!common || !(common->Is(TypeKind::kBoolean) || common->Is(TypeKind::kVoid))) {
    return WrongOperands("and", arguments[0].type, arguments[1].type);
  }
  return Both(DataType::Boolean(), DataType::Boolean(), AnyNullable(arguments));
}

Result<CallTypes> InRule(Arguments arguments) {
  ASSIGN_OR_RETURN(const DataType common, CommonTypeOf("in", arguments));
  if (!IsComparable(common)) {
    return DifferentTypes("in", arguments);
  }
  return CallTypes{std::vector<DataType>(arguments.size(), common), DataType::Boolean(),
                   AnyNullable(arguments)};
}

}  // namespace medallion::sql
