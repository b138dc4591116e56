#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ml/model.h"

namespace medallion::ml {

// A query that scores a table: the columns `keys` and `cluster` INT, the cluster's id or outlier
// group as Predict gives it; NULL where a feature is NULL. Both DuckDB and Spark SQL run it. Since
// they quote names differently, nothing is quoted: kUnsupported for a feature, key or part of the
// dotted table name that is no plain identifier (letters, digits and _, not first a digit);
// kInvalidArgument without keys or with a key named `cluster`. `model` has passed CheckModel.
Result<std::string> ModelToSql(const Model& model, std::string_view table,
                               std::span<const std::string> keys);

}  // namespace medallion::ml
