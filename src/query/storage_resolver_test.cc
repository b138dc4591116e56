#include "query/storage_resolver.h"

#include "base/testing.h"
#include "storage/memory_store.h"

namespace medallion::query {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsError;
using medallion::testing::IsOk;
using ::testing::ElementsAre;

class StorageResolverTest : public ::testing::Test {
 protected:
  static void Create(const delta::Table& table) {
    delta::Transaction transaction = table.Begin(nullptr, {.operation = "CREATE TABLE"});
    delta::Metadata metadata;
    metadata.id = "00000000-0000-4000-8000-000000000000";
    metadata.schema = Schema({Field{"id", DataType::Long()}});
    ASSERT_THAT(transaction.SetMetadata(metadata), IsOk());
    ASSERT_THAT(std::move(transaction).Commit(), IsOk());
  }

  Result<std::string> Find(const std::string& text) const {
    StorageResolver resolver(catalog_, "retail", "dlt");
    ASSIGN_OR_RETURN(const sql::QualifiedName name, ParseTableName(text));
    ASSIGN_OR_RETURN(const StorageResolver::Entry entry, resolver.Find(name));
    return entry.name.ToString();
  }

  ManualClock clock_{0};
  Random random_{1};
  Catalog catalog_{
      std::make_shared<MemoryStore>(clock_),
      delta::TableEnvironment{.checkpoints = nullptr, .clock = &clock_, .random = &random_}};
};

TEST_F(StorageResolverTest, LastPartsAreEnoughWhileTheyAreUnique) {
  Create(catalog_.Table({"retail", "dlt", "gold"}));
  EXPECT_THAT(Find("gold"), HasValue("retail.dlt.gold"));
  EXPECT_THAT(Find("dlt.GOLD"), HasValue("retail.dlt.gold"));
  EXPECT_THAT(Find("`retail`.dlt.gold"), HasValue("retail.dlt.gold"));
}

TEST_F(StorageResolverTest, TheProjectsOwnSchemaComesFirst) {
  Create(catalog_.Table({"retail", "dlt", "gold"}));
  Create(catalog_.Table({"retail", "ml", "gold"}));
  EXPECT_THAT(Find("gold"), HasValue("retail.dlt.gold"));
  EXPECT_THAT(Find("ml.gold"), HasValue("retail.ml.gold"));
}

TEST_F(StorageResolverTest, ANameThatFitsSeveralIsRefusedWithAll) {
  Create(catalog_.Table({"a", "main", "gold"}));
  Create(catalog_.Table({"b", "main", "gold"}));
  EXPECT_THAT(Find("gold"), IsError(ErrorCode::kSpecification, "a.main.gold, b.main.gold"));
}

TEST_F(StorageResolverTest, AMissingTableNamesTheNearest) {
  Create(catalog_.Table({"retail", "dlt", "customer_rfm_gold"}));
  EXPECT_THAT(Find("customer_rmf_gold"),
              IsError(ErrorCode::kNotFound, "did you mean `customer_rfm_gold`?"));
  EXPECT_THAT(Find("x"), IsError(ErrorCode::kNotFound, "medallion table list --all"));
}

TEST_F(StorageResolverTest, QuarantineAndSystemTablesHaveNamesOfTheirOwn) {
  Create(catalog_.Table({"retail", "dlt", "silver"}));
  Create(catalog_.Quarantine({"retail", "dlt", "silver"}));
  Create(catalog_.System("event_log"));
  EXPECT_THAT(Find("quarantine.silver"), HasValue("quarantine.retail.dlt.silver"));
  EXPECT_THAT(Find("quarantine.dlt.silver"), HasValue("quarantine.retail.dlt.silver"));
  EXPECT_THAT(Find("system.event_log"), HasValue("system.event_log"));
  EXPECT_THAT(Find("event_log"), HasValue("system.event_log"));
}

TEST_F(StorageResolverTest, OwnTablesThatWereNeverWrittenSayWhy) {
  Create(catalog_.Table({"retail", "dlt", "silver"}));
  EXPECT_THAT(Find("quarantine.silver"),
              IsError(ErrorCode::kNotFound, "no row of that table was rejected"));
  EXPECT_THAT(Find("quarantine.sliver"),
              IsError(ErrorCode::kNotFound, "did you mean `quarantine.silver`?"));
  EXPECT_THAT(Find("system.table_lineage"), IsError(ErrorCode::kNotFound, "no update"));
}

TEST_F(StorageResolverTest, OwnTablesAreThoseThatExist) {
  Create(catalog_.Table({"retail", "dlt", "silver"}));
  Create(catalog_.Table({"retail", "dlt", "gold"}));
  Create(catalog_.Quarantine({"retail", "dlt", "silver"}));
  Create(catalog_.System("event_log"));
  const auto own = StorageResolver(catalog_, "", "").OwnTables();
  ASSERT_THAT(own, IsOk());
  ASSERT_EQ(own->size(), 2U);
  EXPECT_EQ(own->front().name.ToString(), "quarantine.retail.dlt.silver");
  EXPECT_EQ(own->back().name.ToString(), "system.event_log");
}

TEST_F(StorageResolverTest, ATableIsResolvedToItsSchemaButNotAsAStream) {
  Create(catalog_.Table({"retail", "dlt", "gold"}));
  StorageResolver resolver(catalog_, "", "");
  const auto resolved = resolver.ResolveTable({{"gold"}}, false);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(std::get<sql::ResolvedTable>(*resolved).schema,
            Schema({Field{"id", DataType::Long()}}));
  EXPECT_THAT(resolver.ResolveTable({{"gold"}}, true), IsError(ErrorCode::kUnsupported, "STREAM"));
}

TEST(ParseTableNameTest, SplitsAtDotsAndRefusesEmptyParts) {
  EXPECT_THAT(ParseTableName("a.`b`.c")->parts, ElementsAre("a", "b", "c"));
  EXPECT_THAT(ParseTableName("a..c"), IsError(ErrorCode::kInvalidArgument, "no table name"));
}

}  // namespace
}  // namespace medallion::query
