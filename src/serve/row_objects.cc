#include "row_objects.h"

#include <cmath>

#include "base/civil_time.h"

namespace medallion::serve {
namespace {

Json ListToJson(const Value::List& list, const DataType& type) {
  if (type.Is(TypeKind::kArray)) {
    Json array = Json::array();
    for (const Value& element : list) {
      array.push_back(ToJson(element));
    }
    return array;
  }
  Json object = Json::object();
  if (type.Is(TypeKind::kMap)) {
    for (size_t i = 0; i + 1 < list.size(); i += 2) {
      object[ToDisplayString(list[i])] = ToJson(list[i + 1]);
    }
    return object;
  }
  for (size_t i = 0; i < list.size(); ++i) {
    object[type.fields()[i].name] = ToJson(list[i]);
  }
  return object;
}

Json RowToObject(const Schema& schema, const std::vector<Value>& row) {
  Json object = Json::object();
  for (size_t i = 0; i < row.size(); ++i) {
    object[schema[i].name] = ToJson(row[i]);
  }
  return object;
}

}  // namespace

Json ToJson(const Value& value) {
  if (value.is_null()) return nullptr;
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag;
  if (const auto* number = std::get_if<double>(&value.data)) {
    return std::isfinite(*number) ? Json(*number) : Json(nullptr);
  }
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    return ListToJson(*list, value.type);
  }
  if (value.type.IsIntegral()) return std::get<int64_t>(value.data);
  if (value.type.Is(TypeKind::kTimestamp)) {
    return FormatIsoTimestampMillis(std::get<int64_t>(value.data));
  }
  return ToDisplayString(value);
}

Json ToObjects(const query::RowSet& rows) {
  Json objects = Json::array();
  for (const std::vector<Value>& row : rows.rows) {
    objects.push_back(RowToObject(rows.schema, row));
  }
  return objects;
}

Json FirstObject(const query::RowSet& rows) {
  return rows.rows.empty() ? Json() : RowToObject(rows.schema, rows.rows.front());
}

Result<Json> QueryObjects(TableReader& reader, std::string_view sql,
                          const TableReader::Parameters& parameters) {
  ASSIGN_OR_RETURN(const query::RowSet rows, reader.Query(sql, parameters));
  return ToObjects(rows);
}

Result<Json> QueryFirst(TableReader& reader, std::string_view sql,
                        const TableReader::Parameters& parameters) {
  ASSIGN_OR_RETURN(const query::RowSet rows, reader.Query(sql, parameters));
  return FirstObject(rows);
}

Result<Json> QueryObjectsOf(std::string_view table, TableReader& reader, std::string_view sql) {
  ASSIGN_OR_RETURN(const bool exists, reader.Has(table));
  return exists ? QueryObjects(reader, sql) : Result<Json>(Json::array());
}

Result<int64_t> QueryCount(TableReader& reader, std::string_view sql,
                           const TableReader::Parameters& parameters) {
  ASSIGN_OR_RETURN(const Json row, QueryFirst(reader, sql, parameters));
  return row["n"].get<int64_t>();
}

Json ColumnOf(const query::RowSet& rows, const std::string& name) {
  const size_t column = rows.schema.IndexOf(name).value();
  Json values = Json::array();
  for (const std::vector<Value>& row : rows.rows) {
    values.push_back(ToJson(row[column]));
  }
  return values;
}

}  // namespace medallion::serve
