#include "log_reader.h"

#include "action_codec.h"
#include "log_path.h"
#include "replay.h"

namespace medallion::delta {
namespace {

// Newest first, as replay wants it.
Status ReplayCommits(const LogReader& reader, const std::vector<CommitFile>& commits,
                     LogReplay& replay) {
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    ASSIGN_OR_RETURN(std::vector<Action> actions, reader.ReadCommit(commit->version));
    RETURN_IF_ERROR(replay.ApplyCommit(std::move(actions)));
  }
  return OkStatus();
}

}  // namespace

const CommitInfo* FindCommitInfo(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (const auto* info = std::get_if<CommitInfo>(&action)) {
      return info;
    }
  }
  return nullptr;
}

Result<std::vector<Action>> LogReader::ReadCommit(int64_t version) const {
  ASSIGN_OR_RETURN(const std::string body, store_.Get(CommitPath(version)));
  std::vector<Action> actions;
  Status parsed = ParseCommit(body, [&](Action action) {
    actions.push_back(std::move(action));
    return OkStatus();
  });
  if (!parsed) {
    return std::move(parsed).error().Context(
        fmt::format("reading {}/{}", store_.uri(), CommitPath(version)));
  }
  return actions;
}

Status LogReader::ReadCheckpoint(const CheckpointFiles& checkpoint, LogReplay& replay) const {
  if (checkpoints_ == nullptr) {
    return Error(
        ErrorCode::kUnsupported,
        fmt::format("no engine to read checkpoints is at hand: {}", checkpoint.paths.front()));
  }
  for (const std::string& path : checkpoint.paths) {
    ASSIGN_OR_RETURN(const std::string local_path, store_.LocalPath(path));
    Status read = checkpoints_->ReadCheckpoint(
        local_path, [&](Action action) { return replay.ApplyCheckpoint(std::move(action)); });
    if (!read) {
      return std::move(read).error().Context(fmt::format("reading {}/{}", store_.uri(), path));
    }
  }
  return OkStatus();
}

Result<SnapshotPtr> LogReader::ReadSnapshot(const LogSegment& segment) const {
  LogReplay replay;
  RETURN_IF_ERROR(ReplayCommits(*this, segment.commits, replay));
  if (segment.checkpoint) {
    RETURN_IF_ERROR(ReadCheckpoint(*segment.checkpoint, replay));
  }
  if (segment.commits.empty() && replay.KeepsInCommitTimestamps()) {
    // The checkpoint's own commit may have been cleaned up; then the time of the file has to do.
    if (const Result<std::vector<Action>> actions = ReadCommit(segment.version)) {
      const CommitInfo* info = FindCommitInfo(*actions);
      replay.SetInCommitTimestamp(info == nullptr ? std::nullopt : info->in_commit_timestamp_ms);
    }
  }
  return std::move(replay).Finish(segment.version, segment.timestamp_ms);
}

Result<SnapshotPtr> LogReader::ReadFrom(const SnapshotPtr& base,
                                        const std::vector<CommitFile>& commits) const {
  if (commits.empty()) {
    return base;
  }
  LogReplay replay;
  RETURN_IF_ERROR(ReplayCommits(*this, commits, replay));
  replay.ApplyBase(*base);
  const int64_t timestamp_ms = std::max(commits.back().modified_ms, base->timestamp_ms() + 1);
  return std::move(replay).Finish(commits.back().version, timestamp_ms);
}

}  // namespace medallion::delta
