#include "delta/transaction.h"

#include "action_codec.h"
#include "base/testing.h"
#include "conflict_check.h"
#include "delta/table.h"
#include "log_path.h"
#include "storage/faulty_store.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::testing::ElementsAre;
using testing::FileNamed;
using ::testing::HasSubstr;
using testing::IdNameMetadata;
using ::testing::IsEmpty;
using testing::kStartMicros;
using testing::PathsOf;

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() { EXPECT_THAT(CreateWith(IdNameMetadata()), IsOk()); }

  Table Open() { return Open(store_); }
  Table Open(std::shared_ptr<ObjectStore> store) {
    return {std::move(store), {nullptr, &clock_, &random_}};
  }

  Result<CommitResult> CreateWith(const Metadata& metadata) {
    Transaction transaction = Open().Begin(nullptr, {.operation = "CREATE TABLE"});
    RETURN_IF_ERROR(transaction.SetMetadata(metadata));
    return std::move(transaction).Commit();
  }

  // A new table of its own.
  void Recreate(const Metadata& metadata) {
    store_ = std::make_shared<MemoryStore>(clock_);
    ASSERT_THAT(CreateWith(metadata), IsOk());
  }

  Transaction Begin(TransactionOptions options = {}) {
    return Open().Begin(*Open().Latest(), std::move(options));
  }

  Result<CommitResult> Append(const std::string& path) {
    Transaction transaction = Begin();
    transaction.Add(FileNamed(path));
    return std::move(transaction).Commit();
  }

  std::vector<std::string> LivePaths() { return PathsOf((*Open().Latest())->files()); }

  ManualClock clock_{kStartMicros};
  Random random_{11};
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>(clock_);
};

// --- The text of commits.

TEST_F(TransactionTest, FirstCommitHoldsProtocolAndMetadata) {
  const Result<std::string> body = store_->Get(CommitPath(0));
  ASSERT_THAT(body, IsOk());
  EXPECT_THAT(*body, ::testing::StartsWith("{\"commitInfo\":{"));
  EXPECT_THAT(*body,
              HasSubstr("\n{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n"));
  EXPECT_THAT(*body, HasSubstr("\n{\"metaData\":{"));
}

TEST_F(TransactionTest, CommitSaysWhereItCameFrom) {
  Transaction transaction = Begin({.isolation = IsolationLevel::kSerializable,
                                   .operation = "STREAMING UPDATE",
                                   .operation_parameters = {{"epochId", "3"}},
                                   .user_metadata = "{\"batch\":3}"});
  transaction.Add(FileNamed("a"));
  transaction.SetMetric("numInputRows", "9");
  transaction.SetAppVersion("app", 3);
  ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  const auto history = *Open().History(1);
  const CommitInfo& info = *history[0].info;
  EXPECT_EQ(info.timestamp_ms, kStartMicros / 1000);
  EXPECT_EQ(info.operation, "STREAMING UPDATE");
  EXPECT_EQ(info.operation_parameters.at("epochId"), "3");
  EXPECT_EQ(info.operation_metrics.at("numInputRows"), "9");
  EXPECT_EQ(info.operation_metrics.at("numFiles"), "1");
  EXPECT_EQ(info.operation_metrics.at("numOutputBytes"), "100");
  EXPECT_EQ(info.read_version, 0);
  EXPECT_EQ(info.isolation_level, "Serializable");
  EXPECT_EQ(info.is_blind_append, true);
  EXPECT_THAT(*info.engine_info, ::testing::MatchesRegex("Medallion/[0-9.]+"));
  EXPECT_EQ(info.user_metadata, "{\"batch\":3}");
  EXPECT_EQ(info.txn_id->size(), 36U);
  EXPECT_EQ((*Open().Latest())->AppVersion("app"), 3);
  EXPECT_EQ((*Open().Latest())->AppVersion("other"), std::nullopt);
}

// Pitfall 33.
TEST_F(TransactionTest, OnlyCommitsThatReadNothingAreBlindAppends) {
  ASSERT_THAT(Append("a"), IsOk());
  Transaction reading = Begin();
  reading.ReadWholeTable();
  reading.Add(FileNamed("b"));
  ASSERT_THAT(std::move(reading).Commit(), IsOk());
  Transaction removing = Begin();
  removing.Remove((*Open().Latest())->files()[0]);
  ASSERT_THAT(std::move(removing).Commit(), IsOk());
  const auto history = *Open().History(3);
  EXPECT_EQ(history[2].info->is_blind_append, true);
  EXPECT_EQ(history[1].info->is_blind_append, false);
  EXPECT_EQ(history[0].info->is_blind_append, false);
}

