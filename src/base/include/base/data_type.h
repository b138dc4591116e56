#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace medallion {

// The types of Spark SQL that Delta can store, plus those that only expressions have.
enum class TypeKind {
  kVoid,  // the type of a bare NULL
  kBoolean,
  kByte,
  kShort,
  kInteger,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kString,
  kBinary,
  kDate,          // days since 1970-01-01
  kTimestamp,     // microseconds since the epoch, UTC
  kTimestampNtz,  // microseconds, no zone
  kYearMonthInterval,
  kDayTimeInterval,
  kArray,
  kMap,
  kStruct,
};

struct Field;

// A Spark SQL type. An immutable value, cheap to copy.
class DataType {
 public:
  static constexpr int kDecimalPrecisionMax = 38;

  DataType() = default;  // VOID

  static DataType Void() { return DataType(TypeKind::kVoid); }
  static DataType Boolean() { return DataType(TypeKind::kBoolean); }
  static DataType Byte() { return DataType(TypeKind::kByte); }
  static DataType Short() { return DataType(TypeKind::kShort); }
  static DataType Integer() { return DataType(TypeKind::kInteger); }
  static DataType Long() { return DataType(TypeKind::kLong); }
  static DataType Float() { return DataType(TypeKind::kFloat); }
  static DataType Double() { return DataType(TypeKind::kDouble); }
  static DataType String() { return DataType(TypeKind::kString); }
  static DataType Binary() { return DataType(TypeKind::kBinary); }
  static DataType Date() { return DataType(TypeKind::kDate); }
  static DataType Timestamp() { return DataType(TypeKind::kTimestamp); }
  static DataType TimestampNtz() { return DataType(TypeKind::kTimestampNtz); }
  static DataType YearMonthInterval() { return DataType(TypeKind::kYearMonthInterval); }
  static DataType DayTimeInterval() { return DataType(TypeKind::kDayTimeInterval); }
  // 1 ≤ precision ≤ 38, 0 ≤ scale ≤ precision.
  static DataType Decimal(int precision, int scale);
  static DataType Array(DataType element, bool contains_null = true);
  static DataType Map(DataType key, DataType value, bool value_contains_null = true);
  static DataType Struct(std::vector<Field> fields);

  // Parses Spark's DDL spelling, any letter case: `decimal(10, 2)`, `ARRAY<STRING>`,
  // `STRUCT<a: INT, b: STRING>`, `BIGINT`, `LONG`.
  static Result<DataType> FromDdl(std::string_view ddl);

  TypeKind kind() const { return kind_; }
  bool Is(TypeKind kind) const { return kind_ == kind; }
  int precision() const { return precision_; }  // decimals only
  int scale() const { return scale_; }          // decimals only
  const DataType& element() const;              // arrays only
  bool contains_null() const;                   // arrays; for maps, whether values may be null
  const DataType& key() const;                  // maps only
  const DataType& value() const;                // maps only
  const std::vector<Field>& fields() const;     // structs only

  bool IsIntegral() const;       // BYTE to LONG
  bool IsFloatingPoint() const;  // FLOAT, DOUBLE
  bool IsNumeric() const;        // integral, FLOAT, DOUBLE, DECIMAL
  bool IsNested() const;         // ARRAY, MAP, STRUCT

  // Spark's upper-case SQL spelling: `DECIMAL(10,2)`, `BIGINT`, `STRUCT<a: INT>`.
  std::string ToDdl() const;

  friend bool operator==(const DataType& a, const DataType& b);

 private:
  struct Nested;
  explicit DataType(TypeKind kind) : kind_(kind) {}

  TypeKind kind_ = TypeKind::kVoid;
  int precision_ = 0;
  int scale_ = 0;
  std::shared_ptr<const Nested> nested_;
};

// Formats a type in fmt and CHECK_EQ messages.
inline std::string format_as(const DataType& type) { return type.ToDdl(); }

}  // namespace medallion
