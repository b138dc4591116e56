#include <algorithm>

#include "base/schema.h"
#include "base/text.h"
#include "function_rules.h"
#include "rule_errors.h"
#include "type_coercion.h"

namespace medallion::sql {
namespace {

const std::string* TextOf(const ArgumentInfo& argument) {
  return argument.literal == nullptr ? nullptr : std::get_if<std::string>(&argument.literal->data);
}

Error NoSuchField(const std::string& name, const DataType& type) {
  std::vector<std::string> names;
  for (const Field& field : type.fields()) {
    names.push_back("`" + field.name + "`");
  }
  return Error(ErrorCode::kSpecification, fmt::format("no field `{}` in the struct; it has {}",
                                                      name, medallion::Join(names, ", ")))
      .WithCondition("FIELD_NOT_FOUND");
}

}  // namespace

Result<CallTypes> ArrayRule(Arguments arguments) {
  ASSIGN_OR_RETURN(const DataType element, CommonTypeOf("array", arguments));
  return CallTypes{std::vector<DataType>(arguments.size(), element),
                   DataType::Array(element, AnyNullable(arguments)), false};
}

Result<CallTypes> MapRule(Arguments arguments) {
  if (arguments.size() % 2 != 0) {
    return WrongCount("map", "an even number", arguments.size());
  }
  std::vector<ArgumentInfo> keys;
  std::vector<ArgumentInfo> values;
  for (size_t i = 0; i < arguments.size(); ++i) {
    (i % 2 == 0 ? keys : values).push_back(arguments[i]);
  }
  ASSIGN_OR_RETURN(const DataType key, CommonTypeOf("map", keys));
  ASSIGN_OR_RETURN(const DataType value, CommonTypeOf("map", values));
  CallTypes types{{}, DataType::Map(key, value, AnyNullable(values)), false};
  for (size_t i = 0; i < arguments.size(); ++i) {
    types.arguments.push_back(i % 2 == 0 ? key : value);
  }
  return types;
}

Result<CallTypes> NamedStructRule(Arguments arguments) {
  if (arguments.empty() || arguments.size() % 2 != 0) {
    return WrongCount("named_struct", "an even number, at least 2", arguments.size());
  }
  std::vector<Field> fields;
  for (size_t i = 0; i < arguments.size(); i += 2) {
    const std::string* name = TextOf(arguments[i]);
    if (name == nullptr) {
      return WrongType("named_struct", i, "a string literal", arguments[i].type);
    }
    fields.push_back({*name, arguments[i + 1].type, arguments[i + 1].nullable});
  }
  return CallTypes{TypesOf(arguments), DataType::Struct(std::move(fields)), false};
}

Result<CallTypes> GetFieldRule(Arguments arguments) {
  const std::string* name = arguments.size() == 2 ? TextOf(arguments[1]) : nullptr;
  if (name == nullptr || !arguments[0].type.Is(TypeKind::kStruct)) {
    return WrongType("getfield", 0, "STRUCT", arguments.empty() ? DataType() : arguments[0].type);
  }
  for (const Field& field : arguments[0].type.fields()) {
    if (EqualsIgnoreCase(field.name, *name)) {
      return CallTypes{TypesOf(arguments), field.type, field.nullable || arguments[0].nullable};
    }
  }
  return NoSuchField(*name, arguments[0].type);
}

Result<CallTypes> GetItemRule(Arguments arguments) {
  if (arguments.size() != 2 || !arguments[0].type.Is(TypeKind::kArray)) {
    return WrongType("getitem", 0, "ARRAY", arguments.empty() ? DataType() : arguments[0].type);
  }
  if (!arguments[1].type.IsIntegral() && !arguments[1].type.Is(TypeKind::kVoid)) {
    return WrongType("getitem", 1, "an integer", arguments[1].type);
  }
  return CallTypes{{arguments[0].type, DataType::Integer()}, arguments[0].type.element(), true};
}

Result<CallTypes> ElementAtRule(Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount("element_at", "2", arguments.size());
  }
  const DataType& collection = arguments[0].type;
  if (collection.Is(TypeKind::kMap)) {
    const auto key = CommonType(collection.key(), arguments[1].type, StringPromotion::kRefuse);
    if (!key) {
      return WrongType("element_at", 1, collection.key().ToDdl(), arguments[1].type);
    }
    return CallTypes{{DataType::Map(*key, collection.value(), collection.contains_null()), *key},
                     collection.value(),
                     true};
  }
  if (!collection.Is(TypeKind::kArray)) {
    return WrongType("element_at", 0, "ARRAY or MAP", collection);
  }
  if (!arguments[1].type.IsIntegral()) {
    return WrongType("element_at", 1, "INT", arguments[1].type);
  }
  return CallTypes{{collection, DataType::Integer()}, collection.element(), true};
}

