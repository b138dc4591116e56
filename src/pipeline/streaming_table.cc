#include "streaming_table.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"
#include "flow_events.h"
#include "stored_kind.h"
#include "table_metadata.h"

namespace medallion::pipeline {
namespace {

// Turns in which a commit is tried on a newer state of the table; the commit itself settles
// ordinary races.
constexpr int kCommitAttemptsMax = 3;

// Of a registered checkpoint that has no batch in the table yet.
constexpr int64_t kBeforeFirstBatch = -1;
// Generations count from 0.
constexpr int64_t kNoGeneration = -1;

void SetAppVersions(delta::Transaction& transaction, const std::vector<delta::Txn>& txns) {
  for (const delta::Txn& txn : txns) {
    transaction.SetAppVersion(txn.app_id, txn.version);
  }
}

Error DoesNotFit(const Dataset& dataset, const std::string& flow, std::string_view what) {
  return Error(ErrorCode::kPreconditionFailed,
               fmt::format("the checkpoint of flow `{}` and the table `{}` do not fit: {}. Going "
                           "on would lose or double "
                           "rows; restore what is missing, or use --full-refresh {}",
                           flow, dataset.DisplayName(), what, dataset.DisplayName()))
      .WithCondition("STREAMING_CHECKPOINT_MISMATCH");
}

delta::TransactionOptions BatchOptions(const Evaluation& evaluation, bool reset) {
  const BatchRecord& record = evaluation.record;
  delta::TransactionOptions options;
  options.operation = "STREAMING UPDATE";
  options.operation_parameters = {{"outputMode", reset ? "Complete" : "Append"},
                                  {"queryId", record.app_id},
                                  {"epochId", std::to_string(record.batch_id)}};
  options.operation_metrics = {{"numAddedFiles", std::to_string(evaluation.result.files.size())},
                               {"numOutputRows", std::to_string(record.rows_written)},
                               {"numOutputBytes", std::to_string(record.bytes_written)}};
  options.user_metadata = FormatBatchRecord(record);
  return options;
}

}  // namespace

StreamingTable::StreamingTable(RunContext& context, size_t dataset, delta::SnapshotPtr snapshot)
    : context_(&context),
      dataset_(dataset),
      table_(context.catalog.Table(context.graph().datasets[dataset].name)),
      snapshot_(std::move(snapshot)) {}

Result<StreamingTable> StreamingTable::Load(RunContext& context, size_t dataset) {
  ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot,
                   context.snapshots.Get(context.graph().datasets[dataset].name));
  return StreamingTable(context, dataset, std::move(snapshot));
}

Status StreamingTable::StartFullRefresh(RunContext& context, size_t dataset) {
  ASSIGN_OR_RETURN(StreamingTable table, Load(context, dataset));
  for (const size_t flow : table.dataset().flows) {
    RETURN_IF_ERROR(table.StartGeneration(flow, table.snapshot_ ? 0 : kNoGeneration));
  }
  return OkStatus();
}

Result<StreamingTable> StreamingTable::Open(RunContext& context, size_t dataset) {
  ASSIGN_OR_RETURN(StreamingTable table, Load(context, dataset));
  RETURN_IF_ERROR(table.OpenCheckpoints());
  if (table.snapshot_ && !table.ResetPending()) {
    RETURN_IF_ERROR(table.Evolve());
  }
  return table;
}

Status StreamingTable::OpenCheckpoints() {
  for (const size_t flow : dataset().flows) {
    RETURN_IF_ERROR(OpenCheckpoint(flow));
  }
  return ResetPending() ? CompleteHalfBegunRefresh() : OkStatus();
}

Status StreamingTable::OpenCheckpoint(size_t flow) {
  const std::string& name = context_->graph().flows[flow].name;
  ASSIGN_OR_RETURN(auto checkpoint,
                   Checkpoint::Open(context_->catalog.root(), dataset().name, name));
  if (checkpoint) {
    RETURN_IF_ERROR(RequireFit(flow, *checkpoint));
    checkpoints_.insert_or_assign(flow, *std::move(checkpoint));
    return OkStatus();
  }
  if (GenerationIn(snapshot_, flow)) {
    return DoesNotFit(dataset(), name,
                      "the table holds the flow's rows, but the checkpoint is gone");
  }
  new_flows_.insert(flow);
  return StartGeneration(flow, kNoGeneration);
}

