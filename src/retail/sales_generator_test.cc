#include "retail/sales_generator.h"

#include <map>
#include <set>
#include <sstream>

#include "base/civil_time.h"
#include "base/testing.h"
#include "base/text.h"
#include "storage/memory_store.h"

namespace medallion::retail {
namespace {

using testing::IsOk;

GeneratorOptions SmallShop() {
  return {.days = 60, .rows_per_day = 500, .first_day = *ParseIsoDate("2025-06-26"), .seed = 7};
}

// The fields of one record; quoted fields are unquoted.
std::vector<std::string> Fields(const std::string& record) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t index = 0; index < record.size(); ++index) {
    const char c = record[index];
    if (c == '"' && quoted && index + 1 < record.size() && record[index + 1] == '"') {
      fields.back() += record[++index];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::vector<std::vector<std::string>> AllRecords(const GeneratorOptions& options) {
  std::vector<std::vector<std::string>> records;
  SalesGenerator generator(options);
  for (int64_t day = 0; day < options.days; ++day) {
    std::istringstream text(generator.NextDay().text);
    std::string record;
    std::getline(text, record);
    EXPECT_EQ(record,
              "Invoice,StockCode,Description,Quantity,Price,Customer ID,Country,InvoiceDate");
    while (std::getline(text, record)) {
      records.push_back(Fields(record));
    }
  }
  return records;
}

TEST(SalesGeneratorTest, TheSameSeedGivesTheSameFiles) {
  SalesGenerator one(SmallShop());
  SalesGenerator two(SmallShop());
  for (int day = 0; day < 3; ++day) {
    EXPECT_EQ(one.NextDay().text, two.NextDay().text);
  }
  GeneratorOptions other = SmallShop();
  other.seed = 8;
  EXPECT_NE(SalesGenerator(other).NextDay().text, SalesGenerator(SmallShop()).NextDay().text);
}

TEST(SalesGeneratorTest, EachDayIsAFileNamedAfterIt) {
  SalesGenerator generator(SmallShop());
  EXPECT_EQ(generator.NextDay().file_name, "2025-06-26_transactions.csv");
  EXPECT_EQ(generator.NextDay().file_name, "2025-06-27_transactions.csv");
}

TEST(SalesGeneratorTest, TheMeanSizeIsNearWhatWasAskedFor) {
  const auto records = AllRecords(SmallShop());
  EXPECT_GT(records.size(), 60U * 500 * 7 / 10);
  EXPECT_LT(records.size(), 60U * 500 * 13 / 10);
}

TEST(SalesGeneratorTest, EveryRecordHasTheColumnsOfTheHeader) {
  for (const auto& record : AllRecords(SmallShop())) {
    ASSERT_EQ(record.size(), 8U);
    ASSERT_FALSE(record[0].empty());
    ASSERT_NE(record[3], "0");
    ASSERT_NE(record[4].find('.'), std::string::npos);
    ASSERT_TRUE(record[5].empty() || record[5].ends_with(".0"));
    ASSERT_TRUE(ParseIsoDate(record[7]).has_value());
  }
}

// The dirt that the pipeline's rules are about. Bounds are the real files' shares, halved and
// doubled.
TEST(SalesGeneratorTest, HasTheDirtOfRealFiles) {
  std::map<std::string, int64_t> found;
  const auto records =
      AllRecords({.days = 120, .rows_per_day = 1000, .first_day = 20'000, .seed = 42});
  for (const auto& record : records) {
    found["cancelled"] += record[0].starts_with("C") ? 1 : 0;
    found["without customer"] += record[5].empty() ? 1 : 0;
    found["negative quantity"] += record[3].starts_with("-") ? 1 : 0;
    found["negative price"] += record[4].starts_with("-") ? 1 : 0;
    found["below a cent"] += record[4] == "0.001" ? 1 : 0;
    found["pound sign"] += record[2].find("£") != std::string::npos ? 1 : 0;
    found["comma"] += record[2].find(',') != std::string::npos ? 1 : 0;
    found["quote"] += record[2].find('"') != std::string::npos ? 1 : 0;
    found["no description"] += record[2].empty() ? 1 : 0;
    found["postage"] += record[1] == "POST" || record[1] == "DOT" ? 1 : 0;
  }
  const auto share = [&](const std::string& what) {
    return static_cast<double>(found[what]) / static_cast<double>(records.size());
  };
  EXPECT_GT(share("cancelled"), 0.010);
  EXPECT_LT(share("cancelled"), 0.043);
  EXPECT_GT(share("without customer"), 0.105);
  EXPECT_LT(share("without customer"), 0.42);
  EXPECT_GT(share("negative quantity"), 0.013);
  EXPECT_LT(share("negative quantity"), 0.053);
  for (const std::string what : {"negative price", "below a cent", "pound sign", "comma", "quote",
                                 "no description", "postage"}) {
    EXPECT_GT(found[what], 0) << what;
  }
}

TEST(SalesGeneratorTest, CustomersComeBackAndLinesRepeat) {
  std::map<std::string, std::set<std::string>> invoices;
  std::map<std::vector<std::string>, int64_t> lines;
  for (const auto& record : AllRecords(SmallShop())) {
    if (!record[5].empty()) {
      invoices[record[5]].insert(record[0]);
    }
    ++lines[record];
  }
  EXPECT_TRUE(
      std::ranges::any_of(invoices, [](const auto& entry) { return entry.second.size() >= 10; }));
  EXPECT_TRUE(std::ranges::any_of(lines, [](const auto& entry) { return entry.second >= 2; }));
}

TEST(GenerateSalesTest, WritesEachDayAndLeavesEqualFilesAlone) {
  MemoryStore store;
  const GeneratorOptions options{.days = 3, .rows_per_day = 50, .first_day = 20'000, .seed = 1};
  const auto first = GenerateSales(options, store, nullptr);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->files, 3);
  const auto head = store.Head("2024-10-04_transactions.csv");
  ASSERT_THAT(head, IsOk());
  ASSERT_TRUE(head->has_value());

  ASSERT_THAT(GenerateSales(options, store, nullptr), IsOk());
  EXPECT_EQ((*store.Head("2024-10-04_transactions.csv"))->version_tag, (*head)->version_tag);
}

TEST(GenerateSalesTest, StopsWhenCancelled) {
  MemoryStore store;
  CancellationToken cancellation;
  cancellation.Cancel();
  EXPECT_THAT(GenerateSales(SmallShop(), store, &cancellation),
              testing::IsError(ErrorCode::kCancelled, "cancel"));
}

}  // namespace
}  // namespace medallion::retail
