#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace medallion::delta {

// `add.path` and `remove.path` of the log are URI references (Delta protocol, "Add File and Remove
// File"). In memory every path is decoded; it is encoded exactly once where it is written, in
// commits as in checkpoints. A hive folder such as `q=a%20b` has percent signs on disk and so
// appears as `q=a%2520b` in the log.

// Percent-encodes every byte but the unreserved characters of RFC 3986, `/` and `=`. The
// `scheme://` of an absolute path stays.
std::string EncodePath(std::string_view path);

// kCorruption for a percent sign without two hexadecimal digits and for NUL.
Result<std::string> DecodePath(std::string_view encoded);

}  // namespace medallion::delta
