#include "query/row_json.h"

#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace medallion::query {
namespace {

std::string JsonString(const std::string& text) {
  // Bytes that are not UTF-8 (BINARY) become U+FFFD rather than an exception.
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JsonDouble(double value) {
  return std::isfinite(value) ? nlohmann::json(value).dump()
                              : JsonString(ToDisplayString(Value::Double(value)));
}

std::string JsonList(const Value::List& list, const DataType& type) {
  std::string text;
  const auto append = [&text](const std::string& piece) {
    text += (text.empty() ? "" : ",") + piece;
  };
  if (type.Is(TypeKind::kArray)) {
    for (const Value& element : list) {
      append(ToJson(element));
    }
    return "[" + text + "]";
  }
  if (type.Is(TypeKind::kMap)) {
    for (size_t index = 0; index + 1 < list.size(); index += 2) {
      append(JsonString(ToDisplayString(list[index])) + ":" + ToJson(list[index + 1]));
    }
    return "{" + text + "}";
  }
  for (size_t index = 0; index < list.size(); ++index) {
    append(JsonString(type.fields()[index].name) + ":" + ToJson(list[index]));
  }
  return "{" + text + "}";
}

}  // namespace

std::string ToJson(const Value& value) {
  if (value.is_null()) {
    return "null";
  }
  if (const auto* boolean = std::get_if<bool>(&value.data)) {
    return *boolean ? "true" : "false";
  }
  if (const auto* number = std::get_if<double>(&value.data)) {
    return JsonDouble(*number);
  }
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    return JsonList(*list, value.type);
  }
  if (value.type.IsIntegral()) {
    return std::to_string(std::get<int64_t>(value.data));
  }
  return JsonString(ToDisplayString(value));
}

std::string ToJsonObject(const Schema& schema, const std::vector<Value>& row) {
  return ToJsonObject(JsonKeys(schema), row);
}

std::vector<std::string> JsonKeys(const Schema& schema) {
  std::set<std::string> taken;
  for (const Field& field : schema.fields()) {
    taken.insert(field.name);
  }
  std::set<std::string> used;
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    std::string name = field.name;
    for (int number = 2; used.contains(name) || (name != field.name && taken.contains(name));
         ++number) {
      name = fmt::format("{}_{}", field.name, number);
    }
    used.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

std::string ToJsonObject(const std::vector<std::string>& names, const std::vector<Value>& row) {
  std::string text;
  for (size_t column = 0; column < row.size(); ++column) {
    text += (column == 0 ? "" : ",") + JsonString(names[column]) + ":" + ToJson(row[column]);
  }
  return "{" + text + "}";
}

}  // namespace medallion::query
