#include "column_types.h"

#include <cstring>

#include "base/check.h"
#include "base/civil_time.h"

namespace medallion::duckdb {

LogicalType ToLogicalType(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean: return MakeType(DUCKDB_TYPE_BOOLEAN);
    case TypeKind::kByte: return MakeType(DUCKDB_TYPE_TINYINT);
    case TypeKind::kShort: return MakeType(DUCKDB_TYPE_SMALLINT);
    case TypeKind::kVoid:
    case TypeKind::kInteger: return MakeType(DUCKDB_TYPE_INTEGER);
    case TypeKind::kLong: return MakeType(DUCKDB_TYPE_BIGINT);
    case TypeKind::kFloat: return MakeType(DUCKDB_TYPE_FLOAT);
    case TypeKind::kDouble: return MakeType(DUCKDB_TYPE_DOUBLE);
    case TypeKind::kDecimal: return MakeDecimalType(type.precision(), type.scale());
    case TypeKind::kString: return MakeType(DUCKDB_TYPE_VARCHAR);
    case TypeKind::kBinary: return MakeType(DUCKDB_TYPE_BLOB);
    case TypeKind::kDate: return MakeType(DUCKDB_TYPE_DATE);
    case TypeKind::kTimestamp: return MakeType(DUCKDB_TYPE_TIMESTAMP_TZ);
    case TypeKind::kTimestampNtz: return MakeType(DUCKDB_TYPE_TIMESTAMP);
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval: return MakeType(DUCKDB_TYPE_INTERVAL);
    case TypeKind::kArray: {
      const LogicalType element = ToLogicalType(type.element());
      return LogicalType(duckdb_create_list_type(element.get()));
    }
    case TypeKind::kMap: {
      const LogicalType key = ToLogicalType(type.key());
      const LogicalType value = ToLogicalType(type.value());
      return LogicalType(duckdb_create_map_type(key.get(), value.get()));
    }
    case TypeKind::kStruct: {
      std::vector<LogicalType> owned;
      std::vector<duckdb_logical_type> types;
      std::vector<const char*> names;
      for (const Field& field : type.fields()) {
        owned.push_back(ToLogicalType(field.type));
        types.push_back(owned.back().get());
        names.push_back(field.name.c_str());
      }
      return LogicalType(duckdb_create_struct_type(types.data(), names.data(), types.size()));
    }
  }
  CHECK(false);
}

namespace {

template <class To, class From>
void CopyNumbers(duckdb_vector vector, const std::vector<From>& from, size_t rows) {
  CHECK(from.size() >= rows);
  auto* to = static_cast<To*>(duckdb_vector_get_data(vector));
  if constexpr (std::is_same_v<To, From>) {
    std::memcpy(to, from.data(), rows * sizeof(To));
  } else {
    for (size_t row = 0; row < rows; ++row) {
      to[row] = static_cast<To>(from[row]);
    }
  }
}

}  // namespace

void FillVector(duckdb_vector vector, const ColumnVector& column, size_t rows, const DataType& type) {
  if (!column.nulls.empty()) {
    duckdb_vector_ensure_validity_writable(vector);
    uint64_t* validity = duckdb_vector_get_validity(vector);
    for (size_t row = 0; row < rows; ++row) {
      if (column.nulls[row] != 0) {
        duckdb_validity_set_row_invalid(validity, row);
      }
    }
  }
  switch (type.kind()) {
    case TypeKind::kBoolean: CopyNumbers<bool>(vector, column.int64s, rows); return;
    case TypeKind::kByte: CopyNumbers<int8_t>(vector, column.int64s, rows); return;
    case TypeKind::kShort: CopyNumbers<int16_t>(vector, column.int64s, rows); return;
    case TypeKind::kInteger:
    case TypeKind::kDate: CopyNumbers<int32_t>(vector, column.int64s, rows); return;
    case TypeKind::kLong:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: CopyNumbers<int64_t>(vector, column.int64s, rows); return;
    case TypeKind::kFloat: CopyNumbers<float>(vector, column.doubles, rows); return;
    case TypeKind::kDouble: CopyNumbers<double>(vector, column.doubles, rows); return;
    case TypeKind::kDecimal: {
      const duckdb_type storage = DecimalStorage(type.precision());
      for (size_t row = 0; row < rows; ++row) {
        WriteDecimal(vector, storage, row,
                     storage == DUCKDB_TYPE_HUGEINT ? column.int128s[row] : int128_t{column.int64s[row]});
      }
      return;
    }
    case TypeKind::kString:
    case TypeKind::kBinary:
      for (size_t row = 0; row < rows; ++row) {
        if (column.nulls.empty() || column.nulls[row] == 0) {
          duckdb_vector_assign_string_element_len(vector, row, column.strings[row].data(), column.strings[row].size());
        }
      }
      return;
    default:
      // A source whose schema holds such a type is refused before the scan starts.
      CHECK(false);
  }
}

Value ReadValue(duckdb_vector vector, const DataType& type, idx_t row) {
  const InputVector cells(vector);
  if (cells.IsNull(row) || type.Is(TypeKind::kVoid)) {
    return Value::Null(type);
  }
  switch (type.kind()) {
    case TypeKind::kBoolean: return {type, cells.Get<bool>(row)};
    case TypeKind::kByte: return {type, int64_t{cells.Get<int8_t>(row)}};
    case TypeKind::kShort: return {type, int64_t{cells.Get<int16_t>(row)}};
    case TypeKind::kInteger:
    case TypeKind::kDate: return {type, int64_t{cells.Get<int32_t>(row)}};
    case TypeKind::kLong:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return {type, cells.Get<int64_t>(row)};
    case TypeKind::kFloat: return {type, double{cells.Get<float>(row)}};
    case TypeKind::kDouble: return {type, cells.Get<double>(row)};
    case TypeKind::kDecimal:
      return {type, Decimal{ReadDecimal(vector, DecimalStorage(type.precision()), row), type.scale()}};
    case TypeKind::kString:
    case TypeKind::kBinary: return {type, std::string(cells.Get<std::string_view>(row))};
    case TypeKind::kYearMonthInterval: return {type, int64_t{cells.Get<duckdb_interval>(row).months}};
    case TypeKind::kDayTimeInterval: {
      const auto interval = cells.Get<duckdb_interval>(row);
      return {type, interval.days * kMicrosPerDay + interval.micros};
    }
    case TypeKind::kArray:
    case TypeKind::kMap: {
      const auto entry = cells.Get<duckdb_list_entry>(row);
      duckdb_vector child = duckdb_list_vector_get_child(vector);
      Value::List items;
      for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
        if (type.Is(TypeKind::kArray)) {
          items.push_back(ReadValue(child, type.element(), i));
        } else {
          items.push_back(ReadValue(duckdb_struct_vector_get_child(child, 0), type.key(), i));
          items.push_back(ReadValue(duckdb_struct_vector_get_child(child, 1), type.value(), i));
        }
      }
      return {type, std::move(items)};
    }
    case TypeKind::kStruct: {
      Value::List members;
      for (size_t i = 0; i < type.fields().size(); ++i) {
        members.push_back(ReadValue(duckdb_struct_vector_get_child(vector, i), type.fields()[i].type, row));
      }
      return {type, std::move(members)};
    }
    case TypeKind::kVoid: break;
  }
  CHECK(false);
}

}  // namespace medallion::duckdb
