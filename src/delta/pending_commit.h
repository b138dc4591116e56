#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conflict_check.h"
#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"

namespace medallion::delta {

// What a transaction has gathered when it is committed. A plain value.
struct PendingCommit {
  SnapshotPtr base;  // null: creates the table
  TransactionOptions options;
  std::optional<Protocol> protocol;  // if the commit sets it
  std::optional<Metadata> metadata;  // if the commit sets it
  std::vector<AddFile> adds;
  std::vector<AddFile> removes;  // as they stand in the base
  bool removes_everything = false;
  std::vector<Txn> transactions;
  std::set<std::string> read_app_ids;
  bool reads_whole_table = false;
  std::vector<PartitionValues> read_partitions;
  bool changes_data = true;

  // Those of the table after the commit. The table exists or the commit creates it.
  const Protocol& EffectiveProtocol() const { return protocol ? *protocol : base->protocol(); }
  const Metadata& EffectiveMetadata() const { return metadata ? *metadata : base->metadata(); }
};

// Whether the commit may be made at all, whatever others do. Delta protocol, "Requirements for
// Writers" and "Actions": metadata, protocol and each application id at most once, no path twice,
// every partition column valued, appendOnly, NOT NULL as far as statistics tell.
Status ValidateCommit(const PendingCommit& commit);

// What it can collide with.
CommitIntent IntentOf(const PendingCommit& commit);

// The actions for version `version`, commitInfo first. `previous_timestamp_ms` is that of the
// version before, for in-commit timestamps.
std::vector<Action> BuildActions(const PendingCommit& commit, const std::string& txn_id,
                                 int64_t now_ms, int64_t previous_timestamp_ms);

}  // namespace medallion::delta
