#pragma once

#include <vector>

#include "base/schema.h"
#include "base/value.h"

namespace medallion::query {

// The rows of a result that fits in memory; each has one value per column of `schema`.
struct RowSet {
  Schema schema;
  std::vector<std::vector<Value>> rows;
};

}  // namespace medallion::query
