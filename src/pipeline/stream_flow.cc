#include "stream_flow.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "file_stream.h"
#include "flow_events.h"
#include "table_metadata.h"
#include "table_stream.h"

namespace medallion::pipeline {
namespace {

std::optional<SourceOffset> StartOf(const std::optional<BatchIntent>& previous, size_t source) {
  return previous ? std::optional(previous->sources.at(source)) : std::nullopt;
}

Backlog Sum(const std::vector<std::unique_ptr<StreamSource>>& sources) {
  Backlog sum;
  for (const auto& source : sources) {
    sum.files += source->backlog().files;
    sum.bytes += source->backlog().bytes;
  }
  return sum;
}

Error FileGone(const ingest::RejectedFile& rejected) {
  return Error(ErrorCode::kData,
               fmt::format("a file that the query reads as a whole cannot be read, {}: {}",
                           rejected.reason, rejected.file.path));
}

// Remarks on files that one flow tells in one update: enough to see what is wrong with a folder.
constexpr int64_t kRemarksToldMax = 100;

// A batch that was begun keeps its inputs: what changed under it has to be put back.
Status ExplainReplay(Status status, const BatchIntent& intent, const Dataset& dataset) {
  const bool changed = !status && (status.error().code() == ErrorCode::kPreconditionFailed ||
                                   status.error().code() == ErrorCode::kNotFound);
  if (!changed) {
    return status;
  }
  return std::move(status).error().Context(
      fmt::format("batch {} of `{}`, begun by update {}, has to be finished with the inputs it "
                  "began with; put back what changed, "
                  "or use --full-refresh {}",
                  intent.batch_id, dataset.DisplayName(), intent.update_id, dataset.DisplayName()));
}

}  // namespace

StreamFlow::StreamFlow(RunContext& context, StreamingTable& table, size_t flow, FlowResult& result)
    : context_(context),
      table_(table),
      flow_index_(flow),
      flow_(context.graph().flows[flow]),
      checkpoint_(table.checkpoint(flow)),
      result_(result),
      query_(PrepareFlowQuery(context, flow_)) {}

StreamFlow::~StreamFlow() = default;

Status StreamFlow::Run() {
  RETURN_IF_ERROR(OpenSources());
  if (checkpoint_.last_intent()) {
    RETURN_IF_ERROR(RequireSameSources(*checkpoint_.last_intent()));
  }
  if (checkpoint_.HasPendingBatch()) {
    RETURN_IF_ERROR(FinishPendingBatch());
  }
  for (bool more = true; more;) {
    RETURN_IF_ERROR(context_.cancellation.Check());
    auto ran = RunNewBatch();
    TellRemarks();
    ASSIGN_OR_RETURN(more, std::move(ran));
  }
  return OkStatus();
}

Status StreamFlow::OpenSources() {
  for (size_t i = 0; i < flow_.files.size(); ++i) {
    if (flow_.files[i].streaming) {
      ASSIGN_OR_RETURN(auto stream,
                       FileStream::Open(checkpoint_, sources_.size(), flow_.files[i],
                                        query_.query.files[i].metadata_fields, context_.clock));
      file_streams_.push_back(stream.get());
      sources_.push_back(std::move(stream));
    }
  }
  for (const FlowTable& input : flow_.tables) {
    if (input.streaming) {
      ASSIGN_OR_RETURN(auto snapshot, context_.snapshots.Require(input.name));
      sources_.push_back(std::make_unique<TableStream>(context_.catalog.Table(input.name),
                                                       std::move(snapshot), input.name.ToString(),
                                                       table_.dataset().DisplayName()));
    }
  }
  return OkStatus();
}

Status StreamFlow::RequireSameSources(const BatchIntent& intent) const {
  if (intent.sources.size() == sources_.size()) {
    return OkStatus();
  }
  return Error(ErrorCode::kSpecification,
               fmt::format(
                   "flow `{}` reads {} streams and its checkpoint is of {}; use --full-refresh {}",
                   flow_.name, sources_.size(), intent.sources.size(),
                   table_.dataset().DisplayName()))
      .WithCondition("STREAMING_CHECKPOINT_MISMATCH");
}

Status StreamFlow::FinishPendingBatch() {
  const BatchIntent intent = *checkpoint_.last_intent();
  if (!table_.Holds(checkpoint_, intent.batch_id)) {
    TellReplay(intent);
    ASSIGN_OR_RETURN(const auto previous, checkpoint_.PreviousIntent());
    return ExplainReplay(RunBatch(intent, previous), intent, table_.dataset());
  }
  ASSIGN_OR_RETURN(auto record,
                   FindBatchRecord(context_.catalog.Table(table_.dataset().name), table_.snapshot(),
                                   checkpoint_.app_id(), intent.batch_id));
  if (!record) {
    context_.events.Emit(
        OperationEvent(table_.dataset(), flow_.name, EventLevel::kWarn,
                       fmt::format("Batch {} of flow '{}' is in the table, but the log no longer "
                                   "has its commit: rows that it rejected "
                                   "and its counts are not known",
                                   intent.batch_id, flow_.name),
                       OperationProgress{.type = "BATCH_RECOVERY"}));
    return checkpoint_.WriteCommit(table_.snapshot()->version());
  }
  return CloseBatch(*record, table_.snapshot()->version(), std::nullopt);
}

void StreamFlow::TellReplay(const BatchIntent& intent) {
  const bool redefined = intent.definition_hash != flow_.definition_hash;
  context_.events.Emit(OperationEvent(
      table_.dataset(), flow_.name, redefined ? EventLevel::kWarn : EventLevel::kInfo,
      fmt::format(
          "Batch {} of flow '{}', begun by update {}, is run again with the inputs it had{}",
          intent.batch_id, flow_.name, intent.update_id,
          redefined ? ", by the flow's new definition" : ""),
      OperationProgress{.type = "BATCH_RECOVERY", .status = OperationStatus::kStarted}));
}

Result<std::optional<BatchIntent>> StreamFlow::PlanBatch() {
  BatchIntent intent;
  intent.batch_id = checkpoint_.NextBatchId();
  const auto& previous = checkpoint_.last_intent();
  // A flow without streams is INSERT ONCE: one batch in a checkpoint's life.
  bool anything_new = sources_.empty() && intent.batch_id == 0;
  for (size_t i = 0; i < sources_.size(); ++i) {
    const auto from = StartOf(previous, i);
    ASSIGN_OR_RETURN(auto planned, sources_[i]->Plan(intent.batch_id, from));
    anything_new = anything_new || planned.has_value();
    if (!planned) {
      ASSIGN_OR_RETURN(planned, sources_[i]->Stay(from));
    }
    intent.sources.push_back(*std::move(planned));
  }
  if (!anything_new) {
    return std::optional<BatchIntent>();
  }
  intent.update_id = context_.update_id;
  intent.update_time_micros = context_.update_time_micros;
  intent.session_time_zone = context_.graph().session_time_zone;
  intent.parameters = context_.parameters;
  intent.definition_hash = flow_.definition_hash;
  ASSIGN_OR_RETURN(intent.pinned_tables, PinTables());
  return std::optional<BatchIntent>(std::move(intent));
}

Result<std::map<std::string, PinnedTable>> StreamFlow::PinTables() const {
  std::map<std::string, PinnedTable> pinned;
  for (const FlowTable& input : flow_.tables) {
    if (!input.streaming) {
      ASSIGN_OR_RETURN(const auto snapshot, context_.snapshots.Require(input.name));
      pinned[ToLower(input.name.ToString())] = {snapshot->metadata().id, snapshot->version()};
    }
  }
  return pinned;
}

Result<bool> StreamFlow::RunNewBatch() {
  const std::optional<BatchIntent> previous = checkpoint_.last_intent();
  ASSIGN_OR_RETURN(const auto intent, PlanBatch());
  if (!intent) {
    return false;
  }
  RETURN_IF_ERROR(checkpoint_.WriteIntent(*intent));
  RETURN_IF_ERROR(RunBatch(*intent, previous));
  return true;
}

Status StreamFlow::RunBatch(const BatchIntent& intent, const std::optional<BatchIntent>& previous) {
  std::vector<SourceBatch> batches;
  for (size_t i = 0; i < sources_.size(); ++i) {
    ASSIGN_OR_RETURN(SourceBatch batch,
                     sources_[i]->Load(intent.batch_id, StartOf(previous, i), intent.sources[i]));
    batches.push_back(std::move(batch));
  }
  EvaluationRequest request;
  request.flow = &flow_;
  request.flow_index = flow_index_;
  request.query = &query_;
  ASSIGN_OR_RETURN(request.inputs, BindInputs(intent, batches));
  request.output_schema = StoredColumns(table_.dataset(), table_.snapshot());
  request.update_id = context_.update_id;
  request.now_micros = intent.update_time_micros;
  request.session_time_zone = intent.session_time_zone;
  ASSIGN_OR_RETURN(Evaluation evaluation, Evaluate(context_, request));
  evaluation.record.app_id = checkpoint_.app_id();
  evaluation.record.batch_id = intent.batch_id;
  for (const SourceBatch& batch : batches) {
    evaluation.record.input_files += batch.input_files;
    evaluation.record.input_bytes += batch.input_bytes;
    if (batch.files) {
      evaluation.record.rows_rescued += batch.files->counters().records_rescued;
      evaluation.record.rows_malformed_dropped += batch.files->counters().records_malformed_dropped;
    }
  }
  ASSIGN_OR_RETURN(const auto committed, table_.Commit(flow_index_, std::move(evaluation)));
  return CloseBatch(committed.record, committed.version, Sum(sources_));
}

Result<BoundInputs> StreamFlow::BindInputs(const BatchIntent& intent,
                                           std::vector<SourceBatch>& batches) {
  BoundInputs inputs;
  size_t next = 0;
  for (const FlowFiles& files : flow_.files) {
    if (files.streaming) {
      inputs.files.push_back(batches[next++].files.get());
    } else {
      ASSIGN_OR_RETURN(const RowSource* source, BindStaticFiles(files));
      inputs.files.push_back(source);
    }
  }
  for (const FlowTable& input : flow_.tables) {
    if (input.streaming) {
      inputs.tables.push_back(*batches[next++].table);
    } else {
      ASSIGN_OR_RETURN(TableBinding binding, BindPinned(input, intent));
      inputs.tables.push_back(std::move(binding));
    }
  }
  return inputs;
}

Result<TableBinding> StreamFlow::BindPinned(const FlowTable& input,
                                            const BatchIntent& intent) const {
  const delta::Table table = context_.catalog.Table(input.name);
  ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, context_.snapshots.Require(input.name));
  const auto pinned = intent.pinned_tables.find(ToLower(input.name.ToString()));
  // The version that the batch was begun with, as long as it is still the same table.
  if (pinned != intent.pinned_tables.end() && pinned->second.table_id == snapshot->metadata().id &&
      pinned->second.version != snapshot->version()) {
    ASSIGN_OR_RETURN(snapshot, table.AtVersion(pinned->second.version));
  }
  return TableBinding{table.store(), std::move(snapshot), std::nullopt};
}

