#include "pipeline/update.h"

#include <filesystem>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "base/testing.h"
#include "pipeline/update_lock.h"
#include "snapshot_pool.h"
#include "storage/faulty_store.h"
#include "storage/memory_store.h"
#include "testing/text_engine.h"

namespace medallion::pipeline {
namespace {

namespace fs = std::filesystem;
using medallion::testing::IsError;
using medallion::testing::IsOk;
using nlohmann::json;

constexpr const char* kSpec = R"(name: shop
catalog: c
database: s
storage: unused
libraries:
  - glob:
      include: sales.sql
configuration:
  source: landing
)";

constexpr const char* kSql = R"(
CREATE OR REFRESH STREAMING TABLE sales AS
  SELECT item FROM STREAM read_files('${source}', format => 'csv', header => true);
CREATE OR REFRESH MATERIALIZED VIEW items AS SELECT item FROM sales;
)";

class CollectingSink final : public EventSink {
 public:
  void OnEvent(const Event& event) override { events.push_back(event); }
  std::vector<Event> events;
};

// A project of two datasets on disk, a storage in memory, the text engine: of the event log it
// keeps the first column, the ids.
class UpdateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ("medallion_update_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "landing");
    WriteFile("spark-pipeline.yml", kSpec);
    WriteFile("sales.sql", kSql);
    Land("a.csv", "item\nhat\ncoat\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void WriteFile(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }

  void Land(const std::string& name, const std::string& text) {
    WriteFile("landing/" + name, text);
    fs::last_write_time(folder_ / "landing" / name,
                        fs::file_time_type::clock::now() - std::chrono::hours(24));
  }

  Result<UpdateResult> Run(const std::shared_ptr<ObjectStore>& root) {
    ASSIGN_OR_RETURN(const Project project, LoadProject((folder_ / "spark-pipeline.yml").string()));
    Catalog catalog(root, {nullptr, &SystemClock(), &random_});
    testing::TextEngine engine(random_);
    UpdateOptions options;
    options.state_folder = StateFolder();
    options.concurrent_datasets = 1;
    const UpdateEnvironment environment{.catalog = catalog,
                                        .engine = engine,
                                        .clock = SystemClock(),
                                        .random = random_,
                                        .cancellation = cancellation_,
                                        .sinks = {&sink_}};
    return RunUpdate(project, options, environment);
  }

  std::string StateFolder() const { return (folder_ / "state").string(); }

  std::vector<std::string> SystemRows(const std::string& name) {
    const delta::Table table = Catalog(store_, {nullptr, &SystemClock(), &random_}).System(name);
    const auto snapshot = LatestOrNull(table);
    return snapshot && *snapshot ? testing::ReadTextTable(*table.store(), **snapshot)
                                 : std::vector<std::string>{};
  }

  // Ids of the events in every journal.
  std::multiset<std::string> JournalIds() const {
    std::multiset<std::string> ids;
    for (const auto& entry : fs::directory_iterator(folder_ / "state" / "journal")) {
      std::ifstream lines(entry.path());
      for (std::string line; std::getline(lines, line);) {
        const json event = json::parse(line, nullptr, false);
        if (event.is_object() && event.contains("id")) {
          ids.insert(event.at("id").get<std::string>());
        }
      }
    }
    return ids;
  }

  fs::path folder_;
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>();
  Random random_{3};
  CancellationToken cancellation_;
  CollectingSink sink_;
};

TEST_F(UpdateTest, RunsTheProjectAndTellsIt) {
  const auto result = Run(store_);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->state, UpdateState::kCompleted);
  EXPECT_EQ(result->flows.at(0).rows_written, 2);
  EXPECT_EQ(result->flows.at(1).rows_written, 2);
  EXPECT_TRUE(result->warnings.empty());
  ASSERT_FALSE(sink_.events.empty());
  EXPECT_EQ(std::get<UserAction>(sink_.events.front().details).action, "START");
  EXPECT_EQ(std::get<UpdateProgress>(sink_.events.back().details).state, UpdateState::kCompleted);
}

TEST_F(UpdateTest, EventLogHoldsEveryEventOnce) {
  ASSERT_THAT(Run(store_), IsOk());
  std::vector<std::string> told;
  for (const Event& event : sink_.events) {
    told.push_back(event.id);
  }
  std::sort(told.begin(), told.end());
  EXPECT_EQ(SystemRows("event_log"), told);
}

TEST_F(UpdateTest, LineageIsWrittenByUpdatesThatWroteSomething) {
  ASSERT_THAT(Run(store_), IsOk());
  EXPECT_EQ(SystemRows("table_lineage"), (std::vector<std::string>{"PATH", "STREAMING_TABLE"}));
  ASSERT_THAT(Run(store_), IsOk());
  EXPECT_EQ(SystemRows("table_lineage").size(), 2U);
}

TEST_F(UpdateTest, SecondProcessIsToldWhoRuns) {
  const auto lock =
      UpdateLock::Acquire(StateFolder() + "/locks", "shop", "update-of-another", SystemClock());
  ASSERT_THAT(lock, IsOk());
  EXPECT_THAT(Run(store_), IsError(ErrorCode::kPreconditionFailed, "update-of-another"));
  EXPECT_TRUE(store_->Paths().empty());
}

TEST_F(UpdateTest, MistakeInTheProjectIsToldAndChangesNoTable) {
  WriteFile("sales.sql", "CREATE OR REFRESH MATERIALIZED VIEW items AS SELECT item FROM nowhere;");
  EXPECT_THAT(Run(store_), IsError(ErrorCode::kSpecification, "nowhere"));
  const Event& last = sink_.events.back();
  EXPECT_EQ(std::get<UpdateProgress>(last.details).state, UpdateState::kFailed);
  ASSERT_TRUE(last.error);
  EXPECT_EQ(last.error->exceptions.at(0).class_name, "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(SystemRows("event_log").size(), sink_.events.size());
  for (const std::string& path : store_->Paths()) {
    EXPECT_FALSE(path.starts_with("tables/")) << path;
  }
}

TEST_F(UpdateTest, StoppedUpdateSaysSo) {
  cancellation_.Cancel();
  const auto result = Run(store_);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->state, UpdateState::kCanceled);
  EXPECT_EQ(SystemRows("event_log").size(), sink_.events.size());
}

// Whatever dies, the event log ends up with every event of every journal, once.
TEST_F(UpdateTest, EventLogIsCompletedAfterACrashAtAnyCall) {
  for (size_t n = 0;; ++n) {
    store_ = std::make_shared<MemoryStore>();
    fs::remove_all(folder_ / "state");
    auto faulty =
        std::make_shared<FaultyStore>(store_, FaultyStore::FailNth(n, Fault::kCrashAfter));
    [[maybe_unused]] const auto crashed = Run(faulty);
    const bool met = faulty->calls().size() > n;
    const auto healed = Run(store_);
    ASSERT_THAT(healed, IsOk()) << "call " << n;
    EXPECT_EQ(healed->state, UpdateState::kCompleted);
    const std::multiset<std::string> journals = JournalIds();
    EXPECT_EQ(SystemRows("event_log"), std::vector<std::string>(journals.begin(), journals.end()))
        << "call " << n;
    EXPECT_EQ(std::set<std::string>(journals.begin(), journals.end()).size(), journals.size());
    if (!met || HasFailure()) {
      EXPECT_GT(n, 40U);
      break;
    }
  }
}

}  // namespace
}  // namespace medallion::pipeline
