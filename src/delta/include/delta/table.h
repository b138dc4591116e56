#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "delta/checkpoint_engine.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "storage/object_store.h"

namespace medallion::delta {

// What a table works with. All pointers outlive the table; `checkpoints` may be null, then tables
// with checkpoints are refused with kUnsupported and none is written.
struct TableEnvironment {
  CheckpointEngine* checkpoints = nullptr;
  Clock* clock = nullptr;
  Random* random = nullptr;
};

// Whether we would create a table with this metadata: kUnsupported naming the columns' types and
// the properties that ask for what we do not write. Pure; the same is checked again at the commit.
Status CheckCreatable(const Metadata& metadata);

// One commit as the log tells it, for history.
struct CommitSummary {
  int64_t version = 0;
  int64_t timestamp_ms = 0;
  std::optional<CommitInfo> info;
  int64_t added_files = 0;
  int64_t removed_files = 0;
};

// The file actions of one commit, for streaming reads. `metadata` and `protocol` if it changed
// them.
struct CommitChanges {
  int64_t version = 0;
  int64_t timestamp_ms = 0;
  std::optional<CommitInfo> info;
  std::optional<Protocol> protocol;
  std::optional<Metadata> metadata;
  std::vector<AddFile> added;
  std::vector<RemoveFile> removed;
  std::vector<Txn> transactions;
};

// A Delta table at the root of a store. A cheap handle; thread-safe. Nothing is read on
// construction.
class Table {
 public:
  Table(std::shared_ptr<ObjectStore> store, TableEnvironment environment);

  // Whether a commit or checkpoint exists.
  Result<bool> Exists() const;

  // kNotFound if there is no table; kUnsupported naming every reader feature we lack; kCorruption
  // naming the missing version for a gap.
  Result<SnapshotPtr> Latest() const;
  // As Latest, building on an older snapshot of the same table so that only new commits are read.
  Result<SnapshotPtr> Refresh(const SnapshotPtr& known) const;
  Result<SnapshotPtr> AtVersion(int64_t version) const;
  // The newest version at or before the instant; kNotFound before the first one.
  Result<SnapshotPtr> AtTimestamp(int64_t timestamp_ms) const;

  // Newest first, at most `limit`.
  Result<std::vector<CommitSummary>> History(size_t limit) const;
  // Commits from..to (inclusive), oldest first. kNotFound naming the first version that was cleaned
  // up.
  Result<std::vector<CommitChanges>> Changes(int64_t from, int64_t to) const;

  // Starts a transaction that reads `base` (null: the table is to be created).
  Transaction Begin(SnapshotPtr base, TransactionOptions options) const;

  const std::shared_ptr<ObjectStore>& store() const;

 private:
  struct Shared;
  std::shared_ptr<const Shared> shared_;
};

}  // namespace medallion::delta
