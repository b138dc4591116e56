#pragma once

#include <string>
#include <string_view>

namespace medallion::sql {

// The name as Spark SQL reads it back: in back-quotes, inner ones doubled, unless it consists of
// letters, digits and underscores and does not begin with a digit.
std::string QuoteIdentifier(std::string_view name);

}  // namespace medallion::sql
