#include "pending_commit.h"

#include "delta/stats.h"
#include "table_properties.h"

namespace medallion::delta {
namespace {

bool IsBlindAppend(const PendingCommit& commit) {
  return commit.removes.empty() && !commit.reads_whole_table && commit.read_partitions.empty();
}

IsolationLevel Isolation(const PendingCommit& commit) {
  return EffectiveIsolation(commit.options.isolation, commit.changes_data,
                            commit.metadata.has_value());
}

// The metrics that Spark's history shows for every write, unless the caller gave his own.
std::map<std::string, std::string> Metrics(const PendingCommit& commit) {
  std::map<std::string, std::string> metrics = commit.options.operation_metrics;
  int64_t bytes = 0;
  std::optional<int64_t> rows = 0;
  for (const AddFile& add : commit.adds) {
    bytes += add.size_bytes;
    const std::optional<int64_t> count = RecordCount(add.stats);
    rows = rows && count ? std::optional(*rows + *count) : std::nullopt;
  }
  metrics.try_emplace("numFiles", std::to_string(commit.adds.size()));
  metrics.try_emplace("numOutputBytes", std::to_string(bytes));
  if (rows) {
    metrics.try_emplace("numOutputRows", std::to_string(*rows));
  }
  if (!commit.removes.empty()) {
    metrics.try_emplace("numRemovedFiles", std::to_string(commit.removes.size()));
  }
  return metrics;
}

CommitInfo BuildInfo(const PendingCommit& commit, const std::string& txn_id, int64_t now_ms,
                     int64_t previous_timestamp_ms) {
  CommitInfo info;
  info.timestamp_ms = now_ms;
  info.operation = commit.options.operation;
  info.operation_parameters = commit.options.operation_parameters;
  info.operation_metrics = Metrics(commit);
  if (commit.base) {
    info.read_version = commit.base->version();
  }
  info.isolation_level = IsolationLevelName(Isolation(commit));
  info.is_blind_append = IsBlindAppend(commit);
  info.engine_info = "Medallion/" MEDALLION_VERSION;
  info.txn_id = txn_id;
  info.user_metadata = commit.options.user_metadata;
  if (IsEnabled(commit.EffectiveMetadata().configuration, "delta.enableInCommitTimestamps")) {
    info.in_commit_timestamp_ms = std::max(now_ms, previous_timestamp_ms + 1);
  }
  return info;
}

RemoveFile Tombstone(const AddFile& file, int64_t now_ms, bool data_change) {
  return {.path = file.path,
          .deletion_timestamp_ms = now_ms,
          .data_change = data_change,
          .partition_values = file.partition_values,
          .size_bytes = file.size_bytes,
          .deletion_vector = file.deletion_vector};
}

}  // namespace

CommitIntent IntentOf(const PendingCommit& commit) {
  CommitIntent intent;
  intent.isolation = Isolation(commit);
  intent.base_protocol = commit.base ? commit.base->protocol() : commit.EffectiveProtocol();
  intent.changes_protocol = commit.protocol.has_value();
  intent.changes_metadata = commit.metadata.has_value();
  intent.app_ids = commit.read_app_ids;
  for (const Txn& txn : commit.transactions) {
    intent.app_ids.insert(txn.app_id);
  }
  intent.read_whole_table = commit.reads_whole_table;
  intent.read_partitions = commit.read_partitions;
  for (const AddFile& file : commit.removes) {
    intent.removed_files.insert(file.path);
  }
  if (commit.base && !commit.read_partitions.empty()) {
    for (const AddFile& file : commit.base->files()) {
      const auto matches = [&](const PartitionValues& wanted) {
        return MatchesPartition(file.partition_values, wanted);
      };
      if (std::any_of(commit.read_partitions.begin(), commit.read_partitions.end(), matches)) {
        intent.read_files.insert(file.path);
      }
    }
  }
  return intent;
}

std::vector<Action> BuildActions(const PendingCommit& commit, const std::string& txn_id,
                                 int64_t now_ms, int64_t previous_timestamp_ms) {
  std::vector<Action> actions;
  actions.emplace_back(BuildInfo(commit, txn_id, now_ms, previous_timestamp_ms));
  if (commit.protocol) {
    actions.emplace_back(*commit.protocol);
  }
  if (commit.metadata) {
    actions.emplace_back(*commit.metadata);
  }
  for (Txn txn : commit.transactions) {
    txn.last_updated_ms = now_ms;
    actions.emplace_back(std::move(txn));
  }
  for (const AddFile& file : commit.removes) {
    actions.emplace_back(Tombstone(file, now_ms, commit.changes_data));
  }
  for (AddFile add : commit.adds) {
    add.data_change = commit.changes_data;
    actions.emplace_back(std::move(add));
  }
  return actions;
}

}  // namespace medallion::delta
