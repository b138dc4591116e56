#pragma once

#include <string>

#include "base/error.h"

namespace medallion::cli {

// The findings of an error as people read them. `color` paints only the first word of each.
std::string RenderError(const Error& error, bool color);

}  // namespace medallion::cli
