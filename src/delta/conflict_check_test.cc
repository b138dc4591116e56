#include "conflict_check.h"

#include "base/testing.h"
#include "testing_table.h"

namespace medallion::delta {
namespace {

using testing::FileNamed;
using testing::IdNameMetadata;

constexpr std::string_view kApp = "flow-1";

CommitInfo Info(bool blind) {
  CommitInfo info;
  info.is_blind_append = blind;
  return info;
}

PartitionValues In(const std::string& partition) { return {{"p", partition}}; }

RemoveFile Removal(const std::string& path, bool data_change = true) {
  return {.path = path, .data_change = data_change};
}

AddFile Rearranged(const std::string& path, const std::string& partition) {
  AddFile add = FileNamed(path, In(partition));
  add.data_change = false;
  return add;
}

// The table before: one file in each of the partitions P and Q.

// --- Ours.

CommitIntent BlindAppend() { return {.app_ids = {std::string(kApp)}}; }

CommitIntent OverwritePartitionP() {
  return {.app_ids = {std::string(kApp)},
          .read_partitions = {In("P")},
          .read_files = {"p-1"},
          .removed_files = {"p-1"}};
}

CommitIntent OverwriteAll() {
  return {
      .app_ids = {std::string(kApp)}, .read_whole_table = true, .removed_files = {"p-1", "q-1"}};
}

// Rearranges P; runs at snapshot isolation.
CommitIntent OptimizeP() {
  return {.isolation = IsolationLevel::kSnapshot,
          .read_partitions = {In("P")},
          .read_files = {"p-1"},
          .removed_files = {"p-1"}};
}

CommitIntent Alter() { return {.changes_metadata = true}; }

CommitIntent AlterThatReads() {
  return {.changes_metadata = true, .read_partitions = {In("P")}, .read_files = {"p-1"}};
}

CommitIntent Serializable(CommitIntent intent) {
  intent.isolation = IsolationLevel::kSerializable;
  return intent;
}

// --- Winners.

WinningCommit AppendTo(const std::string& partition) {
  return {7, {Info(true), FileNamed("new", In(partition))}};
}

WinningCommit OverwriteOf(const std::string& partition, const std::string& file) {
  return {7, {Info(false), Removal(file), FileNamed("new", In(partition))}};
}

WinningCommit DeleteOf(const std::string& file) { return {7, {Info(false), Removal(file)}}; }

WinningCommit OptimizeOf(const std::string& partition, const std::string& file) {
  return {7, {Info(false), Removal(file, false), Rearranged("new", partition)}};
}

WinningCommit AlterBy() { return {7, {Info(false), IdNameMetadata()}}; }

WinningCommit SameAppId() {
  return {7,
          {Info(true), Txn{.app_id = std::string(kApp), .version = 3}, FileNamed("new", In("Q"))}};
}

struct Cell {
  std::string_view name;
  CommitIntent ours;
  WinningCommit winner;
  std::optional<ConflictKind> conflict;  // nothing: retry
};

// The matrix of the reference, row by row.
TEST(ConflictMatrixTest, BlindAppendYieldsOnlyToNewRulesAndItself) {
  const Cell cells[] = {
      {"append", BlindAppend(), AppendTo("P"), std::nullopt},
      {"delete", BlindAppend(), DeleteOf("p-1"), std::nullopt},
      {"overwrite", BlindAppend(), OverwriteOf("P", "p-1"), std::nullopt},
      {"optimize", BlindAppend(), OptimizeOf("P", "p-1"), std::nullopt},
      {"alter", BlindAppend(), AlterBy(), ConflictKind::kMetadata},
      {"same app id", BlindAppend(), SameAppId(), ConflictKind::kAppTransaction},
      {"append, serializable", Serializable(BlindAppend()), AppendTo("P"), std::nullopt},
  };
  for (const Cell& cell : cells) {
    const auto conflict = FindConflict(cell.ours, cell.winner);
    EXPECT_EQ(conflict ? std::optional(conflict->kind) : std::nullopt, cell.conflict) << cell.name;
  }
}

TEST(ConflictMatrixTest, OverwriteOfAPartition) {
  const Cell cells[] = {
      {"append to P", OverwritePartitionP(), AppendTo("P"), std::nullopt},
      {"append to P, serializable", Serializable(OverwritePartitionP()), AppendTo("P"),
       ConflictKind::kAppendedFiles},
      {"append to Q, serializable", Serializable(OverwritePartitionP()), AppendTo("Q"),
       std::nullopt},
      {"delete in P", OverwritePartitionP(), DeleteOf("p-1"), ConflictKind::kDeleteRead},
      {"delete in Q", OverwritePartitionP(), DeleteOf("q-1"), std::nullopt},
      {"overwrite of Q", OverwritePartitionP(), OverwriteOf("Q", "q-1"), std::nullopt},
      {"overwrite of P adds what we should have read", OverwritePartitionP(),
       OverwriteOf("P", "p-1"), ConflictKind::kAppendedFiles},
      {"optimize of P", OverwritePartitionP(), OptimizeOf("P", "p-1"),
       ConflictKind::kAppendedFiles},
      {"optimize of Q", OverwritePartitionP(), OptimizeOf("Q", "q-1"), std::nullopt},
      {"alter", OverwritePartitionP(), AlterBy(), ConflictKind::kMetadata},
      {"same app id", OverwritePartitionP(), SameAppId(), ConflictKind::kAppTransaction},
  };
  for (const Cell& cell : cells) {
    const auto conflict = FindConflict(cell.ours, cell.winner);
    EXPECT_EQ(conflict ? std::optional(conflict->kind) : std::nullopt, cell.conflict) << cell.name;
  }
}

TEST(ConflictMatrixTest, OverwriteOfTheWholeTable) {
  const Cell cells[] = {
      // The appended rows stay, as if the append came second.
      {"append", OverwriteAll(), AppendTo("P"), std::nullopt},
      {"append, serializable", Serializable(OverwriteAll()), AppendTo("P"),
       ConflictKind::kAppendedFiles},
      {"delete", OverwriteAll(), DeleteOf("p-1"), ConflictKind::kDeleteRead},
      {"overwrite", OverwriteAll(), OverwriteOf("P", "p-1"), ConflictKind::kAppendedFiles},
      {"optimize", OverwriteAll(), OptimizeOf("P", "p-1"), ConflictKind::kAppendedFiles},
      {"alter", OverwriteAll(), AlterBy(), ConflictKind::kMetadata},
      {"same app id", OverwriteAll(), SameAppId(), ConflictKind::kAppTransaction},
  };
  for (const Cell& cell : cells) {
    const auto conflict = FindConflict(cell.ours, cell.winner);
    EXPECT_EQ(conflict ? std::optional(conflict->kind) : std::nullopt, cell.conflict) << cell.name;
  }
}

// Pitfall 32: an OPTIMIZE that lost to a delete of its input must not bring the rows back.
TEST(ConflictMatrixTest, OptimizeYieldsToWhoeverRemovedItsFiles) {
  const Cell cells[] = {
      {"append", OptimizeP(), AppendTo("P"), std::nullopt},
      {"delete of the same file", OptimizeP(), DeleteOf("p-1"), ConflictKind::kDeleteRead},
      {"delete of another file", OptimizeP(), DeleteOf("q-1"), std::nullopt},
      {"optimize of the same file", OptimizeP(), OptimizeOf("P", "p-1"), ConflictKind::kDeleteRead},
      {"optimize of another file", OptimizeP(), OptimizeOf("Q", "q-1"), std::nullopt},
      {"alter", OptimizeP(), AlterBy(), ConflictKind::kMetadata},
  };
  for (const Cell& cell : cells) {
    const auto conflict = FindConflict(cell.ours, cell.winner);
    EXPECT_EQ(conflict ? std::optional(conflict->kind) : std::nullopt, cell.conflict) << cell.name;
  }
}

TEST(ConflictMatrixTest, AlterYieldsToAlterAndToWhatItRead) {
  const Cell cells[] = {
      {"append", Alter(), AppendTo("P"), std::nullopt},
      {"delete", Alter(), DeleteOf("p-1"), std::nullopt},
      {"optimize", Alter(), OptimizeOf("P", "p-1"), std::nullopt},
      {"alter", Alter(), AlterBy(), ConflictKind::kMetadata},
      // Blind appends are forgiven unless we change the metadata.
      {"append to what it read", AlterThatReads(), AppendTo("P"), ConflictKind::kAppendedFiles},
      {"delete of what it read", AlterThatReads(), DeleteOf("p-1"), ConflictKind::kDeleteRead},
  };
  for (const Cell& cell : cells) {
    const auto conflict = FindConflict(cell.ours, cell.winner);
    EXPECT_EQ(conflict ? std::optional(conflict->kind) : std::nullopt, cell.conflict) << cell.name;
  }
}

TEST(ConflictCheckTest, DeletingTheSameFileWithoutReadingItIsAConflict) {
  const CommitIntent ours = {.removed_files = {"p-1"}};
  EXPECT_EQ(FindConflict(ours, DeleteOf("p-1"))->kind, ConflictKind::kDeleteDelete);
}

TEST(ConflictCheckTest, SameDomainIsAConflict) {
  const CommitIntent ours = {.domains = {"d"}};
  const WinningCommit winner = {7, {DomainMetadata{.domain = "d"}}};
  EXPECT_EQ(FindConflict(ours, winner)->kind, ConflictKind::kDomain);
  EXPECT_FALSE(FindConflict({.domains = {"e"}}, winner).has_value());
}

TEST(ConflictCheckTest, EveryAppIdThatWasReadCounts) {
  const WinningCommit winner = {7, {Txn{.app_id = "other", .version = 1}}};
  EXPECT_EQ(FindConflict({.app_ids = {"other", "mine"}}, winner)->kind,
            ConflictKind::kAppTransaction);
  EXPECT_FALSE(FindConflict({.app_ids = {"mine"}}, winner).has_value());
}

TEST(ConflictCheckTest, ProtocolMayBeRepeatedButNotChanged) {
  const Protocol ntz = {.min_reader_version = 3,
                        .min_writer_version = 7,
                        .reader_features = {{"timestampNtz"}},
                        .writer_features = {{"appendOnly", "invariants", "timestampNtz"}}};
  const Protocol unknown = {.min_reader_version = 4, .min_writer_version = 9};
  EXPECT_FALSE(FindConflict({}, {7, {Protocol()}}).has_value());
  EXPECT_EQ(FindConflict({}, {7, {ntz}})->kind, ConflictKind::kProtocol);
  EXPECT_EQ(FindConflict({.base_protocol = ntz}, {7, {Protocol()}})->kind, ConflictKind::kProtocol);
  EXPECT_EQ(FindConflict({}, {7, {unknown}})->kind, ConflictKind::kProtocol);
  EXPECT_EQ(FindConflict({.changes_protocol = true}, {7, {Protocol()}})->kind,
            ConflictKind::kProtocol);
}

TEST(ConflictCheckTest, FilesThatCannotBeReadAreAConflict) {
  AddFile add = FileNamed("new");
  add.deletion_vector = DeletionVectorDescriptor{.storage_type = "u", .path_or_inline_dv = "x"};
  EXPECT_EQ(FindConflict({}, {7, {Info(true), add}})->kind, ConflictKind::kProtocol);
}

TEST(ConflictCheckTest, TheFirstCheckThatFailsNamesTheConflict) {
  const CommitIntent ours = {.app_ids = {"a"}, .read_whole_table = true, .removed_files = {"p-1"}};
  WinningCommit winner = {
      7, {Removal("p-1"), FileNamed("new", In("P")), Txn{.app_id = "a"}, IdNameMetadata()}};
  EXPECT_EQ(FindConflict(ours, winner)->kind, ConflictKind::kMetadata);
  winner.actions.pop_back();
  EXPECT_EQ(FindConflict(ours, winner)->kind, ConflictKind::kAppTransaction);
  winner.actions.pop_back();
  EXPECT_EQ(FindConflict(ours, winner)->kind, ConflictKind::kAppendedFiles);
  winner.actions.pop_back();
  EXPECT_EQ(FindConflict(ours, winner)->kind, ConflictKind::kDeleteRead);
}

// Pitfall 33: a commit of an unknown writer without the flag is not taken for blind.
TEST(ConflictCheckTest, OnlyACommitThatSaysSoIsABlindAppend) {
  const CommitIntent ours = {.read_whole_table = true};
  EXPECT_EQ(FindConflict(ours, {7, {FileNamed("new")}})->kind, ConflictKind::kAppendedFiles);
  EXPECT_EQ(FindConflict(ours, {7, {CommitInfo(), FileNamed("new")}})->kind,
            ConflictKind::kAppendedFiles);
}

TEST(ConflictCheckTest, PartitionsMatchByEveryNamedColumn) {
  const PartitionValues values = {{"a", "1"}, {"b", std::nullopt}};
  EXPECT_TRUE(MatchesPartition(values, {}));
  EXPECT_TRUE(MatchesPartition(values, {{"a", "1"}}));
  EXPECT_TRUE(MatchesPartition(values, {{"a", "1"}, {"b", std::nullopt}}));
  EXPECT_FALSE(MatchesPartition(values, {{"a", "2"}}));
  EXPECT_FALSE(MatchesPartition(values, {{"b", "1"}}));
  EXPECT_FALSE(MatchesPartition(values, {{"c", "1"}}));
}

TEST(ConflictCheckTest, ErrorsCarryConditionVersionAndCause) {
  const Error error = ConflictError({ConflictKind::kDeleteRead, 12, "it removed x, which we read"});
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_EQ(error.condition(), "DELTA_CONCURRENT_DELETE_READ");
  EXPECT_THAT(error.message(), ::testing::HasSubstr("version 12: it removed x"));
}

TEST(ConflictCheckTest, CommitsThatOnlyRearrangeRunAtSnapshotIsolation) {
  using enum IsolationLevel;
  EXPECT_EQ(EffectiveIsolation(kSerializable, false, false), kSnapshot);
  EXPECT_EQ(EffectiveIsolation(kSerializable, false, true), kSerializable);
  EXPECT_EQ(EffectiveIsolation(kWriteSerializable, true, false), kWriteSerializable);
}

}  // namespace
}  // namespace medallion::delta
