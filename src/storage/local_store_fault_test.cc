// Every system call of a write fails once. B-FS rows of the reliability tables.

#include <cerrno>
#include <fstream>

#include "base/testing.h"
#include "storage/local_store.h"
#include "system_call_faults.h"
#include "temporary_folder.h"

namespace medallion {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::medallion::testing::ScopedSystemCallScript;
using ::medallion::testing::SystemCall;
using ::medallion::testing::SystemCallFault;
using ::medallion::testing::TemporaryFolder;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LocalStoreFaultTest : public ::testing::Test {
 protected:
  static std::vector<std::string> FilesBelow(const std::string& root) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.is_regular_file()) {
        names.push_back(entry.path().filename().string());
      }
    }
    return names;
  }

  TemporaryFolder folder_;
  std::unique_ptr<LocalStore> store_ = *LocalStore::Open(folder_.path());
};

SystemCallFault FailOnce(const SystemCall& call, std::string_view name, int error_number,
                         bool& done) {
  if (done || call.name != name) {
    return {};
  }
  done = true;
  return {.error_number = error_number};
}

// B-FS-01, 02, 05, 06: the write fails, nothing of it stays, and the next one works.
TEST_F(LocalStoreFaultTest, FailedWriteLeavesNothingAndCanBeRepeated) {
  const std::pair<std::string_view, int> faults[] = {
      {"open", EMFILE}, {"write", ENOSPC}, {"write", EIO}, {"write", EDQUOT},
      {"fsync", EIO},   {"close", EIO},    {"link", EIO},
  };
  for (const auto& [name, error_number] : faults) {
    bool done = false;
    {
      const ScopedSystemCallScript script(
          [&](const SystemCall& call) { return FailOnce(call, name, error_number, done); });
      EXPECT_THAT(store_->Put("x", "body", PutMode::kCreate),
                  IsError(ErrorCode::kIo, folder_.path()))
          << name;
    }
    EXPECT_TRUE(done) << name;
    EXPECT_THAT(FilesBelow(folder_.path()), IsEmpty()) << name;
    EXPECT_THAT(store_->Put("x", "body", PutMode::kCreate), HasValue(PutOutcome::kWritten));
    ASSERT_THAT(store_->Delete("x"), IsOk());
  }
}

TEST_F(LocalStoreFaultTest, FullDiskNamesFileBytesAndRemedy) {
  bool done = false;
  const ScopedSystemCallScript script(
      [&](const SystemCall& call) { return FailOnce(call, "write", ENOSPC, done); });
  EXPECT_THAT(
      store_->Put("x", "body", PutMode::kCreate),
      IsError(ErrorCode::kIo, "cannot write 4 bytes: No space left on device; free some space"));
}

TEST_F(LocalStoreFaultTest, ShortageOfDescriptorsIsRetryable) {
  bool done = false;
  const ScopedSystemCallScript script(
      [&](const SystemCall& call) { return FailOnce(call, "open", EMFILE, done); });
  const auto put = store_->Put("x", "body", PutMode::kCreate);
  ASSERT_FALSE(put.has_value());
  EXPECT_TRUE(put.error().retryable());
}

// B-FS-03, 04.
TEST_F(LocalStoreFaultTest, InterruptedAndShortCallsAreCompleted) {
  const std::string body(1000, 'b');
  const ScopedSystemCallScript script([](const SystemCall& call) -> SystemCallFault {
    const bool interruptible = call.name == "open" || call.name == "write" || call.name == "fsync";
    if (interruptible && call.index % 2 == 0) {
      return {.error_number = EINTR};
    }
    return {.half_write = call.name == "write"};
  });
  ASSERT_THAT(store_->Put("x", body, PutMode::kCreate), HasValue(PutOutcome::kWritten));
  EXPECT_THAT(store_->Get("x"), HasValue(body));
}

// between link and the sync of the folder the name is visible; whether it will stay is
// unknown.
TEST_F(LocalStoreFaultTest, UnsyncedNameIsReportedAsNotDurable) {
  int syncs = 0;
  const ScopedSystemCallScript script([&](const SystemCall& call) -> SystemCallFault {
    return {.error_number = call.name == "fsync" && ++syncs == 2 ? EIO : 0};
  });
  EXPECT_THAT(store_->Put("x", "body", PutMode::kCreate),
              IsError(ErrorCode::kNotDurable, "not durable"));
  EXPECT_THAT(store_->Get("x"), HasValue(std::string("body")));
}

// B-FS-07: no hard links here.
TEST_F(LocalStoreFaultTest, FallsBackToRenameThatDoesNotReplace) {
  for (const int error_number : {EPERM, ENOTSUP}) {
    const ScopedSystemCallScript script([&](const SystemCall& call) -> SystemCallFault {
      return {.error_number = call.name == "link" ? error_number : 0};
    });
    const std::string path = fmt::format("x{}", error_number);
    EXPECT_THAT(store_->Put(path, "first", PutMode::kCreate), HasValue(PutOutcome::kWritten));
    EXPECT_THAT(store_->Put(path, "second", PutMode::kCreate),
                HasValue(PutOutcome::kAlreadyExists));
    EXPECT_THAT(store_->Get(path), HasValue(std::string("first")));
  }
  EXPECT_EQ(FilesBelow(folder_.path()).size(), 2U);
}

TEST_F(LocalStoreFaultTest, FailedOverwriteKeepsTheOldBytes) {
  ASSERT_THAT(store_->Put("x", "old", PutMode::kCreate), IsOk());
  for (const std::string_view name : {"write", "fsync", "close", "rename"}) {
    bool done = false;
    const ScopedSystemCallScript script(
        [&](const SystemCall& call) { return FailOnce(call, name, EIO, done); });
    EXPECT_THAT(store_->Put("x", "new", PutMode::kOverwrite), IsError(ErrorCode::kIo, "x")) << name;
    EXPECT_THAT(FilesBelow(folder_.path()), ElementsAre("x"));
    EXPECT_THAT(store_->Get("x"), HasValue(std::string("old")));
  }
}

// B-FS-05: the pages may be gone, so the file is thrown away and never synced again.
TEST_F(LocalStoreFaultTest, StagedFileWhoseSyncFailsIsNotPublished) {
  auto staged = *store_->Stage("f.parquet");
  std::ofstream(staged->local_path()) << "rows";
  int syncs = 0;
  {
    const ScopedSystemCallScript script([&](const SystemCall& call) -> SystemCallFault {
      const bool is_sync = call.name == "fsync";
      syncs += is_sync ? 1 : 0;
      return {.error_number = is_sync ? EIO : 0};
    });
    EXPECT_THAT(staged->Publish(), IsError(ErrorCode::kIo, "cannot sync"));
  }
  EXPECT_EQ(syncs, 1);
  staged.reset();
  EXPECT_THAT(FilesBelow(folder_.path()), IsEmpty());
}

// New folders are synced in their parents before anything in them counts as written.
TEST_F(LocalStoreFaultTest, NewFoldersAreSyncedInTheirParents) {
  std::vector<std::string> calls;
  const ScopedSystemCallScript script([&](const SystemCall& call) {
    if (call.name == "mkdir" || call.name == "fsync" || call.name == "link") {
      calls.emplace_back(call.name);
    }
    return SystemCallFault{};
  });
  ASSERT_THAT(store_->Put("a/b/x", "body", PutMode::kCreate), IsOk());
  EXPECT_THAT(calls, ElementsAre("mkdir", "fsync", "mkdir", "fsync",  // a, b
                                 "fsync", "link", "fsync"));          // file, name, folder
}

}  // namespace
}  // namespace medallion
