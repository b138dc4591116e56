#include "log_segment.h"

#include "last_checkpoint.h"
#include "log_path.h"

namespace medallion::delta {
namespace {

// Gathers the objects of one version, which a listing shows one after the other.
class ListingBuilder {
 public:
  void Add(const ObjectMeta& meta) {
    const std::optional<LogFile> file = ParseLogPath(meta.path);
    if (!file) {
      return;
    }
    if (file->version != version_) {
      FinishVersion();
      version_ = file->version;
    }
    const int64_t modified_ms = meta.modified_micros / 1000;
    switch (file->kind) {
      case LogFile::Kind::kCommit: AddCommit(file->version, modified_ms); break;
      case LogFile::Kind::kCheckpoint: classic_ = {file->version, modified_ms, {meta.path}}; break;
      case LogFile::Kind::kCheckpointPart: {
        // Parts come in rising order, and those of one count together with it.
        CheckpointFiles& checkpoint = by_part_count_[file->parts];
        checkpoint.version = file->version;
        checkpoint.modified_ms = std::max(checkpoint.modified_ms, modified_ms);
        checkpoint.paths.push_back(meta.path);
        break;
      }
      case LogFile::Kind::kUuidCheckpoint: listing_.uuid_checkpoints.push_back(meta.path); break;
    }
  }

  LogListing Finish() && {
    FinishVersion();
    return std::move(listing_);
  }

 private:
  // Delta protocol, "Commit Provenance Information": the clock of the store may step back, versions
  // may not, so a commit counts as at least one millisecond younger than the one before.
  void AddCommit(int64_t version, int64_t modified_ms) {
    if (!listing_.commits.empty()) {
      modified_ms = std::max(modified_ms, listing_.commits.back().modified_ms + 1);
    }
    listing_.commits.push_back({version, modified_ms});
  }

  // A checkpoint with a missing part is as good as none.
  void FinishVersion() {
    if (!classic_) {
      for (auto& [count, checkpoint] : by_part_count_) {
        if (checkpoint.paths.size() == static_cast<size_t>(count)) {
          classic_ = std::move(checkpoint);
          break;
        }
      }
    }
    if (classic_) {
      listing_.checkpoints.push_back(*std::move(classic_));
    }
    classic_.reset();
    by_part_count_.clear();
  }

  LogListing listing_;
  int64_t version_ = -1;
  std::optional<CheckpointFiles> classic_;
  std::map<int32_t, CheckpointFiles> by_part_count_;
};

const CheckpointFiles* NewestCheckpoint(const LogListing& listing, int64_t version_max) {
  const CheckpointFiles* newest = nullptr;
  for (const CheckpointFiles& checkpoint : listing.checkpoints) {
    if (checkpoint.version <= version_max) {
      newest = &checkpoint;
    }
  }
  return newest;
}

Error MissingVersion(const LogListing& listing, int64_t version, int64_t missing) {
  for (const std::string& path : listing.uuid_checkpoints) {
    const int64_t at = ParseLogPath(path)->version;
    if (at >= missing && at <= version) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("version {} can only be read from a V2 checkpoint, which is not "
                               "supported: {}",
                               version, path));
    }
  }
  const bool cleaned_up =
      missing == 0 && NewestCheckpoint(listing, version) == nullptr && !listing.checkpoints.empty();
  if (cleaned_up) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("version {} was cleaned up, the oldest that can be read is {}",
                             version, listing.checkpoints.front().version));
  }
  return Error(ErrorCode::kCorruption,
               fmt::format("the table's log is damaged: missing version {} ({})", missing,
                           CommitPath(missing)))
      .WithCondition("DELTA_VERSIONS_NOT_CONTIGUOUS");
}

// A folder that is read while others write to it may show a younger file and not an older one. What
// the first listing showed had been written before the second began, so that one shows it whole.
Result<LogSegment> SelectListingAgain(ObjectStore& store, LogListing listing, int64_t version) {
  Result<LogSegment> segment = SelectSegment(listing, version);
  if (segment || segment.error().code() != ErrorCode::kCorruption) {
    return segment;
  }
  ASSIGN_OR_RETURN(listing, ListLog(store, 0));
  return SelectSegment(listing, version);
}

}  // namespace

int64_t LogListing::LatestVersion() const {
  const int64_t commit = commits.empty() ? -1 : commits.back().version;
  const int64_t checkpoint = checkpoints.empty() ? -1 : checkpoints.back().version;
  return std::max(commit, checkpoint);
}

Result<LogListing> ListLog(ObjectStore& store, int64_t from) {
  ListingBuilder builder;
  RETURN_IF_ERROR(store.List(kLogFolder, VersionPrefix(from), [&](const ObjectMeta& meta) {
    builder.Add(meta);
    return true;
  }));
  return std::move(builder).Finish();
}

Result<LogSegment> SelectSegment(const LogListing& listing, int64_t version) {
  const int64_t latest = listing.LatestVersion();
  if (version > latest) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("version {} does not exist, the newest is {}", version, latest))
        .WithCondition("DELTA_VERSION_NOT_FOUND");
  }
  LogSegment segment = {.version = version};
  int64_t expected = 0;
  if (const CheckpointFiles* checkpoint = NewestCheckpoint(listing, version)) {
    segment.checkpoint = *checkpoint;
    segment.timestamp_ms = checkpoint->modified_ms;
    expected = checkpoint->version + 1;
  }
  for (const CommitFile& commit : listing.commits) {
    if (commit.version > version) {
      break;
    }
    segment.timestamp_ms = commit.version == version ? commit.modified_ms : segment.timestamp_ms;
    if (commit.version < expected) {
      continue;  // covered by the checkpoint
    }
    if (commit.version != expected) {
      break;
    }
    segment.commits.push_back(commit);
    ++expected;
  }
  if (expected != version + 1) {
    return MissingVersion(listing, version, expected);
  }
  return segment;
}

Result<std::optional<LogSegment>> FindLogSegment(ObjectStore& store,
                                                 std::optional<int64_t> version) {
  if (version && *version < 0) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("versions start at 0: {}", *version));
  }
  const std::optional<LastCheckpoint> hint = ReadLastCheckpoint(store);
  if (hint && (!version || hint->version <= *version)) {
    ASSIGN_OR_RETURN(const LogListing recent, ListLog(store, hint->version));
    const int64_t wanted = version.value_or(recent.LatestVersion());
    if (NewestCheckpoint(recent, wanted) != nullptr) {
      if (Result<LogSegment> segment = SelectSegment(recent, wanted)) {
        return std::optional(*std::move(segment));
      }
    }
  }
  ASSIGN_OR_RETURN(LogListing listing, ListLog(store, 0));
  const int64_t latest = listing.LatestVersion();
  if (latest < 0 && listing.uuid_checkpoints.empty()) {
    return std::optional<LogSegment>();
  }
  const int64_t wanted = version.value_or(std::max(latest, int64_t{0}));
  ASSIGN_OR_RETURN(LogSegment segment, SelectListingAgain(store, std::move(listing), wanted));
  return std::optional(std::move(segment));
}

}  // namespace medallion::delta
