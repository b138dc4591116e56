#pragma once

#include <string>
#include <string_view>

namespace medallion::pipeline {

// A uuid (RFC 9562 version 8) made of the SHA-256 of `text`: equal texts give equal ids.
std::string UuidOf(std::string_view text);

}  // namespace medallion::pipeline
