#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/object_store.h"

namespace medallion::delta {

struct CommitFile {
  int64_t version = 0;
  int64_t modified_ms = 0;  // made to rise strictly from each listed commit to the next
};

// A complete checkpoint: one file, or all its parts in order.
struct CheckpointFiles {
  int64_t version = 0;
  int64_t modified_ms = 0;
  std::vector<std::string> paths;
};

// The objects of the log that make up one version: the newest complete checkpoint at or before it,
// and every commit after that checkpoint. Commits are contiguous and end at `version`.
struct LogSegment {
  int64_t version = 0;
  int64_t timestamp_ms = 0;  // of the version's commit, or of the checkpoint if that was cleaned up
  std::optional<CheckpointFiles> checkpoint;
  std::vector<CommitFile> commits;  // rising
};

// What the log folder holds from some version on.
struct LogListing {
  std::vector<CommitFile> commits;            // rising
  std::vector<CheckpointFiles> checkpoints;   // complete ones, rising
  std::vector<std::string> uuid_checkpoints;  // paths of V2 checkpoints
  // The newest version that can be told from the names, or -1.
  int64_t LatestVersion() const;
};

// Lists commits and checkpoints whose version is at least `from`.
Result<LogListing> ListLog(ObjectStore& store, int64_t from);

// Finds the segment of `version`, or of the latest. Uses `_last_checkpoint` only to shorten the
// listing; a missing, damaged or stale hint changes nothing but the cost. Nothing if there is no
// table. kNotFound for a version that is not there yet or was cleaned up, kCorruption naming the
// missing version for a gap, kUnsupported naming a V2 checkpoint that would be needed.
Result<std::optional<LogSegment>> FindLogSegment(ObjectStore& store,
                                                 std::optional<int64_t> version);

// The segment of `version` from a listing that starts at 0.
Result<LogSegment> SelectSegment(const LogListing& listing, int64_t version);

}  // namespace medallion::delta
