#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "delta/checkpoint_engine.h"
#include "delta/snapshot.h"
#include "storage/object_store.h"

namespace medallion::delta {

// Delta protocol, "Checkpoints": the reconciled actions of a snapshot. Protocol, metadata,
// application ids, domains, live files, and the tombstones that are still within
// `delta.deletedFileRetentionDuration`; file actions have dataChange=false.
Result<std::vector<Action>> CheckpointActions(const Snapshot& snapshot, int64_t now_ms);

// Writes the snapshot's checkpoint, makes it durable, then the hint. A checkpoint that is there
// already is left as it is.
Status WriteCheckpoint(const Snapshot& snapshot, ObjectStore& store, CheckpointEngine& engine,
                       int64_t now_ms);

}  // namespace medallion::delta