Result<CallTypes> FlattenRule(Arguments arguments) {
  if (arguments.size() != 1) {
    return WrongCount("flatten", "1", arguments.size());
  }
  const DataType& type = arguments[0].type;
  if (!type.Is(TypeKind::kArray) || !type.element().Is(TypeKind::kArray)) {
    return WrongType("flatten", 0, "an array of arrays", type);
  }
  return CallTypes{{type}, type.element(), arguments[0].nullable || type.contains_null()};
}

Result<CallTypes> ArraysZipRule(Arguments arguments) {
  std::vector<Field> fields;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].type.Is(TypeKind::kArray)) {
      return WrongType("arrays_zip", i, "ARRAY", arguments[i].type);
    }
    fields.push_back({std::to_string(i), arguments[i].type.element(), true});
  }
  return CallTypes{TypesOf(arguments), DataType::Array(DataType::Struct(std::move(fields)), false),
                   AnyNullable(arguments)};
}

Result<CallTypes> MapEntriesRule(Arguments arguments) {
  if (arguments.size() != 1 || !arguments[0].type.Is(TypeKind::kMap)) {
    return WrongType("map_entries", 0, "MAP", arguments.empty() ? DataType() : arguments[0].type);
  }
  const DataType& map = arguments[0].type;
  const DataType entry =
      DataType::Struct({{"key", map.key(), false}, {"value", map.value(), map.contains_null()}});
  return CallTypes{{map}, DataType::Array(entry, false), arguments[0].nullable};
}

Result<CallTypes> SequenceRule(Arguments arguments) {
  if (arguments.size() != 2 && arguments.size() != 3) {
    return WrongCount("sequence", "2 or 3", arguments.size());
  }
  ASSIGN_OR_RETURN(const DataType bound, CommonTypeOf("sequence", arguments.first(2)));
  const bool moments = IsDateTime(bound);
  if (!moments && !bound.IsIntegral()) {
    return WrongType("sequence", 0, "an integer, DATE or TIMESTAMP", bound);
  }
  CallTypes types{{bound, bound}, DataType::Array(bound, false), AnyNullable(arguments)};
  if (arguments.size() == 3) {
    const DataType& step = arguments[2].type;
    if (moments ? !IsInterval(step) : !step.IsIntegral()) {
      return WrongType("sequence", 2, moments ? "an interval" : "an integer", step);
    }
    types.arguments.push_back(moments ? step : bound);
  }
  return types;
}

Result<CallTypes> FromJsonRule(Arguments arguments) {
  if (arguments.size() != 2) {
    return WrongCount("from_json", "2 (options are not supported)", arguments.size());
  }
  const std::string* text = TextOf(arguments[1]);
  if (text == nullptr) {
    return WrongType("from_json", 1, "a schema as a string literal", arguments[1].type);
  }
  auto type = DataType::FromDdl(*text);
  if (!type) {
    ASSIGN_OR_RETURN(const Schema schema, Schema::FromDdl(*text));
    type = DataType::Struct(schema.fields());
  }
  if (!type->IsNested()) {
    return WrongType("from_json", 1, "a schema of columns, STRUCT, ARRAY or MAP", *type);
  }
  return CallTypes{{DataType::String(), DataType::String()}, *std::move(type), true};
}

}  // namespace medallion::sql
