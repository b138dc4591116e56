#include "log_path.h"

#include "base/testing.h"

namespace medallion::delta {
namespace {

TEST(LogPathTest, NamesHaveTwentyDigits) {
  EXPECT_EQ(CommitPath(0), "_delta_log/00000000000000000000.json");
  EXPECT_EQ(CommitPath(1234567890123), "_delta_log/00000001234567890123.json");
  EXPECT_EQ(CheckpointPath(10), "_delta_log/00000000000000000010.checkpoint.parquet");
}

TEST(LogPathTest, KnowsItsOwnNames) {
  const auto commit = ParseLogPath(CommitPath(42));
  ASSERT_TRUE(commit.has_value());
  EXPECT_EQ(commit->kind, LogFile::Kind::kCommit);
  EXPECT_EQ(commit->version, 42);
  const auto checkpoint = ParseLogPath(CheckpointPath(42));
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->kind, LogFile::Kind::kCheckpoint);
}

TEST(LogPathTest, KnowsPartsAndUuidCheckpoints) {
  const auto part =
      ParseLogPath("_delta_log/00000000000000000007.checkpoint.0000000002.0000000003.parquet");
  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(part->kind, LogFile::Kind::kCheckpointPart);
  EXPECT_EQ(part->part, 2);
  EXPECT_EQ(part->parts, 3);
  const auto uuid = ParseLogPath(
      "_delta_log/00000000000000000007.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json");
  ASSERT_TRUE(uuid.has_value());
  EXPECT_EQ(uuid->kind, LogFile::Kind::kUuidCheckpoint);
}

TEST(LogPathTest, IgnoresEverythingElse) {
  for (const std::string_view path :
       {"_delta_log/_last_checkpoint", "_delta_log/00000000000000000007.crc", "_delta_log/7.json",
        "_delta_log/00000000000000000001.00000000000000000007.compacted.json",
        "_delta_log/0000000000000000000a.json", "_delta_log/00000000000000000007.json.tmp",
        "_delta_log/99999999999999999999.json", "_delta_log/-0000000000000000007.json",
        "_delta_log/00000000000000000007.checkpoint.0000000004.0000000003.parquet", "_delta_log/",
        "_delta_log/00000000000000000007", "other/00000000000000000007.json",
        "_delta_log/_sidecars/00000000000000000007.json"}) {
    EXPECT_FALSE(ParseLogPath(path).has_value()) << path;
  }
}

}  // namespace
}  // namespace medallion::delta
