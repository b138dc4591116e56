#include "delta/table.h"

#include "base/testing.h"
#include "json_checkpoint_engine.h"
#include "log_path.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::Eq;
using testing::FileNamed;
using ::testing::HasSubstr;
using testing::IdNameMetadata;
using ::testing::IsEmpty;
using testing::JsonCheckpointEngine;
using testing::kStartMicros;
using testing::PathsOf;
using ::testing::Pointee;
using ::testing::Property;

class TableTest : public ::testing::Test {
 protected:
  Table Open() { return Table(store_, {&engine_, &clock_, &random_}); }

  SnapshotPtr Create() {
    Transaction transaction = Open().Begin(nullptr, {.operation = "CREATE TABLE"});
    EXPECT_THAT(transaction.SetMetadata(IdNameMetadata()), IsOk());
    Result<CommitResult> result = std::move(transaction).Commit();
    EXPECT_THAT(result, IsOk());
    return result->snapshot;
  }

  // Appends one file a second later.
  CommitResult Append(const std::string& path) {
    clock_.Advance(std::chrono::seconds(1));
    const Table table = Open();
    Transaction transaction = table.Begin(*table.Latest(), {});
    transaction.Add(FileNamed(path));
    Result<CommitResult> result = std::move(transaction).Commit();
    EXPECT_THAT(result, IsOk());
    return *result;
  }

  void Damage(const std::string& path, const std::string& body) {
    ASSERT_THAT(store_->Put(path, body, PutMode::kOverwrite), IsOk());
  }

  ManualClock clock_{kStartMicros};
  Random random_{7};
  JsonCheckpointEngine engine_;
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>(clock_);
};

TEST_F(TableTest, IsAbsentBeforeItsFirstCommit) {
  EXPECT_THAT(Open().Exists(), HasValue(false));
  EXPECT_THAT(Open().Latest(), IsError(ErrorCode::kNotFound, "no Delta table"));
}

TEST_F(TableTest, HoldsWhatWasAppended) {
  Create();
  Append("b.parquet");
  const CommitResult last = Append("a.parquet");
  EXPECT_EQ(last.version, 2);
  const SnapshotPtr snapshot = *Open().Latest();
  EXPECT_EQ(snapshot->version(), 2);
  EXPECT_THAT(PathsOf(snapshot->files()), ElementsAre("a.parquet", "b.parquet"));
  EXPECT_EQ(snapshot->metadata().id, IdNameMetadata().id);
  EXPECT_EQ(snapshot->schema(), IdNameMetadata().schema);
  EXPECT_EQ(snapshot->protocol(), Protocol());
}

TEST_F(TableTest, ResultOfCommitIsWhatAReaderSees) {
  Create();
  const CommitResult committed = Append("a.parquet");
  const SnapshotPtr read = *Open().Latest();
  EXPECT_EQ(committed.snapshot->version(), read->version());
  EXPECT_EQ(committed.snapshot->files(), read->files());
  EXPECT_EQ(committed.snapshot->timestamp_ms(), read->timestamp_ms());
  EXPECT_EQ(committed.snapshot->metadata(), read->metadata());
}

TEST_F(TableTest, OverwriteReplacesEveryFileAndKeepsTombstones) {
  Create();
  Append("old.parquet");
  Transaction transaction = Open().Begin(*Open().Latest(), {});
  transaction.RemoveAll();
  transaction.Add(FileNamed("new.parquet"));
  ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  const SnapshotPtr snapshot = *Open().Latest();
  EXPECT_THAT(PathsOf(snapshot->files()), ElementsAre("new.parquet"));
  ASSERT_EQ(snapshot->tombstones().size(), 1U);
  EXPECT_EQ(snapshot->tombstones()[0].path, "old.parquet");
  EXPECT_EQ(snapshot->tombstones()[0].size_bytes, 100);
  EXPECT_TRUE(snapshot->tombstones()[0].deletion_timestamp_ms.has_value());
}

