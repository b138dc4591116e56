#include "rule_errors.h"

#include <algorithm>

#include "base/text.h"
#include "type_coercion.h"

namespace medallion::sql {

Error WrongCount(std::string_view function, std::string_view expected, size_t actual) {
  return Error(ErrorCode::kSpecification,
               fmt::format("wrong number of arguments for `{}`: {} given, it takes {}", function,
                           actual, expected))
      .WithCondition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
}

Error WrongType(std::string_view function, size_t argument, std::string_view wanted,
                const DataType& actual) {
  return Error(ErrorCode::kSpecification,
               fmt::format("argument {} of `{}` has to be {}, not {}", argument + 1, function,
                           wanted, actual.ToDdl()))
      .WithCondition("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

Error DifferentTypes(std::string_view function, Arguments arguments) {
  std::vector<std::string> names;
  for (const ArgumentInfo& argument : arguments) {
    const std::string name = argument.type.ToDdl();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return Error(ErrorCode::kSpecification,
               fmt::format("`{}` cannot mix {}", function, medallion::Join(names, " and ")))
      .WithCondition("DATATYPE_MISMATCH.DATA_DIFF_TYPES");
}

std::vector<DataType> TypesOf(Arguments arguments) {
  std::vector<DataType> types;
  types.reserve(arguments.size());
  for (const ArgumentInfo& argument : arguments) {
    types.push_back(argument.type);
  }
  return types;
}

bool AnyNullable(Arguments arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const ArgumentInfo& a) { return a.nullable; });
}

bool AllNullable(Arguments arguments) {
  return std::all_of(arguments.begin(), arguments.end(),
                     [](const ArgumentInfo& a) { return a.nullable; });
}

Result<DataType> CommonTypeOf(std::string_view function, Arguments arguments, Strings strings) {
  const std::vector<DataType> types = TypesOf(arguments);
  auto common = CommonType(
      types, strings == Strings::kPromote ? StringPromotion::kAllow : StringPromotion::kRefuse);
  if (!common) {
    return DifferentTypes(function, arguments);
  }
  return *std::move(common);
}

}  // namespace medallion::sql
