#pragma once

#include "base/data_type.h"
#include "base/value.h"

// Precision and scale of decimal results: Spark's DecimalPrecision and DecimalType, with
// spark.sql.decimalOperations.allowPrecisionLoss = true (its default).

namespace medallion::sql {

// DECIMAL(precision, scale) if it fits. Otherwise 38 digits that keep every integral digit if that
// leaves at least six (or all) digits after the point.
DataType AdjustedDecimal(int precision, int scale);

// DECIMAL(precision, scale), each cut to 38.
DataType BoundedDecimal(int precision, int scale);

// The type that holds every value of both; beyond 38 digits, fractional digits are given up.
DataType WiderDecimal(const DataType& a, const DataType& b);

DataType DecimalSum(const DataType& a, const DataType& b);  // also for the difference
DataType DecimalProduct(const DataType& a, const DataType& b);
DataType DecimalQuotient(const DataType& a, const DataType& b);
DataType DecimalRemainder(const DataType& a, const DataType& b);

// The decimal type that holds each value of a BYTE, SHORT, INT or LONG: INT is DECIMAL(10,0).
// Decimals are themselves.
DataType DecimalForIntegral(const DataType& type);

// Of an integer literal only its own digits: 2 is DECIMAL(1,0).
DataType DecimalForLiteral(const Value& literal);

// Of DECIMAL(p,s) rounded to `digits` after the point, as round, bround, ceil and floor have it.
DataType RoundedDecimal(const DataType& type, int digits);

}  // namespace medallion::sql
