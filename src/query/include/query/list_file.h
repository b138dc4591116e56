#pragma once

#include <string>

#include "base/result.h"
#include "engine/engine.h"
#include "query/stored_query.h"

// The rows of a query as a file for other programs, such as a list of customers.

namespace medallion::query {

enum class ListFormat { kCsv, kXlsx, kParquet };

// By the ending of the name; kInvalidArgument for another.
Result<ListFormat> ListFormatOf(const std::string& path);

// Writes the file whole or not at all, in the place of one that is there; returns the number of
// rows. They are never all in memory. Decimals stay exact in CSV and Parquet; Excel knows doubles
// alone, and 1,048,575 rows at most (kUnsupported).
//
// A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage
// return) gets an apostrophe before it in CSV (OWASP, "CSV Injection"); in XLSX texts are marked as
// such, and Parquet has types.
Result<int64_t> WriteListFile(const std::string& path, const PreparedQuery& rows, Engine& engine);

}  // namespace medallion::query