TEST_F(TransactionTest, RearrangementChangesNoData) {
  ASSERT_THAT(Append("a"), IsOk());
  Transaction transaction = Begin({.operation = "OPTIMIZE"});
  transaction.Remove((*Open().Latest())->files()[0]);
  transaction.Add(FileNamed("b"));
  transaction.MarkNoDataChange();
  ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  const auto changes = *Open().Changes(2, 2);
  EXPECT_FALSE(changes[0].added[0].data_change);
  EXPECT_FALSE(changes[0].removed[0].data_change);
  EXPECT_EQ(changes[0].info->isolation_level, "SnapshotIsolation");
}

// --- Validation (pitfall 11 and the protocol's rules of one commit). Nothing is written.

TEST_F(TransactionTest, RefusesFilesThatContradictEachOther) {
  ASSERT_THAT(Append("a"), IsOk());
  const AddFile live = (*Open().Latest())->files()[0];
  const std::pair<std::function<void(Transaction&)>, std::string> cases[] = {
      {[](Transaction& t) { t.Add(FileNamed("x")), t.Add(FileNamed("x")); },
       "file added twice in one commit: x"},
      {[](Transaction& t) { t.Add(FileNamed("a")); }, "file is in the table already: a"},
      {[&](Transaction& t) { t.Remove(live), t.Remove(live); },
       "file removed twice in one commit: a"},
      {[&](Transaction& t) { t.Remove(live), t.Add(live); }, "file is in the table already: a"},
      {[](Transaction& t) { t.Remove(FileNamed("ghost")); }, "not in the table: ghost"},
      {[](Transaction& t) { t.Add(FileNamed("/etc/x")); }, "not relative to the table: '/etc/x'"},
      {[](Transaction& t) { t.Add(FileNamed("s3://b/x")); },
       "not relative to the table: 's3://b/x'"},
      {[](Transaction& t) { t.Add(FileNamed("x", {{"p", "1"}})); },
       "partition values do not match"},
      {[](Transaction& t) { t.SetAppVersion("a", 1), t.SetAppVersion("a", 2); },
       "application id set twice"},
  };
  const size_t objects = store_->Paths().size();
  for (const auto& [fill, complaint] : cases) {
    Transaction transaction = Begin();
    fill(transaction);
    EXPECT_THAT(std::move(transaction).Commit(), IsError(ErrorCode::kInvalidArgument, complaint));
  }
  EXPECT_EQ(store_->Paths().size(), objects);
}

TEST_F(TransactionTest, EveryPartitionColumnNeedsAValue) {
  Metadata metadata = IdNameMetadata();
  metadata.partition_columns = {"name"};
  Recreate(metadata);
  EXPECT_THAT(Append("a"),
              IsError(ErrorCode::kInvalidArgument, "partition columns (name): file a"));
  Transaction transaction = Begin();
  transaction.Add(FileNamed("a", {{"name", std::nullopt}}));
  EXPECT_THAT(std::move(transaction).Commit(), IsOk());
}

TEST_F(TransactionTest, FirstCommitNeedsMetadata) {
  store_ = std::make_shared<MemoryStore>(clock_);
  Transaction transaction = Open().Begin(nullptr, {});
  transaction.Add(FileNamed("a"));
  EXPECT_THAT(std::move(transaction).Commit(), IsError(ErrorCode::kNotFound, "does not exist"));
}

TEST_F(TransactionTest, AppendOnlyTablesKeepTheirRows) {
  Metadata metadata = IdNameMetadata();
  metadata.configuration["delta.appendOnly"] = "true";
  Recreate(metadata);
  ASSERT_THAT(Append("a"), IsOk());
  Transaction overwrite = Begin();
  overwrite.RemoveAll();
  EXPECT_THAT(std::move(overwrite).Commit(), IsError(ErrorCode::kInvalidArgument, "append-only"));
  Transaction optimize = Begin();
  optimize.Remove((*Open().Latest())->files()[0]);
  optimize.Add(FileNamed("b"));
  optimize.MarkNoDataChange();
  EXPECT_THAT(std::move(optimize).Commit(), IsOk());
}

