#include "base/schema_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace medallion {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDepthMax = 64;  // schemas of foreign tables are hostile; real ones are shallow

Json TypeToJson(const DataType& type);

Json FieldToJson(const Field& field) {
  Json metadata = Json::object();
  for (const auto& [key, text] : field.metadata) {
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    metadata[key] = value.is_discarded() ? Json(text) : std::move(value);
  }
  return {{"name", field.name},
          {"type", TypeToJson(field.type)},
          {"nullable", field.nullable},
          {"metadata", std::move(metadata)}};
}

Json StructToJson(const std::vector<Field>& fields) {
  Json array = Json::array();
  for (const Field& field : fields) {
    array.push_back(FieldToJson(field));
  }
  return {{"type", "struct"}, {"fields", std::move(array)}};
}

Json TypeToJson(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kByte: return "byte";
    case TypeKind::kShort: return "short";
    case TypeKind::kInteger: return "integer";
    case TypeKind::kLong: return "long";
    case TypeKind::kDecimal: return fmt::format("decimal({},{})", type.precision(), type.scale());
    case TypeKind::kArray:
      return {{"type", "array"},
              {"elementType", TypeToJson(type.element())},
              {"containsNull", type.contains_null()}};
    case TypeKind::kMap:
      return {{"type", "map"},
              {"keyType", TypeToJson(type.key())},
              {"valueType", TypeToJson(type.value())},
              {"valueContainsNull", type.contains_null()}};
    case TypeKind::kStruct: return StructToJson(type.fields());
    case TypeKind::kVoid:
    case TypeKind::kBoolean:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kString:
    case TypeKind::kBinary:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval: break;
  }
  std::string name = type.ToDdl();
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

Error Malformed(std::string_view what) {
  return Error(ErrorCode::kCorruption, fmt::format("malformed schema JSON: {}", what));
}

Result<DataType> TypeFromJson(const Json& json, int depth);

Result<std::vector<Field>> FieldsFromJson(const Json& json, int depth) {
  if (!json.is_array()) {
    return Malformed("`fields` is not an array");
  }
  std::vector<Field> fields;
  for (const Json& entry : json) {
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string() ||
        !entry.contains("type")) {
      return Malformed("a field lacks `name` or `type`");
    }
    ASSIGN_OR_RETURN(DataType type, TypeFromJson(entry["type"], depth + 1));
    Field field{entry["name"].get<std::string>(), std::move(type)};
    const auto nullable = entry.find("nullable");
    field.nullable = nullable == entry.end() || !nullable->is_boolean() || nullable->get<bool>();
    if (const auto metadata = entry.find("metadata");
        metadata != entry.end() && metadata->is_object()) {
      for (const auto& [key, value] : metadata->items()) {
        field.metadata[key] = value.dump();
      }
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

bool BoolOr(const Json& json, const char* key, bool fallback) {
  const auto entry = json.find(key);
  return entry != json.end() && entry->is_boolean() ? entry->get<bool>() : fallback;
}

Result<DataType> NestedFromJson(const Json& json, int depth) {
  if (!json.contains("type") || !json["type"].is_string()) {
    return Malformed("a nested type lacks `type`");
  }
  const std::string kind = json["type"].get<std::string>();
  if (kind == "struct" && json.contains("fields")) {
    ASSIGN_OR_RETURN(std::vector<Field> fields, FieldsFromJson(json["fields"], depth));
    return DataType::Struct(std::move(fields));
  }
  if (kind == "array" && json.contains("elementType")) {
    ASSIGN_OR_RETURN(DataType element, TypeFromJson(json["elementType"], depth + 1));
    return DataType::Array(std::move(element), BoolOr(json, "containsNull", true));
  }
  if (kind == "map" && json.contains("keyType") && json.contains("valueType")) {
    ASSIGN_OR_RETURN(DataType key, TypeFromJson(json["keyType"], depth + 1));
    ASSIGN_OR_RETURN(DataType value, TypeFromJson(json["valueType"], depth + 1));
    return DataType::Map(std::move(key), std::move(value), BoolOr(json, "valueContainsNull", true));
  }
  return Malformed("unknown nested type " + kind);
}

Result<DataType> TypeFromJson(const Json& json, int depth) {
  if (depth > kDepthMax) {
    return Malformed(fmt::format("nested deeper than {}", kDepthMax));
  }
  if (json.is_object()) {
    return NestedFromJson(json, depth);
  }
  if (!json.is_string()) {
    return Malformed("a type is neither a name nor an object");
  }
  const std::string name = json.get<std::string>();
  Result<DataType> type = DataType::FromDdl(name);
  if (!type) {
    return Error(ErrorCode::kUnsupported, "column type is not supported: " + name);
  }
  return type;
}

}  // namespace

std::string SchemaToJson(const Schema& schema) {
  return StructToJson(schema.fields()).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Schema> SchemaFromJson(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || !parsed.contains("fields")) {
    return Malformed("not a struct");
  }
  ASSIGN_OR_RETURN(std::vector<Field> fields, FieldsFromJson(parsed["fields"], 0));
  return Schema(std::move(fields));
}

}  // namespace medallion
