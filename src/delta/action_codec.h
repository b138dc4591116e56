#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "delta/actions.h"

namespace medallion::delta {

// The newline-delimited JSON of a commit. Delta protocol, "Actions".

// A line longer than this is refused: no writer has a reason for it, and it would be held in memory
// several times over.
inline constexpr size_t kCommitLineBytesMax = size_t{64} << 20;
// Deepest nesting of a line. Schemas and statistics are strings inside the line and do not count.
inline constexpr size_t kCommitDepthMax = 64;

// The text of a commit: one line per action, in order. kInvalidArgument if a text is not valid
// UTF-8.
Result<std::string> SerializeCommit(std::span<const Action> actions);

// Calls `sink` for each known action in file order; `cdc` and unknown actions are skipped, unknown
// fields ignored. kCorruption naming the line for text that is no JSON object, exceeds the bounds
// above, or lacks a field that the protocol demands.
Status ParseCommit(std::string_view body, const std::function<Status(Action)>& sink);

}  // namespace medallion::delta
