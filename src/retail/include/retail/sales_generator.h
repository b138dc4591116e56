#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/cancellation.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/object_store.h"

// Daily sales files with the shape and the dirt of a real gift wholesaler's: growth over the year
// with an autumn peak, customers that come back, a long tail of products, lines without a customer,
// cancellations, stock write-offs, postage and vouchers among the stock codes, bad-debt entries
// with negative prices, prices below a cent, descriptions with commas, quotes and pound signs,
// repeated lines.

namespace medallion::retail {

struct GeneratorOptions {
  int64_t days = 220;
  int64_t rows_per_day = 1463;  // the mean; days differ
  int32_t first_day = 0;        // days since 1970-01-01
  uint64_t seed = 42;
};

// One file: the sales of one day.
struct DailySales {
  std::string file_name;  // 2025-06-26_transactions.csv
  std::string text;       // header and records, LF
  int64_t rows = 0;
};

// Makes one day after the other. Equal options give equal files on every machine; the first days of
// a longer data set are not those of a shorter one. Not thread-safe.
class SalesGenerator {
 public:
  explicit SalesGenerator(const GeneratorOptions& options);
  ~SalesGenerator();
  SalesGenerator(SalesGenerator&&) noexcept;
  SalesGenerator& operator=(SalesGenerator&&) noexcept;

  DailySales NextDay();

 private:
  class Shop;
  std::unique_ptr<Shop> shop_;
};

struct GeneratedSales {
  int64_t files = 0;
  int64_t rows = 0;
  uint64_t bytes = 0;
};

// Writes every day as an object at the root of `destination`. A file that already has that content
// is left alone, so that its modification time stays. `cancellation` may be null.
Result<GeneratedSales> GenerateSales(const GeneratorOptions& options, ObjectStore& destination,
                                     const CancellationToken* cancellation);

}  // namespace medallion::retail
