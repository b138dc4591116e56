#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "storage/object_store.h"

namespace medallion::delta {

// `_last_checkpoint`, Delta protocol, "Last Checkpoint File". A hint and nothing more.
struct LastCheckpoint {
  int64_t version = 0;
  int64_t action_count = 0;
  std::optional<int64_t> size_bytes;
  std::optional<int64_t> add_count;
};

// Nothing if the hint is absent, unreadable or not what it should be.
std::optional<LastCheckpoint> ReadLastCheckpoint(ObjectStore& store);

// To be called only when the checkpoint is durable: strict readers refuse a table whose hint names
// a checkpoint that is not there. Leaves a hint of a newer version alone.
Status WriteLastCheckpoint(ObjectStore& store, const LastCheckpoint& hint);

}  // namespace medallion::delta
