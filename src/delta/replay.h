#pragma once

#include <optional>
#include <string>
#include <unordered_set>

#include "base/result.h"
#include "delta/actions.h"
#include "delta/snapshot.h"

namespace medallion::delta {

// Delta protocol, "Action Reconciliation", walked from the newest action to the oldest: the first
// sight of a file key, application id, domain, protocol and metadata is the one that counts.
class LogReplay {
 public:
  // The actions of the next older commit, in the order of the file. Within a commit a later line
  // wins, so that duplicate lines change nothing. kUnsupported as soon as the protocol cannot be
  // read.
  Status ApplyCommit(std::vector<Action> actions);
  // An action of the checkpoint that ends the walk. In any order: a checkpoint is reconciled
  // already.
  Status ApplyCheckpoint(Action action);
  // An older snapshot of the same table, instead of a checkpoint.
  void ApplyBase(const Snapshot& base);

  // Whether the newest metadata asks for in-commit timestamps.
  bool KeepsInCommitTimestamps() const;
  // For a checkpoint without commits after it: what its own commit said.
  void SetInCommitTimestamp(std::optional<int64_t> timestamp_ms);

  // kCorruption if protocol or metadata never came, kUnsupported if the table cannot be read.
  // `timestamp_ms` is that of the log; in-commit timestamps of the newest commit override it.
  Result<SnapshotPtr> Finish(int64_t version, int64_t timestamp_ms) &&;

 private:
  enum class Source { kCommit, kSettled };

  void Apply(AddFile add, Source source);
  void Apply(RemoveFile remove, Source source);
  void Apply(Txn txn, Source source);
  void Apply(DomainMetadata domain, Source source);
  void Apply(Protocol protocol, Source source);
  void Apply(Metadata metadata, Source source);
  void Apply(CommitInfo info, Source source);
  bool FirstSight(std::string key, Source source);
  Status CheckProtocolVersion() const;

  Snapshot::State state_;
  std::optional<Protocol> protocol_;
  std::optional<Metadata> metadata_;
  std::unordered_set<std::string> seen_files_;  // keys that commits have named
  bool newest_commit_ = true;
  std::optional<int64_t> in_commit_timestamp_ms_;
};

// The identity of a logical file: its path and, if it has one, its deletion vector.
std::string FileKey(const std::string& path, const std::optional<DeletionVectorDescriptor>& vector);

}  // namespace medallion::delta
