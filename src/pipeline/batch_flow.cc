#include "batch_flow.h"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "flow_events.h"
#include "kmeans_model_row.h"
#include "kmeans_step.h"
#include "pipeline/model_store.h"
#include "stored_kind.h"
#include "table_metadata.h"

namespace medallion::pipeline {
namespace {

// The rows are made of pinned inputs alone, so losing a race costs one more commit, not another
// evaluation.
constexpr int kCommitAttemptsMax = 3;

std::map<std::string, std::string> NamesById(const Flow& flow,
                                             const std::vector<delta::SnapshotPtr>& inputs) {
  std::map<std::string, std::string> names;
  for (size_t i = 0; i < inputs.size(); ++i) {
    names[inputs[i]->metadata().id] = flow.tables[i].name.table;
  }
  return names;
}

}  // namespace

BatchFlow::BatchFlow(RunContext& context, size_t flow, FlowResult& result)
    : context_(context),
      flow_index_(flow),
      flow_(context.graph().flows[flow]),
      plan_(context.plan.flows[flow]),
      dataset_(context.graph().target(flow_)),
      result_(result),
      table_(context.catalog.Table(dataset_.name)),
      query_(PrepareFlowQuery(context, flow_)),
      kmeans_(SplitKMeans(query_.query)),
      model_(SplitKMeansModel(query_.query)) {
  if (kmeans_) {
    query_.query = kmeans_->rest;
  } else if (model_) {
    query_.query = model_->rest;
  }
}

Status BatchFlow::Run() {
  ASSIGN_OR_RETURN(snapshot_, context_.snapshots.Get(dataset_.name));
  RETURN_IF_ERROR(FinishLastBuild());
  if (plan_.action == FlowAction::kSkip) {
    result_.outcome = FlowOutcome::kSkipped;
    result_.reason = plan_.reason;
    return OkStatus();
  }
  RETURN_IF_ERROR(PinInputs());
  const ViewRecord now =
      CurrentViewRecord(context_.graph(), flow_, inputs_, context_.update_time_micros);
  if (plan_.action == FlowAction::kRunIfChanged) {
    if (const SkipDecision decision = Decide(now); decision.skip) {
      result_.outcome = FlowOutcome::kSkipped;
      result_.reason = decision.reason;
      return OkStatus();
    }
  }
  return Rebuild(now);
}

SkipDecision BatchFlow::Decide(const ViewRecord& now) const {
  const auto last = snapshot_ ? ReadViewRecord(*snapshot_) : std::nullopt;
  return DecideSkip(last, now, flow_.query->deterministic, NamesById(flow_, inputs_));
}

Status BatchFlow::PinInputs() {
  for (size_t i = 0; i < flow_.tables.size(); ++i) {
    if (Graph::ReadsItself(flow_, i)) {
      inputs_.push_back(snapshot_);
      continue;
    }
    ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, context_.snapshots.Require(flow_.tables[i].name));
    inputs_.push_back(std::move(snapshot));
  }
  return OkStatus();
}

// Whether rows of the table outlive this update.
bool BatchFlow::KeepsRows() const { return flow_.outside != nullptr && !plan_.full_refresh; }

Status BatchFlow::PrepareTable() {
  delta::Metadata metadata =
      DeclaredMetadata(dataset_, snapshot_, context_.update_time_micros, context_.random);
  if (snapshot_) {
    ASSIGN_OR_RETURN(metadata, EvolvedMetadata(dataset_, snapshot_->metadata()));
    if (metadata == snapshot_->metadata()) {
      return OkStatus();
    }
  }
  delta::TransactionOptions options;
  options.operation = !snapshot_                               ? "CREATE TABLE"
                      : metadata.schema == snapshot_->schema() ? "ALTER TABLE"
                                                               : "ADD COLUMNS";
  delta::Transaction transaction = table_.Begin(snapshot_, std::move(options));
  RETURN_IF_ERROR(transaction.SetMetadata(std::move(metadata)));
  if (const auto kind = KindTxn(dataset_.kind, snapshot_)) {
    transaction.SetAppVersion(kind->app_id, kind->version);
  }
  ASSIGN_OR_RETURN(const auto committed, std::move(transaction).Commit());
  snapshot_ = committed.snapshot;
  context_.snapshots.Put(dataset_.name, snapshot_);
  TellCommitWarning(context_, dataset_, committed);
  return OkStatus();
}

// Writes the rows that stay and whose files do not; adds their files to the evaluation.
Result<ReplacedFiles> BatchFlow::KeepOutside(Evaluation& evaluation) {
  const QueryContext query_context{context_.update_time_micros, context_.graph().session_time_zone,
                                   &context_.cancellation};
  ASSIGN_OR_RETURN(ReplacedFiles replaced,
                   FindReplacedFiles(context_.engine, flow_, *snapshot_, query_context));
  if (replaced.rewritten.empty()) {
    return replaced;
  }
  WriteRequest request;
  request.query = flow_.outside.get();
  request.inputs.tables.push_back({table_.store(), snapshot_, replaced.rewritten});
  request.context = query_context;
  request.output.store = table_.store();
  request.output.schema = flow_.outside->OutputSchema();
  request.output.partition_columns = snapshot_->metadata().partition_columns;
  ASSIGN_OR_RETURN(WriteOutcome outcome, context_.engine.Write(request));
  auto& kept = std::get<WriteResult>(outcome);
  std::move(kept.files.begin(), kept.files.end(), std::back_inserter(evaluation.result.files));
  return replaced;
}

