#include "commit_loop.h"

#include <utility>

#include "action_codec.h"
#include "log_path.h"

namespace medallion::delta {
namespace {

// Waits of one to a few commit times at first, so that a burst of writers spreads out; the cap
// keeps a writer from sleeping through a quiet phase.
constexpr int64_t kBackOffFirstMs = 20;
constexpr int64_t kBackOffMaxMs = 2'000;
// Reads of commits that others wrote are repeated this often before the commit is given up.
constexpr int kReadAttemptsMax = 4;

Error InDoubt(int64_t version, std::string_view reason) {
  return Error(
      ErrorCode::kCommitUnknown,
      fmt::format("whether version {} was committed by us cannot be learnt now: {}; nothing "
                  "was cleaned up",
                  version, reason));
}

}  // namespace

CommitLoop::CommitLoop(const PendingCommit& commit, ObjectStore& store,
                       const TableEnvironment& environment)
    : commit_(commit),
      store_(store),
      environment_(environment),
      reader_(store, environment.checkpoints),
      intent_(IntentOf(commit)),
      txn_id_(environment.random->Uuid()) {}

Result<CommitLoop::Committed> CommitLoop::Run() {
  int64_t version = commit_.base ? commit_.base->version() + 1 : 0;
  for (int attempt = 1; attempt <= commit_.options.attempts_max; ++attempt) {
    // What depends on time or on the version before is made anew for each attempt.
    const int64_t now_ms = environment_.clock->NowMicros() / 1000;
    std::vector<Action> actions = BuildActions(commit_, txn_id_, now_ms, PreviousTimestamp());
    ASSIGN_OR_RETURN(const std::string body, SerializeCommit(actions));
    ASSIGN_OR_RETURN(const Attempt outcome, TryVersion(version, body));
    switch (outcome) {
      case Attempt::kMine:
        return Committed{version, attempt, landed_ ? *std::move(landed_) : std::move(actions),
                         std::move(winners_)};
      case Attempt::kTaken: {
        ASSIGN_OR_RETURN(version, Rebase(version));
        break;
      }
      case Attempt::kAbsent: break;
    }
    BackOff(attempt);
  }
  return OutOfAttempts(version);
}

Result<CommitLoop::Attempt> CommitLoop::TryVersion(int64_t version, const std::string& body) {
  const Result<PutOutcome> put = store_.Put(CommitPath(version), body, PutMode::kCreate);
  if (put && *put == PutOutcome::kWritten) {
    return Attempt::kMine;
  }
  if (!put && put.error().code() == ErrorCode::kNotDurable) {
    return InDoubt(version, put.error().message());  // I6: visible is not yet done
  }
  if (!put && put.error().code() == ErrorCode::kCommitUnknown) {
    in_doubt_ = true;
  } else if (!put) {
    if (put.error().retryable()) {
      return Attempt::kAbsent;
    }
    // This request did nothing, but an earlier one for the same version may still do.
    return in_doubt_ ? InDoubt(version, put.error().message()) : put.error();
  }
  return ReadBack(version);
}

Result<CommitLoop::Attempt> CommitLoop::ReadBack(int64_t version) {
  Result<std::vector<Action>> actions = ReadCommitPatiently(version);
  if (!actions) {
    if (actions.error().code() == ErrorCode::kNotFound) {
      return Attempt::kAbsent;
    }
    if (actions.error().code() == ErrorCode::kCorruption) {
      return std::move(actions).error();  // ours would be whole
    }
    return InDoubt(version, actions.error().message());
  }
  const CommitInfo* info = FindCommitInfo(*actions);
  if (info != nullptr && info->txn_id == txn_id_) {
    landed_ = *std::move(actions);
    return Attempt::kMine;
  }
  in_doubt_ = false;  // a request that comes late now finds the version taken
  winners_.push_back({version, *std::move(actions)});
  return Attempt::kTaken;
}

Result<int64_t> CommitLoop::Rebase(int64_t version) {
  size_t unchecked = winners_.size() - 1;
  while (true) {
    if (const auto conflict = FindConflict(intent_, winners_[unchecked])) {
      return ConflictError(*conflict);
    }
    ++version;
    Result<std::vector<Action>> actions = ReadCommitPatiently(version);
    if (!actions && actions.error().code() == ErrorCode::kNotFound) {
      return version;
    }
    if (!actions) {
      return std::move(actions).error();
    }
    winners_.push_back({version, *std::move(actions)});
    ++unchecked;
  }
}

Result<std::vector<Action>> CommitLoop::ReadCommitPatiently(int64_t version) {
  for (int attempt = 1;; ++attempt) {
    Result<std::vector<Action>> actions = reader_.ReadCommit(version);
    const bool worth_repeating = !actions && actions.error().code() != ErrorCode::kNotFound &&
                                 actions.error().code() != ErrorCode::kCorruption;
    if (!worth_repeating || attempt == kReadAttemptsMax) {
      return actions;
    }
    BackOff(attempt);
  }
}

// Full jitter: a random wait below a bound that doubles, so that writers who collided do not again.
void CommitLoop::BackOff(int attempt) {
  constexpr int kDoublingsMax = 16;
  const int64_t bound =
      std::min(kBackOffMaxMs, kBackOffFirstMs << std::min(attempt - 1, kDoublingsMax));
  const uint64_t wait = environment_.random->Below(static_cast<uint64_t>(bound)) + 1;
  environment_.clock->Sleep(std::chrono::milliseconds(wait));
}

Error CommitLoop::OutOfAttempts(int64_t version) const {
  if (in_doubt_) {
    return InDoubt(version, "the store does not answer");
  }
  return Error(ErrorCode::kRetriesExhausted,
               fmt::format(
                   "gave up after {} attempts, other writers were faster each time: version {}",
                   commit_.options.attempts_max, version))
      .WithCondition("DELTA_MAX_COMMIT_RETRIES_EXCEEDED");
}

int64_t CommitLoop::PreviousTimestamp() const {
  int64_t previous = commit_.base ? commit_.base->timestamp_ms() : 0;
  for (const WinningCommit& winner : winners_) {
    const CommitInfo* info = FindCommitInfo(winner.actions);
    previous =
        info == nullptr ? previous : std::max(previous, info->in_commit_timestamp_ms.value_or(0));
  }
  return previous;
}

}  // namespace medallion::delta
