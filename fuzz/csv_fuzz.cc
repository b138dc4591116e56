// Any bytes as a CSV file: decompression, decoding, records, header, typed values, rescued data.
// The first byte chooses options. Beyond not crashing: rows do not depend on the block size, and
// every rescued text is UTF-8.

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "csv_row_reader.h"

namespace medallion::ingest {
namespace {

const Schema& FuzzSchema() {
  static const Schema schema = *Schema::FromDdl(
      "id INT, price DECIMAL(10,2), big DECIMAL(38,10), day DATE, at TIMESTAMP, ok BOOLEAN, "
      "x DOUBLE, name STRING, _rescued_data STRING");
  return schema;
}

FileSourceOptions OptionsOf(uint8_t choice) {
  FileSourceOptions options;
  options.csv.escape = (choice & 1U) != 0 ? '"' : '\\';
  options.csv.header = (choice & 2U) == 0;
  options.csv.delimiter = (choice & 4U) != 0 ? ';' : ',';
  options.csv.ignore_leading_white_space = (choice & 8U) != 0;
  options.csv.ignore_trailing_white_space = (choice & 8U) != 0;
  options.csv.comment = (choice & 16U) != 0 ? std::optional<char>('#') : std::nullopt;
  options.csv.encoding = (choice & 32U) != 0 ? "UTF-16LE" : "UTF-8";
  return options;
}

// Every row as text, or nothing if the file is refused.
std::vector<std::string> ReadRows(const std::string& bytes, const FileSourceOptions& options,
                                  size_t block_bytes) {
  std::vector<std::string> rows;
  Result<std::unique_ptr<LandedText>> text = LandedText::OpenBytes(bytes, options.csv);
  if (!text) {
    return rows;
  }
  SharedCounters counters;
  CsvRowPlan plan{.file = {.path = "/fuzz.csv"},
                  .options = options,
                  .schema = FuzzSchema(),
                  .metadata_fields = {"record_number"},
                  .columns = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                  .block_bytes = block_bytes};
  auto reader = CsvRowReader::Open(*std::move(text), std::move(plan), counters);
  if (!reader) {
    return rows;
  }
  ColumnBatch batch;
  while ((*reader)->Next(batch) && batch.row_count > 0) {
    for (size_t row = 0; row < batch.row_count; ++row) {
      std::string& line = rows.emplace_back();
      for (const size_t column : {7U, 8U}) {
        const ColumnVector& vector = batch.columns[column];
        const bool null = !vector.nulls.empty() && vector.nulls[row] != 0;
        CHECK(null || IsValidUtf8(vector.strings[row]));
        line += null ? "NULL" : std::string(vector.strings[row]);
        line += '|';
      }
      line += std::to_string(batch.columns[9].int64s[row]);
    }
  }
  return rows;
}

}  // namespace
}  // namespace medallion::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace medallion::ingest;
  if (size == 0) {
    return 0;
  }
  const FileSourceOptions options = OptionsOf(data[0]);
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  CHECK(ReadRows(bytes, options, kBlockBytes) == ReadRows(bytes, options, 16));
  return 0;
}
