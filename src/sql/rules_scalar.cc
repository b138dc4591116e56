#include <algorithm>

#include "decimal_typing.h"
#include "function_rules.h"
#include "rule_errors.h"
#include "type_coercion.h"

// Conditionals, rounding and text.

namespace medallion::sql {
namespace {

bool IsBooleanOrNull(const DataType& type) {
  return type.Is(TypeKind::kBoolean) || type.Is(TypeKind::kVoid);
}

// The optional INT literal at `index`; `absent` if there is none.
Result<int> DigitsAt(std::string_view function, Arguments arguments, size_t index) {
  if (arguments.size() <= index) {
    return 0;
  }
  const Value* literal = arguments[index].literal;
  const auto* digits = literal == nullptr ? nullptr : std::get_if<int64_t>(&literal->data);
  if (digits == nullptr || !literal->type.IsIntegral()) {
    return WrongType(function, index, "an integer literal", arguments[index].type);
  }
  constexpr int64_t kFar = 1000;  // beyond any decimal; keeps the sum in range
  return static_cast<int>(std::clamp(*digits, -kFar, kFar));
}

DataType NumberOrDouble(const DataType& type) {
  return type.IsNumeric() ? type : DataType::Double();
}

bool CanBeNumber(const DataType& type) {
  return type.IsNumeric() || type.Is(TypeKind::kString) || type.Is(TypeKind::kVoid);
}

// As Spark's DecimalType.forType.
DataType AsDecimal(const DataType& type) {
  if (type.IsIntegral() || type.Is(TypeKind::kDecimal)) {
    return DecimalForIntegral(type);
  }
  return type.Is(TypeKind::kFloat) ? DataType::Decimal(14, 7) : DataType::Decimal(30, 15);
}

}  // namespace

Result<CallTypes> IfRule(Arguments arguments) {
  if (arguments.size() != 3) {
    return WrongCount("if", "3", arguments.size());
  }
  if (!IsBooleanOrNull(arguments[0].type)) {
    return WrongType("if", 0, "BOOLEAN", arguments[0].type);
  }
  ASSIGN_OR_RETURN(const DataType common, CommonTypeOf("if", arguments.subspan(1)));
  return CallTypes{
      {DataType::Boolean(), common, common}, common, AnyNullable(arguments.subspan(1))};
}

Result<CallTypes> CoalesceRule(Arguments arguments) {
  if (arguments.empty()) {
    return WrongCount("coalesce", "at least 1", 0);
  }
  ASSIGN_OR_RETURN(const DataType common, CommonTypeOf("coalesce", arguments));
  return CallTypes{std::vector<DataType>(arguments.size(), common), common, AllNullable(arguments)};
}

Result<CallTypes> NullIfRule(Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount("nullif", "2", arguments.size());
  }
  // The result keeps the first argument's type, the comparison has one of its own: an engine
  // compares with `=` of the cast arguments and returns the first.
  ASSIGN_OR_RETURN(const CallTypes comparison, EqualityRule(arguments));
  const DataType& common = comparison.arguments[0];
  return CallTypes{{arguments[0].type.Is(TypeKind::kVoid) ? common : arguments[0].type, common},
                   arguments[0].type,
                   true};
}

Result<CallTypes> Nvl2Rule(Arguments arguments) {
  if (arguments.size() != 3) {
    return WrongCount("nvl2", "3", arguments.size());
  }
  ASSIGN_OR_RETURN(const DataType common, CommonTypeOf("nvl2", arguments.subspan(1)));
  return CallTypes{{arguments[0].type, common, common}, common, AnyNullable(arguments.subspan(1))};
}

Result<CallTypes> GreatestRule(Arguments arguments) {
  if (arguments.size() < 2) {
    return WrongCount("greatest", "at least 2", arguments.size());
  }
  ASSIGN_OR_RETURN(const DataType common, CommonTypeOf("greatest", arguments, Strings::kRefuse));
  if (!IsOrderable(common)) {
    return WrongType("greatest", 0, "orderable", common);
  }
  return CallTypes{std::vector<DataType>(arguments.size(), common), common, AllNullable(arguments)};
}

