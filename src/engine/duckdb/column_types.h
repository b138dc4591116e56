#pragma once

#include <optional>

#include <duckdb.h>

#include "base/row_source.h"
#include "base/value.h"
#include "scalar_function.h"

// Values and column types between Spark's world and DuckDB's vectors.

namespace medallion::duckdb {

LogicalType ToLogicalType(const DataType& type);

// The Spark type that holds the values of a DuckDB type; nothing for types that Delta has no word
// for.
std::optional<DataType> FromLogicalType(duckdb_logical_type type);

// Copies `rows` rows of `column`, whose payload goes by `type` as row_source.h says.
void FillVector(duckdb_vector vector, const ColumnVector& column, size_t rows,
                const DataType& type);

// One cell of a vector whose DuckDB type is that of `type`.
Value ReadValue(duckdb_vector vector, const DataType& type, idx_t row);

// Writes one cell, nested ones too. Rows of a vector are written in ascending order.
void WriteValue(duckdb_vector vector, const Value& value, idx_t row);

}  // namespace medallion::duckdb
