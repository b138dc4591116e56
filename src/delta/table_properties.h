#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace medallion::delta {

// The table properties that the core obeys, read from `metaData.configuration`.
using Configuration = std::map<std::string, std::string>;

// Whether a boolean property is `true`, in any letter case.
bool IsEnabled(const Configuration& configuration, const std::string& name);

// `delta.checkpointInterval`: a checkpoint after every so many commits. kInvalidArgument unless it
// is a positive number.
Result<int64_t> CheckpointInterval(const Configuration& configuration);

// `delta.deletedFileRetentionDuration`: how long tombstones stay in checkpoints.
Result<std::chrono::milliseconds> DeletedFileRetention(const Configuration& configuration);

// `delta.setTransactionRetentionDuration`: nothing if application ids are kept for ever.
Result<std::optional<std::chrono::milliseconds>> TransactionRetention(
    const Configuration& configuration);

// Reads `interval 1 week`, `INTERVAL 30 days`, `2 hours 30 minutes`. Refuses months and years,
// whose length is not fixed.
Result<std::chrono::milliseconds> ParseInterval(std::string_view text);

}  // namespace medallion::delta
