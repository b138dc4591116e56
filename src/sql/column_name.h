#pragma once

#include <optional>
#include <string>

#include "sql/ast.h"

namespace medallion::sql {

// The name that Spark gives to an output column without alias: `x` for a column, field or cast
// column,
// `(x + 1)` for an operator, `upper(a)` for upper('a'), `count(1)` for count(*). Nothing for
// expressions whose name depends on more than their text (windows, subqueries).
std::optional<std::string> DefaultColumnName(const ast::Expression& expression);

}  // namespace medallion::sql
