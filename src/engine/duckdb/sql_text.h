#pragma once

#include <string>
#include <string_view>

#include "base/data_type.h"
#include "base/value.h"

// Pieces of DuckDB SQL text.

namespace medallion::duckdb {

// `'it''s'`. A NUL byte, which DuckDB's parser takes for the end of the text, becomes chr(0).
std::string QuoteString(std::string_view text);
// `"a ""b"""`.
std::string QuoteIdentifier(std::string_view name);

// DuckDB's name of a Spark type: `TIMESTAMP WITH TIME ZONE`, `DECIMAL(10,2)`, `STRUCT("a"
// INTEGER)`. VOID has the name INTEGER: its only value is NULL.
std::string TypeName(const DataType& type);

// A constant expression of exactly the type of `value`.
std::string Literal(const Value& value);

// `(a)::T` in a form that binds tightest.
std::string Cast(std::string_view sql, const DataType& type);

}  // namespace medallion::duckdb
