#pragma once

#include <string>
#include <vector>

#include "base/schema.h"
#include "base/value.h"

// Rows as CSV (RFC 4180, lines end in a line feed): NULL is an empty field, an empty text is "".

namespace medallion::query {

// The line of column names.
std::string CsvHeader(const Schema& schema);
std::string CsvLine(const std::vector<Value>& row);

// The row with an apostrophe before each text that a spreadsheet would take for a formula: one that
// begins with = + - @, a tab or a carriage return (OWASP, "CSV Injection").
std::vector<Value> WithoutFormulas(std::vector<Value> row);

}  // namespace medallion::query
