#pragma once

#include <string>
#include <string_view>

namespace medallion {

// Whether Spark SQL reads the name without back-quotes: letters, digits and underscores of ASCII,
// no digit first, not empty.
bool IsPlainIdentifier(std::string_view name);

// The name as Spark SQL reads it back: in back-quotes, inner ones doubled, unless it is plain.
std::string QuoteSparkIdentifier(std::string_view name);

}  // namespace medallion
