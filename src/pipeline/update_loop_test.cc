#include "update_loop.h"

#include <filesystem>
#include <fstream>

#include "base/testing.h"
#include "ingest/file_contents.h"
#include "storage/faulty_store.h"
#include "testing/small_pipeline.h"

namespace medallion::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::SmallPipeline;
using Rows = std::vector<std::string>;

class UpdateLoopTest : public ::testing::Test {
 protected:
  static std::string LandingFolder() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    return ::testing::TempDir() + "medallion_update_loop_" + test->name();
  }

  SmallPipeline::Run Update() { return pipeline_.Update(store_); }
  Rows RowsOf(size_t dataset) { return pipeline_.Rows(store_, dataset); }
  Rows QuarantineOf(size_t dataset) { return pipeline_.QuarantineRows(store_, dataset); }

  std::vector<int64_t> Versions() {
    return {pipeline_.Version(store_, SmallPipeline::kBronze),
            pipeline_.Version(store_, SmallPipeline::kSilver),
            pipeline_.Version(store_, SmallPipeline::kGold)};
  }

  SmallPipeline pipeline_{LandingFolder()};
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>();
};

TEST_F(UpdateLoopTest, RowsFlowThroughAllLayers) {
  pipeline_.Land("a.csv", {"one", "two", "bad apple"});
  const auto run = Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"bad apple", "one", "two"}));
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"one", "two"}));
  EXPECT_EQ(QuarantineOf(SmallPipeline::kSilver), (Rows{"bad apple"}));
  EXPECT_EQ(RowsOf(SmallPipeline::kGold), (Rows{"2"}));
  EXPECT_EQ(run.flows[SmallPipeline::kSilver].rows_read, 3);
  EXPECT_EQ(run.flows[SmallPipeline::kSilver].rows_dropped, 1);
  ASSERT_EQ(run.flows[SmallPipeline::kSilver].rules.size(), 1U);
  EXPECT_EQ(run.flows[SmallPipeline::kSilver].rules[0].failed, 1);
  EXPECT_EQ(run.flows[SmallPipeline::kSilver].rules[0].passed, 2);
}

TEST_F(UpdateLoopTest, NothingNewCommitsAndEvaluatesNothing) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  const std::vector<int64_t> before = Versions();
  const auto run = Update();
  EXPECT_EQ(Versions(), before);
  EXPECT_EQ(run.evaluations, 0);
  EXPECT_EQ(run.flows[SmallPipeline::kGold].outcome, FlowOutcome::kSkipped);
}

TEST_F(UpdateLoopTest, NewFileAloneIsRead) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  pipeline_.Land("b.csv", {"two"});
  const auto run = Update();
  EXPECT_EQ(run.flows[SmallPipeline::kBronze].input_files, 1);
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"one", "two"}));
  EXPECT_EQ(RowsOf(SmallPipeline::kGold), (Rows{"2"}));
}

// Inspection hands a file's bytes on to the evaluation.
TEST_F(UpdateLoopTest, NewFileIsReadFromDiskOnce) {
  const auto contents = std::make_shared<ingest::FileContents>();
  pipeline_.flow(SmallPipeline::kBronze).files[0].contents = contents;
  pipeline_.Land("a.csv", std::vector<std::string>(50'000, "apple"));
  Update();
  EXPECT_EQ(contents->bytes_fetched(), std::filesystem::file_size(LandingFolder() + "/a.csv"));
  EXPECT_EQ(contents->bytes_held(), 0U);
  Update();
  EXPECT_EQ(contents->bytes_fetched(), std::filesystem::file_size(LandingFolder() + "/a.csv"));
}

TEST_F(UpdateLoopTest, SmallBatchesGiveTheSameTables) {
  pipeline_.files_per_batch = 1;
  for (int i = 0; i < 25; ++i) {
    pipeline_.Land("f" + std::to_string(i) + ".csv",
                   {std::to_string(i), "bad" + std::to_string(i)});
  }
  const auto run = Update();
  EXPECT_EQ(run.flows[SmallPipeline::kBronze].batches, 25);
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze).size(), 50U);
  EXPECT_EQ(QuarantineOf(SmallPipeline::kSilver).size(), 25U);
  EXPECT_EQ(RowsOf(SmallPipeline::kGold), (Rows{"25"}));
  EXPECT_EQ(Update().evaluations, 0);
}

