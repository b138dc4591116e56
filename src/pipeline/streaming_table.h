#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delta/table.h"
#include "pipeline/batch_record.h"
#include "pipeline/checkpoint.h"
#include "run_context.h"
#include "table_writer.h"

namespace medallion::pipeline {

// A streaming table during one update: its state, and the checkpoint of each of its flows. The
// flows commit in turn, so it has one owner and is not thread-safe.
//
// Full refresh. A new checkpoint generation n says that the flow starts over; the table follows in
// the flow's first commit, which empties it and records n as `txn {"medallion/generation/<flow>",
// n}`. So a refresh that fails leaves the table as it was, and one that is killed is finished by
// the next update.
class StreamingTable {
 public:
  // Starts a new generation of each of the table's flows. Safe to repeat.
  static Status StartFullRefresh(RunContext& context, size_t dataset);

  // Opens the table and its checkpoints, starts generations of new flows and those that a full
  // refresh left out when it was cut off, and brings columns and properties of a table that keeps
  // its rows up to date. A table that does not fit its checkpoints is refused with the advice to
  // refresh in full.
  static Result<StreamingTable> Open(RunContext& context, size_t dataset);

  const Dataset& dataset() const { return context_->graph().datasets[dataset_]; }
  const delta::SnapshotPtr& snapshot() const { return snapshot_; }
  Checkpoint& checkpoint(size_t flow) { return checkpoints_.at(flow); }

  // Whether the batch is in the table already.
  bool Holds(const Checkpoint& checkpoint, int64_t batch_id) const;

  struct Committed {
    int64_t version = 0;
    BatchRecord record;
  };
  // The point of decision: rows, txn and record in one commit. If another process committed the
  // batch first, ours is dropped and theirs is the answer.
  Result<Committed> Commit(size_t flow, Evaluation evaluation);

  // What follows the decision, each step at most once however often it is repeated: the quarantine
  // commit, then the checkpoint's commit. The event is the caller's, in between.
  Status CommitQuarantineOf(size_t flow, const BatchRecord& record);

  // After the last flow: makes a table into which nothing was written, and empties one that was to
  // be refreshed in full and got no new rows.
  Status Finish();

 private:
  StreamingTable(RunContext& context, size_t dataset, delta::SnapshotPtr snapshot);

  // The table without its checkpoints.
  static Result<StreamingTable> Load(RunContext& context, size_t dataset);
  Status OpenCheckpoints();
  Status OpenCheckpoint(size_t flow);
  Status RequireFit(size_t flow, const Checkpoint& checkpoint) const;
  Status StartGeneration(size_t flow, int64_t at_least);
  Status CompleteHalfBegunRefresh();
  Status Evolve();
  bool ResetPending() const;
  bool IsBehind(size_t flow) const;
  std::optional<int64_t> GenerationIn(const delta::SnapshotPtr& snapshot, size_t flow) const;
  std::string GenerationAppId(size_t flow) const;
  std::vector<delta::Txn> GenerationTxns(const delta::SnapshotPtr& snapshot) const;
  std::vector<delta::Txn> RegistrationTxns(std::string_view except_app_id) const;
  void RecordState(delta::Transaction& transaction, std::string_view except_app_id) const;
  Result<delta::CommitResult> TryCommit(const Checkpoint& checkpoint, const Evaluation& evaluation);
  Result<delta::CommitResult> CommitWithoutRows(std::string operation,
                                                const delta::Metadata& metadata, bool reset);
  void Adopt(const delta::CommitResult& committed);
  Status EmptyQuarantine();

  RunContext* context_;
  size_t dataset_;
  delta::Table table_;
  delta::SnapshotPtr snapshot_;
  std::map<size_t, Checkpoint> checkpoints_;  // by flow
  std::set<size_t> new_flows_;                // flows that never ran before this update
};

}  // namespace medallion::pipeline
