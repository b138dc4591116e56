#pragma once

#include <nlohmann/json.hpp>

namespace medallion::serve {

// Objects keep the order in which their members were added.
using Json = nlohmann::ordered_json;

// As text; bytes that are not UTF-8 become U+FFFD.
inline std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace medallion::serve
