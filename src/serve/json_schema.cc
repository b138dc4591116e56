#include "json_schema.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/civil_time.h"

namespace medallion::serve {
namespace {

bool IsOfType(const Json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return value.is_null();
}

std::optional<std::string> TextMismatch(const std::string& text, const Json& schema,
                                        const std::string& name) {
  if (schema.contains("maxLength") && text.size() > schema["maxLength"].get<size_t>()) {
    return fmt::format("{} is longer than {} bytes", name, schema["maxLength"].get<size_t>());
  }
  if (schema.contains("pattern") &&
      !RE2::PartialMatch(text, schema["pattern"].get<std::string>())) {
    return fmt::format("{} has not the form {}", name, schema["pattern"].get<std::string>());
  }
  if (schema.value("format", "") == "date" && !ParseIsoDate(text)) {
    return fmt::format("{} is no date such as 2026-05-01", name);
  }
  return std::nullopt;
}

std::optional<std::string> BoundMismatch(int64_t number, const Json& schema,
                                         const std::string& name) {
  if (schema.contains("minimum") && number < schema["minimum"].get<int64_t>()) {
    return fmt::format("{} is below {}", name, schema["minimum"].get<int64_t>());
  }
  if (schema.contains("maximum") && number > schema["maximum"].get<int64_t>()) {
    return fmt::format("{} is above {}", name, schema["maximum"].get<int64_t>());
  }
  return std::nullopt;
}

std::optional<std::string> ItemMismatch(const Json& list, const Json& schema, const Json& document,
                                        const std::string& name) {
  if (schema.contains("maxItems") && list.size() > schema["maxItems"].get<size_t>()) {
    return fmt::format("{} has more than {} values", name, schema["maxItems"].get<size_t>());
  }
  for (const Json& item : list) {
    if (const auto mismatch = FindMismatch(item, schema["items"], document, name)) {
      return mismatch;
    }
  }
  return std::nullopt;
}

std::optional<std::string> MemberMismatch(const Json& object, const Json& schema,
                                          const Json& document, const std::string& name) {
  for (const Json& required : schema.value("required", Json::array())) {
    if (!object.contains(required.get<std::string>())) {
      return fmt::format("{} lacks `{}`", name, required.get<std::string>());
    }
  }
  const Json none = Json::object();
  const Json& properties = schema.contains("properties") ? schema["properties"] : none;
  for (const auto& [key, member] : object.items()) {
    const std::string member_name = fmt::format("`{}`", key);
    if (properties.contains(key)) {
      if (const auto mismatch = FindMismatch(member, properties[key], document, member_name)) {
        return mismatch;
      }
    } else if (schema.contains("additionalProperties")) {
      const Json& others = schema["additionalProperties"];
      if (others.is_boolean() && !others.get<bool>()) {
        return fmt::format("{} is not known", member_name);
      }
      if (others.is_object()) {
        if (const auto mismatch = FindMismatch(member, others, document, member_name)) {
          return mismatch;
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace

const Json& Resolve(const Json& schema, const Json& document) {
  const Json* found = &schema;
  while (found->is_object() && found->contains("$ref")) {
    const auto pointer = (*found)["$ref"].get<std::string>().substr(1);  // after `#`
    found = &document.at(Json::json_pointer(pointer));
  }
  return *found;
}

std::optional<std::string> FindMismatch(const Json& value, const Json& given, const Json& document,
                                        const std::string& name) {
  const Json& schema = Resolve(given, document);
  if (schema.contains("type")) {
    const auto type = schema["type"].get<std::string>();
    if (!IsOfType(value, type)) {
      return fmt::format("{} is no {}", name, type);
    }
  }
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
    std::string choices;
    for (const Json& choice : schema["enum"]) {
      choices += (choices.empty() ? "" : ", ") + choice.get<std::string>();
    }
    return fmt::format("{} is none of {}", name, choices);
  }
  if (value.is_string()) return TextMismatch(value.get<std::string>(), schema, name);
  if (value.is_number_integer()) return BoundMismatch(value.get<int64_t>(), schema, name);
  if (value.is_array()) return ItemMismatch(value, schema, document, name);
  if (value.is_object()) return MemberMismatch(value, schema, document, name);
  return std::nullopt;
}

}  // namespace medallion::serve
