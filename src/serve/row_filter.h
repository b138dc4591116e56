#pragma once

#include <string>
#include <vector>

#include "base/schema.h"
#include "stored_tables.h"

namespace medallion::serve {

// A condition over a table's columns, from `column:operator:value` texts (openapi.yaml, `filter`).
struct RowFilter {
  std::string condition;  // SQL; `true` without filters
  TableReader::Parameters parameters;
};

// kInvalidArgument for an unknown column or operator, or a value that the column's type cannot hold
// where the operator compares. A column name with a colon is found too: the longest name that fits
// wins.
Result<RowFilter> ParseRowFilter(const std::vector<std::string>& filters, const Schema& schema);

}  // namespace medallion::serve
