#include "system_table.h"

#include <utility>

#include "snapshot_pool.h"

namespace medallion::pipeline {
namespace {

// Two pipelines that make the table at the same moment.
constexpr int kCreateAttemptsMax = 3;

Schema NullableColumns(const sql::BoundQuery& query) {
  Schema schema;
  const Schema output = query.OutputSchema();
  for (Field field : output.fields()) {
    field.nullable = true;
    schema.Append(std::move(field));
  }
  return schema;
}

Result<delta::CommitResult> TryCommit(const SystemTableWriter& writer,
                                      const SystemTableAppend& append,
                                      const delta::SnapshotPtr& existing,
                                      const std::vector<delta::AddFile>& files) {
  delta::TransactionOptions options;
  options.operation = append.operation;
  options.operation_parameters = {{"mode", "Append"}};
  options.operation_metrics = {{"numOutputRows", std::to_string(append.rows->row_count())}};
  delta::Transaction transaction =
      writer.catalog.System(append.name).Begin(existing, std::move(options));
  if (!existing) {
    delta::Metadata metadata;
    metadata.description = append.description;
    metadata.schema = NullableColumns(*append.query);
    metadata.configuration = append.properties;
    RETURN_IF_ERROR(transaction.SetMetadata(std::move(metadata)));
  }
  for (const delta::AddFile& file : files) {
    transaction.Add(file);
  }
  for (const delta::Txn& txn : append.transactions) {
    transaction.SetAppVersion(txn.app_id, txn.version);
  }
  return std::move(transaction).Commit();
}

}  // namespace

Result<delta::SnapshotPtr> SystemTableSnapshot(const SystemTableWriter& writer,
                                               const std::string& name) {
  return LatestOrNull(writer.catalog.System(name));
}

Status AppendToSystemTable(const SystemTableWriter& writer, const SystemTableAppend& append,
                           delta::SnapshotPtr existing) {
  WriteRequest request;
  request.query = append.query;
  request.inputs.files = {append.rows};
  request.context.now_micros = writer.clock.NowMicros();
  request.output.store = writer.catalog.System(append.name).store();
  request.output.schema = NullableColumns(*append.query);
  ASSIGN_OR_RETURN(const WriteOutcome outcome, writer.engine.Write(request));
  const auto& files = std::get<WriteResult>(outcome).files;
  for (int attempt = 1;; ++attempt) {
    auto committed = TryCommit(writer, append, existing, files);
    if (committed) {
      return OkStatus();
    }
    if (committed.error().code() != ErrorCode::kConflict || attempt == kCreateAttemptsMax) {
      return std::move(committed).error();
    }
    ASSIGN_OR_RETURN(existing, SystemTableSnapshot(writer, append.name));
  }
}

}  // namespace medallion::pipeline
