#pragma once

#include <string>

#include "base/result.h"
#include "json.h"
#include "query/row_set.h"
#include "stored_tables.h"

// Rows as the API writes them: the query's column names are the members' names.

namespace medallion::serve {

// DECIMAL and DATE as text, TIMESTAMP as RFC 3339 text in UTC, structs as objects.
Json ToJson(const Value& value);
// One object per row.
Json ToObjects(const query::RowSet& rows);
// The first row's; null if there is none.
Json FirstObject(const query::RowSet& rows);
// The objects of a query.
Result<Json> QueryObjects(TableReader& reader, std::string_view sql,
                          const TableReader::Parameters& parameters = {});
// The first object of a query; null if it has no rows.
Result<Json> QueryFirst(TableReader& reader, std::string_view sql,
                        const TableReader::Parameters& parameters = {});
// As QueryObjects; an empty list if there is no such table.
Result<Json> QueryObjectsOf(std::string_view table, TableReader& reader, std::string_view sql);
// The count of a query whose only column is `n`.
Result<int64_t> QueryCount(TableReader& reader, std::string_view sql,
                           const TableReader::Parameters& parameters = {});
// Of one column, by row.
Json ColumnOf(const query::RowSet& rows, const std::string& name);

}  // namespace medallion::serve
