#include "ingest/file_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/faulty_store.h"
#include "storage/memory_store.h"

namespace medallion::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

LandedFile File(const std::string& path, int64_t modified_micros = 1, uint64_t size_bytes = 10) {
  return {path, size_bytes, modified_micros, fmt::format("1-{}-{}", size_bytes, modified_micros)};
}

class FileLedgerTest : public ::testing::Test {
 protected:
  FileLedger Open() {
    Result<FileLedger> ledger = FileLedger::Open(store_);
    EXPECT_TRUE(ledger) << ledger.error().ToString();
    return *std::move(ledger);
  }

  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>();
};

TEST_F(FileLedgerTest, RemembersFilesOfEachBatchAcrossOpens) {
  FileLedger ledger = Open();
  ASSERT_TRUE(ledger.Record(0, {File("/in/a.csv"), File("/in/b c\xFF.csv")}));
  ASSERT_TRUE(ledger.Record(1, {}));
  const FileLedger again = Open();
  EXPECT_EQ(again.size(), 2U);
  ASSERT_NE(again.Find("/in/b c\xFF.csv"), nullptr);
  EXPECT_EQ(again.Find("/in/c.csv"), nullptr);
  EXPECT_THAT(**again.Batch(0), ElementsAre(File("/in/a.csv"), File("/in/b c\xFF.csv")));
  EXPECT_THAT(**again.Batch(1), IsEmpty());
  EXPECT_FALSE(again.Batch(2)->has_value());
}

TEST_F(FileLedgerTest, RecordsTheSameListTwiceButNotAnother) {
  FileLedger ledger = Open();
  ASSERT_TRUE(ledger.Record(0, {File("/a")}));
  EXPECT_TRUE(ledger.Record(0, {File("/a")}));
  EXPECT_EQ(ledger.Record(0, {File("/b")}).error().code(), ErrorCode::kAlreadyExists);
}

TEST_F(FileLedgerTest, LosesARaceToAnotherProcessWithOtherFiles) {
  FileLedger ours = Open();
  FileLedger theirs = Open();
  ASSERT_TRUE(theirs.Record(0, {File("/theirs")}));
  EXPECT_EQ(ours.Record(0, {File("/ours")}).error().code(), ErrorCode::kAlreadyExists);
}

TEST_F(FileLedgerTest, CompactsEveryTenBatchesAndKeepsTheBatchOfEachFile) {
  FileLedger ledger = Open();
  for (int64_t batch = 0; batch < 12; ++batch) {
    ASSERT_TRUE(ledger.Record(batch, {File(fmt::format("/in/{}.csv", batch))}));
  }
  EXPECT_THAT(store_->Paths(), UnorderedElementsAre("9.compact", "10", "11"));
  const FileLedger again = Open();
  EXPECT_EQ(again.size(), 12U);
  EXPECT_THAT(**again.Batch(3), ElementsAre(File("/in/3.csv")));
  EXPECT_THAT(**again.Batch(11), ElementsAre(File("/in/11.csv")));
}

TEST_F(FileLedgerTest, IgnoresObjectsThatACompactionLeftBehind) {
  FileLedger ledger = Open();
  for (int64_t batch = 0; batch < 10; ++batch) {
    ASSERT_TRUE(ledger.Record(batch, {File(fmt::format("/in/{}.csv", batch))}));
  }
  // As if the process had died before it deleted this one.
  ASSERT_TRUE(store_->Put("4", "v1\nnot even an entry\n", PutMode::kOverwrite));
  EXPECT_EQ(Open().size(), 10U);
}

TEST_F(FileLedgerTest, CountsAFileThatIsRecordedAgainWithItsLatestState) {
  FileLedger ledger = Open();
  ASSERT_TRUE(ledger.Record(0, {File("/a", 1)}));
  ASSERT_TRUE(ledger.Record(1, {File("/a", 2)}));
  EXPECT_EQ(ledger.size(), 1U);
  EXPECT_EQ(Open().Find("/a")->modified_micros, 2);
}

TEST_F(FileLedgerTest, RefusesANewerFormatAndDamagedObjectsByName) {
  ASSERT_TRUE(store_->Put("0", "v2\n", PutMode::kCreate));
  const auto newer = FileLedger::Open(store_);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code(), ErrorCode::kUnsupported);
  EXPECT_THAT(newer.error().message(), HasSubstr("object 0 has format v2"));
  ASSERT_TRUE(store_->Put("0", "v1\n{\"path\":\"/a\",\"si", PutMode::kOverwrite));
  const auto cut = FileLedger::Open(store_);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), ErrorCode::kCorruption);
}