Status StreamingTable::RequireFit(size_t flow, const Checkpoint& checkpoint) const {
  const std::string& name = context_->graph().flows[flow].name;
  const std::optional<int64_t> done = checkpoint.last_committed();
  if (!snapshot_) {
    return done ? DoesNotFit(
                      dataset(), name,
                      fmt::format("batches up to {} were written, but the table is gone", *done))
                : OkStatus();
  }
  const std::optional<int64_t> generation = GenerationIn(snapshot_, flow);
  if (generation.value_or(0) > checkpoint.generation()) {
    return DoesNotFit(dataset(), name,
                      fmt::format("the table is at generation {}, the checkpoint at {}",
                                  *generation, checkpoint.generation()));
  }
  const std::optional<int64_t> held = snapshot_->AppVersion(checkpoint.app_id());
  const std::optional<int64_t> begun =
      checkpoint.last_intent() ? std::optional(checkpoint.last_intent()->batch_id) : std::nullopt;
  if (done && held.value_or(kBeforeFirstBatch) < *done) {
    return DoesNotFit(dataset(), name,
                      fmt::format("batch {} was written, but the table does not hold it", *done));
  }
  if (held && begun.value_or(kBeforeFirstBatch) < *held) {
    return DoesNotFit(
        dataset(), name,
        fmt::format("the table holds batch {}, of which the checkpoint knows nothing", *held));
  }
  if (generation == checkpoint.generation() && !held) {
    return DoesNotFit(dataset(), name, "the table knows this generation under another id");
  }
  return OkStatus();
}

// The one after the newest of the checkpoint, of the table and `at_least`: a table that this flow
// never filled counts as generation 0 when it is to be emptied.
Status StreamingTable::StartGeneration(size_t flow, int64_t at_least) {
  const std::string& name = context_->graph().flows[flow].name;
  ASSIGN_OR_RETURN(const auto newest,
                   Checkpoint::NewestGeneration(context_->catalog.root(), dataset().name, name));
  const int64_t last = std::max({newest.value_or(kNoGeneration),
                                 GenerationIn(snapshot_, flow).value_or(kNoGeneration), at_least});
  ASSIGN_OR_RETURN(Checkpoint checkpoint,
                   Checkpoint::Create(context_->catalog.root(), dataset().name, name, last + 1,
                                      context_->random));
  checkpoints_.insert_or_assign(flow, std::move(checkpoint));
  return OkStatus();
}

// A full refresh that was killed between the new generations of two flows: the first commit will
// empty the table, so every flow has to start over.
Status StreamingTable::CompleteHalfBegunRefresh() {
  for (const size_t flow : dataset().flows) {
    if (!IsBehind(flow) && !new_flows_.contains(flow)) {
      RETURN_IF_ERROR(StartGeneration(flow, kNoGeneration));
    }
  }
  return OkStatus();
}

std::string StreamingTable::GenerationAppId(size_t flow) const {
  return "medallion/generation/" + ToLower(context_->graph().flows[flow].name);
}

std::optional<int64_t> StreamingTable::GenerationIn(const delta::SnapshotPtr& snapshot,
                                                    size_t flow) const {
  return snapshot ? snapshot->AppVersion(GenerationAppId(flow)) : std::nullopt;
}

// Whether the table does not yet follow the flow's newest generation.
bool StreamingTable::IsBehind(size_t flow) const {
  return snapshot_ != nullptr &&
         checkpoints_.at(flow).generation() > GenerationIn(snapshot_, flow).value_or(0);
}

bool StreamingTable::ResetPending() const {
  return std::any_of(dataset().flows.begin(), dataset().flows.end(),
                     [&](size_t flow) { return IsBehind(flow); });
}

