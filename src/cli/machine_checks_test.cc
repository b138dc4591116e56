#include "machine_checks.h"

#include "storage/memory_store.h"

namespace medallion::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A disk whose second writer wins, as over a network file system without hard links.
class OverwritingStore final : public ObjectStore {
 public:
  std::string uri() const override { return "test://overwriting"; }
  Result<std::string> Get(std::string_view path) override { return inner_.Get(path); }
  Result<std::optional<ObjectMeta>> Head(std::string_view path) override {
    return inner_.Head(path);
  }
  Result<PutOutcome> Put(std::string_view path, std::string_view body, PutMode) override {
    return inner_.Put(path, body, PutMode::kOverwrite);
  }
  Status List(std::string_view prefix, std::string_view start_after,
              const std::function<bool(const ObjectMeta&)>& sink) override {
    return inner_.List(prefix, start_after, sink);
  }
  Status Delete(std::string_view path) override { return inner_.Delete(path); }
  Result<std::unique_ptr<StagedFile>> Stage(std::string_view path) override {
    return inner_.Stage(path);
  }
  Result<std::string> LocalPath(std::string_view path) override { return inner_.LocalPath(path); }

 private:
  MemoryStore inner_;
};

TEST(CheckPutIfAbsentTest, PassesAndLeavesNothingWhereExactlyOneWriterWins) {
  MemoryStore store;
  Random random(1);
  EXPECT_EQ(CheckPutIfAbsent(store, random).state, CheckState::kOk);
  EXPECT_THAT(store.Paths(), IsEmpty());
}

TEST(CheckPutIfAbsentTest, FailsWithAdviceWhereTheSecondWriterWins) {
  OverwritingStore store;
  Random random(1);
  const CheckResult check = CheckPutIfAbsent(store, random);
  EXPECT_EQ(check.state, CheckState::kFailed);
  EXPECT_THAT(check.advice, HasSubstr("hard links"));
}

TEST(CheckStorageFolderTest, AFolderThatIsMissingIsNotMade) {
  Random random(1);
  const std::string folder = ::testing::TempDir() + "doctor_missing/deeper";
  const std::vector<CheckResult> checks = CheckStorageFolder(folder, random);
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_THAT(checks[0].detail, HasSubstr("will be made"));
  EXPECT_EQ(checks[1].state, CheckState::kOk);
  EXPECT_THAT(CheckDiskSpace(folder).detail, ::testing::Not(HasSubstr("doctor_missing")));
}

TEST(CheckSpaceTest, WarnsBeforeItFails) {
  EXPECT_EQ(CheckSpace(uint64_t{10} << 30, "/data").state, CheckState::kOk);
  EXPECT_EQ(CheckSpace(uint64_t{1} << 30, "/data").state, CheckState::kWarning);
  EXPECT_EQ(CheckSpace(uint64_t{10} << 20, "/data").state, CheckState::kFailed);
}

}  // namespace
}  // namespace medallion::cli
