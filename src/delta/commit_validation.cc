#include "base/text.h"
#include "delta/stats.h"
#include "null_counts.h"
#include "pending_commit.h"
#include "protocol_gate.h"
#include "replay.h"
#include "schema_change.h"
#include "table_properties.h"

namespace medallion::delta {
namespace {

Error Invalid(std::string message) {
  return Error(ErrorCode::kInvalidArgument, std::move(message));
}

// Every partition column has a value, null included, and nothing else has.
Status CheckPartitionValues(const AddFile& add, const Metadata& metadata) {
  const auto& columns = metadata.partition_columns;
  const bool complete = std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return add.partition_values.contains(column);
  });
  if (!complete || add.partition_values.size() != columns.size()) {
    return Invalid(fmt::format("partition values do not match the partition columns ({}): file {}",
                               Join(columns, ", "), add.path));
  }
  return OkStatus();
}

Status CheckAddedFile(const AddFile& add, const Metadata& metadata) {
  if (add.path.empty() || add.path.starts_with('/') || add.path.find("://") != std::string::npos) {
    return Invalid(fmt::format("path of a new file is not relative to the table: '{}'", add.path));
  }
  if (add.size_bytes < 0 || add.modification_time_ms < 0) {
    return Invalid(fmt::format("negative size or modification time: file {}", add.path));
  }
  if (add.deletion_vector || add.base_row_id || add.default_row_commit_version) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("new files with deletion vector or row ids: {}", add.path));
  }
  return CheckPartitionValues(add, metadata);
}

// The commit's files against each other and against the base.
Status CheckFiles(const PendingCommit& commit) {
  std::set<std::string> live;
  if (commit.base) {
    for (const AddFile& file : commit.base->files()) {
      live.insert(FileKey(file.path, file.deletion_vector));
    }
  }
  std::set<std::string> removed;
  for (const AddFile& file : commit.removes) {
    std::string key = FileKey(file.path, file.deletion_vector);
    if (!live.contains(key)) {
      return Invalid(fmt::format("cannot remove a file that is not in the table: {}", file.path));
    }
    if (!removed.insert(std::move(key)).second) {
      return Invalid(fmt::format("file removed twice in one commit: {}", file.path));
    }
  }
  std::set<std::string> added;
  for (const AddFile& add : commit.adds) {
    RETURN_IF_ERROR(CheckAddedFile(add, commit.EffectiveMetadata()));
    if (!added.insert(add.path).second) {
      return Invalid(fmt::format("file added twice in one commit: {}", add.path));
    }
    // Data files are never overwritten, so a path that was ever used cannot come again.
    if (live.contains(add.path)) {
      return Invalid(fmt::format("file is in the table already: {}", add.path));
    }
  }
  return OkStatus();
}

Status CheckTransactions(const PendingCommit& commit) {
  std::set<std::string> app_ids;
  for (const Txn& txn : commit.transactions) {
    if (!app_ids.insert(txn.app_id).second) {
      return Invalid(fmt::format("application id set twice in one commit: '{}'", txn.app_id));
    }
  }
  return OkStatus();
}

Status CheckAppendOnly(const PendingCommit& commit) {
  const bool deletes = commit.changes_data && !commit.removes.empty();
  if (deletes && IsEnabled(commit.EffectiveMetadata().configuration, "delta.appendOnly")) {
    return Invalid("the table is append-only (delta.appendOnly=true): rows cannot be removed")
        .WithCondition("DELTA_CANNOT_MODIFY_APPEND_ONLY");
  }
  return OkStatus();
}

// Readers of the change feed take whole removed files as deletions and whole new files as
// insertions. That is right for appends, deletions and overwrites; a rewrite would report rows that
// did not change.
Status CheckChangeDataFeed(const PendingCommit& commit) {
  const bool rewrites = commit.changes_data && !commit.adds.empty() && !commit.removes.empty() &&
                        !commit.removes_everything;
  if (rewrites &&
      IsEnabled(commit.EffectiveMetadata().configuration, "delta.enableChangeDataFeed")) {
    return Error(
        ErrorCode::kUnsupported,
        "changeDataFeed is on (delta.enableChangeDataFeed=true): rewriting files would need "
        "change data files, which are not written");
  }
  return OkStatus();
}

// The feature `invariants`: rows with NULL in a NOT NULL column must not come in. The engine checks
// rows; this catches whoever forgot to.
Status CheckNotNull(const PendingCommit& commit) {
  const Metadata& metadata = commit.EffectiveMetadata();
  for (const AddFile& add : commit.adds) {
    const std::map<std::string, int64_t> null_counts = NullCounts(add.stats);
    for (const Field& field : metadata.schema.fields()) {
      if (field.nullable) {
        continue;
      }
      const auto counted = null_counts.find(field.name);
      const auto value = add.partition_values.find(field.name);
      const bool null_partition = value != add.partition_values.end() && !value->second;
      if (null_partition || (counted != null_counts.end() && counted->second > 0)) {
        return Error(ErrorCode::kData,
                     fmt::format("NULL in NOT NULL column '{}': file {}", field.name, add.path))
            .WithCondition("DELTA_NOT_NULL_CONSTRAINT_VIOLATED");
      }
    }
  }
  return OkStatus();
}

Status CheckMetadataChange(const PendingCommit& commit) {
  if (!commit.metadata || !commit.base || commit.removes_everything ||
      commit.base->files().empty()) {
    return OkStatus();
  }
  if (commit.metadata->partition_columns != commit.base->metadata().partition_columns) {
    return Invalid("partition columns can change only when every file is replaced");
  }
  return CheckSchemaChange(commit.base->schema(), commit.metadata->schema);
}

}  // namespace

Status ValidateCommit(const PendingCommit& commit) {
  if (!commit.base && !commit.metadata) {
    return Error(ErrorCode::kNotFound,
                 "the table does not exist; its first commit must set metadata")
        .WithCondition("DELTA_TABLE_NOT_FOUND");
  }
  if (commit.base) {
    RETURN_IF_ERROR(CheckWritable(commit.base->protocol(), commit.base->metadata()));
  }
  RETURN_IF_ERROR(CheckWritable(commit.EffectiveProtocol(), commit.EffectiveMetadata()));
  RETURN_IF_ERROR(CheckMetadataChange(commit));
  RETURN_IF_ERROR(CheckFiles(commit));
  RETURN_IF_ERROR(CheckTransactions(commit));
  RETURN_IF_ERROR(CheckAppendOnly(commit));
  RETURN_IF_ERROR(CheckChangeDataFeed(commit));
  return CheckNotNull(commit);
}

}  // namespace medallion::delta
