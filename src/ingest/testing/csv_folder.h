#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/value.h"
#include "ingest/file_contents.h"
#include "ingest/file_source.h"

namespace medallion::ingest {

// A row as texts; null is "NULL", decimals have their scale.
using TextRow = std::vector<std::string>;

inline std::string CellText(const DataType& type, const ColumnVector& column, size_t row) {
  if (!column.nulls.empty() && column.nulls[row] != 0) {
    return "NULL";
  }
  switch (type.kind()) {
    case TypeKind::kString: return std::string(column.strings[row]);
    case TypeKind::kDouble:
    case TypeKind::kFloat: return ToDisplayString(Value::Double(column.doubles[row]));
    case TypeKind::kDecimal:
      return Decimal{type.precision() > 18 ? column.int128s[row] : int128_t{column.int64s[row]},
                     type.scale()}
          .ToString();
    case TypeKind::kBoolean: return column.int64s[row] != 0 ? "true" : "false";
    case TypeKind::kDate:
      return ToDisplayString(Value::Date(static_cast<int32_t>(column.int64s[row])));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return ToDisplayString(Value::Timestamp(column.int64s[row]));
    default: return std::to_string(column.int64s[row]);
  }
}

// Reads all rows of a source, partition after partition.
inline Result<std::vector<TextRow>> ReadAll(const RowSource& source) {
  std::vector<size_t> columns(source.schema().size());
  std::iota(columns.begin(), columns.end(), size_t{0});
  std::vector<TextRow> rows;
  ColumnBatch batch;
  for (size_t partition = 0; partition < source.partition_count(); ++partition) {
    ASSIGN_OR_RETURN(const std::unique_ptr<RowReader> reader, source.Open(partition, columns));
    while (true) {
      RETURN_IF_ERROR(reader->Next(batch));
      if (batch.row_count == 0) {
        break;
      }
      for (size_t row = 0; row < batch.row_count; ++row) {
        TextRow& texts = rows.emplace_back();
        for (size_t i = 0; i < columns.size(); ++i) {
          texts.push_back(CellText(source.schema()[i].type, batch.columns[i], row));
        }
      }
    }
  }
  return rows;
}

// What a folder of files gives when it is ingested once from nothing: discovery, schema, inspection
// and rows, as an update does it.
struct Ingested {
  Listing listing;
  Schema schema;
  BatchInspection inspection;
  std::vector<TextRow> rows;
  ReadCounters counters;
};

// A landing folder of a test; removed with the object.
class CsvFolder {
 public:
  CsvFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "medallion_csv_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  CsvFolder(const CsvFolder&) = delete;
  CsvFolder& operator=(const CsvFolder&) = delete;
  ~CsvFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

  // Writes a file, making its folders; returns its path.
  std::string Write(const std::string& name, std::string_view bytes) const {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file.string();
  }

  Result<Ingested> Ingest(const std::vector<RawOption>& raw_options = {},
                          const std::optional<Schema>& known = {},
                          const std::vector<std::string>& metadata = {}) const {
    ASSIGN_OR_RETURN(const FileSourceOptions options, ParseFileSourceOptions(raw_options));
    Ingested ingested;
    ASSIGN_OR_RETURN(ingested.listing, ListFiles(path_, options));
    const auto contents = std::make_shared<FileContents>();
    ASSIGN_OR_RETURN(ingested.schema,
                     InferSchema(ingested.listing.files, options, known, contents.get()));
    ASSIGN_OR_RETURN(ingested.inspection, InspectBatch(ingested.listing.files, options,
                                                       ingested.schema, contents.get()));
    const CsvSource source(ingested.inspection.readable, options, ingested.schema, metadata,
                           contents);
    ASSIGN_OR_RETURN(ingested.rows, ReadAll(source));
    ingested.counters = source.counters();
    // Their bytes are freed now: the same rows come from disk.
    ASSIGN_OR_RETURN(const std::vector<TextRow> again, ReadAll(source));
    if (again != ingested.rows) {
      return Error(ErrorCode::kInternal, "rows read from memory and from disk differ");
    }
    return ingested;
  }

 private:
  std::string path_;
};

}  // namespace medallion::ingest