// A process that dies or fails at any call, and its successor that starts the batch again: every
// batch ends up recorded once with its files.
TEST_F(FileLedgerTest, LosesNoBatchIfAnyCallFailsInAnyWay) {
  constexpr int64_t kBatches = 12;
  const auto record_all = [](const std::shared_ptr<ObjectStore>& store) -> Status {
    ASSIGN_OR_RETURN(FileLedger ledger, FileLedger::Open(store));
    for (int64_t batch = 0; batch < kBatches; ++batch) {
      RETURN_IF_ERROR(ledger.Record(batch, {File(fmt::format("/in/{}.csv", batch))}));
    }
    return OkStatus();
  };
  for (const Fault fault : {Fault::kFail, Fault::kLoseAnswer, Fault::kLoseRequest,
                            Fault::kCrashBefore, Fault::kCrashAfter}) {
    for (size_t call = 0; call < 40; ++call) {
      const auto inner = std::make_shared<MemoryStore>();
      static_cast<void>(
          record_all(std::make_shared<FaultyStore>(inner, FaultyStore::FailNth(call, fault))));
      const Status second = record_all(inner);
      ASSERT_TRUE(second) << second.error().ToString() << " after call " << call;
      const auto ledger = FileLedger::Open(inner);
      ASSERT_TRUE(ledger);
      for (int64_t batch = 0; batch < kBatches; ++batch) {
        ASSERT_THAT(**ledger->Batch(batch), ElementsAre(File(fmt::format("/in/{}.csv", batch))));
      }
    }
  }
}

class PlanFileBatchTest : public FileLedgerTest {
 protected:
  static constexpr int64_t kNow = 1'000'000'000;

  FileBatch Plan(std::vector<LandedFile> files, const FileSourceOptions& options = {}) {
    return PlanFileBatch({std::move(files), {}}, ledger_, options, kNow);
  }

  FileLedger ledger_ = Open();
};

TEST_F(PlanFileBatchTest, TakesFilesThatAreNotRecorded) {
  ASSERT_TRUE(ledger_.Record(0, {File("/a")}));
  EXPECT_THAT(Plan({File("/a"), File("/b")}).files, ElementsAre(File("/b")));
}

TEST_F(PlanFileBatchTest, ReportsChangedFilesAndReadsThemAgainOnlyIfTold) {
  ASSERT_TRUE(ledger_.Record(0, {File("/a", 1)}));
  const FileBatch batch = Plan({File("/a", 2)});
  EXPECT_THAT(batch.files, IsEmpty());
  EXPECT_THAT(batch.changed, ElementsAre("/a"));
  FileSourceOptions options;
  options.allow_overwrites = true;
  EXPECT_THAT(Plan({File("/a", 2)}, options).files, ElementsAre(File("/a", 2)));
}

TEST_F(PlanFileBatchTest, LetsFilesThatMayStillGrowWait) {
  const FileBatch batch =
      Plan({File("/new", kNow - kStabilityMicros + 1), File("/old", kNow - kStabilityMicros)});
  EXPECT_THAT(batch.files, ElementsAre(File("/old", kNow - kStabilityMicros)));
  EXPECT_THAT(batch.unstable, ElementsAre("/new"));
}

TEST_F(PlanFileBatchTest, TakesFilesWhoseTimeLiesFarInTheFuture) {
  EXPECT_THAT(Plan({File("/a", 4'000'000'000'000'000)}).files, ::testing::SizeIs(1));
}

TEST_F(PlanFileBatchTest, StopsAtEitherLimitButTakesAtLeastOneFile) {
  FileSourceOptions options;
  options.max_files_per_trigger = 2;
  const FileBatch by_files = Plan({File("/a"), File("/b"), File("/c")}, options);
  EXPECT_THAT(by_files.files, ElementsAre(File("/a"), File("/b")));
  EXPECT_EQ(by_files.backlog_files, 1);
  EXPECT_EQ(by_files.backlog_bytes, 10U);
  options.max_bytes_per_trigger = 5;
  const FileBatch by_bytes = Plan({File("/a"), File("/b")}, options);
  EXPECT_THAT(by_bytes.files, ElementsAre(File("/a")));
  EXPECT_EQ(by_bytes.backlog_files, 1);
}

}  // namespace
}  // namespace medallion::ingest
