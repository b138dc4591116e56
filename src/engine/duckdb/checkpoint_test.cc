#include <filesystem>

#include "delta/stats.h"
#include "engine_duckdb/duckdb_engine.h"

namespace medallion::duckdb::testing {
namespace {

using delta::Action;
using ::testing::HasSubstr;

class CheckpointTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = DuckDbEngine::Open({.memory_limit_bytes = uint64_t{200} << 20, .threads = 2});
    ASSERT_TRUE(opened) << opened.error().ToString();
    engine_ = *std::move(opened);
    folder_ = std::filesystem::temp_directory_path() /
              ("medallion-checkpoint-" + std::to_string(reinterpret_cast<uintptr_t>(this)));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  std::vector<Action> Read(const std::string& path) {
    std::vector<Action> actions;
    const Status status = engine_->ReadCheckpoint(path, [&](Action action) {
      actions.push_back(std::move(action));
      return OkStatus();
    });
    EXPECT_TRUE(status) << status.error().ToString();
    return actions;
  }

  std::unique_ptr<DuckDbEngine> engine_;
  std::filesystem::path folder_;
};

std::vector<Action> SomeActions() {
  delta::Metadata metadata;
  metadata.id = "9b1c0e9e-6f0a-4b53-9d52-0a5e0d6b0001";
  metadata.name = "silver";
  metadata.schema = Schema({{"id", DataType::Integer()}, {"day", DataType::Date()}});
  metadata.partition_columns = {"day"};
  metadata.configuration = {{"delta.appendOnly", "true"}};
  metadata.created_time_ms = 1'700'000'000'000;
  delta::AddFile add;
  add.path = "day=2026-05-01/part 1.parquet";
  add.partition_values = {{"day", "2026-05-01"}, {"hole", std::nullopt}};
  add.size_bytes = 5'000'000'000;
  add.modification_time_ms = 1'700'000'000'001;
  add.data_change = false;
  add.stats = R"({"numRecords":3})";
  delta::RemoveFile remove;
  remove.path = "part-0.parquet";
  remove.deletion_timestamp_ms = 1'700'000'000'002;
  remove.data_change = false;
  remove.partition_values = delta::PartitionValues{{"day", std::nullopt}};
  remove.size_bytes = 10;
  return {delta::Protocol{1, 2, {}, {}},
          metadata,
          delta::Txn{"app", 7, 1'700'000'000'003},
          delta::Txn{"other", 1, {}},
          delta::DomainMetadata{"d.x", "{}", false},
          remove,
          add};
}

TEST_F(CheckpointTest, GivesBackEveryActionInOrder) {
  const std::vector<Action> actions = SomeActions();
  ASSERT_TRUE(engine_->WriteCheckpoint(Path("a.parquet"), actions));
  EXPECT_EQ(Read(Path("a.parquet")), actions);
}

TEST_F(CheckpointTest, LeavesOutCommitInfo) {
  std::vector<Action> actions = SomeActions();
  const size_t count = actions.size();
  actions.insert(actions.begin(), delta::CommitInfo{.operation = "WRITE"});
  ASSERT_TRUE(engine_->WriteCheckpoint(Path("a.parquet"), actions));
  EXPECT_EQ(Read(Path("a.parquet")).size(), count);
}

TEST_F(CheckpointTest, KeepsDeletionVectorsAndRowIds) {
  delta::AddFile add;
  add.path = "a.parquet";
  add.data_change = false;
  add.deletion_vector = delta::DeletionVectorDescriptor{"u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6};
  add.base_row_id = 5;
  add.default_row_commit_version = 3;
  delta::AddFile plain;
  plain.path = "b.parquet";
  plain.data_change = false;
  const std::vector<Action> actions = {
      delta::Protocol{3, 7, std::vector<std::string>{"deletionVectors"},
                      std::vector<std::string>{"deletionVectors"}},
      add, plain};
  ASSERT_TRUE(engine_->WriteCheckpoint(Path("a.parquet"), actions));
  EXPECT_EQ(Read(Path("a.parquet")), actions);
}

TEST_F(CheckpointTest, WritesMoreRowsThanOneChunk) {
  std::vector<Action> actions;
  for (int i = 0; i < 5000; ++i) {
    delta::AddFile add;
    add.path = "part-" + std::to_string(i) + ".parquet";
    add.partition_values = {{"n", std::to_string(i)}};
    add.size_bytes = i;
    add.data_change = false;
    actions.emplace_back(std::move(add));
  }
  ASSERT_TRUE(engine_->WriteCheckpoint(Path("a.parquet"), actions));
  EXPECT_EQ(Read(Path("a.parquet")), actions);
}

TEST_F(CheckpointTest, ReportsAFileThatIsNoCheckpoint) {
  const Status missing =
      engine_->ReadCheckpoint(Path("none.parquet"), [](const Action&) { return OkStatus(); });
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), ErrorCode::kIo);
}

}  // namespace
}  // namespace medallion::duckdb::testing