TEST_F(TableTest, TravelsToEveryVersion) {
  Create();
  Append("a.parquet");
  Append("b.parquet");
  EXPECT_THAT(PathsOf((*Open().AtVersion(0))->files()), IsEmpty());
  EXPECT_THAT(PathsOf((*Open().AtVersion(1))->files()), ElementsAre("a.parquet"));
  EXPECT_THAT(Open().AtVersion(3),
              IsError(ErrorCode::kNotFound, "version 3 does not exist, the newest is 2"));
  EXPECT_THAT(Open().AtVersion(-1), IsError(ErrorCode::kInvalidArgument, "versions start at 0"));
}

TEST_F(TableTest, TravelsToTheNewestVersionNotAfterAnInstant) {
  Create();
  Append("a.parquet");  // one second later
  Append("b.parquet");
  const int64_t start_ms = kStartMicros / 1000;
  EXPECT_EQ((*Open().AtTimestamp(start_ms))->version(), 0);
  EXPECT_EQ((*Open().AtTimestamp(start_ms + 1999))->version(), 1);
  EXPECT_EQ((*Open().AtTimestamp(start_ms + 2000))->version(), 2);
  EXPECT_EQ((*Open().AtTimestamp(start_ms + 999'999))->version(), 2);
  EXPECT_THAT(Open().AtTimestamp(start_ms - 1),
              IsError(ErrorCode::kNotFound, "no version is that old"));
}

// Pitfall 38: the file of version 1 looks older than that of version 0.
TEST_F(TableTest, CommitTimesRiseEvenIfFileTimesStepBack) {
  Create();
  Append("a.parquet");
  Append("b.parquet");
  store_->SetModifiedMicros(CommitPath(1), kStartMicros - 3'600'000'000);
  const int64_t start_ms = kStartMicros / 1000;
  EXPECT_EQ((*Open().AtTimestamp(start_ms))->version(), 0);
  EXPECT_EQ((*Open().AtTimestamp(start_ms + 1))->version(), 1);
  const auto history = *Open().History(10);
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[1].timestamp_ms, start_ms + 1);
}

TEST_F(TableTest, RefusesALogWithAGapNamingTheVersion) {
  Create();
  Append("a.parquet");
  Append("b.parquet");
  ASSERT_THAT(store_->Delete(CommitPath(1)), IsOk());
  EXPECT_THAT(Open().Latest(), IsError(ErrorCode::kCorruption, "missing version 1"));
  EXPECT_THAT(Open().AtVersion(0), IsOk());
}

TEST_F(TableTest, RefreshReadsOnlyNewCommits) {
  const SnapshotPtr first = Create();
  EXPECT_EQ(*Open().Refresh(first), first);
  Append("a.parquet");
  const SnapshotPtr second = *Open().Refresh(first);
  EXPECT_EQ(second->version(), 1);
  EXPECT_THAT(PathsOf(second->files()), ElementsAre("a.parquet"));
  Append("b.parquet");
  // The bodies of known commits are not looked at again.
  Damage(CommitPath(0), "no longer JSON");
  EXPECT_THAT(PathsOf((*Open().Refresh(second))->files()), ElementsAre("a.parquet", "b.parquet"));
  EXPECT_THAT(Open().Latest(), IsError(ErrorCode::kCorruption, "line 1"));
}

TEST_F(TableTest, HistoryIsNewestFirst) {
  Create();
  Append("a.parquet");
  const auto history = *Open().History(1);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].version, 1);
  EXPECT_EQ(history[0].added_files, 1);
  EXPECT_EQ(history[0].info->operation, "WRITE");
  EXPECT_EQ(history[0].info->read_version, 0);
  EXPECT_EQ(history[0].info->is_blind_append, true);
  EXPECT_EQ(history[0].info->operation_metrics.at("numOutputRows"), "3");
}

TEST_F(TableTest, ChangesAreThoseOfEachVersion) {
  Create();
  Append("a.parquet");
  Append("b.parquet");
  const auto changes = *Open().Changes(1, 2);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_THAT(PathsOf(changes[0].added), ElementsAre("a.parquet"));
  EXPECT_THAT(PathsOf(changes[1].added), ElementsAre("b.parquet"));
  EXPECT_THAT(Open().Changes(2, 3), IsError(ErrorCode::kNotFound, "version 3"));
}

}  // namespace
}  // namespace medallion::delta
