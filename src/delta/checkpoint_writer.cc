#include "checkpoint_writer.h"

#include "last_checkpoint.h"
#include "log_path.h"
#include "table_properties.h"

namespace medallion::delta {

Result<std::vector<Action>> CheckpointActions(const Snapshot& snapshot, int64_t now_ms) {
  const auto& configuration = snapshot.metadata().configuration;
  ASSIGN_OR_RETURN(const auto file_retention, DeletedFileRetention(configuration));
  ASSIGN_OR_RETURN(const auto txn_retention, TransactionRetention(configuration));
  std::vector<Action> actions;
  actions.emplace_back(snapshot.protocol());
  actions.emplace_back(snapshot.metadata());
  for (const auto& [app_id, txn] : snapshot.transactions()) {
    const bool expired = txn_retention && txn.last_updated_ms &&
                         *txn.last_updated_ms <= now_ms - txn_retention->count();
    if (!expired) {
      actions.emplace_back(txn);
    }
  }
  for (const auto& [name, domain] : snapshot.domains()) {
    actions.emplace_back(domain);
  }
  for (RemoveFile tombstone : snapshot.tombstones()) {
    if (tombstone.deletion_timestamp_ms.value_or(0) > now_ms - file_retention.count()) {
      tombstone.data_change = false;
      actions.emplace_back(std::move(tombstone));
    }
  }
  for (AddFile add : snapshot.files()) {
    add.data_change = false;
    actions.emplace_back(std::move(add));
  }
  return actions;
}

Status WriteCheckpoint(const Snapshot& snapshot, ObjectStore& store, CheckpointEngine& engine,
                       int64_t now_ms) {
  ASSIGN_OR_RETURN(const std::vector<Action> actions, CheckpointActions(snapshot, now_ms));
  const std::string path = CheckpointPath(snapshot.version());
  ASSIGN_OR_RETURN(const std::unique_ptr<StagedFile> staged, store.Stage(path));
  RETURN_IF_ERROR(engine.WriteCheckpoint(staged->local_path(), actions));
  const Result<ObjectMeta> published = staged->Publish();
  const bool lost = !published && published.error().code() == ErrorCode::kAlreadyExists;
  if (!published && !lost) {
    return published.error();
  }
  LastCheckpoint hint = {.version = snapshot.version(),
                         .action_count = static_cast<int64_t>(actions.size()),
                         .add_count = static_cast<int64_t>(snapshot.files().size())};
  if (published) {
    hint.size_bytes = static_cast<int64_t>(published->size_bytes);
  }
  return WriteLastCheckpoint(store, hint);
}

}  // namespace medallion::delta
