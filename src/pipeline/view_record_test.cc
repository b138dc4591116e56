#include "pipeline/view_record.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::pipeline {
namespace {

const std::map<std::string, std::string> kNames = {{"id-1", "silver"}};

ViewRecord Built() {
  ViewRecord record;
  record.definition = 7;
  record.update_date = 20'000;
  record.tables = {{"id-1", 3}};
  record.files = {{"aa", 5}};
  return record;
}

std::string Decide(const std::optional<ViewRecord>& last, const ViewRecord& now,
                   bool deterministic = true) {
  const SkipDecision decision = DecideSkip(last, now, deterministic, kNames);
  return (decision.skip ? "skip: " : "run: ") + decision.reason;
}

TEST(DecideSkip, SkipsWhileNothingChanged) {
  EXPECT_EQ(Decide(Built(), Built()), "skip: no input changed");
}

TEST(DecideSkip, RunsWhatWasNeverBuilt) {
  EXPECT_EQ(Decide(std::nullopt, Built()), "run: never built");
}

TEST(DecideSkip, RunsWhenAnInputMoved) {
  ViewRecord now = Built();
  now.tables["id-1"] = 4;
  EXPECT_EQ(Decide(Built(), now), "run: silver moved from version 3 to 4");
}

TEST(DecideSkip, RunsWhenAnInputWasRestoredToAnOlderVersion) {
  ViewRecord now = Built();
  now.tables["id-1"] = 2;
  EXPECT_EQ(Decide(Built(), now), "run: silver moved from version 3 to 2");
}

TEST(DecideSkip, RunsWhenAnInputWasDroppedAndMadeAgain) {
  ViewRecord last = Built();
  last.tables = {{"id-0", 3}};
  EXPECT_EQ(Decide(last, Built()), "run: silver was created anew");
}

TEST(DecideSkip, IgnoresInputsThatAreNoLongerRead) {
  ViewRecord last = Built();
  last.tables["id-9"] = 1;
  last.files["bb"] = 1;
  EXPECT_EQ(Decide(last, Built()), "skip: no input changed");
}

TEST(DecideSkip, RunsWhenDefinitionDateOrFilesChanged) {
  ViewRecord now = Built();
  now.definition = 8;
  EXPECT_EQ(Decide(Built(), now), "run: its definition or a parameter changed");
  now = Built();
  now.update_date = 20'001;
  EXPECT_EQ(Decide(Built(), now), "run: the date is 2024-10-05 now");
  now = Built();
  now.files["aa"] = 6;
  EXPECT_EQ(Decide(Built(), now), "run: its input files changed");
}

// A view that does not read current_date() has no date in `now`.
TEST(DecideSkip, IgnoresTheDateOfViewsThatDoNotReadIt) {
  ViewRecord now = Built();
  now.update_date.reset();
  EXPECT_EQ(Decide(Built(), now), "skip: no input changed");
}

TEST(DecideSkip, NeverSkipsWhatIsNotDeterministic) {
  EXPECT_EQ(Decide(Built(), Built(), false), "run: the query is not deterministic");
}

TEST(ViewRecord, ComesBackFromTheTransactionsOfTheLog) {
  delta::Snapshot::State state;
  for (const delta::Txn& transaction : ToTransactions(Built(), 1'700'000'000'000)) {
    EXPECT_EQ(transaction.last_updated_ms, 1'700'000'000'000);
    state.transactions[transaction.app_id] = transaction;
  }
  state.transactions["another application"] = {"another application", 9, std::nullopt};
  EXPECT_EQ(ReadViewRecord(delta::Snapshot(state)), Built());
}

TEST(ViewRecord, IsAbsentFromTablesThatNoUpdateBuilt) {
  EXPECT_EQ(ReadViewRecord(delta::Snapshot({})), std::nullopt);
}

}  // namespace
}  // namespace medallion::pipeline
