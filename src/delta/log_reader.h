#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "delta/actions.h"
#include "delta/checkpoint_engine.h"
#include "delta/snapshot.h"
#include "log_segment.h"
#include "storage/object_store.h"

namespace medallion::delta {

// Reads commits and whole segments from a store. Borrows what it is given.
class LogReader {
 public:
  // `checkpoints` may be null: then segments with a checkpoint are kUnsupported.
  LogReader(ObjectStore& store, CheckpointEngine* checkpoints)
      : store_(store), checkpoints_(checkpoints) {}

  // kNotFound if there is no such commit.
  Result<std::vector<Action>> ReadCommit(int64_t version) const;

  Result<SnapshotPtr> ReadSnapshot(const LogSegment& segment) const;
  // The state after `commits`, which follow `base` without a gap and may be none.
  Result<SnapshotPtr> ReadFrom(const SnapshotPtr& base,
                               const std::vector<CommitFile>& commits) const;

 private:
  Status ReadCheckpoint(const CheckpointFiles& checkpoint, class LogReplay& replay) const;

  ObjectStore& store_;
  CheckpointEngine* checkpoints_;
};

// The provenance of a commit, if it has one.
const CommitInfo* FindCommitInfo(const std::vector<Action>& actions);

}  // namespace medallion::delta
