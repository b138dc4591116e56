// One commit with its checkpoint and hint, interrupted at every point: by the store failing, by
// answers lost, by the process dying at each system call. Rows of the reliability
// tables.

#include <sys/wait.h>
#include <unistd.h>

#include "base/testing.h"
#include "delta/table.h"
#include "json_checkpoint_engine.h"
#include "log_path.h"
#include "storage/faulty_store.h"
#include "storage/local_store.h"
#include "system_call_faults.h"
#include "temporary_folder.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::medallion::testing::ScopedSystemCallScript;
using ::medallion::testing::SystemCall;
using ::medallion::testing::SystemCallFault;
using ::medallion::testing::TemporaryFolder;
using testing::FileNamed;
using testing::IdNameMetadata;
using testing::JsonCheckpointEngine;
using testing::kStartMicros;

constexpr std::string_view kApp = "flow";
constexpr int64_t kBatch = 1;
// The tested commit is version 10, after which a checkpoint is due.
constexpr int64_t kBaseVersion = 9;

class CommitFaultTest : public ::testing::Test {
 protected:
  Table Open(std::shared_ptr<ObjectStore> store) {
    return {std::move(store), {&engine_, &clock_, &random_}};
  }

  void FillBase(const std::shared_ptr<ObjectStore>& store) {
    Transaction create = Open(store).Begin(nullptr, {});
    ASSERT_THAT(create.SetMetadata(IdNameMetadata()), IsOk());
    SnapshotPtr snapshot = (*std::move(create).Commit()).snapshot;
    for (int64_t version = 1; version <= kBaseVersion; ++version) {
      Transaction transaction = Open(store).Begin(snapshot, {});
      transaction.Add(FileNamed(fmt::format("base-{}", version)));
      snapshot = (*std::move(transaction).Commit()).snapshot;
    }
  }

  // What a pipeline does with a batch: skip it if the table knows it, else commit it.
  Result<CommitResult> RunBatch(const std::shared_ptr<ObjectStore>& store,
                                const std::string& file) {
    const Table table = Open(store);
    ASSIGN_OR_RETURN(const SnapshotPtr snapshot, table.Latest());
    if (snapshot->AppVersion(kApp) == kBatch) {
      return CommitResult{.version = snapshot->version(), .snapshot = snapshot};
    }
    Transaction transaction = table.Begin(snapshot, {});
    transaction.SetAppVersion(std::string(kApp), kBatch);
    transaction.Add(FileNamed(file));
    return std::move(transaction).Commit();
  }

  static int CountFiles(const Snapshot& snapshot, std::string_view prefix) {
    return static_cast<int>(
        std::count_if(snapshot.files().begin(), snapshot.files().end(),
                      [&](const AddFile& add) { return add.path.starts_with(prefix); }));
  }

  // The table is whole, whatever happened; a second run leaves the batch in it exactly once.
  void ExpectWholeAndRepeatable(const std::shared_ptr<ObjectStore>& store,
                                const std::string& point) {
    const auto before = Open(store).Latest();
    ASSERT_THAT(before, IsOk()) << point;
    EXPECT_EQ(CountFiles(**before, "base-"), kBaseVersion) << point;
    EXPECT_LE(CountFiles(**before, "batch-"), 1) << point;
    ASSERT_THAT(RunBatch(store, "batch-second"), IsOk()) << point;
    const auto after = Open(store).Latest();
    ASSERT_THAT(after, IsOk()) << point;
    EXPECT_EQ((*after)->version(), kBaseVersion + 1) << point;
    EXPECT_EQ(CountFiles(**after, "base-"), kBaseVersion) << point;
    EXPECT_EQ(CountFiles(**after, "batch-"), 1) << point;
    EXPECT_THAT(Open(store).AtVersion(0), IsOk()) << point;
  }

  ManualClock clock_{kStartMicros};
  Random random_{5};
  JsonCheckpointEngine engine_;
};

TEST_F(CommitFaultTest, EveryStoreCallMayFailOnceOrLoseItsAnswer) {
  int points = 0;
  for (const Fault fault : {Fault::kFail, Fault::kLoseAnswer, Fault::kLoseRequest,
                            Fault::kCrashBefore, Fault::kCrashAfter}) {
    for (size_t n = 0;; ++n) {
      auto inner = std::make_shared<MemoryStore>(clock_);
      FillBase(inner);
      auto faulty = std::make_shared<FaultyStore>(inner, FaultyStore::FailNth(n, fault));
      const Result<CommitResult> first = RunBatch(faulty, "batch-first");
      const std::string point = fmt::format("fault {} at call {}", static_cast<int>(fault), n);
      const int committed = CountFiles(**Open(inner).Latest(), "batch-first");
      if (first) {
        EXPECT_EQ(committed, 1) << point;
      } else if (first.error().code() != ErrorCode::kCommitUnknown) {
        EXPECT_EQ(committed, 0) << point << ": " << first.error().message();
      }
      ExpectWholeAndRepeatable(inner, point);
      if (faulty->calls().size() <= n) {
        break;  // the fault was never met: every call had its turn
      }
      ++points;
    }
  }
  EXPECT_GE(points, 5 * 10);
}

