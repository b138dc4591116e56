#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/data_type.h"
#include "base/decimal.h"

namespace medallion {

// A constant with its type: a literal, an option's argument, one cell of a result. Payload by kind:
//   null → monostate; BOOLEAN → bool; BYTE…LONG, DATE (days), TIMESTAMP and TIMESTAMP_NTZ (micros),
//   intervals (months or micros) → int64_t; FLOAT, DOUBLE → double; DECIMAL → Decimal;
//   STRING, BINARY (bytes) → string; ARRAY → elements; MAP → key, value, key, value …;
//   STRUCT → members in field order.
struct Value {
  using List = std::vector<Value>;

  DataType type;
  std::variant<std::monostate, bool, int64_t, double, Decimal, std::string, List> data;

  static Value Null(DataType type = {}) { return {std::move(type), std::monostate{}}; }
  static Value Boolean(bool v) { return {DataType::Boolean(), v}; }
  static Value Integer(int32_t v) { return {DataType::Integer(), int64_t{v}}; }
  static Value Long(int64_t v) { return {DataType::Long(), v}; }
  static Value Double(double v) { return {DataType::Double(), v}; }
  static Value String(std::string v) { return {DataType::String(), std::move(v)}; }
  static Value Date(int32_t days) { return {DataType::Date(), int64_t{days}}; }
  static Value Timestamp(int64_t micros) { return {DataType::Timestamp(), micros}; }

  bool is_null() const { return std::holds_alternative<std::monostate>(data); }

  friend bool operator==(const Value& a, const Value& b) = default;
};

// As Spark's `CAST(… AS STRING)` prints it, timestamps in UTC; `NULL` for null. Arrays, maps and
// structs as Spark's `show()` does: `[1, 2]`, `{a -> 1}`, `{1, x}`.
std::string ToDisplayString(const Value& value);

}  // namespace medallion
