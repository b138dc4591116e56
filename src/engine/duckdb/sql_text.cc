#include "sql_text.h"

#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/schema.h"

namespace medallion::duckdb {

std::string QuoteString(std::string_view text) {
  std::string quoted = "'";
  bool has_nul = false;
  for (const char c : text) {
    if (c == '\0') {
      quoted += "'||chr(0)||'";
      has_nul = true;
      continue;
    }
    if (c == '\'') {
      quoted += '\'';
    }
    quoted += c;
  }
  quoted += '\'';
  return has_nul ? "(" + quoted + ")" : quoted;
}

std::string QuoteIdentifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') {
      quoted += '"';
    }
    quoted += c;
  }
  return quoted + "\"";
}

std::string TypeName(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean: return "BOOLEAN";
    case TypeKind::kByte: return "TINYINT";
    case TypeKind::kShort: return "SMALLINT";
    case TypeKind::kVoid:
    case TypeKind::kInteger: return "INTEGER";
    case TypeKind::kLong: return "BIGINT";
    case TypeKind::kFloat: return "FLOAT";
    case TypeKind::kDouble: return "DOUBLE";
    case TypeKind::kDecimal: return fmt::format("DECIMAL({},{})", type.precision(), type.scale());
    case TypeKind::kString: return "VARCHAR";
    case TypeKind::kBinary: return "BLOB";
    case TypeKind::kDate: return "DATE";
    case TypeKind::kTimestamp: return "TIMESTAMP WITH TIME ZONE";
    case TypeKind::kTimestampNtz: return "TIMESTAMP";
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval: return "INTERVAL";
    case TypeKind::kArray: return TypeName(type.element()) + "[]";
    case TypeKind::kMap:
      return fmt::format("MAP({}, {})", TypeName(type.key()), TypeName(type.value()));
    case TypeKind::kStruct: {
      std::string members;
      for (const Field& field : type.fields()) {
        members += fmt::format("{}{} {}", members.empty() ? "" : ", ", QuoteIdentifier(field.name),
                               TypeName(field.type));
      }
      return "STRUCT(" + members + ")";
    }
  }
  CHECK(false);
}

std::string Cast(std::string_view sql, const DataType& type) {
  return fmt::format("CAST({} AS {})", sql, TypeName(type));
}

namespace {

std::string HexOf(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
  }
  return hex;
}

std::string DoubleText(double value) {
  if (std::isnan(value)) {
    return "nan";
  }
  if (std::isinf(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  return fmt::format("{}", value);
}

std::string ListLiteral(const Value& value) {
  std::string items;
  for (const Value& item : std::get<Value::List>(value.data)) {
    items += (items.empty() ? "" : ", ") + Literal(item);
  }
  return Cast("[" + items + "]", value.type);
}

std::string MapLiteral(const Value& value) {
  const auto& list = std::get<Value::List>(value.data);
  std::string keys;
  std::string values;
  for (size_t i = 0; i + 1 < list.size(); i += 2) {
    keys += (i == 0 ? "" : ", ") + Literal(list[i]);
    values += (i == 0 ? "" : ", ") + Literal(list[i + 1]);
  }
  return Cast("map([" + keys + "], [" + values + "])", value.type);
}

std::string StructLiteral(const Value& value) {
  const auto& list = std::get<Value::List>(value.data);
  const auto& fields = value.type.fields();
  CHECK_EQ(list.size(), fields.size());
  std::string members;
  for (size_t i = 0; i < list.size(); ++i) {
    members += fmt::format("{}{}: {}", i == 0 ? "" : ", ", QuoteIdentifier(fields[i].name),
                           Literal(list[i]));
  }
  return Cast("{" + members + "}", value.type);
}

}  // namespace

std::string Literal(const Value& value) {
  const DataType& type = value.type;
  if (value.is_null()) {
    return Cast("NULL", type);
  }
  switch (type.kind()) {
    case TypeKind::kBoolean: return std::get<bool>(value.data) ? "true" : "false";
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
      return fmt::format("CAST('{}' AS {})", std::get<int64_t>(value.data), TypeName(type));
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return fmt::format("CAST('{}' AS {})", DoubleText(std::get<double>(value.data)),
                         TypeName(type));
    case TypeKind::kDecimal:
      return fmt::format("CAST('{}' AS {})", std::get<Decimal>(value.data).ToString(),
                         TypeName(type));
    case TypeKind::kString: return QuoteString(std::get<std::string>(value.data));
    case TypeKind::kBinary:
      return fmt::format("from_hex('{}')", HexOf(std::get<std::string>(value.data)));
    case TypeKind::kDate:
      return fmt::format("(DATE '1970-01-01' + CAST({} AS INTEGER))",
                         std::get<int64_t>(value.data));
    case TypeKind::kTimestamp:
      return fmt::format("make_timestamptz(CAST('{}' AS BIGINT))", std::get<int64_t>(value.data));
    case TypeKind::kTimestampNtz:
      return fmt::format("make_timestamp(CAST('{}' AS BIGINT))", std::get<int64_t>(value.data));
    case TypeKind::kYearMonthInterval:
      return fmt::format("to_months(CAST({} AS INTEGER))", std::get<int64_t>(value.data));
    case TypeKind::kDayTimeInterval:
      return fmt::format("to_microseconds(CAST('{}' AS BIGINT))", std::get<int64_t>(value.data));
    case TypeKind::kArray: return ListLiteral(value);
    case TypeKind::kMap: return MapLiteral(value);
    case TypeKind::kStruct: return StructLiteral(value);
    case TypeKind::kVoid: break;
  }
  CHECK(false);
}

}  // namespace medallion::duckdb
