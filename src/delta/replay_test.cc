#include "replay.h"

#include "base/testing.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::testing::ElementsAre;
using testing::FileNamed;
using testing::IdNameMetadata;
using ::testing::IsEmpty;
using testing::PathsOf;

DeletionVectorDescriptor Vector(const std::string& name) {
  return {.storage_type = "u", .path_or_inline_dv = name, .size_in_bytes = 10, .cardinality = 1};
}

AddFile WithVector(const std::string& path, const std::string& vector) {
  AddFile add = FileNamed(path);
  add.deletion_vector = Vector(vector);
  return add;
}

RemoveFile Removed(const std::string& path) { return {.path = path, .deletion_timestamp_ms = 1}; }

// Replays commits, given oldest first, after a first one with protocol and metadata.
Result<SnapshotPtr> Replay(std::vector<std::vector<Action>> commits) {
  LogReplay replay;
  const auto version = static_cast<int64_t>(commits.size());
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    RETURN_IF_ERROR(replay.ApplyCommit(std::move(*commit)));
  }
  RETURN_IF_ERROR(replay.ApplyCommit({Protocol(), IdNameMetadata()}));
  return std::move(replay).Finish(version, 0);
}

TEST(LogReplayTest, NewestReferenceToAFileWins) {
  const auto snapshot =
      Replay({{FileNamed("a"), FileNamed("b")}, {Removed("a")}, {Removed("b")}, {FileNamed("b")}});
  ASSERT_THAT(snapshot, IsOk());
  EXPECT_THAT(PathsOf((*snapshot)->files()), ElementsAre("b"));
  ASSERT_EQ((*snapshot)->tombstones().size(), 1U);
  EXPECT_EQ((*snapshot)->tombstones()[0].path, "a");
}

// Pitfall 11: foreign commits with repeated lines.
TEST(LogReplayTest, RepeatedLinesChangeNothing) {
  const auto snapshot =
      Replay({{FileNamed("a"), FileNamed("a"), FileNamed("b"), Removed("b"), Removed("b")}});
  ASSERT_THAT(snapshot, IsOk());
  EXPECT_THAT(PathsOf((*snapshot)->files()), ElementsAre("a"));
  EXPECT_EQ((*snapshot)->tombstones().size(), 1U);
}

// Pitfall 24: a file gets a new deletion vector by removing it with the old and adding it with the
// new.
TEST(LogReplayTest, FilesAreKnownByPathAndDeletionVector) {
  EXPECT_NE(FileKey("a", Vector("x")), FileKey("a", Vector("y")));
  EXPECT_NE(FileKey("a", Vector("x")), FileKey("a", std::nullopt));
  EXPECT_NE(FileKey("au", std::nullopt), FileKey("a", Vector("")));
  RemoveFile plain = Removed("a");
  RemoveFile old = Removed("a");
  old.deletion_vector = Vector("x");
  // The file with vector y is live: were the vector no part of the key, the table would look empty.
  EXPECT_THAT(
      Replay({{FileNamed("a")}, {WithVector("a", "x"), plain}, {WithVector("a", "y"), old}}),
      IsError(ErrorCode::kUnsupported, "deletionVectors are not supported: file a"));
  RemoveFile last = Removed("a");
  last.deletion_vector = Vector("y");
  const auto emptied = Replay(
      {{FileNamed("a")}, {WithVector("a", "x"), plain}, {WithVector("a", "y"), old}, {last}});
  ASSERT_THAT(emptied, IsOk());
  EXPECT_THAT((*emptied)->files(), IsEmpty());
  EXPECT_EQ((*emptied)->tombstones().size(), 3U);
}

TEST(LogReplayTest, NewestTransactionAndDomainWin) {
  const auto snapshot = Replay(
      {{Txn{.app_id = "a", .version = 9}, DomainMetadata{.domain = "d", .configuration = "1"}},
       {Txn{.app_id = "a", .version = 3}, Txn{.app_id = "b", .version = 1}},
       {DomainMetadata{.domain = "d", .configuration = "2", .removed = true}}});
  ASSERT_THAT(snapshot, IsOk());
  EXPECT_EQ((*snapshot)->AppVersion("a"), 3);
  EXPECT_EQ((*snapshot)->AppVersion("b"), 1);
  EXPECT_THAT((*snapshot)->domains(), IsEmpty());
}

TEST(LogReplayTest, NewestMetadataAndProtocolWin) {
  Metadata changed = IdNameMetadata();
  changed.description = "changed";
  const auto snapshot =
      Replay({{changed}, {Protocol{.min_reader_version = 1, .min_writer_version = 3}}});
  ASSERT_THAT(snapshot, IsOk());
  EXPECT_EQ((*snapshot)->metadata().description, "changed");
  EXPECT_EQ((*snapshot)->protocol().min_writer_version, 3);
}

TEST(LogReplayTest, ATableNeedsProtocolAndMetadata) {
  LogReplay without_protocol;
  ASSERT_THAT(without_protocol.ApplyCommit({IdNameMetadata()}), IsOk());
  EXPECT_THAT(std::move(without_protocol).Finish(0, 0),
              IsError(ErrorCode::kCorruption, "no protocol"));
  LogReplay without_metadata;
  ASSERT_THAT(without_metadata.ApplyCommit({Protocol()}), IsOk());
  EXPECT_THAT(std::move(without_metadata).Finish(0, 0),
              IsError(ErrorCode::kCorruption, "no metaData"));
}

TEST(LogReplayTest, FeaturesWeLackAreRefusedByName) {
  const Protocol protocol = {.min_reader_version = 3,
                             .min_writer_version = 7,
                             .reader_features = {{"deletionVectors"}},
                             .writer_features = {{"deletionVectors"}}};
  EXPECT_THAT(Replay({{protocol}}), IsError(ErrorCode::kUnsupported, "deletionVectors"));
}

TEST(LogReplayTest, InCommitTimestampsCountOnlyWhereTheyAreOn) {
  CommitInfo info;
  info.in_commit_timestamp_ms = 77;
  Metadata metadata = IdNameMetadata();
  EXPECT_EQ((*Replay({{info, metadata}}))->timestamp_ms(), 0);
  metadata.configuration["delta.enableInCommitTimestamps"] = "true";
  EXPECT_EQ((*Replay({{info, metadata}}))->timestamp_ms(), 77);
}

}  // namespace
}  // namespace medallion::delta
