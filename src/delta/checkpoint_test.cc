#include "base/testing.h"
#include "checkpoint_writer.h"
#include "delta/table.h"
#include "json_checkpoint_engine.h"
#include "last_checkpoint.h"
#include "log_path.h"
#include "storage/faulty_store.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::testing::ElementsAre;
using testing::FileNamed;
using ::testing::HasSubstr;
using testing::IdNameMetadata;
using testing::JsonCheckpointEngine;
using testing::kStartMicros;
using testing::PathsOf;

class CheckpointTest : public ::testing::Test {
 protected:
  Table Open(CheckpointEngine* engine) { return {store_, {engine, &clock_, &random_}}; }
  Table Open() { return Open(&engine_); }

  void Create(std::map<std::string, std::string> configuration = {}) {
    Metadata metadata = IdNameMetadata();
    metadata.configuration = std::move(configuration);
    Transaction transaction = Open().Begin(nullptr, {});
    ASSERT_THAT(transaction.SetMetadata(metadata), IsOk());
    ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  }

  CommitResult Append(const std::string& path) {
    Transaction transaction = Open().Begin(*Open().Latest(), {});
    transaction.Add(FileNamed(path));
    transaction.SetAppVersion("app", next_app_version_++);
    Result<CommitResult> result = std::move(transaction).Commit();
    EXPECT_THAT(result, IsOk());
    return *result;
  }

  CommitResult OverwriteWith(const std::string& path) {
    Transaction transaction = Open().Begin(*Open().Latest(), {});
    transaction.RemoveAll();
    transaction.Add(FileNamed(path));
    Result<CommitResult> result = std::move(transaction).Commit();
    EXPECT_THAT(result, IsOk());
    return *result;
  }

  void AppendMany(int count) {
    for (int i = 0; i < count; ++i) {
      Append(fmt::format("file-{:03}", next_file_++));
    }
  }

  bool HasCheckpoint(int64_t version) {
    return (*store_->Head(CheckpointPath(version))).has_value();
  }

  void DeleteCommits(int64_t from, int64_t to) {
    for (int64_t version = from; version <= to; ++version) {
      ASSERT_THAT(store_->Delete(CommitPath(version)), IsOk());
    }
  }

  ManualClock clock_{kStartMicros};
  Random random_{3};
  JsonCheckpointEngine engine_;
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>(clock_);
  int next_file_ = 0;
  int64_t next_app_version_ = 0;
};

void ExpectSameState(const Snapshot& a, const Snapshot& b) {
  EXPECT_EQ(a.version(), b.version());
  EXPECT_EQ(a.protocol(), b.protocol());
  EXPECT_EQ(a.metadata(), b.metadata());
  EXPECT_EQ(PathsOf(a.files()), PathsOf(b.files()));
  EXPECT_EQ(a.transactions(), b.transactions());
  std::set<std::string> removed_a;
  std::set<std::string> removed_b;
  for (const RemoveFile& remove : a.tombstones()) {
    removed_a.insert(remove.path);
  }
  for (const RemoveFile& remove : b.tombstones()) {
    removed_b.insert(remove.path);
  }
  EXPECT_EQ(removed_a, removed_b);
}

TEST_F(CheckpointTest, IsWrittenAfterEveryTenthVersion) {
  Create();
  AppendMany(24);
  for (int64_t version = 0; version <= 24; ++version) {
    EXPECT_EQ(HasCheckpoint(version), version == 10 || version == 20) << version;
  }
  const auto hint = ReadLastCheckpoint(*store_);
  ASSERT_TRUE(hint.has_value());
  EXPECT_EQ(hint->version, 20);
  EXPECT_EQ(hint->action_count, 2 + 1 + 20);  // protocol, metadata; one txn; twenty adds
}

TEST_F(CheckpointTest, IntervalIsATableProperty) {
  Create({{"delta.checkpointInterval", "3"}});
  AppendMany(7);
  EXPECT_TRUE(HasCheckpoint(3));
  EXPECT_TRUE(HasCheckpoint(6));
  EXPECT_FALSE(HasCheckpoint(5));
}

TEST_F(CheckpointTest, ReplayFromItEqualsReplayFromZero) {
  Create();
  AppendMany(5);
  OverwriteWith("all");
  AppendMany(8);
  const SnapshotPtr from_checkpoint = *Open().Latest();
  ASSERT_TRUE(HasCheckpoint(10));
  ASSERT_THAT(store_->Delete(CheckpointPath(10)), IsOk());
  const SnapshotPtr from_zero = *Open().Latest();
  ExpectSameState(*from_checkpoint, *from_zero);
  EXPECT_EQ(from_zero->files().size(), 9U);
}

TEST_F(CheckpointTest, TableIsWholeWithoutTheCommitsBefore) {
  Create();
  AppendMany(12);
  const SnapshotPtr before = *Open().Latest();
  DeleteCommits(0, 10);
  ExpectSameState(*before, **Open().Latest());
  EXPECT_THAT(Open().AtVersion(4),
              IsError(ErrorCode::kNotFound, "cleaned up, the oldest that can be read is 10"));
  AppendMany(1);
  EXPECT_EQ((*Open().Latest())->version(), 13);
}

TEST_F(CheckpointTest, SnapshotBeforeTheCheckpointStaysReadable) {
  Create();
  AppendMany(12);
  EXPECT_EQ((*Open().AtVersion(4))->files().size(), 4U);
  EXPECT_EQ((*Open().AtVersion(10))->files().size(), 10U);
}

