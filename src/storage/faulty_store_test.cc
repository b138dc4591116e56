#include "storage/faulty_store.h"

#include "base/testing.h"
#include "storage/memory_store.h"

namespace medallion {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;

class FaultyStoreTest : public ::testing::Test {
 protected:
  std::shared_ptr<MemoryStore> inner_ = std::make_shared<MemoryStore>();
};

TEST_F(FaultyStoreTest, FailsTheNthCallWithoutEffect) {
  FaultyStore store(inner_, FaultyStore::FailNth(1, Fault::kFail));
  EXPECT_THAT(store.Put("a", "", PutMode::kCreate), IsOk());
  EXPECT_THAT(store.Put("b", "", PutMode::kCreate), IsError(ErrorCode::kIo, "injected"));
  EXPECT_THAT(store.Put("c", "", PutMode::kCreate), IsOk());
  EXPECT_THAT(inner_->Paths(), ::testing::ElementsAre("a", "c"));
}

TEST_F(FaultyStoreTest, LosesTheAnswerOfAWriteThatHappened) {
  FaultyStore store(inner_, FaultyStore::FailNth(0, Fault::kLoseAnswer));
  EXPECT_THAT(store.Put("a", "", PutMode::kCreate), IsError(ErrorCode::kCommitUnknown, "injected"));
  EXPECT_THAT(store.Put("a", "", PutMode::kCreate), HasValue(PutOutcome::kAlreadyExists));
}

TEST_F(FaultyStoreTest, NothingWorksAfterACrash) {
  FaultyStore store(inner_, FaultyStore::FailNth(0, Fault::kCrashAfter));
  EXPECT_FALSE(store.Put("a", "", PutMode::kCreate).has_value());
  EXPECT_FALSE(store.Get("a").has_value());
  EXPECT_THAT(inner_->Get("a"), IsOk());
  EXPECT_EQ(store.calls().size(), 2U);
}

TEST_F(FaultyStoreTest, PublishingIsACallOfItsOwn) {
  FaultyStore store(inner_, FaultyStore::FailNth(1, Fault::kFail));
  auto staged = store.Stage("f");
  ASSERT_THAT(staged, IsOk());
  EXPECT_THAT((*staged)->Publish(), IsError(ErrorCode::kIo, "f"));
  EXPECT_TRUE(inner_->Paths().empty());
}

}  // namespace
}  // namespace medallion
