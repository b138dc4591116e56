#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace medallion::serve {

// Objects keep the order in which their members were added.
using Json = nlohmann::ordered_json;

// As text; bytes that are not UTF-8 become U+FFFD.
inline std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// null for nothing, or for an empty text.
template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
inline Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace medallion::serve
