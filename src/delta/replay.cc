#include "replay.h"

#include "protocol_gate.h"
#include "table_properties.h"

namespace medallion::delta {

std::string FileKey(const std::string& path,
                    const std::optional<DeletionVectorDescriptor>& vector) {
  // A decoded path holds no NUL, so the parts cannot run into each other.
  return vector ? path + '\0' + vector->UniqueId() : path;
}

bool LogReplay::FirstSight(std::string key, Source source) {
  return source == Source::kCommit ? seen_files_.insert(std::move(key)).second
                                   : !seen_files_.contains(key);
}

void LogReplay::Apply(AddFile add, Source source) {
  if (FirstSight(FileKey(add.path, add.deletion_vector), source)) {
    state_.files.push_back(std::move(add));
  }
}

void LogReplay::Apply(RemoveFile remove, Source source) {
  if (FirstSight(FileKey(remove.path, remove.deletion_vector), source)) {
    state_.tombstones.push_back(std::move(remove));
  }
}

void LogReplay::Apply(Txn txn, Source /*source*/) {
  std::string app_id = txn.app_id;
  state_.transactions.try_emplace(std::move(app_id), std::move(txn));
}

void LogReplay::Apply(DomainMetadata domain, Source /*source*/) {
  std::string name = domain.domain;
  state_.domains.try_emplace(std::move(name), std::move(domain));
}

void LogReplay::Apply(Protocol protocol, Source /*source*/) {
  if (!protocol_) {
    protocol_ = std::move(protocol);
  }
}

void LogReplay::Apply(Metadata metadata, Source /*source*/) {
  if (!metadata_) {
    metadata_ = std::move(metadata);
  }
}

void LogReplay::Apply(CommitInfo info, Source /*source*/) {
  if (newest_commit_) {
    in_commit_timestamp_ms_ = info.in_commit_timestamp_ms;
  }
}

// Says so before an unknown protocol's log is read further and called damaged. Whether a feature is
// in use is known only with the metadata, in Finish.
Status LogReplay::CheckProtocolVersion() const {
  return protocol_ && metadata_ ? CheckReadable(*protocol_, *metadata_) : OkStatus();
}

Status LogReplay::ApplyCommit(std::vector<Action> actions) {
  for (auto action = actions.rbegin(); action != actions.rend(); ++action) {
    std::visit([this](auto& value) { Apply(std::move(value), Source::kCommit); }, *action);
  }
  newest_commit_ = false;
  return CheckProtocolVersion();
}

Status LogReplay::ApplyCheckpoint(Action action) {
  newest_commit_ = false;
  std::visit([this](auto& value) { Apply(std::move(value), Source::kSettled); }, action);
  return OkStatus();
}

void LogReplay::ApplyBase(const Snapshot& base) {
  newest_commit_ = false;
  for (const AddFile& add : base.files()) {
    Apply(add, Source::kSettled);
  }
  for (const RemoveFile& remove : base.tombstones()) {
    Apply(remove, Source::kSettled);
  }
  for (const auto& [app_id, txn] : base.transactions()) {
    Apply(txn, Source::kSettled);
  }
  for (const auto& [name, domain] : base.domains()) {
    Apply(domain, Source::kSettled);
  }
  Apply(base.protocol(), Source::kSettled);
  Apply(base.metadata(), Source::kSettled);
}

bool LogReplay::KeepsInCommitTimestamps() const {
  return metadata_ && IsEnabled(metadata_->configuration, "delta.enableInCommitTimestamps");
}

void LogReplay::SetInCommitTimestamp(std::optional<int64_t> timestamp_ms) {
  in_commit_timestamp_ms_ = timestamp_ms;
}

Result<SnapshotPtr> LogReplay::Finish(int64_t version, int64_t timestamp_ms) && {
  if (!protocol_ || !metadata_) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("the table's log is damaged: no {} up to version {}",
                             protocol_ ? "metaData" : "protocol", version))
        .WithCondition("DELTA_STATE_RECOVER_ERROR");
  }
  RETURN_IF_ERROR(CheckReadable(*protocol_, *metadata_));
  std::erase_if(state_.domains, [](const auto& entry) { return entry.second.removed; });
  for (const AddFile& add : state_.files) {
    if (add.deletion_vector) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("deletionVectors are not supported: file {}", add.path));
    }
  }
  std::sort(state_.files.begin(), state_.files.end(),
            [](const AddFile& a, const AddFile& b) { return a.path < b.path; });
  state_.version = version;
  state_.timestamp_ms =
      KeepsInCommitTimestamps() ? in_commit_timestamp_ms_.value_or(timestamp_ms) : timestamp_ms;
  state_.protocol = *std::move(protocol_);
  state_.metadata = *std::move(metadata_);
  return std::make_shared<const Snapshot>(std::move(state_));
}

}  // namespace medallion::delta
