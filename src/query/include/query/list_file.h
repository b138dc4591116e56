#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "query/row_set.h"

// A list of customers as a file for other programs.

namespace medallion::query {

enum class ListFormat { kCsv, kXlsx, kParquet };

// By the ending of the name; kInvalidArgument for another.
Result<ListFormat> ListFormatOf(const std::string& path);

// Writes the file whole or not at all, in the place of one that is there. Decimals stay exact in
// CSV and Parquet; Excel knows doubles alone.
//
// A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage
// return) gets an apostrophe before it in CSV (OWASP, "CSV Injection"); in XLSX texts are marked as
// such, and Parquet has types.
Status WriteListFile(const std::string& path, const RowSet& list, Engine& engine);

}  // namespace medallion::query