TEST_F(UpdateLoopTest, EmptySourceMakesEmptyTables) {
  const auto run = Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), Rows{});
  EXPECT_EQ(RowsOf(SmallPipeline::kGold), (Rows{"0"}));
  EXPECT_EQ(run.flows[SmallPipeline::kBronze].outcome, FlowOutcome::kCompleted);
  const std::vector<int64_t> before = Versions();
  Update();
  EXPECT_EQ(Versions(), before);
}

TEST_F(UpdateLoopTest, FullRefreshReadsEverythingAgainOnce) {
  pipeline_.Land("a.csv", {"one", "bad apple"});
  Update();
  pipeline_.Land("b.csv", {"two"});
  pipeline_.full_refresh = {SmallPipeline::kBronze, SmallPipeline::kSilver, SmallPipeline::kGold};
  Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"bad apple", "one", "two"}));
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"one", "two"}));
  EXPECT_EQ(QuarantineOf(SmallPipeline::kSilver), (Rows{"bad apple"}));
  pipeline_.full_refresh.clear();
  EXPECT_EQ(Update().evaluations, 0);
}

TEST_F(UpdateLoopTest, FullRefreshOfAnEmptiedSourceEmptiesTableAndQuarantine) {
  pipeline_.Land("a.csv", {"one", "bad apple"});
  Update();
  std::filesystem::remove(LandingFolder() + "/a.csv");
  pipeline_.full_refresh = {SmallPipeline::kBronze, SmallPipeline::kSilver};
  Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), Rows{});
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), Rows{});
  EXPECT_EQ(QuarantineOf(SmallPipeline::kSilver), Rows{});
  EXPECT_EQ(RowsOf(SmallPipeline::kGold), (Rows{"0"}));
}

TEST_F(UpdateLoopTest, RefreshingTheSourceInFullStopsItsStreamingReaderWithAdvice) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  pipeline_.full_refresh = {SmallPipeline::kBronze};
  const auto run = Update();
  const FlowResult& silver = run.flows[SmallPipeline::kSilver];
  ASSERT_EQ(silver.outcome, FlowOutcome::kFailed);
  EXPECT_EQ(silver.error->condition(), "DELTA_SOURCE_TABLE_IGNORE_CHANGES");
  EXPECT_THAT(silver.error->message(), HasSubstr("materialized view"));
  EXPECT_EQ(run.flows[SmallPipeline::kGold].outcome, FlowOutcome::kUpstreamFailed);
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"one"}));
}

TEST_F(UpdateLoopTest, FailUpdateLeavesTheTableAndIsTriedAgain) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  pipeline_.dataset(SmallPipeline::kSilver).expectations[0].action =
      sql::ViolationAction::kFailUpdate;
  pipeline_.Land("b.csv", {"bad apple"});
  const auto failed = Update();
  EXPECT_EQ(failed.flows[SmallPipeline::kBronze].outcome, FlowOutcome::kCompleted);
  EXPECT_EQ(failed.flows[SmallPipeline::kSilver].outcome, FlowOutcome::kFailed);
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"one"}));
  pipeline_.dataset(SmallPipeline::kSilver).expectations[0].action = sql::ViolationAction::kWarn;
  Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"bad apple", "one"}));
}