Result<const RowSource*> StreamFlow::BindStaticFiles(const FlowFiles& files) {
  ASSIGN_OR_RETURN(const auto inspection, ingest::InspectBatch(files.listing.files, files.options,
                                                               files.schema, files.contents.get()));
  if (!inspection.rejected.empty()) {
    return FileGone(inspection.rejected.front());
  }
  const auto index = static_cast<size_t>(&files - flow_.files.data());
  static_files_.push_back(std::make_unique<ingest::CsvSource>(
      inspection.readable, files.options, files.schema, query_.query.files[index].metadata_fields,
      files.contents));
  return static_files_.back().get();
}

Status StreamFlow::CloseBatch(const BatchRecord& record, int64_t version,
                              const std::optional<Backlog>& backlog) {
  RETURN_IF_ERROR(table_.CommitQuarantineOf(flow_index_, record));
  const std::string key = BatchEventKey(record);
  const auto dead = context_.dead_updates.find(record.update_id);
  const bool told =
      dead != context_.dead_updates.end() && dead->second.contains(EventId(record.update_id, key));
  if (!told) {
    context_.events.Emit(BatchEvent(table_.dataset(), record, backlog), key);
  }
  AddToResult(record, version, result_);
  return checkpoint_.WriteCommit(version);
}

void StreamFlow::TellListing(int64_t listed, int64_t new_files) {
  if (listed == 0 && new_files == 0) {
    return;
  }
  context_.events.Emit(
      OperationEvent(table_.dataset(), flow_.name, EventLevel::kInfo,
                     fmt::format("Flow '{}' found {}, {} of them new.", flow_.name,
                                 Counted(listed, "file", "files"), GroupDigits(new_files)),
                     OperationProgress{.type = "AUTO_LOADER_LISTING",
                                       .attributes = {{"listed_files", std::to_string(listed)},
                                                      {"new_files", std::to_string(new_files)}}}));
}

