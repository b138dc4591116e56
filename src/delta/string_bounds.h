#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace medallion::delta {

// Bounds of strings for statistics, short and valid UTF-8. Byte order of UTF-8 is the order of code
// points, so that cutting is done by characters. The same lengths as the reference implementation,
// which counts UTF-16 units where we count code points.
inline constexpr size_t kBoundCharactersMax = 32;

// The longest prefix of at most 32 characters: it sorts at or before `text`. Nothing if `text` is
// not valid UTF-8.
std::optional<std::string> LowerBoundOf(std::string_view text);

// `text` itself if it is short enough, else a prefix and one character that sorts after what
// follows: U+007F if that is enough, else U+10FFFF. If what follows is U+10FFFF itself the prefix
// is made longer, up to 64 characters. Nothing if that is not enough or `text` is not valid UTF-8.
//
// `text` may itself be a bound that was cut and raised: the result sorts at or after it, so also at
// or after what it bounds.
std::optional<std::string> UpperBoundOf(std::string_view text);

}  // namespace medallion::delta
