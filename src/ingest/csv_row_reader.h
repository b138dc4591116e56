#pragma once

#include <atomic>
#include <memory>
#include <memory_resource>
#include <string>
#include <vector>

#include "csv_header.h"
#include "csv_value.h"
#include "ingest/file_source.h"
#include "landed_text.h"
#include "record_reader.h"
#include "rescued_data.h"

namespace medallion::ingest {

// Counters that the readers of all partitions share.
struct SharedCounters {
  std::atomic<int64_t> bytes_read{0};
  std::atomic<int64_t> records_read{0};
  std::atomic<int64_t> records_rescued{0};
  std::atomic<int64_t> records_malformed_dropped{0};
  std::atomic<int64_t> blank_lines{0};
};

// What reading one file's rows needs to know.
struct CsvRowPlan {
  LandedFile file;
  FileSourceOptions options;
  Schema schema;                             // of the data, with the rescued data column if any
  std::vector<std::string> metadata_fields;  // names in MetadataFields(), after the schema
  std::vector<size_t> columns;               // requested, of schema then metadata_fields
  size_t block_bytes = kBlockBytes;
};

// The rows of one file. Splits a batch of records first and converts it column by column then.
class CsvRowReader final : public RowReader {
 public:
  // `counters` must outlive the reader.
  static Result<std::unique_ptr<CsvRowReader>> Open(std::unique_ptr<LandedText> text,
                                                    CsvRowPlan plan, SharedCounters& counters);

  Status Next(ColumnBatch& batch) override;

 private:
  struct Row {
    int64_t number = 0;
    int64_t line = 0;
    std::string_view raw;
    bool corrupt = false;  // its whole text goes into the rescued data
  };
  // A field of the file that is read, and where to.
  struct Binding {
    size_t field = 0;
    std::string rescue_name;
    DataType type;
    std::optional<size_t> output;  // index into the batch; else it is only checked
    bool known = true;             // false: a column that the schema lacks, rescued whole
  };
  struct Surplus {
    size_t row = 0;
    size_t index = 0;
    FieldRef field;
  };

  CsvRowReader(std::unique_ptr<LandedText> text, CsvRowPlan plan, SharedCounters& counters);

  Status Bind();
  void BindField(size_t field, std::optional<size_t> schema_column);
  std::optional<size_t> OutputOf(size_t column) const;
  Status Gather();
  Status AddRow(const Record& record);
  void AddSurplus(std::span<const FieldRef> fields);
  Error Malformed(const Record& record, size_t field_count) const;
  Status Convert(const Binding& binding, ColumnVector& column);
  template <class Store>
  Status ConvertEach(const Binding& binding, ColumnVector& column, Store store);
  void Rescue(size_t row, const Binding& binding, std::string_view text);
  void RescueMalformedRows();
  void FillRescued(ColumnVector& column);
  void FillMetadata(const std::string& name, ColumnVector& column) const;
  std::string_view Text(const FieldRef& field);
  void Count();

  std::unique_ptr<LandedText> text_;
  const CsvRowPlan plan_;
  SharedCounters& counters_;
  RecordReader reader_;
  std::string file_uri_;
  std::string file_name_;

  size_t width_ = 0;           // fields of a record that have a column in the header
  size_t width_required_ = 0;  // of which these must be there
  size_t rows_max_ = ColumnBatch::kRowsMax;
  int64_t header_records_ = 0;
  std::vector<Binding> bindings_;
  std::vector<size_t> absent_outputs_;  // requested columns that the file lacks
  bool rescues_ = false;
  std::optional<size_t> rescued_output_;

  std::vector<Row> rows_;
  std::vector<FieldRef> fields_;  // rows_.size() × width_
  std::vector<Surplus> surplus_;
  std::vector<RescuedData> rescued_;           // as many as rows, kept for their memory
  std::vector<std::string> notes_;             // owned texts that stand in for `raw`
  std::pmr::monotonic_buffer_resource arena_;  // unescaped values of the batch
  ColumnVector scratch_;
  bool done_ = false;
  uint64_t counted_bytes_ = 0;
  int64_t counted_blanks_ = 0;
};

}  // namespace medallion::ingest
