// Many writers on one folder of the local disk (pitfall 1: commits by rename would lose some).

#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "base/testing.h"
#include "delta/table.h"
#include "json_checkpoint_engine.h"
#include "storage/local_store.h"
#include "temporary_folder.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsOk;
using ::medallion::testing::TemporaryFolder;
using testing::FileNamed;
using testing::IdNameMetadata;
using testing::JsonCheckpointEngine;

class ConcurrencyTest : public ::testing::Test {
 protected:
  std::shared_ptr<ObjectStore> OpenStore() { return *LocalStore::Open(folder_.path()); }

  void Create() {
    Random random(Random::SystemSeed());
    const Table table(OpenStore(), {&engine_, &SystemClock(), &random});
    Transaction transaction = table.Begin(nullptr, {});
    ASSERT_THAT(transaction.SetMetadata(IdNameMetadata()), IsOk());
    ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  }

  // Whether all appends of one writer went through.
  bool AppendMany(const std::shared_ptr<ObjectStore>& store, int writer, int count) {
    Random random(static_cast<uint64_t>(writer));
    const Table table(store, {&engine_, &SystemClock(), &random});
    SnapshotPtr snapshot;
    for (int i = 0; i < count; ++i) {
      Result<SnapshotPtr> latest = table.Refresh(snapshot);
      if (!latest) {
        ADD_FAILURE() << latest.error().ToString();
        return false;
      }
      snapshot = *std::move(latest);
      Transaction transaction = table.Begin(snapshot, {});
      transaction.Add(FileNamed(fmt::format("writer-{}-{}", writer, i)));
      const Result<CommitResult> result = std::move(transaction).Commit();
      if (!result) {
        ADD_FAILURE() << result.error().ToString();
        return false;
      }
    }
    return true;
  }

  // Every append is in the table, and every version up to their number exists.
  void ExpectAll(int writers, int appends) {
    Random random(1);
    const Table table(OpenStore(), {&engine_, &SystemClock(), &random});
    const auto snapshot = table.Latest();
    ASSERT_THAT(snapshot, IsOk());
    const int total = writers * appends;
    EXPECT_EQ((*snapshot)->version(), total);
    EXPECT_EQ((*snapshot)->files().size(), static_cast<size_t>(total));
    const auto changes = table.Changes(1, total);
    ASSERT_THAT(changes, IsOk());
    std::set<std::string> paths;
    for (const CommitChanges& commit : *changes) {
      ASSERT_EQ(commit.added.size(), 1U);
      paths.insert(commit.added[0].path);
    }
    EXPECT_EQ(paths.size(), static_cast<size_t>(total));
    // Replay from zero agrees with the checkpoints.
    EXPECT_EQ((*table.AtVersion(total / 2))->files().size(), static_cast<size_t>(total / 2));
    EXPECT_TRUE(NoTemporariesLeft());
  }

  bool NoTemporariesLeft() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (entry.path().filename().string().starts_with('.')) {
        return false;
      }
    }
    return true;
  }

  TemporaryFolder folder_;
  JsonCheckpointEngine engine_;
};

TEST_F(ConcurrencyTest, EightThreadsAppendToOneTable) {
  constexpr int kThreads = 8;
  constexpr int kAppends = 25;
  Create();
  const std::shared_ptr<ObjectStore> store = OpenStore();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kThreads; ++writer) {
    threads.emplace_back(
        [this, &store, writer] { EXPECT_TRUE(AppendMany(store, writer, kAppends)); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ExpectAll(kThreads, kAppends);
}

TEST_F(ConcurrencyTest, EightProcessesAppendToOneTable) {
  constexpr int kProcesses = 8;
  constexpr int kAppends = 50;
  Create();
  std::vector<pid_t> children;
  for (int writer = 0; writer < kProcesses; ++writer) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(AppendMany(OpenStore(), writer, kAppends) ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  ExpectAll(kProcesses, kAppends);
}

}  // namespace
}  // namespace medallion::delta
