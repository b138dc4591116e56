#pragma once

#include <string_view>

namespace medallion::serve {

// openapi.yaml, as text.
extern const std::string_view kOpenApiYaml;

}  // namespace medallion::serve
