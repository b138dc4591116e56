#include "delta/table.h"

#include "base/check.h"
#include "commit_times.h"
#include "log_path.h"
#include "log_reader.h"
#include "log_segment.h"
#include "transaction_impl.h"

namespace medallion::delta {

struct Table::Shared {
  std::shared_ptr<ObjectStore> store;
  TableEnvironment environment;

  LogReader reader() const { return {*store, environment.checkpoints}; }

  Error NotFound() const {
    return Error(ErrorCode::kNotFound, fmt::format("no Delta table: {}", store->uri()))
        .WithCondition("DELTA_TABLE_NOT_FOUND");
  }

  Error AtTable(Error error) const { return std::move(error).Context("table " + store->uri()); }

  Result<SnapshotPtr> Load(std::optional<int64_t> version) const {
    Result<std::optional<LogSegment>> segment = FindLogSegment(*store, version);
    if (!segment) {
      return AtTable(std::move(segment).error());
    }
    if (!*segment) {
      return NotFound();
    }
    Result<SnapshotPtr> snapshot = reader().ReadSnapshot(**segment);
    if (!snapshot) {
      return AtTable(std::move(snapshot).error());
    }
    return snapshot;
  }
};

namespace {

CommitSummary Summarize(const CommitFile& commit, const std::vector<Action>& actions) {
  CommitSummary summary = {.version = commit.version, .timestamp_ms = commit.modified_ms};
  if (const CommitInfo* info = FindCommitInfo(actions)) {
    summary.info = *info;
    summary.timestamp_ms = info->in_commit_timestamp_ms.value_or(commit.modified_ms);
  }
  for (const Action& action : actions) {
    summary.added_files += std::holds_alternative<AddFile>(action) ? 1 : 0;
    summary.removed_files += std::holds_alternative<RemoveFile>(action) ? 1 : 0;
  }
  return summary;
}

struct ChangeCollector {
  CommitChanges& changes;

  void operator()(CommitInfo info) { changes.info = std::move(info); }
  void operator()(Protocol protocol) { changes.protocol = std::move(protocol); }
  void operator()(Metadata metadata) { changes.metadata = std::move(metadata); }
  void operator()(AddFile add) { changes.added.push_back(std::move(add)); }
  void operator()(RemoveFile remove) { changes.removed.push_back(std::move(remove)); }
  void operator()(Txn txn) { changes.transactions.push_back(std::move(txn)); }
  void operator()(const DomainMetadata&) {}
};

CommitChanges CollectChanges(const CommitFile& commit, std::vector<Action> actions) {
  CommitChanges changes = {.version = commit.version, .timestamp_ms = commit.modified_ms};
  for (Action& action : actions) {
    std::visit([&](auto& value) { ChangeCollector{changes}(std::move(value)); }, action);
  }
  if (changes.info) {
    changes.timestamp_ms = changes.info->in_commit_timestamp_ms.value_or(commit.modified_ms);
  }
  return changes;
}

}  // namespace

Table::Table(std::shared_ptr<ObjectStore> store, TableEnvironment environment)
    : shared_(std::make_shared<const Shared>(Shared{std::move(store), environment})) {}

const std::shared_ptr<ObjectStore>& Table::store() const { return shared_->store; }

Result<bool> Table::Exists() const {
  bool found = false;
  RETURN_IF_ERROR(shared_->store->List(kLogFolder, "", [&](const ObjectMeta& meta) {
    found = ParseLogPath(meta.path).has_value();
    return !found;
  }));
  return found;
}

Result<SnapshotPtr> Table::Latest() const { return shared_->Load(std::nullopt); }

Result<SnapshotPtr> Table::AtVersion(int64_t version) const { return shared_->Load(version); }

Result<SnapshotPtr> Table::Refresh(const SnapshotPtr& known) const {
  if (known == nullptr) {
    return Latest();
  }
  ASSIGN_OR_RETURN(LogListing listing, ListLog(*shared_->store, known->version()));
  // The known version's own commit is listed too: if it is gone, the log was cleaned up or the
  // table made anew, and nothing known can be built upon. So too if the listing has a gap.
  int64_t expected = known->version();
  for (const CommitFile& commit : listing.commits) {
    if (commit.version != expected++) {
      return Latest();
    }
  }
  if (listing.commits.empty()) {
    return Latest();
  }
  listing.commits.erase(listing.commits.begin());
  Result<SnapshotPtr> snapshot = shared_->reader().ReadFrom(known, listing.commits);
  if (!snapshot) {
    return shared_->AtTable(std::move(snapshot).error());
  }
  return snapshot;
}

Result<SnapshotPtr> Table::AtTimestamp(int64_t timestamp_ms) const {
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(*shared_->store, 0));
  if (listing.LatestVersion() < 0) {
    return shared_->NotFound();
  }
  ASSIGN_OR_RETURN(const int64_t version, VersionAt(shared_->reader(), listing, timestamp_ms));
  return AtVersion(version);
}

Result<std::vector<CommitSummary>> Table::History(size_t limit) const {
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(*shared_->store, 0));
  if (listing.LatestVersion() < 0) {
    return shared_->NotFound();
  }
  std::vector<CommitSummary> history;
  for (auto commit = listing.commits.rbegin();
       commit != listing.commits.rend() && history.size() < limit; ++commit) {
    ASSIGN_OR_RETURN(const std::vector<Action> actions,
                     shared_->reader().ReadCommit(commit->version));
    history.push_back(Summarize(*commit, actions));
  }
  return history;
}

Result<std::vector<CommitChanges>> Table::Changes(int64_t from, int64_t to) const {
  if (from < 0 || from > to) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("no such range of versions: {} to {}", from, to));
  }
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(*shared_->store, from));
  std::vector<CommitChanges> changes;
  int64_t expected = from;
  for (const CommitFile& commit : listing.commits) {
    if (commit.version != expected || expected > to) {
      break;
    }
    ASSIGN_OR_RETURN(std::vector<Action> actions, shared_->reader().ReadCommit(commit.version));
    changes.push_back(CollectChanges(commit, std::move(actions)));
    ++expected;
  }
  if (expected <= to) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("the changes of version {} are not in the log: cleaned up or not yet "
                             "there: {}",
                             expected, shared_->store->uri()));
  }
  return changes;
}

Transaction Table::Begin(SnapshotPtr base, TransactionOptions options) const {
  CHECK(shared_->environment.clock != nullptr);
  CHECK(shared_->environment.random != nullptr);
  auto impl = std::make_unique<Transaction::Impl>();
  impl->store = shared_->store;
  impl->environment = shared_->environment;
  impl->pending.base = std::move(base);
  impl->pending.options = std::move(options);
  return Transaction(std::move(impl));
}

}  // namespace medallion::delta