// Pitfall 37, as far as the core can see.
TEST_F(TransactionTest, NotNullColumnsTakeNoFileWithNulls) {
  Metadata metadata = IdNameMetadata();
  metadata.schema = Schema({{"id", DataType::Long(), false}, {"name", DataType::String()}});
  Recreate(metadata);
  AddFile file = FileNamed("a");
  file.stats = R"({"numRecords":3,"nullCount":{"id":1,"name":2}})";
  Transaction bad = Begin();
  bad.Add(file);
  EXPECT_THAT(std::move(bad).Commit(),
              IsError(ErrorCode::kData, "NULL in NOT NULL column 'id': file a"));
  file.stats = R"({"numRecords":3,"nullCount":{"id":0,"name":2}})";
  Transaction good = Begin();
  good.Add(file);
  EXPECT_THAT(std::move(good).Commit(), IsOk());
}

TEST_F(TransactionTest, RefusesToWriteWhatItMayNot) {
  const std::vector<Action> upgrade = {Protocol{
      .min_reader_version = 1, .min_writer_version = 7, .writer_features = {{"rowTracking"}}}};
  ASSERT_THAT(store_->Put(CommitPath(1), *SerializeCommit(upgrade), PutMode::kCreate), IsOk());
  EXPECT_THAT(Open().Latest(), IsOk());
  EXPECT_THAT(Append("a"), IsError(ErrorCode::kUnsupported, "for writing: rowTracking"));
}

TEST_F(TransactionTest, ChangeFeedTakesAppendsAndOverwritesButNoRewrites) {
  // Somebody else has turned it on; writer 4 implies the feature.
  Metadata metadata = IdNameMetadata();
  metadata.configuration["delta.enableChangeDataFeed"] = "true";
  const std::vector<Action> upgrade = {Protocol{.min_reader_version = 1, .min_writer_version = 4},
                                       metadata};
  ASSERT_THAT(store_->Put(CommitPath(1), *SerializeCommit(upgrade), PutMode::kCreate), IsOk());
  ASSERT_THAT(Append("a"), IsOk());
  Transaction rewrite = Begin();
  rewrite.Remove((*Open().Latest())->files()[0]);
  rewrite.Add(FileNamed("b"));
  EXPECT_THAT(std::move(rewrite).Commit(), IsError(ErrorCode::kUnsupported, "changeDataFeed"));
  Transaction overwrite = Begin();
  overwrite.RemoveAll();
  overwrite.Add(FileNamed("b"));
  EXPECT_THAT(std::move(overwrite).Commit(), IsOk());
}

// --- Metadata.

TEST_F(TransactionTest, SchemaMayGrowButNotBreakOldFiles) {
  ASSERT_THAT(Append("a"), IsOk());
  Metadata grown = IdNameMetadata();
  grown.schema.Append({"note", DataType::String()});
  Transaction grow = Begin();
  ASSERT_THAT(grow.SetMetadata(grown), IsOk());
  ASSERT_THAT(std::move(grow).Commit(), IsOk());
  EXPECT_EQ((*Open().Latest())->schema(), grown.schema);

  Metadata changed = grown;
  changed.schema = Schema({{"id", DataType::String()}});
  Transaction change = Begin();
  ASSERT_THAT(change.SetMetadata(changed), IsOk());
  EXPECT_THAT(std::move(change).Commit(),
              IsError(ErrorCode::kInvalidArgument, "column 'id' changes from BIGINT to STRING"));

  Transaction overwrite = Begin();
  ASSERT_THAT(overwrite.SetMetadata(changed), IsOk());
  overwrite.RemoveAll();
  EXPECT_THAT(std::move(overwrite).Commit(), IsOk());
}

TEST_F(TransactionTest, KeepsIdentityWhenMetadataIsReplaced) {
  Metadata metadata = IdNameMetadata();
  metadata.id.clear();
  metadata.description = "new";
  Transaction transaction = Begin();
  ASSERT_THAT(transaction.SetMetadata(metadata), IsOk());
  ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  const SnapshotPtr snapshot = *Open().Latest();
  EXPECT_EQ(snapshot->metadata().id, IdNameMetadata().id);
  EXPECT_EQ(snapshot->metadata().created_time_ms, kStartMicros / 1000);
  EXPECT_EQ(snapshot->metadata().description, "new");
}

TEST_F(TransactionTest, RefusesPropertiesItCannotObey) {
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"delta.checkpointInterval", "0"},
           {"delta.deletedFileRetentionDuration", "interval 2 months"},
           {"delta.setTransactionRetentionDuration", "soon"}}) {
    Metadata metadata = IdNameMetadata();
    metadata.configuration[name] = value;
    Transaction transaction = Begin();
    EXPECT_THAT(transaction.SetMetadata(metadata), IsError(ErrorCode::kInvalidArgument, value));
  }
}