// The answer of the commit itself may be lost any number of times.
TEST_F(CommitFaultTest, AnswersMayBeLostAgainAndAgain) {
  auto inner = std::make_shared<MemoryStore>(clock_);
  FillBase(inner);
  int losses = 0;
  auto faulty = std::make_shared<FaultyStore>(inner, [&](const StoreCall& call) {
    const bool is_commit =
        call.operation == StoreOperation::kPut && call.path == CommitPath(kBaseVersion + 1);
    return is_commit && ++losses < 6 ? Fault::kLoseRequest : Fault::kNone;
  });
  const auto result = RunBatch(faulty, "batch-first");
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->attempts, 6);
  ExpectWholeAndRepeatable(inner, "six losses");
}

class CommitCrashTest : public CommitFaultTest {
 protected:
  // A copy of the same table for every crash.
  std::string CopyOfTemplate() {
    std::string path = fmt::format("{}/copy-{}", folder_.path(), next_copy_++);
    std::filesystem::copy(folder_.path() + "/template", path,
                          std::filesystem::copy_options::recursive);
    return path;
  }

  // Runs the batch in a process that is gone at its n-th system call. Whether it came to its end.
  bool RunAndDieAt(const std::string& root, int n) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::shared_ptr<ObjectStore> store = *LocalStore::Open(root);
      const ScopedSystemCallScript script([n](const SystemCall& call) -> SystemCallFault {
        if (call.index == n) {
          ::_exit(1);
        }
        return {};
      });
      ::_exit(RunBatch(store, "batch-first") ? 0 : 2);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_NE(WEXITSTATUS(status), 2);
    return WEXITSTATUS(status) == 0;
  }

  TemporaryFolder folder_;
  int next_copy_ = 0;
};

TEST_F(CommitCrashTest, TheProcessMayDieAtEverySystemCall) {
  FillBase(*LocalStore::Open(folder_.path() + "/template"));
  int points = 0;
  for (bool finished = false; !finished; ++points) {
    const std::string root = CopyOfTemplate();
    finished = RunAndDieAt(root, points);
    ExpectWholeAndRepeatable(*LocalStore::Open(root),
                             fmt::format("death at system call {}", points));
  }
  // Commit, checkpoint and hint: write, sync, name, sync the folder, each.
  EXPECT_GE(points, 3 * 6);
}

// As before, but the call fails instead: the process lives and says what happened.
TEST_F(CommitCrashTest, EverySystemCallMayFailOnce) {
  FillBase(*LocalStore::Open(folder_.path() + "/template"));
  for (int n = 0;; ++n) {
    const std::string root = CopyOfTemplate();
    std::shared_ptr<ObjectStore> store = *LocalStore::Open(root);
    int calls = 0;
    Result<CommitResult> first = Error(ErrorCode::kInternal, "not run");
    {
      const ScopedSystemCallScript script([n](const SystemCall& call) -> SystemCallFault {
        return {.error_number = call.index == n ? EIO : 0};
      });
      first = RunBatch(store, "batch-first");
      calls = script.count();
    }
    const std::string point = fmt::format("EIO at system call {}", n);
    const int committed = CountFiles(**Open(store).Latest(), "batch-first");
    if (first) {
      EXPECT_EQ(committed, 1) << point;
    } else if (first.error().code() != ErrorCode::kCommitUnknown) {
      EXPECT_EQ(committed, 0) << point << ": " << first.error().message();
    }
    ExpectWholeAndRepeatable(store, point);
    if (calls <= n) {
      break;
    }
  }
}

// I6: a commit that is visible but not synced is not reported as done; the next run finds it.
TEST_F(CommitCrashTest, ACommitWhoseFolderCannotBeSyncedIsNotSaidToBeDone) {
  FillBase(*LocalStore::Open(folder_.path() + "/template"));
  const std::string root = CopyOfTemplate();
  std::shared_ptr<ObjectStore> store = *LocalStore::Open(root);
  {
    bool linked = false;
    const ScopedSystemCallScript script([&](const SystemCall& call) -> SystemCallFault {
      linked = linked || call.name == "link";
      return {.error_number = linked && call.name == "fsync" ? EIO : 0};
    });
    EXPECT_THAT(RunBatch(store, "batch-first"),
                IsError(ErrorCode::kCommitUnknown, "perhaps not durable"));
  }
  EXPECT_EQ(CountFiles(**Open(store).Latest(), "batch-first"), 1);
  ExpectWholeAndRepeatable(store, "the folder's sync failed");
}

}  // namespace
}  // namespace medallion::delta
