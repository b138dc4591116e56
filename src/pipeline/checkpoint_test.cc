#include "pipeline/checkpoint.h"

#include "base/testing.h"
#include "checkpoint_format.h"
#include "storage/faulty_store.h"
#include "storage/memory_store.h"

namespace medallion::pipeline {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsError;
using medallion::testing::IsOk;
using ::testing::HasSubstr;

const TableName kTarget{"retail", "dlt", "Bronze"};

class CheckpointTest : public ::testing::Test {
 protected:
  Checkpoint Create(int64_t generation = 0) {
    return *Checkpoint::Create(store_, kTarget, "bronze", generation, random_);
  }
  Checkpoint Reopen() { return **Checkpoint::Open(store_, kTarget, "bronze"); }

  static BatchIntent Intent(int64_t batch_id) {
    BatchIntent intent;
    intent.batch_id = batch_id;
    intent.update_id = "u";
    intent.update_time_micros = 1'700'000'000'123'456;
    intent.session_time_zone = "Europe/Berlin";
    intent.parameters = {{"source", "/in"}};
    intent.definition_hash = 0xFEDCBA9876543210;
    intent.pinned_tables = {{"retail.dlt.products", {"t1", 4}}};
    intent.sources = {FileOffset{batch_id, batch_id + 1}, TableOffset{"t2", 7, 3, true}};
    return intent;
  }

  void RunBatch(Checkpoint& checkpoint) {
    ASSERT_THAT(checkpoint.WriteIntent(Intent(checkpoint.NextBatchId())), IsOk());
    ASSERT_THAT(checkpoint.WriteCommit(1), IsOk());
  }

  std::string Folder() const { return "_checkpoints/retail/dlt/bronze/bronze/"; }

