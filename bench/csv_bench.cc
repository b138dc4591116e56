// How fast CSV files become rows. Measures generated daily files, or the folder that
// MEDALLION_BENCH_CSV names; bytes per second are of the files.

#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <thread>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "ingest/file_source.h"
#include "retail/sales_generator.h"
#include "storage/local_store.h"

namespace medallion::ingest {
namespace {

constexpr std::string_view kHints = "Quantity INT, Price DECIMAL(10,2)";

std::string SalesFolder() {
  if (const char* given = std::getenv("MEDALLION_BENCH_CSV")) {
    return given;
  }
  static const std::string folder = [] {
    const std::string path =
        (std::filesystem::temp_directory_path() / "medallion_csv_bench").string();
    auto store = LocalStore::Open(path);
    CHECK(store.has_value());
    CHECK(retail::GenerateSales({}, **store, nullptr).has_value());
    return path;
  }();
  return folder;
}

CsvSource OpenSource(bool typed) {
  std::vector<RawOption> raw;
  if (typed) {
    raw.push_back({"schemaHints", std::string(kHints)});
  }
  const FileSourceOptions options = *ParseFileSourceOptions(raw);
  const Listing listing = *ListFiles(SalesFolder(), options);
  const Schema schema = *InferSchema(listing.files, options, std::nullopt);
  return {listing.files, options, schema, {"file_path", "record_number"}};
}

int64_t ReadPartition(const CsvSource& source, size_t partition) {
  std::vector<size_t> columns(source.schema().size());
  std::iota(columns.begin(), columns.end(), size_t{0});
  auto reader = source.Open(partition, columns);
  CHECK(reader.has_value());
  int64_t rows = 0;
  ColumnBatch batch;
  do {
    CHECK((*reader)->Next(batch).has_value());
    rows += static_cast<int64_t>(batch.row_count);
  } while (batch.row_count > 0);
  return rows;
}

void ReadFiles(benchmark::State& state, bool typed) {
  const CsvSource source = OpenSource(typed);
  const auto threads = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    std::vector<std::jthread> readers;
    for (size_t thread = 0; thread < threads; ++thread) {
      readers.emplace_back([&source, thread, threads] {
        for (size_t i = thread; i < source.partition_count(); i += threads) {
          benchmark::DoNotOptimize(ReadPartition(source, i));
        }
      });
    }
  }
  state.SetBytesProcessed(source.counters().bytes_read);
  state.SetItemsProcessed(source.counters().records_read);
}

void BM_ReadText(benchmark::State& state) { ReadFiles(state, false); }
void BM_ReadTyped(benchmark::State& state) { ReadFiles(state, true); }
BENCHMARK(BM_ReadText)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ReadTyped)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_Inspect(benchmark::State& state) {
  const FileSourceOptions options;
  const Listing listing = *ListFiles(SalesFolder(), options);
  const Schema schema = *InferSchema(listing.files, options, std::nullopt);
  int64_t bytes = 0;
  for (auto _ : state) {
    CHECK(InspectBatch(listing.files, options, schema).has_value());
    for (const LandedFile& file : listing.files) {
      bytes += static_cast<int64_t>(file.size_bytes);
    }
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(BM_Inspect)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace medallion::ingest
