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

void FillVector(duckdb_vector vector, const ColumnVector& column, size_t rows,
                const DataType& type) {
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
        WriteDecimal(
            vector, storage, row,
            storage == DUCKDB_TYPE_HUGEINT ? column.int128s[row] : int128_t{column.int64s[row]});
      }
      return;
    }
    case TypeKind::kString:
    case TypeKind::kBinary:
      for (size_t row = 0; row < rows; ++row) {
        if (column.nulls.empty() || column.nulls[row] == 0) {
          duckdb_vector_assign_string_element_len(vector, row, column.strings[row].data(),
                                                  column.strings[row].size());
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
      return {type,
              Decimal{ReadDecimal(vector, DecimalStorage(type.precision()), row), type.scale()}};
    case TypeKind::kString:
    case TypeKind::kBinary: return {type, std::string(cells.Get<std::string_view>(row))};
    case TypeKind::kYearMonthInterval:
      return {type, int64_t{cells.Get<duckdb_interval>(row).months}};
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
        members.push_back(
            ReadValue(duckdb_struct_vector_get_child(vector, i), type.fields()[i].type, row));
      }
      return {type, std::move(members)};
    }
    case TypeKind::kVoid: break;
  }
  CHECK(false);
}

namespace {

// A name that DuckDB has allocated.
std::string TakeText(char* text) {
  std::string taken = text;
  duckdb_free(text);
  return taken;
}

std::optional<DataType> FromStructType(duckdb_logical_type type) {
  std::vector<Field> fields;
  for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
    const LogicalType child(duckdb_struct_type_child_type(type, i));
    std::optional<DataType> member = FromLogicalType(child.get());
    if (!member) {
      return std::nullopt;
    }
    fields.push_back(
        {.name = TakeText(duckdb_struct_type_child_name(type, i)), .type = *std::move(member)});
  }
  return DataType::Struct(std::move(fields));
}

}  // namespace

std::optional<DataType> FromLogicalType(duckdb_logical_type type) {
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN: return DataType::Boolean();
    case DUCKDB_TYPE_TINYINT: return DataType::Byte();
    case DUCKDB_TYPE_SMALLINT: return DataType::Short();
    case DUCKDB_TYPE_INTEGER: return DataType::Integer();
    case DUCKDB_TYPE_BIGINT: return DataType::Long();
    case DUCKDB_TYPE_FLOAT: return DataType::Float();
    case DUCKDB_TYPE_DOUBLE: return DataType::Double();
    case DUCKDB_TYPE_DECIMAL:
      return DataType::Decimal(duckdb_decimal_width(type), duckdb_decimal_scale(type));
    case DUCKDB_TYPE_VARCHAR: return DataType::String();
    case DUCKDB_TYPE_BLOB: return DataType::Binary();
    case DUCKDB_TYPE_DATE: return DataType::Date();
    case DUCKDB_TYPE_TIMESTAMP_TZ: return DataType::Timestamp();
    case DUCKDB_TYPE_TIMESTAMP: return DataType::TimestampNtz();
    case DUCKDB_TYPE_LIST: {
      const LogicalType child(duckdb_list_type_child_type(type));
      const std::optional<DataType> element = FromLogicalType(child.get());
      return element ? std::optional(DataType::Array(*element)) : std::nullopt;
    }
    case DUCKDB_TYPE_MAP: {
      const LogicalType key_type(duckdb_map_type_key_type(type));
      const LogicalType value_type(duckdb_map_type_value_type(type));
      const std::optional<DataType> key = FromLogicalType(key_type.get());
      const std::optional<DataType> value = FromLogicalType(value_type.get());
      return key && value ? std::optional(DataType::Map(*key, *value)) : std::nullopt;
    }
    case DUCKDB_TYPE_STRUCT: return FromStructType(type);
    default: return std::nullopt;
  }
}

namespace {

void SetNull(duckdb_vector vector, const DataType& type, idx_t row) {
  OutputVector(vector).SetNull(row);
  // The members of a NULL struct are NULL too.
  if (type.Is(TypeKind::kStruct)) {
    for (size_t i = 0; i < type.fields().size(); ++i) {
      SetNull(duckdb_struct_vector_get_child(vector, i), type.fields()[i].type, row);
    }
  } else if (type.Is(TypeKind::kArray) || type.Is(TypeKind::kMap)) {
    OutputVector(vector).Set(row, duckdb_list_entry{duckdb_list_vector_get_size(vector), 0});
  }
}

// Appends the items of an array or a map behind those of the rows before.
void WriteList(duckdb_vector vector, const Value& value, idx_t row) {
  const auto& items = std::get<Value::List>(value.data);
  const bool is_map = value.type.Is(TypeKind::kMap);
  const idx_t count = is_map ? items.size() / 2 : items.size();
  const idx_t begin = duckdb_list_vector_get_size(vector);
  duckdb_list_vector_reserve(vector, begin + count);
  duckdb_list_vector_set_size(vector, begin + count);
  OutputVector(vector).Set(row, duckdb_list_entry{begin, count});
  duckdb_vector child = duckdb_list_vector_get_child(vector);
  for (idx_t i = 0; i < count; ++i) {
    if (is_map) {
      WriteValue(duckdb_struct_vector_get_child(child, 0), items[2 * i], begin + i);
      WriteValue(duckdb_struct_vector_get_child(child, 1), items[2 * i + 1], begin + i);
    } else {
      WriteValue(child, items[i], begin + i);
    }
  }
}

}  // namespace

void WriteValue(duckdb_vector vector, const Value& value, idx_t row) {
  if (value.is_null()) {
    SetNull(vector, value.type, row);
    return;
  }
  OutputVector output(vector);
  switch (value.type.kind()) {
    case TypeKind::kBoolean: output.Set(row, std::get<bool>(value.data)); return;
    case TypeKind::kInteger:
    case TypeKind::kDate:
      output.Set(row, static_cast<int32_t>(std::get<int64_t>(value.data)));
      return;
    case TypeKind::kLong:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: output.Set(row, std::get<int64_t>(value.data)); return;
    case TypeKind::kString: output.Set(row, std::get<std::string>(value.data)); return;
    case TypeKind::kArray:
    case TypeKind::kMap: WriteList(vector, value, row); return;
    case TypeKind::kStruct: {
      const auto& members = std::get<Value::List>(value.data);
      for (size_t i = 0; i < members.size(); ++i) {
        WriteValue(duckdb_struct_vector_get_child(vector, i), members[i], row);
      }
      return;
    }
    default: break;
  }
  // Only checkpoints are written this way; no other type stands in one.
  CHECK(false);
}

}  // namespace medallion::duckdb
