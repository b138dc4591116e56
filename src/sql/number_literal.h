#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/value.h"

namespace medallion::sql {

// The constant that Spark makes of a number as written, e.g. `1`, `1.50`, `1e3`, `2L`, `0.5BD`,
// with its sign if `negative`. Nothing if it does not fit its type.
std::optional<Value> ParseNumberLiteral(std::string_view text, bool negative);

// The number as SQL that reads back as the same constant. BOOLEAN, STRING, BINARY and DATE values
// too.
std::string LiteralToSql(const Value& value);

}  // namespace medallion::sql