// Pitfall 26.
TEST_F(CheckpointTest, KeepsTombstonesForAWeek) {
  Create();
  Append("old");
  OverwriteWith("new");
  const SnapshotPtr snapshot = *Open().Latest();
  const auto count_removes = [&](int64_t now_ms) {
    const auto actions = *CheckpointActions(*snapshot, now_ms);
    return std::count_if(actions.begin(), actions.end(), [](const Action& action) {
      return std::holds_alternative<RemoveFile>(action);
    });
  };
  constexpr int64_t kWeekMs = 7 * int64_t{86'400'000};
  const int64_t removed_ms = *snapshot->tombstones()[0].deletion_timestamp_ms;
  EXPECT_EQ(count_removes(removed_ms + kWeekMs - 1), 1);
  EXPECT_EQ(count_removes(removed_ms + kWeekMs), 0);
}

TEST_F(CheckpointTest, RetentionIsATableProperty) {
  Create({{"delta.deletedFileRetentionDuration", "interval 1 hours"},
          {"delta.setTransactionRetentionDuration", "interval 2 hours"}});
  Append("old");
  OverwriteWith("new");
  const SnapshotPtr snapshot = *Open().Latest();
  const int64_t now_ms = clock_.NowMicros() / 1000;
  const auto count = [&](int64_t hours) {
    return CheckpointActions(*snapshot, now_ms + hours * 3'600'000)->size();
  };
  EXPECT_EQ(count(0), 5U);  // protocol, metadata, txn, remove, add
  EXPECT_EQ(count(1), 4U);
  EXPECT_EQ(count(2), 3U);
}

TEST_F(CheckpointTest, FileActionsInItChangeNoData) {
  Create();
  Append("old");
  OverwriteWith("new");
  for (const Action& action : *CheckpointActions(**Open().Latest(), clock_.NowMicros() / 1000)) {
    if (const auto* add = std::get_if<AddFile>(&action)) {
      EXPECT_FALSE(add->data_change);
      EXPECT_TRUE(add->stats.has_value());
    }
    if (const auto* remove = std::get_if<RemoveFile>(&action)) {
      EXPECT_FALSE(remove->data_change);
    }
    EXPECT_FALSE(std::holds_alternative<CommitInfo>(action));
  }
}

// A table of another writer that keeps in-commit timestamps, whose clock is an hour ahead.
TEST_F(CheckpointTest, InCommitTimestampsRiseAcrossCheckpoints) {
  Metadata metadata = IdNameMetadata();
  metadata.configuration["delta.enableInCommitTimestamps"] = "true";
  CommitInfo info;
  const int64_t ahead_ms = kStartMicros / 1000 + 3'600'000;
  info.in_commit_timestamp_ms = ahead_ms;
  const Protocol protocol = {
      .min_reader_version = 1, .min_writer_version = 7, .writer_features = {{"inCommitTimestamp"}}};
  const std::vector<Action> first = {info, protocol, metadata};
  ASSERT_THAT(store_->Put(CommitPath(0), *SerializeCommit(first), PutMode::kCreate), IsOk());
  AppendMany(11);
  ASSERT_TRUE(HasCheckpoint(10));
  const auto history = *Open().History(20);
  for (const CommitSummary& commit : history) {
    EXPECT_EQ(commit.info->in_commit_timestamp_ms, ahead_ms + commit.version);
  }
  EXPECT_EQ((*Open().AtVersion(10))->timestamp_ms(), ahead_ms + 10);
  EXPECT_EQ((*Open().AtTimestamp(ahead_ms + 4))->version(), 4);
  EXPECT_THAT(Open().AtTimestamp(ahead_ms - 1),
              IsError(ErrorCode::kNotFound, "no version is that old"));
}

TEST_F(CheckpointTest, FailureIsOnlyAWarning) {
  Create();
  AppendMany(9);
  engine_.fails = true;
  const CommitResult result = Append("tenth");
  EXPECT_EQ(result.version, 10);
  ASSERT_TRUE(result.warning.has_value());
  EXPECT_THAT(*result.warning,
              HasSubstr("version 10 is committed, but its checkpoint was not written"));
  EXPECT_FALSE(HasCheckpoint(10));
  EXPECT_FALSE(ReadLastCheckpoint(*store_).has_value());
}

// Pitfall 7.
TEST_F(CheckpointTest, HintIsWrittenAfterTheCheckpoint) {
  Create();
  AppendMany(9);
  auto faulty = std::make_shared<FaultyStore>(store_);
  const Table table(faulty, {&engine_, &clock_, &random_});
  Transaction transaction = table.Begin(*table.Latest(), {});
  transaction.Add(FileNamed("tenth"));
  ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  std::vector<std::string> writes;
  for (const StoreCall& call : faulty->calls()) {
    if (call.operation == StoreOperation::kPut || call.operation == StoreOperation::kPublish) {
      writes.push_back(call.path);
    }
  }
  EXPECT_THAT(writes,
              ElementsAre(CommitPath(10), CheckpointPath(10), std::string(kLastCheckpointPath)));
}

TEST_F(CheckpointTest, WithoutEngineNoneIsWrittenAndNoneIsRead) {
  Create();
  Transaction transaction = Open(nullptr).Begin(*Open().Latest(), {});
  transaction.Add(FileNamed("a"));
  ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  AppendMany(10);
  ASSERT_TRUE(HasCheckpoint(10));
  EXPECT_THAT(Open(nullptr).Latest(),
              IsError(ErrorCode::kUnsupported, "00000000000000000010.checkpoint.parquet"));
}

}  // namespace
}  // namespace medallion::delta
