#include "catalog/catalog.h"

#include "base/testing.h"
#include "folder_name.h"
#include "storage/memory_store.h"

namespace medallion {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::IsEmpty;

class CatalogTest : public ::testing::Test {
 protected:
  void CreateTable(const TableName& name) {
    delta::Transaction transaction =
        catalog_.Table(name).Begin(nullptr, {.operation = "CREATE TABLE"});
    delta::Metadata metadata;
    metadata.id = "00000000-0000-4000-8000-000000000001";
    metadata.schema = *Schema::FromDdl("id BIGINT");
    ASSERT_THAT(transaction.SetMetadata(metadata), IsOk());
    ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  }

  ManualClock clock_{1'000'000};
  Random random_{1};
  std::shared_ptr<MemoryStore> store_ = std::make_shared<MemoryStore>(clock_);
  Catalog catalog_{store_, {nullptr, &clock_, &random_}};
};

TEST_F(CatalogTest, PutsTablesIntoLowerCaseFolders) {
  EXPECT_EQ(Catalog::TablePath({"Retail", "DLT", "Silver_1"}), "tables/retail/dlt/silver_1/");
  EXPECT_EQ(Catalog::QuarantinePath({"r", "d", "s"}), "quarantine/r/d/s/");
}

TEST_F(CatalogTest, EncodesNamesSoThatNoneLeavesItsFolder) {
  EXPECT_EQ(Catalog::TablePath({"..", "a/b", "x y%"}), "tables/%2E%2E/a%2Fb/x%20y%25/");
}

TEST_F(CatalogTest, ListsExistingTablesByName) {
  CreateTable({"retail", "ml", "b"});
  CreateTable({"retail", "dlt", "Sales Daily"});
  CreateTable({"retail", "dlt", "sales"});
  ASSERT_THAT(store_->Put("tables/retail/dlt/sales0/stray.parquet", "x", PutMode::kCreate), IsOk());
  ASSERT_THAT(store_->Put("tables/note.txt", "x", PutMode::kCreate), IsOk());
  EXPECT_THAT(catalog_.List(), HasValue(ElementsAre(TableName{"retail", "dlt", "sales"},
                                                    TableName{"retail", "dlt", "sales daily"},
                                                    TableName{"retail", "ml", "b"})));
}

TEST_F(CatalogTest, ListsNothingInAnEmptyRoot) {
  EXPECT_THAT(catalog_.List(), HasValue(IsEmpty()));
}

TEST_F(CatalogTest, WritesTheFormatOnceAndAcceptsItAgain) {
  EXPECT_THAT(catalog_.CheckFormat(), IsOk());
  EXPECT_THAT(
      store_->Get("system/format.json"),
      HasValue(Eq("{\n  \"layout\": 1,\n  \"leastReader\": 1,\n  \"leastWriter\": 1\n}\n")));
  EXPECT_THAT(catalog_.CheckFormat(), IsOk());
}

TEST_F(CatalogTest, AcceptsANewerLayoutThatOlderProgramsMayUse) {
  ASSERT_THAT(
      store_->Put("system/format.json",
                  R"({"layout":3,"leastReader":1,"leastWriter":1,"more":true})", PutMode::kCreate),
      IsOk());
  EXPECT_THAT(catalog_.CheckFormat(), IsOk());
}

TEST_F(CatalogTest, RefusesANewerLayoutByNumber) {
  ASSERT_THAT(store_->Put("system/format.json", R"({"layout":2,"leastReader":1,"leastWriter":2})",
                          PutMode::kCreate),
              IsOk());
  EXPECT_THAT(catalog_.CheckFormat(), IsError(ErrorCode::kUnsupported, "layout 2"));
}

TEST_F(CatalogTest, ReportsADamagedFormatWithItsPlace) {
  ASSERT_THAT(store_->Put("system/format.json", "{\"layout\":", PutMode::kCreate), IsOk());
  EXPECT_THAT(catalog_.CheckFormat(), IsError(ErrorCode::kCorruption, "system/format.json"));
}

TEST(FolderNameTest, ReturnsTheNameOfItsOwnFoldersOnly) {
  EXPECT_EQ(NameOfFolder(FolderOfName("Größe 1")), "größe 1");
  EXPECT_EQ(NameOfFolder("Upper"), std::nullopt);
  EXPECT_EQ(NameOfFolder("a%2"), std::nullopt);
  EXPECT_EQ(NameOfFolder("a.b"), std::nullopt);
  EXPECT_EQ(NameOfFolder("%61"), std::nullopt);
}

}  // namespace
}  // namespace medallion
