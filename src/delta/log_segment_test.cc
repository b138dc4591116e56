#include "log_segment.h"

#include "base/testing.h"
#include "last_checkpoint.h"
#include "log_path.h"
#include "storage/memory_store.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LogSegmentTest : public ::testing::Test {
 protected:
  void WriteCommits(int64_t from, int64_t to) {
    for (int64_t version = from; version <= to; ++version) {
      Write(CommitPath(version));
    }
  }
  void Write(const std::string& path, const std::string& body = "{}") {
    ASSERT_THAT(store_.Put(path, body, PutMode::kOverwrite), IsOk());
  }
  void WritePart(int64_t version, int part, int parts) {
    Write(fmt::format("{}.checkpoint.{:010}.{:010}.parquet", VersionPrefix(version), part, parts));
  }
  void WriteHint(const std::string& body) { Write(std::string(kLastCheckpointPath), body); }

  Result<LogSegment> Find(std::optional<int64_t> version = std::nullopt) {
    ASSIGN_OR_RETURN(const std::optional<LogSegment> segment, FindLogSegment(store_, version));
    if (!segment) {
      return Error(ErrorCode::kNotFound, "no table");
    }
    return *segment;
  }

  static std::vector<int64_t> Versions(const LogSegment& segment) {
    std::vector<int64_t> versions;
    for (const CommitFile& commit : segment.commits) {
      versions.push_back(commit.version);
    }
    return versions;
  }

  MemoryStore store_;
};

TEST_F(LogSegmentTest, IsAbsentWithoutLog) {
  Write("part-0.parquet");
  EXPECT_THAT(Find(), IsError(ErrorCode::kNotFound, "no table"));
}

TEST_F(LogSegmentTest, StartsAtZeroWithoutCheckpoint) {
  WriteCommits(0, 2);
  const auto segment = Find();
  ASSERT_THAT(segment, IsOk());
  EXPECT_EQ(segment->version, 2);
  EXPECT_FALSE(segment->checkpoint.has_value());
  EXPECT_THAT(Versions(*segment), ElementsAre(0, 1, 2));
}

TEST_F(LogSegmentTest, StartsAtTheNewestCheckpoint) {
  WriteCommits(0, 12);
  Write(CheckpointPath(5));
  Write(CheckpointPath(10));
  const auto segment = Find();
  ASSERT_THAT(segment, IsOk());
  EXPECT_THAT(segment->checkpoint->paths, ElementsAre(CheckpointPath(10)));
  EXPECT_THAT(Versions(*segment), ElementsAre(11, 12));
  const auto older = Find(7);
  ASSERT_THAT(older, IsOk());
  EXPECT_THAT(older->checkpoint->paths, ElementsAre(CheckpointPath(5)));
  EXPECT_THAT(Versions(*older), ElementsAre(6, 7));
}

TEST_F(LogSegmentTest, NeedsNoCommitsBeforeTheCheckpoint) {
  WriteCommits(10, 11);
  Write(CheckpointPath(10));
  EXPECT_THAT(Find(), IsOk());
  EXPECT_THAT(Find(10), IsOk());
  EXPECT_THAT(Find(9), IsError(ErrorCode::kNotFound,
                               "version 9 was cleaned up, the oldest that can be read is 10"));
}

TEST_F(LogSegmentTest, ACheckpointAloneIsATable) {
  Write(CheckpointPath(10));
  const auto segment = Find();
  ASSERT_THAT(segment, IsOk());
  EXPECT_EQ(segment->version, 10);
  EXPECT_THAT(segment->commits, IsEmpty());
}

TEST_F(LogSegmentTest, RefusesGapBetweenCommits) {
  WriteCommits(0, 0);
  WriteCommits(2, 2);
  EXPECT_THAT(Find(), IsError(ErrorCode::kCorruption, "missing version 1"));
}

TEST_F(LogSegmentTest, RefusesGapAfterTheCheckpoint) {
  Write(CheckpointPath(10));
  WriteCommits(12, 13);
  EXPECT_THAT(Find(), IsError(ErrorCode::kCorruption, "missing version 11"));
}

TEST_F(LogSegmentTest, RefusesALogWithoutBeginning) {
  WriteCommits(3, 4);
  EXPECT_THAT(Find(), IsError(ErrorCode::kCorruption, "missing version 0"));
}

