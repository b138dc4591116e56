#include "pipeline/update_lock.h"

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

using medallion::testing::IsError;
using medallion::testing::IsOk;

class UpdateLockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // CTest runs the cases as processes side by side: a folder each.
    folder_ = fmt::format("{}medallion_update_lock_test_{}", ::testing::TempDir(), ::getpid());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  auto Acquire(std::string_view pipeline, std::string_view update) {
    return UpdateLock::Acquire(folder_, pipeline, update, clock_);
  }

  std::string folder_;
  ManualClock clock_{1'700'000'000'000'000};
};

TEST_F(UpdateLockTest, SecondUpdateLearnsWhoHoldsIt) {
  const auto first = Acquire("retail", "update-1");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Acquire("retail", "update-2"),
              IsError(ErrorCode::kPreconditionFailed, "update update-1, since 2023-11-14"));
}

TEST_F(UpdateLockTest, IsFreeAfterTheHolderEnds) {
  {
    ASSERT_THAT(Acquire("retail", "update-1"), IsOk());
  }
  EXPECT_THAT(Acquire("retail", "update-2"), IsOk());
}

TEST_F(UpdateLockTest, PipelinesDoNotBlockEachOther) {
  const auto first = Acquire("retail", "update-1");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Acquire("retail/2", "update-2"), IsOk());
}

TEST_F(UpdateLockTest, FolderThatCannotBeMadeIsAnError) {
  std::ofstream(folder_) << "a file";
  EXPECT_THAT(Acquire("retail", "update-1"), IsError(ErrorCode::kIo, "update lock"));
}

TEST_F(UpdateLockTest, TheHolderCanBeFoundWhileItHolds) {
  EXPECT_FALSE(FindUpdateHolder(folder_, "shop"));
  {
    const auto lock = Acquire("shop", "update-1");
    ASSERT_THAT(lock, IsOk());
    const auto holder = FindUpdateHolder(folder_, "shop");
    ASSERT_TRUE(holder);
    EXPECT_EQ(holder->process, getpid());
    EXPECT_EQ(holder->update_id, "update-1");
  }
  EXPECT_FALSE(FindUpdateHolder(folder_, "shop"));
}

}  // namespace
}  // namespace medallion::pipeline
