#pragma once

#include <string_view>

#include "function_rules.h"

// What typing rules say when arguments do not fit. The place is added by the analyser.

namespace medallion::sql {

// `expected` in words: "2", "1 or 2", "at least 1".
Error WrongCount(std::string_view function, std::string_view expected, size_t actual);

// "argument 2 of `round` has to be an integer literal, not STRING".
Error WrongType(std::string_view function, size_t argument, std::string_view wanted,
                const DataType& actual);

// "`coalesce` cannot mix BOOLEAN and INT".
Error DifferentTypes(std::string_view function, Arguments arguments);

std::vector<DataType> TypesOf(Arguments arguments);
bool AnyNullable(Arguments arguments);
bool AllNullable(Arguments arguments);

// The common type of arguments[first…], every step-th; an error if there is none.
enum class Strings { kPromote, kRefuse };
Result<DataType> CommonTypeOf(std::string_view function, Arguments arguments,
                              Strings strings = Strings::kPromote);

}  // namespace medallion::sql