TEST_F(LogSegmentTest, RefusesVersionsThatDoNotExist) {
  WriteCommits(0, 2);
  EXPECT_THAT(Find(3), IsError(ErrorCode::kNotFound, "version 3 does not exist, the newest is 2"));
}

// A-08: a checkpoint of several parts counts when all are there.
TEST_F(LogSegmentTest, IgnoresCheckpointWithMissingPart) {
  WriteCommits(0, 5);
  WritePart(4, 1, 3);
  WritePart(4, 3, 3);
  EXPECT_FALSE(Find()->checkpoint.has_value());
  WritePart(4, 2, 3);
  const auto segment = Find();
  ASSERT_TRUE(segment->checkpoint.has_value());
  EXPECT_EQ(segment->checkpoint->paths.size(), 3U);
  EXPECT_THAT(Versions(*segment), ElementsAre(5));
}

TEST_F(LogSegmentTest, DoesNotMixPartsOfTwoCheckpoints) {
  WriteCommits(0, 5);
  WritePart(4, 1, 2);
  WritePart(4, 2, 3);
  EXPECT_FALSE(Find()->checkpoint.has_value());
}

TEST_F(LogSegmentTest, RefusesV2CheckpointByNameOnlyWhereItIsNeeded) {
  const std::string path =
      VersionPrefix(4) + ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet";
  WriteCommits(0, 5);
  Write(path);
  EXPECT_THAT(Find(), IsOk());
  for (int64_t version = 0; version <= 4; ++version) {
    ASSERT_THAT(store_.Delete(CommitPath(version)), IsOk());
  }
  EXPECT_THAT(Find(), IsError(ErrorCode::kUnsupported, path));
}

// A-09, pitfalls 6 and 7: whatever the hint says, the same segment comes out.
TEST_F(LogSegmentTest, HintChangesNothing) {
  WriteCommits(0, 12);
  Write(CheckpointPath(5));
  Write(CheckpointPath(10));
  const std::string_view hints[] = {
      "",
      "{",
      "null",
      "[]",
      "{}",
      R"({"version":10,"size":1})",
      R"({"version":5,"size":1})",   // stale
      R"({"version":7,"size":1})",   // names a checkpoint that is not there
      R"({"version":99,"size":1})",  // newer than the table
      R"({"version":-1,"size":1})",
      R"({"version":"10","size":1})",
      R"({"version":9223372036854775807,"size":1})",
      R"({"version":10,"size":1,"parts":2})",
      "\xFF\xFE garbage",
  };
  for (const std::string_view hint : hints) {
    WriteHint(std::string(hint));
    const auto segment = Find();
    ASSERT_THAT(segment, IsOk()) << hint;
    EXPECT_EQ(segment->checkpoint->version, 10) << hint;
    EXPECT_THAT(Versions(*segment), ElementsAre(11, 12)) << hint;
    const auto older = Find(3);
    ASSERT_THAT(older, IsOk()) << hint;
    EXPECT_THAT(Versions(*older), ElementsAre(0, 1, 2, 3)) << hint;
  }
}

TEST_F(LogSegmentTest, HintIsNotTakenBack) {
  Write(CheckpointPath(20));
  ASSERT_THAT(WriteLastCheckpoint(store_, {.version = 20, .action_count = 3}), IsOk());
  ASSERT_THAT(WriteLastCheckpoint(store_, {.version = 10, .action_count = 3}), IsOk());
  EXPECT_EQ(ReadLastCheckpoint(store_)->version, 20);
}

TEST_F(LogSegmentTest, HintToNowhereIsReplaced) {
  WriteHint(R"({"version":99,"size":1})");
  ASSERT_THAT(WriteLastCheckpoint(
                  store_, {.version = 10, .action_count = 3, .size_bytes = 7, .add_count = 2}),
              IsOk());
  EXPECT_THAT(store_.Get(kLastCheckpointPath),
              ::medallion::testing::HasValue(
                  std::string(R"({"version":10,"size":3,"sizeInBytes":7,"numOfAddFiles":2})")));
}

TEST_F(LogSegmentTest, IgnoresForeignFiles) {
  WriteCommits(0, 1);
  Write("_delta_log/00000000000000000001.crc", "garbage");
  Write("_delta_log/00000000000000000000.00000000000000000001.compacted.json");
  Write("_delta_log/00000000000000000009.json.bak");
  EXPECT_EQ(Find()->version, 1);
}

}  // namespace
}  // namespace medallion::delta
