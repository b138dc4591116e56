#include "delta/transaction.h"

#include "base/check.h"
#include "checkpoint_writer.h"
#include "column_names.h"
#include "commit_loop.h"
#include "log_path.h"
#include "pending_commit.h"
#include "protocol_gate.h"
#include "replay.h"
#include "table_properties.h"
#include "transaction_impl.h"

namespace medallion::delta {
namespace {

// The table after our commit, from what is in memory already: reading it again could fail, and a
// commit that is made must not be reported as failed.
Result<SnapshotPtr> StateAfter(const PendingCommit& commit, const CommitLoop::Committed& committed,
                               int64_t timestamp_ms) {
  LogReplay replay;
  RETURN_IF_ERROR(replay.ApplyCommit(committed.actions));
  for (auto winner = committed.winners.rbegin(); winner != committed.winners.rend(); ++winner) {
    RETURN_IF_ERROR(replay.ApplyCommit(winner->actions));
  }
  if (commit.base) {
    replay.ApplyBase(*commit.base);
  }
  return std::move(replay).Finish(committed.version, timestamp_ms);
}

// The time that a reader of the log will see, or nearly so if the store does not tell.
int64_t CommitTimestamp(const PendingCommit& commit, const CommitLoop::Committed& committed,
                        ObjectStore& store) {
  int64_t timestamp_ms = FindCommitInfo(committed.actions)->timestamp_ms.value_or(0);
  if (const auto meta = store.Head(CommitPath(committed.version)); meta && *meta) {
    timestamp_ms = (*meta)->modified_micros / 1000;
  }
  if (commit.base) {
    const int64_t since_base = committed.version - commit.base->version();
    timestamp_ms = std::max(timestamp_ms, commit.base->timestamp_ms() + since_base);
  }
  return timestamp_ms;
}

Status CheckpointIfDue(const Snapshot& snapshot, ObjectStore& store,
                       const TableEnvironment& environment) {
  if (environment.checkpoints == nullptr || snapshot.version() == 0) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const int64_t interval, CheckpointInterval(snapshot.metadata().configuration));
  if (snapshot.version() % interval != 0) {
    return OkStatus();
  }
  return WriteCheckpoint(snapshot, store, *environment.checkpoints,
                         environment.clock->NowMicros() / 1000);
}

CommitResult AfterCommit(const PendingCommit& commit, const CommitLoop::Committed& committed,
                         ObjectStore& store, const TableEnvironment& environment) {
  CommitResult result = {.version = committed.version, .attempts = committed.attempts};
  Result<SnapshotPtr> state =
      StateAfter(commit, committed, CommitTimestamp(commit, committed, store));
  // Every part of it was validated before it was written or read by us while rebasing.
  CHECK(state.has_value());
  result.snapshot = *std::move(state);
  if (const Status done = CheckpointIfDue(*result.snapshot, store, environment); !done) {
    result.warning = fmt::format("version {} is committed, but its checkpoint was not written: {}",
                                 committed.version, done.error().message());
  }
  return result;
}

}  // namespace

Transaction::Transaction(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction& Transaction::operator=(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

const SnapshotPtr& Transaction::base() const { return impl_->pending.base; }

void Transaction::ReadWholeTable() { impl_->pending.reads_whole_table = true; }

void Transaction::ReadPartition(PartitionValues values) {
  impl_->pending.read_partitions.push_back(std::move(values));
}

Status Transaction::SetMetadata(Metadata metadata) {
  PendingCommit& pending = impl_->pending;
  RETURN_IF_ERROR(CheckColumns(metadata));
  RETURN_IF_ERROR(CheckpointInterval(metadata.configuration));
  RETURN_IF_ERROR(DeletedFileRetention(metadata.configuration));
  RETURN_IF_ERROR(TransactionRetention(metadata.configuration));
  const Protocol current = pending.base ? pending.base->protocol() : Protocol();
  ASSIGN_OR_RETURN(const Protocol needed, ProtocolFor(metadata, current));
  if (!pending.base || !(needed == current)) {
    pending.protocol = needed;
  }
  if (metadata.id.empty()) {
    metadata.id = pending.base ? pending.base->metadata().id : impl_->environment.random->Uuid();
  }
  if (!metadata.created_time_ms) {
    metadata.created_time_ms = pending.base ? pending.base->metadata().created_time_ms
                                            : impl_->environment.clock->NowMicros() / 1000;
  }
  pending.metadata = std::move(metadata);
  return OkStatus();
}

void Transaction::Add(AddFile file) { impl_->pending.adds.push_back(std::move(file)); }

void Transaction::Remove(const AddFile& file) { impl_->pending.removes.push_back(file); }

void Transaction::RemoveAll() {
  PendingCommit& pending = impl_->pending;
  pending.reads_whole_table = true;
  pending.removes_everything = true;
  pending.removes = pending.base ? pending.base->files() : std::vector<AddFile>();
}

void Transaction::SetAppVersion(std::string app_id, int64_t version) {
  impl_->pending.transactions.push_back({.app_id = std::move(app_id), .version = version});
}

void Transaction::ReadAppVersion(std::string app_id) {
  impl_->pending.read_app_ids.insert(std::move(app_id));
}

void Transaction::MarkNoDataChange() { impl_->pending.changes_data = false; }

void Transaction::SetMetric(std::string name, std::string value) {
  impl_->pending.options.operation_metrics[std::move(name)] = std::move(value);
}

Result<CommitResult> Transaction::Commit() && {
  const std::unique_ptr<Impl> impl = std::move(impl_);
  CHECK(impl != nullptr);
  RETURN_IF_ERROR(ValidateCommit(impl->pending));
  CommitLoop loop(impl->pending, *impl->store, impl->environment);
  Result<CommitLoop::Committed> committed = loop.Run();
  if (!committed) {
    return std::move(committed).error().Context("committing to " + impl->store->uri());
  }
  return AfterCommit(impl->pending, *committed, *impl->store, impl->environment);
}

}  // namespace medallion::delta