  Random random_{1};
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>();
};

TEST_F(CheckpointTest, IsAbsentBeforeTheFirstRun) {
  EXPECT_THAT(Checkpoint::Open(store_, kTarget, "bronze"), HasValue(::testing::Eq(std::nullopt)));
}

TEST_F(CheckpointTest, KeepsItsAppIdAcrossProcesses) {
  const Checkpoint created = Create();
  EXPECT_EQ(Reopen().app_id(), created.app_id());
  EXPECT_EQ(Reopen().NextBatchId(), 0);
  EXPECT_FALSE(Reopen().HasPendingBatch());
}

TEST_F(CheckpointTest, FolderIsTheTargetsThenTheFlowsInLowerCase) {
  EXPECT_EQ(Checkpoint::FlowPath(kTarget, "Back Fill"),
            "_checkpoints/retail/dlt/bronze/back%20fill/");
}

TEST_F(CheckpointTest, GivesBackTheIntentWordForWord) {
  Checkpoint checkpoint = Create();
  ASSERT_THAT(checkpoint.WriteIntent(Intent(0)), IsOk());
  const Checkpoint reopened = Reopen();
  EXPECT_EQ(reopened.last_intent(), Intent(0));
  EXPECT_TRUE(reopened.HasPendingBatch());
}

TEST_F(CheckpointTest, IntentHasTheLinesOfSparksOffsetLog) {
  ASSERT_THAT(Create().WriteIntent(Intent(0)), IsOk());
  const std::string text = *store_->Get(Folder() + "0/offsets/0");
  EXPECT_THAT(text, ::testing::StartsWith(
                        "v1\n{\"batchTimestampMs\":1700000000123,\"batchWatermarkMs\":0,"));
  EXPECT_THAT(text, HasSubstr("\"conf\":{\"spark.sql.session.timeZone\":\"Europe/Berlin\"}"));
  EXPECT_THAT(text, HasSubstr("\n{\"filesRecorded\":1,\"logOffset\":0}\n"));
  EXPECT_THAT(text, HasSubstr("\n{\"index\":3,\"isStartingVersion\":true,\"reservoirId\":\"t2\","
                              "\"reservoirVersion\":7,\"sourceVersion\":1}\n"));
}

TEST_F(CheckpointTest, BatchIsClosedByItsCommit) {
  Checkpoint checkpoint = Create();
  RunBatch(checkpoint);
  EXPECT_FALSE(Reopen().HasPendingBatch());
  EXPECT_EQ(Reopen().NextBatchId(), 1);
}

TEST_F(CheckpointTest, RefusesABatchThatAnotherProcessBegan) {
  Checkpoint mine = Create();
  Checkpoint theirs = Reopen();
  ASSERT_THAT(theirs.WriteIntent(Intent(0)), IsOk());
  EXPECT_THAT(mine.WriteIntent(Intent(0)),
              IsError(ErrorCode::kPreconditionFailed, "began batch 0"));
}

TEST_F(CheckpointTest, KeepsTheTenNewestBatches) {
  Checkpoint checkpoint = Create();
  for (int i = 0; i <= 30; ++i) {
    RunBatch(checkpoint);
  }
  size_t offsets = 0;
  for (const std::string& path : store_->Paths()) {
    offsets += path.find("/offsets/") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(offsets, 10U);
  const Checkpoint reopened = Reopen();
  EXPECT_EQ(reopened.NextBatchId(), 31);
  EXPECT_THAT(reopened.PreviousIntent(), HasValue(::testing::Optional(Intent(29))));
}

TEST_F(CheckpointTest, NewestGenerationWinsAndOnlyOneOlderIsKept) {
  for (int64_t generation = 0; generation < 3; ++generation) {
    Checkpoint checkpoint = Create(generation);
    RunBatch(checkpoint);
  }
  const Checkpoint newest = Create(3);
  EXPECT_EQ(Reopen().generation(), 3);
  EXPECT_EQ(Reopen().app_id(), newest.app_id());
  EXPECT_EQ(Reopen().NextBatchId(), 0);
  EXPECT_THAT(store_->Paths(), ::testing::Not(::testing::Contains(Folder() + "1/metadata")));
  EXPECT_THAT(store_->Paths(), ::testing::Contains(Folder() + "2/metadata"));
}

TEST_F(CheckpointTest, RefusesToStartAGenerationTwice) {
  Create();
  EXPECT_THAT(Checkpoint::Create(store_, kTarget, "bronze", 0, random_),
              IsError(ErrorCode::kPreconditionFailed, "another update"));
}

TEST_F(CheckpointTest, MissingMetadataIsNeverTakenForAFreshStart) {
  Checkpoint checkpoint = Create();
  RunBatch(checkpoint);
  ASSERT_THAT(store_->Delete(Folder() + "0/metadata"), IsOk());
  EXPECT_THAT(Checkpoint::Open(store_, kTarget, "bronze"),
              IsError(ErrorCode::kCorruption, "--full-refresh"));
}

TEST_F(CheckpointTest, MissingIntentOfACommittedBatchIsAnError) {
  Checkpoint checkpoint = Create();
  RunBatch(checkpoint);
  ASSERT_THAT(store_->Delete(Folder() + "0/offsets/0"), IsOk());
  EXPECT_THAT(Checkpoint::Open(store_, kTarget, "bronze"),
              IsError(ErrorCode::kCorruption, "offsets/0"));
}

TEST_F(CheckpointTest, DamagedIntentNamesTheObject) {
  ASSERT_THAT(Create().WriteIntent(Intent(0)), IsOk());
  ASSERT_THAT(store_->Put(Folder() + "0/offsets/0", "v1\n{\"conf\":", PutMode::kOverwrite), IsOk());
  EXPECT_THAT(Checkpoint::Open(store_, kTarget, "bronze"),
              IsError(ErrorCode::kCorruption, "0/offsets/0"));
}

TEST_F(CheckpointTest, NewerFormatIsRefusedByName) {
  EXPECT_THAT(ParseCheckpointMetadata(R"({"id":"x","medallion":{"format":2}})", "here"),
              IsError(ErrorCode::kUnsupported, "checkpoint format 2 is newer"));
}

TEST_F(CheckpointTest, RemembersColumnsAndRejectedFilesOfASource) {
  Checkpoint checkpoint = Create();
  EXPECT_THAT(checkpoint.ReadSchema(0), HasValue(::testing::Eq(std::nullopt)));
  const Schema schema({{"a", DataType::String()}, {"b", DataType::Decimal(10, 2)}});
  const std::vector<SetAsideFile> files = {{"/in/x.csv", "tag", "no header"}};
  ASSERT_THAT(checkpoint.WriteSchema(0, schema), IsOk());
  ASSERT_THAT(checkpoint.WriteRejected(0, files), IsOk());
  EXPECT_THAT(Reopen().ReadSchema(0), HasValue(::testing::Optional(schema)));
  EXPECT_THAT(Reopen().ReadRejected(0), HasValue(files));
}

// Runs three batches from wherever the store stands; stops at the first error.
Status RunThreeBatches(const std::shared_ptr<ObjectStore>& store, Random& random) {
  ASSIGN_OR_RETURN(auto checkpoint, Checkpoint::Open(store, kTarget, "bronze"));
  if (!checkpoint) {
    ASSIGN_OR_RETURN(checkpoint, Checkpoint::Create(store, kTarget, "bronze", 0, random));
  }
  while (checkpoint->HasPendingBatch() || checkpoint->NextBatchId() < 3) {
    if (!checkpoint->HasPendingBatch()) {
      BatchIntent intent;
      intent.batch_id = checkpoint->NextBatchId();
      RETURN_IF_ERROR(checkpoint->WriteIntent(intent));
    }
    RETURN_IF_ERROR(checkpoint->WriteCommit(1));
  }
  return OkStatus();
}

TEST(CheckpointCrashTest, SurvivesACrashAtEveryCall) {
  for (const Fault fault :
       {Fault::kCrashBefore, Fault::kCrashAfter, Fault::kLoseAnswer, Fault::kLoseRequest}) {
    for (size_t n = 0;; ++n) {
      auto inner = std::make_shared<MemoryStore>();
      auto faulty = std::make_shared<FaultyStore>(inner, FaultyStore::FailNth(n, fault));
      Random random(n);
      const bool finished = RunThreeBatches(faulty, random).has_value();
      ASSERT_THAT(RunThreeBatches(inner, random), IsOk()) << "call " << n;
      const auto checkpoint = Checkpoint::Open(inner, kTarget, "bronze");
      ASSERT_THAT(checkpoint, IsOk());
      EXPECT_EQ((*checkpoint)->NextBatchId(), 3);
      EXPECT_FALSE((*checkpoint)->HasPendingBatch());
      if (finished) {
        ASSERT_GT(n, 8U);
        break;
      }
    }
  }
}

}  // namespace
}  // namespace medallion::pipeline
