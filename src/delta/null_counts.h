#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace medallion::delta {

// `nullCount` of the top-level columns that are not nested, from a stats JSON. Empty if it is
// absent or unreadable.
std::map<std::string, int64_t> NullCounts(const std::optional<std::string>& stats_json);

}  // namespace medallion::delta