int64_t BatchFlow::LastBuild() const {
  return snapshot_ ? snapshot_->AppVersion(kViewBuildAppId).value_or(-1) : -1;
}

// After a crash between the view's commit and what follows it: the record is in that commit.
Status BatchFlow::FinishLastBuild() {
  const int64_t last = LastBuild();
  if (last < 0) {
    return OkStatus();
  }
  bool quarantine_behind = false;
  if (query_.quarantine_schema) {
    ASSIGN_OR_RETURN(const auto quarantine,
                     LatestOrNull(context_.catalog.Quarantine(dataset_.name)));
    quarantine_behind =
        (quarantine ? quarantine->AppVersion(kViewBuildAppId).value_or(-1) : -1) < last;
  }
  if (!quarantine_behind && context_.dead_updates.empty()) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const auto record, FindBatchRecord(table_, snapshot_, kViewBuildAppId, last));
  if (!record) {
    return OkStatus();
  }
  RETURN_IF_ERROR(CommitQuarantine(context_, dataset_, *record, QuarantineMode::kReplace, {}));
  return TellDeadBuild(*record);
}

Status BatchFlow::TellDeadBuild(const BatchRecord& record) {
  const auto dead = context_.dead_updates.find(record.update_id);
  const std::string key = BatchEventKey(record);
  if (dead != context_.dead_updates.end() &&
      !dead->second.contains(EventId(record.update_id, key))) {
    context_.events.Emit(BatchEvent(dataset_, record, std::nullopt), key);
  }
  return OkStatus();
}

Result<BoundInputs> BatchFlow::BindInputs() {
  BoundInputs inputs;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    TableBinding binding{context_.catalog.Table(flow_.tables[i].name).store(), inputs_[i],
                         std::nullopt};
    if (Graph::ReadsItself(flow_, i)) {
      binding.snapshot = snapshot_;
      if (!KeepsRows()) {
        binding.files.emplace();  // a full refresh begins with an empty table
      }
    }
    inputs.tables.push_back(std::move(binding));
  }
  for (size_t i = 0; i < flow_.files.size(); ++i) {
    const FlowFiles& files = flow_.files[i];
    ASSIGN_OR_RETURN(const auto inspection,
                     ingest::InspectBatch(files.listing.files, files.options, files.schema,
                                          files.contents.get()));
    if (!inspection.rejected.empty()) {
      const ingest::RejectedFile& rejected = inspection.rejected.front();
      return Error(ErrorCode::kData, fmt::format("a file cannot be read, {}: {}", rejected.reason,
                                                 rejected.file.path));
    }
    files_.push_back(
        std::make_unique<ingest::CsvSource>(inspection.readable, files.options, files.schema,
                                            query_.query.files[i].metadata_fields, files.contents));
    inputs.files.push_back(files_.back().get());
  }
  return inputs;
}

std::optional<int64_t> BatchFlow::LastModel() const {
  return snapshot_ ? snapshot_->AppVersion(kModelAppId) : std::nullopt;
}

// Binds the clustered rows as the query's last file input. The model's version.
Result<int64_t> BatchFlow::ClusterInputs(BoundInputs& inputs) {
  KMeansRequest request;
  request.split = &*kmeans_;
  request.view = dataset_.name;
  request.inputs = inputs;
  request.context = {context_.update_time_micros, context_.graph().session_time_zone,
                     &context_.cancellation};
  request.previous_version = LastModel();
  request.refit = plan_.full_refresh;
  if (!inputs.tables.empty()) {
    request.training_table = flow_.tables.front().name.ToString();
    request.training_version = inputs.tables.front().snapshot->version();
  }
  request.threads = static_cast<int>(context_.settings.threads.value_or(
      std::max<int64_t>(1, std::thread::hardware_concurrency())));
  ASSIGN_OR_RETURN(ClusteredRows clustered,
                   RunKMeans(context_.engine, context_.catalog.root(), request));
  made_rows_ = std::move(clustered.rows);
  inputs.files.push_back(made_rows_.get());
  return clustered.model_version;
}

// Binds the row about a table's model as the query's last file input.
Status BatchFlow::DescribeModel(BoundInputs& inputs) {
  ASSIGN_OR_RETURN(made_rows_,
                   DescribeKMeansModel(context_.catalog.root(), flow_.tables[model_->table].name,
                                       *inputs.tables[model_->table].snapshot));
  inputs.files.push_back(made_rows_.get());
  return OkStatus();
}

