#include "table_follower.h"

#include "base/testing.h"
#include "storage/memory_store.h"

namespace medallion::serve {
namespace {

using medallion::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

// These tests look at versions alone.
class NoEngine final : public Engine {
 public:
  std::string name() const override { return "none"; }
  Status Check(const sql::BoundQuery&) override { return Refused(); }
  Result<WriteOutcome> Write(const WriteRequest&) override { return Refused(); }
  Result<std::unique_ptr<ResultRows>> Query(const sql::BoundQuery&, const BoundInputs&,
                                            const QueryContext&) override {
    return Refused();
  }

 private:
  static Error Refused() { return Error(ErrorCode::kUnsupported, "no engine"); }
};

class TableFollowerTest : public ::testing::Test {
 protected:
  TableFollowerTest() { EXPECT_THAT(catalog_.CheckFormat(), IsOk()); }

  void Commit() {
    const auto known = gold_.Exists().value() ? *gold_.Latest() : nullptr;
    delta::Transaction transaction = gold_.Begin(known, {.operation = "CREATE TABLE"});
    delta::Metadata metadata;
    metadata.id = "00000000-0000-4000-8000-000000000000";
    metadata.schema = Schema({Field{"id", DataType::Long()}});
    ASSERT_THAT(transaction.SetMetadata(metadata), IsOk());
    ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  }
  std::optional<int64_t> Shown() const { return tables_.current()->VersionOf("retail.dlt.gold"); }
  std::string Told() {
    return stream_->Take([] {});
  }

  ManualClock clock_{0};
  Random random_{1};
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>(clock_);
  Catalog catalog_{store_, delta::TableEnvironment{
                               .checkpoints = nullptr, .clock = &clock_, .random = &random_}};
  const delta::Table gold_ = catalog_.Table({"retail", "dlt", "gold"});
  NoEngine engine_;
  StoredTables tables_{catalog_, engine_, clock_, {}};
  EventHub hub_{"e"};
  std::shared_ptr<EventSubscription> stream_ = hub_.Subscribe("");
  std::vector<std::optional<int64_t>> prepared_;  // versions of what was made ready
  std::vector<std::optional<int64_t>> shown_meanwhile_;
  TableFollower follower_{tables_,
                          [this](const query::StorageViewPtr& view, const auto& may_go_on) {
                            EXPECT_TRUE(may_go_on());
                            prepared_.push_back(view->VersionOf("retail.dlt.gold"));
                            shown_meanwhile_.push_back(Shown());
                            clock_.Advance(std::chrono::seconds(2));
                            EXPECT_FALSE(may_go_on()) << "new rows must not be held back longer";
                          },
                          hub_, clock_};
};

TEST_F(TableFollowerTest, ANewVersionIsMadeReadyThenShownThenTold) {
  Commit();
  EXPECT_TRUE(follower_.Refresh());
  Commit();
  EXPECT_TRUE(follower_.Refresh());
  EXPECT_THAT(prepared_, ::testing::ElementsAre(0, 1));
  EXPECT_THAT(shown_meanwhile_, ::testing::ElementsAre(std::nullopt, 0));
  EXPECT_EQ(Shown(), 1);
  EXPECT_THAT(Told(), HasSubstr(R"({"tables":[{"name":"retail.dlt.gold","version":1}]})"));
}

TEST_F(TableFollowerTest, NothingIsMadeOrToldWhileNothingChanges) {
  Commit();
  follower_.Refresh();
  Told();
  EXPECT_FALSE(follower_.Refresh());
  EXPECT_EQ(prepared_.size(), 1U);
  EXPECT_EQ(Told(), "");
}

TEST_F(TableFollowerTest, AStorageThatComesBackLetsBrowsersLoadEverythingAgain) {
  Commit();
  follower_.Refresh();
  Told();
  const std::string format = *store_->Get("system/format.json");
  ASSERT_THAT(store_->Delete("system/format.json"), IsOk());
  EXPECT_FALSE(follower_.Refresh());
  EXPECT_FALSE(tables_.CheckStorage());
  EXPECT_EQ(Shown(), 0) << "what was shown stays";
  EXPECT_THAT(Told(), Not(HasSubstr("reset")));
  ASSERT_THAT(store_->Put("system/format.json", format, PutMode::kOverwrite), IsOk());
  EXPECT_FALSE(follower_.Refresh());
  EXPECT_THAT(tables_.CheckStorage(), IsOk());
  EXPECT_THAT(Told(), HasSubstr("event: reset"));
}

}  // namespace
}  // namespace medallion::serve
