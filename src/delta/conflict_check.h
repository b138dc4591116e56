#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/actions.h"
#include "delta/transaction.h"

namespace medallion::delta {

// What a commit of ours is about, as far as it can collide with others. A plain value.
struct CommitIntent {
  // After Table-wide reads and dataChange have been considered, see EffectiveIsolation.
  IsolationLevel isolation = IsolationLevel::kWriteSerializable;
  Protocol base_protocol;  // whose rules our files obey
  bool changes_protocol = false;
  bool changes_metadata = false;
  std::set<std::string> domains;  // written
  std::set<std::string> app_ids;  // written or read
  bool read_whole_table = false;
  std::vector<PartitionValues> read_partitions;  // each a partial assignment
  std::set<std::string> read_files;              // paths
  std::set<std::string> removed_files;           // paths
};

// A commit that took a version we wanted.
struct WinningCommit {
  int64_t version = 0;
  std::vector<Action> actions;
};

struct Conflict {
  ConflictKind kind = ConflictKind::kProtocol;
  int64_t winning_version = 0;
  std::string detail;
};

// Whether our commit would have come out differently had it started after `winner`: the seven
// checks of the reference implementation, in its order. Pure. Nothing if the commit can be rebased.
std::optional<Conflict> FindConflict(const CommitIntent& ours, const WinningCommit& winner);

// Commits that only move rows between files (dataChange=false throughout, no metadata) cannot
// disturb readers and run at snapshot isolation.
IsolationLevel EffectiveIsolation(IsolationLevel wanted, bool changes_data, bool changes_metadata);

// The message for people: kConflict with Delta's condition, what collided, the winner's version.
Error ConflictError(const Conflict& conflict);

std::string_view IsolationLevelName(IsolationLevel level);

// Whether every column of `wanted` has that value.
bool MatchesPartition(const PartitionValues& values, const PartitionValues& wanted);

}  // namespace medallion::delta
