#include "base/data_type.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/identifier.h"
#include "base/schema.h"
#include "ddl_parser.h"

namespace medallion {

struct DataType::Nested {
  std::vector<DataType> types;  // element, or key and value
  bool contains_null = true;
  std::vector<Field> fields;
};

DataType DataType::Decimal(int precision, int scale) {
  CHECK(precision >= 1 && precision <= kDecimalPrecisionMax && scale >= 0 && scale <= precision);
  DataType type(TypeKind::kDecimal);
  type.precision_ = precision;
  type.scale_ = scale;
  return type;
}

DataType DataType::Array(DataType element, bool contains_null) {
  DataType type(TypeKind::kArray);
  type.nested_ = std::make_shared<Nested>(Nested{{std::move(element)}, contains_null, {}});
  return type;
}

DataType DataType::Map(DataType key, DataType value, bool value_contains_null) {
  DataType type(TypeKind::kMap);
  type.nested_ =
      std::make_shared<Nested>(Nested{{std::move(key), std::move(value)}, value_contains_null, {}});
  return type;
}

DataType DataType::Struct(std::vector<Field> fields) {
  DataType type(TypeKind::kStruct);
  type.nested_ = std::make_shared<Nested>(Nested{{}, true, std::move(fields)});
  return type;
}

Result<DataType> DataType::FromDdl(std::string_view ddl) { return DdlParser(ddl).ParseWholeType(); }

const DataType& DataType::element() const {
  CHECK(kind_ == TypeKind::kArray);
  return nested_->types[0];
}

bool DataType::contains_null() const {
  CHECK(kind_ == TypeKind::kArray || kind_ == TypeKind::kMap);
  return nested_->contains_null;
}

const DataType& DataType::key() const {
  CHECK(kind_ == TypeKind::kMap);
  return nested_->types[0];
}

const DataType& DataType::value() const {
  CHECK(kind_ == TypeKind::kMap);
  return nested_->types[1];
}

const std::vector<Field>& DataType::fields() const {
  CHECK(kind_ == TypeKind::kStruct);
  return nested_->fields;
}

bool DataType::IsIntegral() const {
  return kind_ == TypeKind::kByte || kind_ == TypeKind::kShort || kind_ == TypeKind::kInteger ||
         kind_ == TypeKind::kLong;
}

bool DataType::IsFloatingPoint() const { return Is(TypeKind::kFloat) || Is(TypeKind::kDouble); }

bool DataType::IsNumeric() const {
  return IsIntegral() || kind_ == TypeKind::kFloat || kind_ == TypeKind::kDouble ||
         kind_ == TypeKind::kDecimal;
}

bool DataType::IsNested() const {
  return kind_ == TypeKind::kArray || kind_ == TypeKind::kMap || kind_ == TypeKind::kStruct;
}

namespace {

std::string StructToDdl(const std::vector<Field>& fields) {
  std::string text = "STRUCT<";
  for (const Field& field : fields) {
    text += text.size() > 7 ? ", " : "";
    text += QuoteSparkIdentifier(field.name) + ": " + field.type.ToDdl() +
            (field.nullable ? "" : " NOT NULL");
  }
  return text + ">";
}

}  // namespace

std::string DataType::ToDdl() const {
  switch (kind_) {
    case TypeKind::kVoid: return "VOID";
    case TypeKind::kBoolean: return "BOOLEAN";
    case TypeKind::kByte: return "TINYINT";
    case TypeKind::kShort: return "SMALLINT";
    case TypeKind::kInteger: return "INT";
    case TypeKind::kLong: return "BIGINT";
    case TypeKind::kFloat: return "FLOAT";
    case TypeKind::kDouble: return "DOUBLE";
    case TypeKind::kDecimal: return fmt::format("DECIMAL({},{})", precision_, scale_);
    case TypeKind::kString: return "STRING";
    case TypeKind::kBinary: return "BINARY";
    case TypeKind::kDate: return "DATE";
    case TypeKind::kTimestamp: return "TIMESTAMP";
    case TypeKind::kTimestampNtz: return "TIMESTAMP_NTZ";
    case TypeKind::kYearMonthInterval: return "INTERVAL YEAR TO MONTH";
    case TypeKind::kDayTimeInterval: return "INTERVAL DAY TO SECOND";
    case TypeKind::kArray: return "ARRAY<" + element().ToDdl() + ">";
    case TypeKind::kMap: return "MAP<" + key().ToDdl() + ", " + value().ToDdl() + ">";
    case TypeKind::kStruct: return StructToDdl(fields());
  }
  return "VOID";
}

bool operator==(const DataType& a, const DataType& b) {
  if (a.kind_ != b.kind_ || a.precision_ != b.precision_ || a.scale_ != b.scale_) {
    return false;
  }
  if (a.nested_ == b.nested_) {
    return true;
  }
  if (a.nested_ == nullptr || b.nested_ == nullptr) {
    return false;
  }
  return a.nested_->types == b.nested_->types &&
         a.nested_->contains_null == b.nested_->contains_null &&
         a.nested_->fields == b.nested_->fields;
}

}  // namespace medallion