std::vector<delta::Txn> StreamingTable::GenerationTxns(const delta::SnapshotPtr& snapshot) const {
  std::vector<delta::Txn> txns;
  for (const auto& [flow, checkpoint] : checkpoints_) {
    if (GenerationIn(snapshot, flow) != checkpoint.generation()) {
      txns.push_back({GenerationAppId(flow), checkpoint.generation(), std::nullopt});
    }
  }
  return txns;
}

// The ids of the checkpoints whose generation a commit makes known, with a batch before the first:
// so the table can tell a checkpoint from another one of the same number.
std::vector<delta::Txn> StreamingTable::RegistrationTxns(std::string_view except_app_id) const {
  std::vector<delta::Txn> txns;
  for (const auto& [flow, checkpoint] : checkpoints_) {
    if (checkpoint.app_id() != except_app_id &&
        !(snapshot_ && snapshot_->AppVersion(checkpoint.app_id()))) {
      txns.push_back({checkpoint.app_id(), kBeforeFirstBatch, std::nullopt});
    }
  }
  return txns;
}

bool StreamingTable::Holds(const Checkpoint& checkpoint, int64_t batch_id) const {
  return snapshot_ &&
         snapshot_->AppVersion(checkpoint.app_id()).value_or(kBeforeFirstBatch) >= batch_id;
}

void StreamingTable::Adopt(const delta::CommitResult& committed) {
  snapshot_ = committed.snapshot;
  context_->snapshots.Put(dataset().name, snapshot_);
  TellCommitWarning(*context_, dataset(), committed);
}

// What every commit says of the table beside its rows: generations, kind and flows, as far as they
// are not in its log yet. `except_app_id` is the flow whose batch the commit carries.
void StreamingTable::RecordState(delta::Transaction& transaction,
                                 std::string_view except_app_id) const {
  SetAppVersions(transaction, GenerationTxns(snapshot_));
  if (const auto kind = KindTxn(dataset().kind, snapshot_)) {
    SetAppVersions(transaction, {*kind});
  }
  SetAppVersions(transaction, RegistrationTxns(except_app_id));
}

Result<delta::CommitResult> StreamingTable::TryCommit(const Checkpoint& checkpoint,
                                                      const Evaluation& evaluation) {
  const bool reset = ResetPending();
  delta::Transaction transaction = table_.Begin(snapshot_, BatchOptions(evaluation, reset));
  if (reset) {
    transaction.RemoveAll();
  }
  if (reset || !snapshot_) {
    RETURN_IF_ERROR(transaction.SetMetadata(
        DeclaredMetadata(dataset(), snapshot_, context_->update_time_micros, context_->random)));
  }
  for (const delta::AddFile& file : evaluation.result.files) {
    transaction.Add(file);
  }
  transaction.SetAppVersion(checkpoint.app_id(), evaluation.record.batch_id);
  RecordState(transaction, checkpoint.app_id());
  return std::move(transaction).Commit();
}

Result<StreamingTable::Committed> StreamingTable::Commit(size_t flow, Evaluation evaluation) {
  const Checkpoint& checkpoint = checkpoints_.at(flow);
  const int64_t batch_id = evaluation.record.batch_id;
  const std::string expected_columns = snapshot_ ? snapshot_->schema().ToDdl() : "";
  for (int attempt = 1;; ++attempt) {
    auto committed = TryCommit(checkpoint, evaluation);
    if (committed) {
      Adopt(*committed);
      return Committed{committed->version, std::move(evaluation.record)};
    }
    if (committed.error().code() == ErrorCode::kCommitUnknown) {
      return std::move(committed).error();  // the files may be live: nothing is cleaned up
    }
    if (committed.error().code() == ErrorCode::kConflict && attempt < kCommitAttemptsMax) {
      ASSIGN_OR_RETURN(snapshot_, context_->snapshots.Refresh(dataset().name));
      const std::string columns = snapshot_ ? snapshot_->schema().ToDdl() : "";
      if (!Holds(checkpoint, batch_id) && columns == expected_columns) {
        continue;
      }
    }
    RemoveOrphans(*context_, dataset(), evaluation);
    if (!Holds(checkpoint, batch_id)) {
      return std::move(committed).error();
    }
    ASSIGN_OR_RETURN(auto record,
                     FindBatchRecord(table_, snapshot_, checkpoint.app_id(), batch_id));
    return Committed{snapshot_->version(), record ? *std::move(record) : BatchRecord{}};
  }
}