Result<CallTypes> DecodeRule(Arguments arguments) {
  if (arguments.size() == 2) {  // decode(bytes, character set)
    return Error(ErrorCode::kUnsupported, "`decode` from a character set is not supported")
        .WithCondition("UNSUPPORTED_FEATURE");
  }
  if (arguments.size() < 3) {
    return WrongCount("decode", "at least 3", arguments.size());
  }
  std::vector<ArgumentInfo> searches = {arguments[0]};
  std::vector<ArgumentInfo> results;
  for (size_t i = 1; i < arguments.size(); ++i) {
    const bool is_default = i + 1 == arguments.size() && i % 2 == 1;
    (i % 2 == 1 && !is_default ? searches : results).push_back(arguments[i]);
  }
  ASSIGN_OR_RETURN(const DataType key, CommonTypeOf("decode", searches));
  ASSIGN_OR_RETURN(const DataType result, CommonTypeOf("decode", results));
  CallTypes types{{key}, result, arguments.size() % 2 == 1 || AnyNullable(results)};
  for (size_t i = 1; i < arguments.size(); ++i) {
    const bool is_default = i + 1 == arguments.size() && i % 2 == 1;
    types.arguments.push_back(i % 2 == 1 && !is_default ? key : result);
  }
  return types;
}

Result<CallTypes> RoundRule(Arguments arguments) {
  if (arguments.empty() || arguments.size() > 2) {
    return WrongCount("round", "1 or 2", arguments.size());
  }
  if (!CanBeNumber(arguments[0].type)) {
    return WrongType("round", 0, "a number", arguments[0].type);
  }
  ASSIGN_OR_RETURN(const int digits, DigitsAt("round", arguments, 1));
  const DataType number = NumberOrDouble(arguments[0].type);
  CallTypes types{{number}, number, AnyNullable(arguments)};
  if (number.Is(TypeKind::kDecimal)) {
    types.result = RoundedDecimal(number, digits);
  }
  if (arguments.size() == 2) {
    types.arguments.push_back(DataType::Integer());
  }
  return types;
}

Result<CallTypes> CeilingRule(Arguments arguments) {
  if (arguments.empty() || arguments.size() > 2) {
    return WrongCount("ceil", "1 or 2", arguments.size());
  }
  if (!CanBeNumber(arguments[0].type)) {
    return WrongType("ceil", 0, "a number", arguments[0].type);
  }
  ASSIGN_OR_RETURN(const int digits, DigitsAt("ceil", arguments, 1));
  const DataType number = NumberOrDouble(arguments[0].type);
  const bool nullable = AnyNullable(arguments);
  if (arguments.size() == 2) {
    const DataType decimal = AsDecimal(number);
    return CallTypes{{decimal, DataType::Integer()}, RoundedDecimal(decimal, digits), nullable};
  }
  if (number.Is(TypeKind::kDecimal)) {
    return CallTypes{{number}, number.scale() == 0 ? number : RoundedDecimal(number, 0), nullable};
  }
  const DataType wide = number.IsIntegral() ? DataType::Long() : DataType::Double();
  return CallTypes{{wide}, DataType::Long(), nullable};
}

Result<CallTypes> ConcatRule(Arguments arguments) {
  const bool nullable = AnyNullable(arguments);
  const auto is = [](TypeKind kind) {
    return [kind](const ArgumentInfo& a) { return a.type.Is(kind) || a.type.Is(TypeKind::kVoid); };
  };
  const bool has_array = std::any_of(arguments.begin(), arguments.end(),
                                     [](const ArgumentInfo& a) { return a.type.IsNested(); });
  if (has_array) {
    ASSIGN_OR_RETURN(const DataType common, CommonTypeOf("concat", arguments));
    if (!common.Is(TypeKind::kArray)) {
      return WrongType("concat", 0, "STRING, BINARY or ARRAY", common);
    }
    return CallTypes{std::vector<DataType>(arguments.size(), common), common, nullable};
  }
  const bool binary = !arguments.empty() &&
                      std::all_of(arguments.begin(), arguments.end(), is(TypeKind::kBinary)) &&
                      !std::all_of(arguments.begin(), arguments.end(), is(TypeKind::kVoid));
  const DataType type = binary ? DataType::Binary() : DataType::String();
  return CallTypes{std::vector<DataType>(arguments.size(), type), type, nullable};
}

Result<CallTypes> ConcatWsRule(Arguments arguments) {
  if (arguments.empty()) {
    return WrongCount("concat_ws", "at least 1", 0);
  }
  CallTypes types{{}, DataType::String(), arguments[0].nullable};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const DataType& type = arguments[i].type;
    if (type.Is(TypeKind::kArray) && i > 0) {
      types.arguments.push_back(DataType::Array(DataType::String(), type.contains_null()));
    } else if (type.IsNested()) {
      return WrongType("concat_ws", i, "STRING or ARRAY<STRING>", type);
    } else {
      types.arguments.push_back(DataType::String());
    }
  }
  return types;
}

}  // namespace medallion::sql