TEST_F(UpdateLoopTest, FailedFullRefreshLeavesTheTableWhole) {
  pipeline_.Land("a.csv", {"one", "bad apple"});
  Update();
  pipeline_.dataset(SmallPipeline::kSilver).expectations[0].action =
      sql::ViolationAction::kFailUpdate;
  pipeline_.full_refresh = {SmallPipeline::kSilver};
  EXPECT_EQ(Update().flows[SmallPipeline::kSilver].outcome, FlowOutcome::kFailed);
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"one"}));
  pipeline_.full_refresh.clear();
  pipeline_.dataset(SmallPipeline::kSilver).expectations[0].action = sql::ViolationAction::kWarn;
  Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver), (Rows{"bad apple", "one"}));
}

TEST_F(UpdateLoopTest, NewColumnIsAddedInOneStep) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  pipeline_.dataset(SmallPipeline::kBronze).schema.Append({"extra", DataType::Long()});
  Update();
  const auto snapshot = pipeline_.OpenCatalog(store_).Table({"c", "s", "bronze"}).Latest();
  ASSERT_THAT(snapshot, medallion::testing::IsOk());
  EXPECT_EQ((*snapshot)->schema().ToDdl(), "value STRING, extra BIGINT");
  const std::vector<int64_t> before = Versions();
  Update();
  EXPECT_EQ(Versions(), before);
}

TEST_F(UpdateLoopTest, FileThatCannotBeReadIsSetAsideAndTriedAgainWhenItChanges) {
  pipeline_.Land("a.csv", {"one"});
  const std::string broken = LandingFolder() + "/b.csv.gz";
  std::ofstream(broken) << "not gzip at all";
  std::filesystem::last_write_time(broken,
                                   std::filesystem::last_write_time(LandingFolder() + "/a.csv"));
  const auto first = Update();
  EXPECT_EQ(first.flows[SmallPipeline::kBronze].files_set_aside, 1);
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"one"}));
  EXPECT_EQ(Update().flows[SmallPipeline::kBronze].files_set_aside, 0);
  std::filesystem::remove(broken);
  pipeline_.Land("b.csv", {"two"});
  Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"one", "two"}));
}

TEST_F(UpdateLoopTest, LostCheckpointIsRefusedWithAdvice) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  for (const std::string& path : store_->Paths()) {
    if (path.starts_with("_checkpoints/c/s/bronze/")) {
      ASSERT_THAT(store_->Delete(path), medallion::testing::IsOk());
    }
  }
  const auto run = Update();
  ASSERT_EQ(run.flows[SmallPipeline::kBronze].outcome, FlowOutcome::kFailed);
  EXPECT_THAT(run.flows[SmallPipeline::kBronze].error->message(),
              HasSubstr("--full-refresh c.s.bronze"));
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"one"}));
}

TEST_F(UpdateLoopTest, EveryLostCheckpointObjectIsNoticedOrHarmless) {
  pipeline_.files_per_batch = 1;
  for (int i = 0; i < 4; ++i) {
    pipeline_.Land("f" + std::to_string(i) + ".csv", {std::to_string(i)});
  }
  Update();
  for (const std::string& path : store_->Paths()) {
    if (!path.starts_with("_checkpoints/")) {
      continue;
    }
    auto copy = std::make_shared<MemoryStore>();
    for (const std::string& other : store_->Paths()) {
      if (other != path) {
        ASSERT_THAT(copy->Put(other, *store_->Get(other), PutMode::kCreate),
                    medallion::testing::IsOk());
      }
    }
    pipeline_.Update(copy);
    EXPECT_EQ(pipeline_.Rows(copy, SmallPipeline::kBronze), (Rows{"0", "1", "2", "3"}))
        << "without " << path;
    EXPECT_EQ(pipeline_.Rows(copy, SmallPipeline::kSilver), (Rows{"0", "1", "2", "3"}))
        << "without " << path;
  }
}

