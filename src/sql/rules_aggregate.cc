#include <algorithm>

#include "decimal_typing.h"
#include "function_rules.h"
#include "rule_errors.h"
#include "type_coercion.h"

namespace medallion::sql {
namespace {

// What sum and avg make of their argument: itself, or DOUBLE of a string or NULL.
Result<DataType> Summand(std::string_view function, Arguments arguments) {
  if (arguments.size() != 1) {
    return WrongCount(function, "1", arguments.size());
  }
  const DataType& type = arguments[0].type;
  if (type.Is(TypeKind::kString) || type.Is(TypeKind::kVoid)) {
    return DataType::Double();
  }
  if (!type.IsNumeric() && !IsInterval(type)) {
    return WrongType(function, 0, "a number or an interval", type);
  }
  return type;
}

bool IsArrayOfNumbers(const DataType& type) {
  return type.Is(TypeKind::kArray) && type.element().IsNumeric();
}

// The fraction as DOUBLE, or ARRAY<DOUBLE>.
Result<DataType> Fractions(std::string_view function, const ArgumentInfo& argument) {
  if (IsArrayOfNumbers(argument.type)) {
    return DataType::Array(DataType::Double(), false);
  }
  if (!argument.type.IsNumeric()) {
    return WrongType(function, 1, "a number between 0 and 1, or an array of them", argument.type);
  }
  return DataType::Double();
}

DataType PerFraction(const DataType& fractions, const DataType& value) {
  return fractions.Is(TypeKind::kArray) ? DataType::Array(value, false) : value;
}

Result<DataType> Orderable(std::string_view function, const ArgumentInfo& argument, size_t index) {
  if (!IsOrderable(argument.type)) {
    return Error(ErrorCode::kSpecification, fmt::format("argument {} of `{}` cannot be ordered: {}",
                                                        index + 1, function, argument.type.ToDdl()))
        .WithCondition("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE");
  }
  return argument.type;
}

}  // namespace

Result<CallTypes> CountRule(Arguments arguments) {
  return CallTypes{TypesOf(arguments), DataType::Long(), false};
}

Result<CallTypes> SumRule(Arguments arguments) {
  ASSIGN_OR_RETURN(const DataType type, Summand("sum", arguments));
  constexpr int kExtraDigits = 10;  // room for 10^10 summands (Spark's Sum)
  DataType result = DataType::Double();
  if (type.Is(TypeKind::kDecimal)) {
    result = BoundedDecimal(type.precision() + kExtraDigits, type.scale());
  } else if (type.IsIntegral()) {
    result = DataType::Long();
  } else if (IsInterval(type)) {
    result = type;
  }
  return CallTypes{{type}, result, true};
}

Result<CallTypes> AverageRule(Arguments arguments) {
  ASSIGN_OR_RETURN(const DataType type, Summand("avg", arguments));
  constexpr int kExtraDigits = 4;  // Spark's Average
  DataType result = DataType::Double();
  if (type.Is(TypeKind::kDecimal)) {
    result = BoundedDecimal(type.precision() + kExtraDigits, type.scale() + kExtraDigits);
  } else if (IsInterval(type)) {
    result = type;
  }
  return CallTypes{{type}, result, true};
}

Result<CallTypes> MinMaxRule(Arguments arguments) {
  if (arguments.size() != 1) {
    return WrongCount("min", "1", arguments.size());
  }
  ASSIGN_OR_RETURN(const DataType type, Orderable("min", arguments[0], 0));
  return CallTypes{{type}, type, true};
}

Result<CallTypes> MinMaxByRule(Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount("min_by", "2", arguments.size());
  }
  ASSIGN_OR_RETURN(const DataType key, Orderable("min_by", arguments[1], 1));
  return CallTypes{{arguments[0].type, key}, arguments[0].type, true};
}

Result<CallTypes> PercentileRule(Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount("percentile", "2 (frequencies are not supported)", arguments.size());
  }
  if (!CanCastImplicitly(arguments[0].type, DataType::Double())) {
    return WrongType("percentile", 0, "a number", arguments[0].type);
  }
  ASSIGN_OR_RETURN(const DataType fractions, Fractions("percentile", arguments[1]));
  return CallTypes{
      {DataType::Double(), fractions}, PerFraction(fractions, DataType::Double()), true};
}

Result<CallTypes> ApproximatePercentileRule(Arguments arguments) {
  if (arguments.size() != 2 && arguments.size() != 3) {
    return WrongCount("percentile_approx", "2 or 3", arguments.size());
  }
  const DataType& value = arguments[0].type;
  if (!value.IsNumeric() && !IsDateTime(value) && !IsInterval(value)) {
    return WrongType("percentile_approx", 0, "a number, date or interval", value);
  }
  ASSIGN_OR_RETURN(const DataType fractions, Fractions("percentile_approx", arguments[1]));
  CallTypes types{{value, fractions}, PerFraction(fractions, value), true};
  if (arguments.size() == 3) {
    types.arguments.push_back(DataType::Integer());
  }
  return types;
}

Result<CallTypes> OffsetRule(Arguments arguments) {
  if (arguments.empty() || arguments.size() > 3) {
    return WrongCount("lag", "1 to 3", arguments.size());
  }
  CallTypes types{{arguments[0].type}, arguments[0].type, true};
  if (arguments.size() > 1) {
    if (!CanCastImplicitly(arguments[1].type, DataType::Integer())) {
      return WrongType("lag", 1, "INT", arguments[1].type);
    }
    types.arguments.push_back(DataType::Integer());
  }
  if (arguments.size() > 2) {
    // The default takes the value's type, as INSERT would cast it.
    if (!CanStoreAssign(arguments[2].type, arguments[0].type)) {
      return WrongType("lag", 2, arguments[0].type.ToDdl(), arguments[2].type);
    }
    types.arguments.push_back(arguments[0].type);
    types.nullable = arguments[0].nullable || arguments[2].nullable;
  }
  return types;
}

}  // namespace medallion::sql