Status StreamingTable::CommitQuarantineOf(size_t flow, const BatchRecord& record) {
  const Checkpoint& checkpoint = checkpoints_.at(flow);
  if (record.batch_id > 0 || checkpoint.generation() == 0) {
    return CommitQuarantine(*context_, dataset(), record, QuarantineMode::kAppend, {});
  }
  // The first batch of a generation: rows that earlier generations rejected go, unless another
  // flow's first batch saw to that.
  ASSIGN_OR_RETURN(const auto quarantine,
                   LatestOrNull(context_->catalog.Quarantine(dataset().name)));
  const bool behind = GenerationIn(quarantine, flow).value_or(0) < checkpoint.generation();
  return CommitQuarantine(*context_, dataset(), record,
                          behind ? QuarantineMode::kReplace : QuarantineMode::kAppend,
                          GenerationTxns(quarantine));
}

Result<delta::CommitResult> StreamingTable::CommitWithoutRows(std::string operation,
                                                              const delta::Metadata& metadata,
                                                              bool reset) {
  delta::TransactionOptions options;
  options.operation = std::move(operation);
  delta::Transaction transaction = table_.Begin(snapshot_, std::move(options));
  if (reset) {
    transaction.RemoveAll();
  }
  RETURN_IF_ERROR(transaction.SetMetadata(metadata));
  RecordState(transaction, "");
  return std::move(transaction).Commit();
}

Status StreamingTable::Evolve() {
  ASSIGN_OR_RETURN(const delta::Metadata evolved,
                   EvolvedMetadata(dataset(), snapshot_->metadata()));
  if (evolved == snapshot_->metadata()) {
    return OkStatus();
  }
  const std::vector<std::string> added = AddedColumns(snapshot_->schema(), evolved.schema);
  ASSIGN_OR_RETURN(
      const auto committed,
      CommitWithoutRows(added.empty() ? "ALTER TABLE" : "ADD COLUMNS", evolved, false));
  Adopt(committed);
  if (!added.empty()) {
    OperationProgress operation{.type = "SCHEMA_EVOLUTION",
                                .attributes = {{"added_columns", Join(added, ", ")}}};
    context_->events.Emit(OperationEvent(
        dataset(), "", EventLevel::kInfo,
        fmt::format("'{}' got new columns: {}", dataset().DisplayName(), Join(added, ", ")),
        std::move(operation)));
  }
  return OkStatus();
}

// For a full refresh that brought no rows: there is no first batch to do it.
Status StreamingTable::EmptyQuarantine() {
  const auto fresh = std::find_if(checkpoints_.begin(), checkpoints_.end(), [](const auto& entry) {
    return entry.second.generation() > 0 && !entry.second.last_intent();
  });
  if (fresh == checkpoints_.end()) {
    return OkStatus();
  }
  BatchRecord nothing;
  nothing.app_id = GenerationAppId(fresh->first);
  nothing.batch_id = fresh->second.generation();
  return CommitQuarantine(*context_, dataset(), nothing, QuarantineMode::kReplace, {});
}

Status StreamingTable::Finish() {
  const bool reset = ResetPending();
  if (!snapshot_ || reset) {
    const delta::Metadata metadata =
        DeclaredMetadata(dataset(), snapshot_, context_->update_time_micros, context_->random);
    ASSIGN_OR_RETURN(const auto committed,
                     CommitWithoutRows(reset ? "TRUNCATE" : "CREATE TABLE", metadata, reset));
    Adopt(committed);
  }
  return EmptyQuarantine();
}

}  // namespace medallion::pipeline