TEST_F(UpdateLoopTest, LostTableIsRefusedWithAdvice) {
  pipeline_.Land("a.csv", {"one"});
  Update();
  for (const std::string& path : store_->Paths()) {
    if (path.starts_with("tables/c/s/bronze/")) {
      ASSERT_THAT(store_->Delete(path), medallion::testing::IsOk());
    }
  }
  const auto run = Update();
  EXPECT_EQ(run.flows[SmallPipeline::kBronze].outcome, FlowOutcome::kFailed);
  EXPECT_EQ(RowsOf(SmallPipeline::kBronze), (Rows{"no table"}));
}

TEST_F(UpdateLoopTest, StoppedUpdateRunsNothingMore) {
  pipeline_.Land("a.csv", {"one"});
  CancellationToken stop;
  stop.Cancel();
  pipeline_.cancellation = &stop;
  const auto run = Update();
  EXPECT_EQ(run.flows[SmallPipeline::kBronze].outcome, FlowOutcome::kCanceled);
  EXPECT_EQ(run.flows[SmallPipeline::kGold].outcome, FlowOutcome::kUpstreamFailed);
  EXPECT_EQ(run.evaluations, 0);
}

TEST_F(UpdateLoopTest, ThreadsDoNotChangeTheTables) {
  pipeline_.threads = 4;
  pipeline_.files_per_batch = 2;
  for (int i = 0; i < 9; ++i) {
    pipeline_.Land("f" + std::to_string(i) + ".csv", {std::to_string(i), "bad"});
  }
  Update();
  EXPECT_EQ(RowsOf(SmallPipeline::kSilver).size(), 9U);
  EXPECT_EQ(RowsOf(SmallPipeline::kGold), (Rows{"9"}));
}

// --- Crashes
// ----------------------------------------------------------------------------------------

// Ids of the events that tell batches, as often as they were told.
std::multiset<std::string> BatchEvents(const std::vector<Event>& events) {
  std::multiset<std::string> ids;
  for (const Event& event : events) {
    const auto* progress = std::get_if<FlowProgress>(&event.details);
    if (progress != nullptr && progress->metrics) {
      ids.insert(event.id);
    }
  }
  return ids;
}

int64_t DroppedIn(const std::vector<Event>& events) {
  int64_t dropped = 0;
  for (const Event& event : events) {
    const auto* progress = std::get_if<FlowProgress>(&event.details);
    if (progress != nullptr && progress->data_quality) {
      dropped += progress->data_quality->dropped_records;
    }
  }
  return dropped;
}

DeadUpdates DeadAfter(const std::vector<Event>& events) {
  DeadUpdates dead;
  dead["update-none"];
  for (const Event& event : events) {
    dead[event.origin.update_id].insert(event.id);
  }
  return dead;
}

class UpdateCrashTest : public UpdateLoopTest, public ::testing::WithParamInterface<Fault> {
 protected:
  // Two files in two batches, then the process dies at call n; then a whole update. Says whether
  // the first one met the fault.
  bool SurvivesFaultAt(size_t n) {
    auto inner = std::make_shared<MemoryStore>();
    SmallPipeline pipeline(LandingFolder());
    pipeline.files_per_batch = 1;
    pipeline.Land("a.csv", {"one", "bad apple"});
    pipeline.Update(inner);
    pipeline.Land("b.csv", {"two", "bad pear"});
    pipeline.Land("c.csv", {"three"});
    auto faulty = std::make_shared<FaultyStore>(inner, FaultyStore::FailNth(n, GetParam()));
    const auto broken = pipeline.Update(faulty);
    const auto healed = pipeline.Update(inner, DeadAfter(broken.events));
    Check(pipeline, inner, broken, healed);
    return faulty->calls().size() > n;
  }