Status BatchFlow::Rebuild(const ViewRecord& now) {
  EvaluationRequest request;
  request.flow = &flow_;
  request.flow_index = flow_index_;
  request.query = &query_;
  if (KeepsRows()) {
    RETURN_IF_ERROR(PrepareTable());
  }
  ASSIGN_OR_RETURN(request.inputs, BindInputs());
  Build build{now, LastBuild() + 1, std::nullopt, {}};
  if (kmeans_) {
    ASSIGN_OR_RETURN(build.model_version, ClusterInputs(request.inputs));
  } else if (model_) {
    RETURN_IF_ERROR(DescribeModel(request.inputs));
  }
  request.output_schema = KeepsRows() ? StoredColumns(dataset_, snapshot_) : dataset_.schema;
  request.update_id = context_.update_id;
  request.now_micros = context_.update_time_micros;
  request.session_time_zone = context_.graph().session_time_zone;
  ASSIGN_OR_RETURN(Evaluation evaluation, Evaluate(context_, request));
  evaluation.record.app_id = kViewBuildAppId;
  evaluation.record.batch_id = build.number;
  if (KeepsRows()) {
    Result<ReplacedFiles> replaced = KeepOutside(evaluation);
    if (!replaced) {
      RemoveOrphans(context_, dataset_, evaluation);
      return std::move(replaced).error();
    }
    build.replaced = *std::move(replaced);
  }
  ASSIGN_OR_RETURN(const auto committed, CommitOrRetry(build, evaluation));
  snapshot_ = committed.snapshot;
  context_.snapshots.Put(dataset_.name, snapshot_);
  TellCommitWarning(context_, dataset_, committed);
  RETURN_IF_ERROR(
      CommitQuarantine(context_, dataset_, evaluation.record, QuarantineMode::kReplace, {}));
  context_.events.Emit(BatchEvent(dataset_, evaluation.record, std::nullopt),
                       BatchEventKey(evaluation.record));
  AddToResult(evaluation.record, committed.version, result_);
  return OkStatus();
}

Result<delta::CommitResult> BatchFlow::Commit(const Build& build, const Evaluation& evaluation) {
  delta::TransactionOptions options;
  options.isolation = delta::IsolationLevel::kSerializable;
  options.operation = snapshot_ ? "WRITE" : "CREATE TABLE AS SELECT";
  options.operation_parameters = {{"mode", "Overwrite"}};
  if (KeepsRows()) {
    options.operation_parameters["predicate"] = flow_.replace_where;
  }
  options.operation_metrics = {{"numFiles", std::to_string(evaluation.result.files.size())},
                               {"numOutputRows", std::to_string(evaluation.result.rows_written)},
                               {"numOutputBytes", std::to_string(evaluation.result.bytes_written)}};
  options.user_metadata = FormatBatchRecord(evaluation.record);
  delta::Transaction transaction = table_.Begin(snapshot_, std::move(options));
  RETURN_IF_ERROR(ReplaceRows(build, transaction));
  for (const delta::AddFile& file : evaluation.result.files) {
    transaction.Add(file);
  }
  for (const delta::Txn& txn : ToTransactions(build.record, context_.update_time_micros / 1000)) {
    transaction.SetAppVersion(txn.app_id, txn.version);
  }
  transaction.SetAppVersion(std::string(kViewBuildAppId), build.number);
  if (build.model_version) {
    transaction.SetAppVersion(std::string(kModelAppId), *build.model_version);
  }
  if (const auto kind = KindTxn(dataset_.kind, snapshot_)) {
    transaction.SetAppVersion(kind->app_id, kind->version);
  }
  return std::move(transaction).Commit();
}

Status BatchFlow::ReplaceRows(const Build& build, delta::Transaction& transaction) const {
  if (KeepsRows()) {
    transaction.ReadWholeTable();
    for (const delta::AddFile& file : build.replaced.removed) {
      transaction.Remove(file);
    }
    return OkStatus();
  }
  const delta::Metadata metadata =
      DeclaredMetadata(dataset_, snapshot_, context_.update_time_micros, context_.random);
  if (snapshot_) {
    transaction.RemoveAll();
  }
  return !snapshot_ || !(metadata == snapshot_->metadata()) ? transaction.SetMetadata(metadata)
                                                            : OkStatus();
}

Result<delta::CommitResult> BatchFlow::CommitOrRetry(const Build& build,
                                                     const Evaluation& evaluation) {
  for (int attempt = 1;; ++attempt) {
    auto committed = Commit(build, evaluation);
    if (committed || committed.error().code() == ErrorCode::kCommitUnknown) {
      return committed;
    }
    if (committed.error().code() == ErrorCode::kConflict && attempt < kCommitAttemptsMax) {
      ASSIGN_OR_RETURN(snapshot_, context_.snapshots.Refresh(dataset_.name));
      if (LastBuild() < build.number && !KeepsRows()) {
        continue;  // maintenance, not another build
      }
    }
    RemoveOrphans(context_, dataset_, evaluation);
    return committed;
  }
}

}  // namespace medallion::pipeline
