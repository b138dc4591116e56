#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "landed_bytes.h"
#include "testing/csv_folder.h"

namespace medallion::nasty {

using ingest::Ingested;
using ingest::RawOption;
using ingest::TextRow;
using namespace std::string_literals;

// One landing folder, `bad.csv` in it, and what must happen.
class NastyTest : public ::testing::Test {
 protected:
  // Ingests `bytes` alone; nothing may be rejected.
  Ingested Load(std::string_view bytes, const std::vector<RawOption>& options = {}) {
    folder_.Write("bad.csv", bytes);
    Result<Ingested> ingested = folder_.Ingest(options);
    if (!ingested) {
      ADD_FAILURE() << ingested.error().ToString();
      return {};
    }
    for (const ingest::RejectedFile& rejected : ingested->inspection.rejected) {
      ADD_FAILURE() << "rejected: " << rejected.reason;
    }
    return *std::move(ingested);
  }

  // `bytes` beside a good file with the same columns: the bad file is set aside whole with a
  // reason, the good one is read.
  void ExpectSetAside(std::string_view bytes, const std::string& reason,
                      const std::vector<RawOption>& options = {}) {
    folder_.Write("good.csv", PlainCsv(5));
    folder_.Write("bad.csv", bytes);
    const Result<Ingested> ingested = folder_.Ingest(options);
    ASSERT_TRUE(ingested) << ingested.error().ToString();
    ASSERT_THAT(ingested->inspection.rejected, ::testing::SizeIs(1));
    EXPECT_THAT(ingested->inspection.rejected[0].file.path, ::testing::EndsWith("/bad.csv"));
    EXPECT_THAT(ingested->inspection.rejected[0].reason, ::testing::HasSubstr(reason));
    EXPECT_THAT(ingested->rows, ::testing::SizeIs(5));
  }

  // The rescued data of a row with these members.
  std::string Rescued(const std::string& members) const {
    return "{" + members + R"(,"_file_path":"file://)" + folder_.path() + "/bad.csv\"}";
  }

  static std::vector<TextRow> PlainRows(int count) {
    std::vector<TextRow> rows;
    for (int i = 1; i <= count; ++i) {
      rows.push_back(
          {std::to_string(i), fmt::format("item {}", i), fmt::format("{}.50", i), "NULL"});
    }
    return rows;
  }

  ingest::CsvFolder folder_;
};

}  // namespace medallion::nasty