  // As SurvivesFaultAt for a full refresh of all tables, which the update after it finishes.
  bool RefreshSurvivesFaultAt(size_t n) {
    auto inner = std::make_shared<MemoryStore>();
    SmallPipeline pipeline(LandingFolder());
    pipeline.files_per_batch = 1;
    pipeline.Land("a.csv", {"one", "bad apple"});
    pipeline.Update(inner);
    pipeline.Land("b.csv", {"two"});
    pipeline.full_refresh = {SmallPipeline::kBronze, SmallPipeline::kSilver, SmallPipeline::kGold};
    auto faulty = std::make_shared<FaultyStore>(inner, FaultyStore::FailNth(n, GetParam()));
    const auto broken = pipeline.Update(faulty);
    pipeline.full_refresh.clear();
    const auto healed = pipeline.Update(inner, DeadAfter(broken.events));
    CheckNoErrors(healed);
    EXPECT_EQ(pipeline.Rows(inner, SmallPipeline::kBronze), (Rows{"bad apple", "one", "two"}));
    EXPECT_EQ(pipeline.Rows(inner, SmallPipeline::kSilver), (Rows{"one", "two"}));
    EXPECT_EQ(pipeline.QuarantineRows(inner, SmallPipeline::kSilver), (Rows{"bad apple"}));
    EXPECT_EQ(pipeline.Rows(inner, SmallPipeline::kGold), (Rows{"2"}));
    return faulty->calls().size() > n;
  }

  template <class Survives>
  static void ForEveryCall(const Survives& survives) {
    size_t n = 0;
    while (survives(n) && !HasFailure()) {
      ++n;
    }
    EXPECT_FALSE(HasFailure()) << "at call " << n;
    EXPECT_GT(n, 60U);
  }

  static void CheckNoErrors(const SmallPipeline::Run& run) {
    for (const FlowResult& flow : run.flows) {
      EXPECT_FALSE(flow.error) << flow.name << ": " << (flow.error ? flow.error->message() : "");
    }
  }

  static void Check(SmallPipeline& pipeline, const std::shared_ptr<MemoryStore>& store,
                    const SmallPipeline::Run& broken, const SmallPipeline::Run& healed) {
    CheckNoErrors(healed);
    EXPECT_EQ(pipeline.Rows(store, SmallPipeline::kBronze),
              (Rows{"bad apple", "bad pear", "one", "three", "two"}));
    EXPECT_EQ(pipeline.Rows(store, SmallPipeline::kSilver), (Rows{"one", "three", "two"}));
    EXPECT_EQ(pipeline.QuarantineRows(store, SmallPipeline::kSilver),
              (Rows{"bad apple", "bad pear"}));
    EXPECT_EQ(pipeline.Rows(store, SmallPipeline::kGold), (Rows{"3"}));
    std::multiset<std::string> told = BatchEvents(broken.events);
    told.merge(BatchEvents(healed.events));
    EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), told.size())
        << "a batch was told twice";
    EXPECT_EQ(DroppedIn(broken.events) + DroppedIn(healed.events), 1);
  }
};

TEST_P(UpdateCrashTest, EveryRowIsThereOnceWhereverItHappens) {
  ForEveryCall([this](size_t n) { return SurvivesFaultAt(n); });
}

TEST_P(UpdateCrashTest, AFullRefreshIsFinishedByTheNextUpdateWhereverItWasCutOff) {
  ForEveryCall([this](size_t n) { return RefreshSurvivesFaultAt(n); });
}

INSTANTIATE_TEST_SUITE_P(Faults, UpdateCrashTest,
                         ::testing::Values(Fault::kCrashBefore, Fault::kCrashAfter, Fault::kFail,
                                           Fault::kLoseAnswer, Fault::kLoseRequest),
                         [](const auto& fault) {
                           switch (fault.param) {
                             case Fault::kCrashBefore: return "CrashBefore";
                             case Fault::kCrashAfter: return "CrashAfter";
                             case Fault::kFail: return "Fail";
                             case Fault::kLoseAnswer: return "LoseAnswer";
                             default: return "LoseRequest";
                           }
                         });

}  // namespace
}  // namespace medallion::pipeline
