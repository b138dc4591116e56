#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis.h"

namespace medallion::sql {

// `explode_outer` is the generator explode with outer set.
struct GeneratorName {
  std::string function;  // explode, posexplode, inline, stack
  bool outer = false;
};
std::optional<GeneratorName> FindGenerator(std::string_view name);

// The columns that the generator adds, with Spark's default names, and its arguments as it wants
// them. Errors have no place.
struct GeneratorShape {
  std::vector<Field> columns;
  std::vector<ExprPtr> args;
};
Result<GeneratorShape> ShapeOf(const GeneratorName& generator, std::vector<ExprPtr> args);

}  // namespace medallion::sql
