#include "table_writer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"
#include "flow_events.h"
#include "table_metadata.h"

namespace medallion::pipeline {
namespace {

// Rivals of a quarantine commit are maintenance runs; a few turns settle it.
constexpr int kQuarantineAttemptsMax = 5;

Error ViolationError(const Dataset& dataset, const Flow& flow, const RuleViolation& violation) {
  return Error(ErrorCode::kData,
               fmt::format("flow `{}` stopped: {} rows break {} with ON VIOLATION FAIL UPDATE; "
                           "`{}` stays as it was. "
                           "One of them: {}",
                           flow.name, violation.rows_failed, Join(violation.rules, ", "),
                           dataset.DisplayName(), violation.example_record_json))
      .WithCondition("EXPECTATION_VIOLATION.VERBOSITY_ALL");
}

BatchRecord ToRecord(const WriteResult& result, const std::vector<Rule>& rules,
                     const ExecutableQuery& query) {
  BatchRecord record;
  record.rows_read = result.rows_read;
  record.rows_written = result.rows_written;
  record.rows_dropped = result.rows_dropped;
  record.bytes_written = result.bytes_written;
  CHECK_EQ(result.rules.size(), rules.size());
  for (size_t i = 0; i < rules.size(); ++i) {
    const RuleCount& count = result.rules[i];
    record.rules.push_back(
        {count.name, rules[i].action, count.passed, count.failed, count.failed_null});
  }
  record.quarantine_files = result.quarantine_files;
  if (!record.quarantine_files.empty()) {
    record.quarantine_schema = query.quarantine_schema;
  }
  return record;
}

WriteRequest ToWriteRequest(RunContext& context, const EvaluationRequest& request,
                            const Dataset& dataset, std::vector<Rule> rules) {
  WriteRequest write;
  write.query = &request.query->query;
  write.inputs = request.inputs;
  write.context = {request.now_micros, request.session_time_zone, &context.cancellation};
  write.output.store = context.catalog.Table(dataset.name).store();
  write.output.schema = request.output_schema;
  write.output.partition_columns = dataset.partition_by;
  write.rules = std::move(rules);
  if (request.query->quarantine_schema) {
    QuarantineOutput quarantine;
    quarantine.files.store = context.catalog.Quarantine(dataset.name).store();
    quarantine.files.schema = *request.query->quarantine_schema;
    quarantine.constants = QuarantineConstants(request.update_id, request.now_micros);
    write.quarantine = std::move(quarantine);
  }
  write.on_progress = [&context, name = request.flow->name](int64_t rows) {
    context.events.RowsRead(name, rows);
  };
  return write;
}

// The metadata that the quarantine table needs for the record's files; nothing if it has it.
Result<std::optional<delta::Metadata>> QuarantineMetadata(RunContext& context,
                                                          const Dataset& dataset,
                                                          const BatchRecord& record,
                                                          QuarantineMode mode,
                                                          const delta::SnapshotPtr& existing) {
  if (!record.quarantine_schema) {
    return std::optional<delta::Metadata>();
  }
  const std::string name = fmt::format("quarantine of {}", dataset.DisplayName());
  if (!existing) {
    delta::Metadata metadata;
    metadata.id = context.random.Uuid();
    metadata.created_time_ms = context.update_time_micros / 1000;
    metadata.description =
        fmt::format("Rows that {} rejected, with the rules they broke", dataset.DisplayName());
    metadata.schema = *record.quarantine_schema;
    return std::optional(std::move(metadata));
  }
  delta::Metadata metadata = existing->metadata();
  if (mode == QuarantineMode::kReplace) {
    metadata.schema = *record.quarantine_schema;
  } else {
    ASSIGN_OR_RETURN(metadata.schema,
                     UnionOfColumns(metadata.schema, *record.quarantine_schema, name));
  }
  return metadata == existing->metadata() ? std::optional<delta::Metadata>()
                                          : std::optional(std::move(metadata));
}

Result<delta::CommitResult> TryCommitQuarantine(RunContext& context, const Dataset& dataset,
                                                const BatchRecord& record, QuarantineMode mode,
                                                const std::vector<delta::Txn>& extra,
                                                const delta::SnapshotPtr& existing) {
  delta::TransactionOptions options;
  options.operation = "STREAMING UPDATE";
  options.operation_parameters = {
      {"outputMode", mode == QuarantineMode::kReplace ? "Complete" : "Append"},
      {"queryId", record.app_id},
      {"epochId", std::to_string(record.batch_id)}};
  options.operation_metrics = {{"numAddedFiles", std::to_string(record.quarantine_files.size())},
                               {"numOutputRows", std::to_string(record.rows_dropped)}};
  delta::Transaction transaction =
      context.catalog.Quarantine(dataset.name).Begin(existing, std::move(options));
  ASSIGN_OR_RETURN(auto metadata, QuarantineMetadata(context, dataset, record, mode, existing));
  if (existing && mode == QuarantineMode::kReplace) {
    transaction.RemoveAll();
  }
  if (metadata) {
    RETURN_IF_ERROR(transaction.SetMetadata(*std::move(metadata)));
  }
  for (const delta::AddFile& file : record.quarantine_files) {
    transaction.Add(file);
  }
  transaction.SetAppVersion(record.app_id, record.batch_id);
  for (const delta::Txn& txn : extra) {
    transaction.SetAppVersion(txn.app_id, txn.version);
  }
  return std::move(transaction).Commit();
}

}  // namespace

ExecutableQuery PrepareFlowQuery(const RunContext& context, const Flow& flow) {
  const std::vector<Expectation>& expectations = context.graph().target(flow).expectations;
  const bool drops =
      std::any_of(expectations.begin(), expectations.end(), [](const Expectation& expectation) {
        return expectation.action == sql::ViolationAction::kDropRow;
      });
  return PrepareQuery(*flow.query, drops && context.settings.quarantine);
}

Result<Evaluation> Evaluate(RunContext& context, const EvaluationRequest& request) {
  const Dataset& dataset = context.graph().target(*request.flow);
  const std::vector<Rule> rules = FlowRules(context.graph(), request.flow_index);
  const int64_t started = context.clock.MonotonicMicros();
  ASSIGN_OR_RETURN(WriteOutcome outcome,
                   context.engine.Write(ToWriteRequest(context, request, dataset, rules)));
  if (const auto* violation = std::get_if<RuleViolation>(&outcome)) {
    return ViolationError(dataset, *request.flow, *violation);
  }
  Evaluation evaluation;
  evaluation.result = std::get<WriteResult>(std::move(outcome));
  // Invariant of every batch: nothing is lost between the query and the tables.
  CHECK_EQ(evaluation.result.rows_read,
           evaluation.result.rows_written + evaluation.result.rows_dropped);
  evaluation.record = ToRecord(evaluation.result, rules, *request.query);
  evaluation.record.flow = request.flow->name;
  evaluation.record.update_id = request.update_id;
  evaluation.record.update_time_micros = request.now_micros;
  evaluation.record.duration_ms = (context.clock.MonotonicMicros() - started) / 1000;
  return evaluation;
}

void RemoveOrphans(RunContext& context, const Dataset& dataset, const Evaluation& evaluation) {
  const auto remove = [](ObjectStore& store, const std::vector<delta::AddFile>& files) {
    for (const delta::AddFile& file : files) {
      [[maybe_unused]] const Status ignored = store.Delete(file.path);
    }
  };
  remove(*context.catalog.Table(dataset.name).store(), evaluation.result.files);
  remove(*context.catalog.Quarantine(dataset.name).store(), evaluation.result.quarantine_files);
}

void TellCommitWarning(RunContext& context, const Dataset& dataset,
                       const delta::CommitResult& committed) {
  if (committed.warning) {
    context.events.Emit(OperationEvent(
        dataset, "", EventLevel::kWarn, *committed.warning,
        OperationProgress{.type = "DELTA_MAINTENANCE", .status = OperationStatus::kFailed}));
  }
}

Status CommitQuarantine(RunContext& context, const Dataset& dataset, const BatchRecord& record,
                        QuarantineMode mode, const std::vector<delta::Txn>& extra) {
  if (record.quarantine_files.empty() && mode == QuarantineMode::kAppend) {
    return OkStatus();
  }
  const delta::Table table = context.catalog.Quarantine(dataset.name);
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const delta::SnapshotPtr existing, LatestOrNull(table));
    const bool nothing_to_replace =
        record.quarantine_files.empty() && (!existing || existing->files().empty());
    const bool done =
        existing && existing->AppVersion(record.app_id).value_or(-1) >= record.batch_id;
    if (nothing_to_replace || done) {
      return OkStatus();
    }
    auto committed = TryCommitQuarantine(context, dataset, record, mode, extra, existing);
    if (committed) {
      return OkStatus();
    }
    if (committed.error().code() != ErrorCode::kConflict || attempt == kQuarantineAttemptsMax) {
      return std::move(committed).error().Context("committing the quarantine of " +
                                                  dataset.DisplayName());
    }
  }
}

}  // namespace medallion::pipeline