// --- Races. A rival commits through the inner store while ours is on its way.

class RaceTest : public TransactionTest {
 protected:
  // Runs `rival` before our first write of a commit.
  std::shared_ptr<ObjectStore> WithRival(std::function<void()> rival) {
    return std::make_shared<FaultyStore>(
        store_, [rival = std::move(rival), done = false](const StoreCall& call) mutable {
          if (!done && call.operation == StoreOperation::kPut && ParseLogPath(call.path)) {
            done = true;
            rival();
          }
          return Fault::kNone;
        });
  }

  Transaction BeginOn(std::shared_ptr<ObjectStore> store, TransactionOptions options = {}) {
    const SnapshotPtr base = *Open().Latest();
    return Open(std::move(store)).Begin(base, std::move(options));
  }
};

TEST_F(RaceTest, AppendIsRetriedAfterAppends) {
  Transaction ours = BeginOn(WithRival([&] {
    ASSERT_THAT(Append("r1"), IsOk());
    ASSERT_THAT(Append("r2"), IsOk());
  }));
  ours.Add(FileNamed("ours"));
  const auto result = std::move(ours).Commit();
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->version, 3);
  EXPECT_EQ(result->attempts, 2);
  EXPECT_THAT(PathsOf(result->snapshot->files()), ElementsAre("ours", "r1", "r2"));
  EXPECT_THAT(LivePaths(), ElementsAre("ours", "r1", "r2"));
}

// Pitfall 31.
TEST_F(RaceTest, AppendIsNotRetriedOverAConcurrentSchemaChange) {
  Transaction ours = BeginOn(WithRival([&] {
    Metadata metadata = IdNameMetadata();
    metadata.schema.Append({"note", DataType::String()});
    Transaction rival = Begin();
    ASSERT_THAT(rival.SetMetadata(metadata), IsOk());
    ASSERT_THAT(std::move(rival).Commit(), IsOk());
  }));
  ours.Add(FileNamed("ours"));
  const auto result = std::move(ours).Commit();
  EXPECT_THAT(result, IsError(ErrorCode::kConflict, "version 1"));
  EXPECT_EQ(result.error().condition(), "DELTA_METADATA_CHANGED");
  EXPECT_THAT(LivePaths(), IsEmpty());
}

// Pitfall 34.
TEST_F(RaceTest, TheSameBatchIsCommittedOnce) {
  Transaction ours = BeginOn(WithRival([&] {
    Transaction rival = Begin();
    rival.SetAppVersion("flow", 5);
    rival.Add(FileNamed("rival"));
    ASSERT_THAT(std::move(rival).Commit(), IsOk());
  }));
  ours.SetAppVersion("flow", 5);
  ours.Add(FileNamed("ours"));
  const auto result = std::move(ours).Commit();
  EXPECT_THAT(result, IsError(ErrorCode::kConflict, "version 5 of the application 'flow'"));
  EXPECT_EQ(result.error().condition(), "DELTA_CONCURRENT_TRANSACTION");
  EXPECT_THAT(LivePaths(), ElementsAre("rival"));
}

TEST_F(RaceTest, TheConflictMayComeFromALaterWinner) {
  Transaction ours = BeginOn(WithRival([&] {
    ASSERT_THAT(Append("r1"), IsOk());
    Transaction rival = Begin();
    rival.SetAppVersion("flow", 5);
    ASSERT_THAT(std::move(rival).Commit(), IsOk());
  }));
  ours.ReadAppVersion("flow");
  ours.Add(FileNamed("ours"));
  EXPECT_THAT(std::move(ours).Commit(), IsError(ErrorCode::kConflict, "version 2"));
}

TEST_F(RaceTest, SerializableOverwriteYieldsToAnAppend) {
  ASSERT_THAT(Append("a"), IsOk());
  for (const IsolationLevel isolation :
       {IsolationLevel::kSerializable, IsolationLevel::kWriteSerializable}) {
    const std::string rival_path = fmt::format("rival-{}", IsolationLevelName(isolation));
    Transaction ours = BeginOn(WithRival([&] { ASSERT_THAT(Append(rival_path), IsOk()); }),
                               {.isolation = isolation});
    ours.RemoveAll();
    ours.Add(FileNamed("ours"));
    const auto result = std::move(ours).Commit();
    if (isolation == IsolationLevel::kSerializable) {
      EXPECT_THAT(result, IsError(ErrorCode::kConflict, rival_path));
    } else {
      EXPECT_THAT(result, IsOk());
      EXPECT_THAT(LivePaths(), ElementsAre("ours", rival_path));
    }
  }
}

