#pragma once

#include <string>

#include "base/result.h"
#include "json.h"
#include "query/row_set.h"

// Rows as the API writes them: the query's column names are the members' names.

namespace medallion::serve {

// DECIMAL and DATE as text, TIMESTAMP as RFC 3339 text in UTC, structs as objects.
Json ToJson(const Value& value);
// One object per row.
Json ToObjects(const query::RowSet& rows);
// The first row's; null if there is none.
Json FirstObject(const query::RowSet& rows);
// Of one column, by row.
Json ColumnOf(const query::RowSet& rows, const std::string& name);

}  // namespace medallion::serve
