#include "conflict_check.h"

#include "protocol_gate.h"

namespace medallion::delta {
namespace {

template <class T>
const T* FindAction(const WinningCommit& winner) {
  for (const Action& action : winner.actions) {
    if (const T* found = std::get_if<T>(&action)) {
      return found;
    }
  }
  return nullptr;
}

using Detail = std::optional<std::string>;  // what collided, if anything did

// 1. Our files obey the rules of the protocol we read; other rules might not be obeyed.
Detail CheckProtocol(const CommitIntent& ours, const WinningCommit& winner) {
  const auto* protocol = FindAction<Protocol>(winner);
  if (protocol == nullptr) {
    return std::nullopt;
  }
  if (ours.changes_protocol) {
    return "both commits set the protocol (was the table created twice?)";
  }
  if (protocol->min_reader_version > 3 || protocol->min_writer_version > 7 ||
      EffectiveFeatures(*protocol) != EffectiveFeatures(ours.base_protocol)) {
    return "it changed the table's features";
  }
  return std::nullopt;
}

// Also 1: a file that we could not read, from a writer that did not even say so in the protocol.
Detail CheckReadableFiles(const CommitIntent& /*ours*/, const WinningCommit& winner) {
  for (const Action& action : winner.actions) {
    const auto* add = std::get_if<AddFile>(&action);
    if (add != nullptr && add->deletion_vector) {
      return fmt::format("it added {} with a deletion vector, which is not supported", add->path);
    }
  }
  return std::nullopt;
}

// 2. Schema, partitioning and properties steer how files are written.
Detail CheckMetadata(const CommitIntent& /*ours*/, const WinningCommit& winner) {
  return FindAction<Metadata>(winner) == nullptr ? Detail() : "it changed schema or properties";
}

// 3.
Detail CheckDomains(const CommitIntent& ours, const WinningCommit& winner) {
  for (const Action& action : winner.actions) {
    const auto* domain = std::get_if<DomainMetadata>(&action);
    if (domain != nullptr && ours.domains.contains(domain->domain)) {
      return fmt::format("both commits write domain '{}'", domain->domain);
    }
  }
  return std::nullopt;
}

// 4. Whatever the numbers: the same application id means the same work done twice.
Detail CheckAppIds(const CommitIntent& ours, const WinningCommit& winner) {
  for (const Action& action : winner.actions) {
    const auto* txn = std::get_if<Txn>(&action);
    if (txn != nullptr && ours.app_ids.contains(txn->app_id)) {
      return fmt::format("it committed version {} of the application '{}'", txn->version,
                         txn->app_id);
    }
  }
  return std::nullopt;
}

bool WasRead(const CommitIntent& ours, const PartitionValues& values) {
  return ours.read_whole_table ||
         std::any_of(
             ours.read_partitions.begin(), ours.read_partitions.end(),
             [&](const PartitionValues& wanted) { return MatchesPartition(values, wanted); });
}

// Blind appends read nothing, so under WriteSerializable they count as if they came after us; not
// if we change the metadata, whose rules they do not know.
bool AppendsAreForgiven(const CommitIntent& ours, const WinningCommit& winner) {
  switch (ours.isolation) {
    case IsolationLevel::kSnapshot: return true;
    case IsolationLevel::kSerializable: return false;
    case IsolationLevel::kWriteSerializable: break;
  }
  const auto* info = FindAction<CommitInfo>(winner);
  return info != nullptr && info->is_blind_append.value_or(false) && !ours.changes_metadata;
}

// 5. Rows that we should have seen.
Detail CheckAppendedFiles(const CommitIntent& ours, const WinningCommit& winner) {
  if (AppendsAreForgiven(ours, winner)) {
    return std::nullopt;
  }
  for (const Action& action : winner.actions) {
    const auto* add = std::get_if<AddFile>(&action);
    if (add != nullptr && WasRead(ours, add->partition_values)) {
      return fmt::format("it added {}, which we should have read", add->path);
    }
  }
  return std::nullopt;
}

// 6. Rows that we read and that are no more, or are in other files now.
Detail CheckDeletedReads(const CommitIntent& ours, const WinningCommit& winner) {
  for (const Action& action : winner.actions) {
    const auto* remove = std::get_if<RemoveFile>(&action);
    if (remove != nullptr && (ours.read_whole_table || ours.read_files.contains(remove->path))) {
      return fmt::format("it removed {}, which we read", remove->path);
    }
  }
  return std::nullopt;
}

// 7.
Detail CheckDeletedTwice(const CommitIntent& ours, const WinningCommit& winner) {
  for (const Action& action : winner.actions) {
    const auto* remove = std::get_if<RemoveFile>(&action);
    if (remove != nullptr && ours.removed_files.contains(remove->path)) {
      return fmt::format("both commits remove {}", remove->path);
    }
  }
  return std::nullopt;
}

struct ConflictRule {
  ConflictKind kind;
  Detail (*check)(const CommitIntent&, const WinningCommit&);
  std::string_view condition;
};

constexpr ConflictRule kRules[] = {
    {ConflictKind::kProtocol, CheckProtocol, "DELTA_PROTOCOL_CHANGED"},
    {ConflictKind::kProtocol, CheckReadableFiles, "DELTA_PROTOCOL_CHANGED"},
    {ConflictKind::kMetadata, CheckMetadata, "DELTA_METADATA_CHANGED"},
    {ConflictKind::kDomain, CheckDomains, "DELTA_CONCURRENT_WRITE"},
    {ConflictKind::kAppTransaction, CheckAppIds, "DELTA_CONCURRENT_TRANSACTION"},
    {ConflictKind::kAppendedFiles, CheckAppendedFiles, "DELTA_CONCURRENT_APPEND"},
    {ConflictKind::kDeleteRead, CheckDeletedReads, "DELTA_CONCURRENT_DELETE_READ"},
    {ConflictKind::kDeleteDelete, CheckDeletedTwice, "DELTA_CONCURRENT_DELETE_DELETE"},
};

}  // namespace

std::optional<Conflict> FindConflict(const CommitIntent& ours, const WinningCommit& winner) {
  for (const ConflictRule& rule : kRules) {
    if (Detail detail = rule.check(ours, winner)) {
      return Conflict{rule.kind, winner.version, *std::move(detail)};
    }
  }
  return std::nullopt;
}

IsolationLevel EffectiveIsolation(IsolationLevel wanted, bool changes_data, bool changes_metadata) {
  return changes_data || changes_metadata ? wanted : IsolationLevel::kSnapshot;
}

Error ConflictError(const Conflict& conflict) {
  const auto* rule =
      std::find_if(std::begin(kRules), std::end(kRules),
                   [&](const ConflictRule& candidate) { return candidate.kind == conflict.kind; });
  return Error(
             ErrorCode::kConflict,
             fmt::format("a concurrent commit cannot be reconciled with ours: version {}: {}; run "
                         "again from the new version",
                         conflict.winning_version, conflict.detail))
      .WithCondition(std::string(rule->condition));
}

std::string_view IsolationLevelName(IsolationLevel level) {
  switch (level) {
    case IsolationLevel::kSerializable: return "Serializable";
    case IsolationLevel::kWriteSerializable: return "WriteSerializable";
    case IsolationLevel::kSnapshot: return "SnapshotIsolation";
  }
  return "";
}

bool MatchesPartition(const PartitionValues& values, const PartitionValues& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& entry) {
    const auto found = values.find(entry.first);
    return found != values.end() && found->second == entry.second;
  });
}

}  // namespace medallion::delta