TEST_F(RaceTest, TwoCreatorsOfOneTableConflict) {
  store_ = std::make_shared<MemoryStore>(clock_);
  Transaction ours = Open(WithRival([&] {
                       ASSERT_THAT(CreateWith(IdNameMetadata()), IsOk());
                     })).Begin(nullptr, {});
  ASSERT_THAT(ours.SetMetadata(IdNameMetadata()), IsOk());
  EXPECT_THAT(std::move(ours).Commit(), IsError(ErrorCode::kConflict, "created twice"));
}

TEST_F(RaceTest, GivesUpAfterTheAllowedAttempts) {
  int rivals = 0;
  auto store = std::make_shared<FaultyStore>(store_, [&](const StoreCall& call) {
    if (call.operation == StoreOperation::kPut) {
      EXPECT_THAT(Append(fmt::format("rival-{}", rivals++)), IsOk());
    }
    return Fault::kNone;
  });
  Transaction ours = BeginOn(store, {.attempts_max = 5});
  ours.Add(FileNamed("ours"));
  EXPECT_THAT(std::move(ours).Commit(),
              IsError(ErrorCode::kRetriesExhausted, "gave up after 5 attempts"));
  EXPECT_EQ(rivals, 5);
  EXPECT_EQ(LivePaths().size(), 5U);
}

TEST_F(RaceTest, WaitsBetweenAttemptsOnTheGivenClock) {
  Transaction ours = BeginOn(WithRival([&] { ASSERT_THAT(Append("r1"), IsOk()); }));
  ours.Add(FileNamed("ours"));
  ASSERT_THAT(std::move(ours).Commit(), IsOk());
  EXPECT_GT(clock_.NowMicros(), kStartMicros);
}

// --- Lost answers (pitfall 3).

TEST_F(RaceTest, LostAnswerIsRecognisedAsOurOwnCommit) {
  auto store = std::make_shared<FaultyStore>(store_, FaultyStore::FailNth(0, Fault::kLoseAnswer));
  Transaction ours = BeginOn(store);
  ours.Add(FileNamed("ours"));
  const auto result = std::move(ours).Commit();
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->version, 1);
  EXPECT_EQ((*Open().Latest())->version(), 1);
}

TEST_F(RaceTest, LostRequestIsSentAgainForTheSameVersion) {
  auto store = std::make_shared<FaultyStore>(store_, FaultyStore::FailNth(0, Fault::kLoseRequest));
  Transaction ours = BeginOn(store);
  ours.Add(FileNamed("ours"));
  const auto result = std::move(ours).Commit();
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->version, 1);
}

// The request was lost and a rival took the version: theirs, so we go on to the next.
TEST_F(RaceTest, LostRequestBehindARivalIsTheirs) {
  auto store = std::make_shared<FaultyStore>(store_, [&](const StoreCall& call) {
    if (call.index != 0) {
      return Fault::kNone;
    }
    EXPECT_THAT(Append("rival"), IsOk());
    return Fault::kLoseRequest;
  });
  Transaction ours = BeginOn(store);
  ours.Add(FileNamed("ours"));
  const auto result = std::move(ours).Commit();
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->version, 2);
  EXPECT_THAT(LivePaths(), ElementsAre("ours", "rival"));
}

TEST_F(RaceTest, WithoutAnyAnswerTheOutcomeIsUnknown) {
  for (const Fault last : {Fault::kCrashAfter, Fault::kCrashBefore}) {
    auto store = std::make_shared<FaultyStore>(store_, [&](const StoreCall& call) {
      return call.index == 0 ? (last == Fault::kCrashAfter ? last : Fault::kLoseRequest)
                             : Fault::kFail;
    });
    Transaction ours = BeginOn(store);
    ours.Add(FileNamed(fmt::format("ours-{}", static_cast<int>(last))));
    EXPECT_THAT(std::move(ours).Commit(),
                IsError(ErrorCode::kCommitUnknown, "cannot be learnt now"));
  }
}

TEST_F(RaceTest, AFailureWithoutEffectIsReportedAsSuch) {
  auto store = std::make_shared<FaultyStore>(store_, FaultyStore::FailNth(0, Fault::kFail));
  Transaction ours = BeginOn(store);
  ours.Add(FileNamed("ours"));
  EXPECT_THAT(std::move(ours).Commit(), IsError(ErrorCode::kIo, "injected"));
  EXPECT_THAT(LivePaths(), IsEmpty());
}

}  // namespace
}  // namespace medallion::delta
