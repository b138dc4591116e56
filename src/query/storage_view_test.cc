#include "query/storage_view.h"

#include "base/testing.h"
#include "query/storage_resolver.h"
#include "storage/memory_store.h"

namespace medallion::query {
namespace {

using medallion::testing::IsOk;

class StorageViewTest : public ::testing::Test {
 protected:
  static void Commit(const delta::Table& table, const delta::SnapshotPtr& known) {
    delta::Transaction transaction = table.Begin(known, {.operation = "CREATE TABLE"});
    delta::Metadata metadata;
    metadata.id = "00000000-0000-4000-8000-000000000000";
    metadata.schema = Schema({Field{"id", DataType::Long()}});
    ASSERT_THAT(transaction.SetMetadata(metadata), IsOk());
    ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  }
  StorageViewPtr Look(const StorageViewPtr& before = nullptr) const {
    return *StorageView::Look(catalog_, before.get());
  }

  ManualClock clock_{0};
  Random random_{1};
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>(clock_);
  Catalog catalog_{store_, delta::TableEnvironment{
                               .checkpoints = nullptr, .clock = &clock_, .random = &random_}};
  const delta::Table gold_ = catalog_.Table({"retail", "dlt", "gold"});
};

TEST_F(StorageViewTest, ListsTablesAndThenWhatBelongsToThem) {
  Commit(gold_, nullptr);
  Commit(catalog_.Quarantine({"retail", "dlt", "gold"}), nullptr);
  Commit(catalog_.System("event_log"), nullptr);
  const StorageViewPtr view = Look();
  std::vector<std::string> names;
  for (const StorageView::Table& table : view->tables()) {
    names.push_back(table.name.ToString());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("retail.dlt.gold", "quarantine.retail.dlt.gold",
                                            "system.event_log"));
}

TEST_F(StorageViewTest, StaysAsItWasWhenTheTableGrows) {
  Commit(gold_, nullptr);
  const StorageViewPtr before = Look();
  Commit(gold_, *gold_.Latest());
  EXPECT_EQ(before->VersionOf("retail.dlt.gold"), 0);
  EXPECT_EQ(Look(before)->VersionOf("retail.dlt.gold"), 1);
  StorageResolver resolver(catalog_, "", "", before);
  const auto entry = resolver.Find({{"gold"}});
  ASSERT_THAT(entry, IsOk());
  EXPECT_EQ((*resolver.Latest(*entry))->version(), 0);
}

TEST_F(StorageViewTest, ATableThatIsNotThereHasNoVersion) {
  EXPECT_EQ(Look()->Find("retail.dlt.gold"), nullptr);
  EXPECT_EQ(Look()->VersionOf("retail.dlt.gold"), std::nullopt);
  StorageResolver resolver(catalog_, "", "", Look());
  Commit(gold_, nullptr);
  EXPECT_FALSE(resolver.Find({{"gold"}}));
}

TEST_F(StorageViewTest, ADamagedTableIsListedWithItsError) {
  Commit(gold_, nullptr);
  const StorageViewPtr before = Look();
  ASSERT_THAT(store_->Put("tables/retail/dlt/gold/_delta_log/00000000000000000001.json",
                          "not a commit", PutMode::kCreate),
              IsOk());
  const StorageViewPtr view = Look(before);
  ASSERT_NE(view->Find("retail.dlt.gold"), nullptr);
  EXPECT_FALSE(view->Find("retail.dlt.gold")->snapshot);
  EXPECT_EQ(view->VersionOf("retail.dlt.gold"), std::nullopt);
}

}  // namespace
}  // namespace medallion::query
