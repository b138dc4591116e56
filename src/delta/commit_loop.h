#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "conflict_check.h"
#include "delta/table.h"
#include "log_reader.h"
#include "pending_commit.h"
#include "storage/object_store.h"

namespace medallion::delta {

// Attempts versions until one is ours. Each attempt is one put-if-absent of the whole commit; a
// version that is taken is read, checked for conflicts, and the next one tried. An answer that
// never came is settled by reading the version back and comparing `commitInfo.txnId`: mine, theirs
// or unknown.
class CommitLoop {
 public:
  struct Committed {
    int64_t version = 0;
    int attempts = 1;
    std::vector<Action> actions;         // ours, as written
    std::vector<WinningCommit> winners;  // between the base and us, rising
  };

  // Borrows everything for the life of the loop. `commit` has been validated.
  CommitLoop(const PendingCommit& commit, ObjectStore& store, const TableEnvironment& environment);

  // Errors as Transaction::Commit. Called once.
  Result<Committed> Run();

 private:
  enum class Attempt {
    kMine,    // the version is our commit
    kTaken,   // the version is somebody else's, read into winners_
    kAbsent,  // nothing is there (yet)
  };

  Result<Attempt> TryVersion(int64_t version, const std::string& body);
  // What the store holds at `version`.
  Result<Attempt> ReadBack(int64_t version);
  // Checks the winner at `version`, just read, and every commit after it; returns the next free
  // version.
  Result<int64_t> Rebase(int64_t version);
  Result<std::vector<Action>> ReadCommitPatiently(int64_t version);
  void BackOff(int attempt);
  Error OutOfAttempts(int64_t version) const;
  int64_t PreviousTimestamp() const;

  const PendingCommit& commit_;
  ObjectStore& store_;
  TableEnvironment environment_;
  LogReader reader_;
  CommitIntent intent_;
  std::string txn_id_;
  std::vector<WinningCommit> winners_;
  // Our commit as it was read back, perhaps that of an earlier attempt.
  std::optional<std::vector<Action>> landed_;
  // A request of ours for the version being tried may still be on its way to the store.
  bool in_doubt_ = false;
};

}  // namespace medallion::delta