void StreamFlow::TellRemarks() {
  for (FileStream* stream : file_streams_) {
    const FileStream::Remarks remarks = stream->TakeRemarks();
    TellListing(remarks.listed, remarks.new_files);
    for (const std::string& warning : remarks.warnings) {
      if (remarks_told_++ == kRemarksToldMax) {
        context_.events.Emit(OperationEvent(
            table_.dataset(), flow_.name, EventLevel::kWarn,
            "There is more to say about the files of this update; only the first remarks are told",
            OperationProgress{.type = "FILE_REMARK"}));
      }
      if (remarks_told_ > kRemarksToldMax) {
        break;
      }
      context_.events.Emit(OperationEvent(table_.dataset(), flow_.name, EventLevel::kWarn, warning,
                                          OperationProgress{.type = "FILE_REMARK"}));
    }
    for (const SetAsideFile& file : remarks.set_aside) {
      result_.files_set_aside += 1;
      context_.events.Emit(OperationEvent(
          table_.dataset(), flow_.name, EventLevel::kWarn,
          fmt::format("File set aside, nothing of it is read until it changes: {}: {}", file.path,
                      file.reason),
          OperationProgress{.type = "FILE_SET_ASIDE",
                            .attributes = {{"path", file.path}, {"reason", file.reason}}}));
    }
  }
}

}  // namespace medallion::pipeline
