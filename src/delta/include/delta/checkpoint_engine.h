#pragma once

#include <functional>
#include <string>
#include <vector>

#include "delta/actions.h"

namespace medallion::delta {

// What the Delta core needs from a Parquet engine: reading and writing checkpoint files.
// Implemented by engine/duckdb. Thread-safe.
class CheckpointEngine {
 public:
  virtual ~CheckpointEngine() = default;

  // Delta protocol, "Checkpoints": one row per action, columns txn, add, remove, metaData,
  // protocol, domainMetadata, of which any may be missing; stats as JSON, as struct, both or none.
  // Calls `sink` for each action in file order. Paths are decoded.
  virtual Status ReadCheckpoint(const std::string& local_path,
                                const std::function<Status(Action)>& sink) = 0;

  // Writes a V1 single-file checkpoint, zstd, not synced (the store syncs on publish).
  virtual Status WriteCheckpoint(const std::string& local_path,
                                 const std::vector<Action>& actions) = 0;
};

}  // namespace medallion::delta
