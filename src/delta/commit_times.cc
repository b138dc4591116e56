#include "commit_times.h"

#include "base/civil_time.h"

namespace medallion::delta {
namespace {

// Commits whose state can be rebuilt: all from version 0, else those from the oldest checkpoint on.
std::vector<CommitFile> ReadableCommits(const LogListing& listing) {
  std::vector<CommitFile> commits = listing.commits;
  if (commits.empty() || commits.front().version != 0) {
    const int64_t oldest = listing.checkpoints.empty() ? 0 : listing.checkpoints.front().version;
    std::erase_if(commits, [&](const CommitFile& commit) { return commit.version < oldest; });
  }
  if (commits.empty() && !listing.checkpoints.empty()) {
    commits.push_back({listing.checkpoints.back().version, listing.checkpoints.back().modified_ms});
  }
  return commits;
}

// The commit's in-commit timestamp, else that of its file.
Result<int64_t> TimeOf(const LogReader& reader, const CommitFile& commit) {
  ASSIGN_OR_RETURN(const std::vector<Action> actions, reader.ReadCommit(commit.version));
  const CommitInfo* info = FindCommitInfo(actions);
  return info == nullptr ? commit.modified_ms
                         : info->in_commit_timestamp_ms.value_or(commit.modified_ms);
}

// Writers that keep in-commit timestamps put one into every commit, so the newest tells.
Result<bool> KeepsInCommitTimestamps(const LogReader& reader,
                                     const std::vector<CommitFile>& commits) {
  Result<std::vector<Action>> newest = reader.ReadCommit(commits.back().version);
  if (!newest) {
    return newest.error().code() == ErrorCode::kNotFound ? Result<bool>(false) : newest.error();
  }
  const CommitInfo* info = FindCommitInfo(*newest);
  return info != nullptr && info->in_commit_timestamp_ms.has_value();
}

}  // namespace

Result<int64_t> VersionAt(const LogReader& reader, const LogListing& listing,
                          int64_t timestamp_ms) {
  std::vector<CommitFile> commits = ReadableCommits(listing);
  ASSIGN_OR_RETURN(const bool in_commit, KeepsInCommitTimestamps(reader, commits));
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    if (in_commit) {
      ASSIGN_OR_RETURN(commit->modified_ms, TimeOf(reader, *commit));
    }
    if (commit->modified_ms <= timestamp_ms) {
      return commit->version;
    }
  }
  return Error(ErrorCode::kNotFound,
               fmt::format(
                   "no version is that old: {}; the oldest that can be read is version {} of {}",
                   FormatIsoTimestampMillis(timestamp_ms * 1000), commits.front().version,
                   FormatIsoTimestampMillis(commits.front().modified_ms * 1000)))
      .WithCondition("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION");
}

}  // namespace medallion::delta
