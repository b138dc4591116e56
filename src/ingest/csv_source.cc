#include "base/check.h"
#include "base/text.h"
#include "csv_row_reader.h"
#include "ingest/file_contents.h"
#include "ingest/file_source.h"

namespace medallion::ingest {
namespace {

// From memory if the file was inspected before, else from disk.
Result<std::unique_ptr<LandedText>> OpenText(const LandedFile& file, const CsvOptions& options,
                                             FileContents* contents) {
  if (contents != nullptr) {
    if (std::optional<std::string> bytes = contents->TakeWhole(file)) {
      return LandedText::OpenBytes(*std::move(bytes), options);
    }
  }
  return LandedText::Open(file, options, contents, RawBytes::Hold::kHead);
}

}  // namespace

const Schema& MetadataFields() {
  static const Schema fields({{"file_path", DataType::String(), false},
                              {"file_name", DataType::String(), false},
                              {"file_size", DataType::Long(), false},
                              {"file_modification_time", DataType::Timestamp(), false},
                              {"file_block_start", DataType::Long(), false},
                              {"file_block_length", DataType::Long(), false},
                              {"record_number", DataType::Long(), false}});
  return fields;
}

struct CsvSource::Impl {
  std::vector<LandedFile> files;
  FileSourceOptions options;
  Schema data_schema;
  std::vector<std::string> metadata_fields;
  Schema full_schema;
  std::shared_ptr<FileContents> contents;
  mutable SharedCounters counters;
};

CsvSource::CsvSource(std::vector<LandedFile> files, FileSourceOptions options, Schema schema,
                     std::vector<std::string> metadata_fields,
                     std::shared_ptr<FileContents> contents)
    : impl_(std::make_unique<Impl>()) {
  impl_->files = std::move(files);
  impl_->options = std::move(options);
  impl_->full_schema = schema;
  impl_->data_schema = std::move(schema);
  for (const std::string& name : metadata_fields) {
    const std::optional<size_t> index = MetadataFields().IndexOf(name);
    CHECK(index.has_value());
    impl_->full_schema.Append(MetadataFields()[*index]);
  }
  impl_->metadata_fields = std::move(metadata_fields);
  impl_->contents = std::move(contents);
}

CsvSource::~CsvSource() = default;

const Schema& CsvSource::schema() const { return impl_->full_schema; }
size_t CsvSource::partition_count() const { return impl_->files.size(); }

Result<std::unique_ptr<RowReader>> CsvSource::Open(size_t partition,
                                                   const std::vector<size_t>& columns) const {
  const LandedFile& file = impl_->files.at(partition);
  Result<std::unique_ptr<LandedText>> text =
      OpenText(file, impl_->options.csv, impl_->contents.get());
  if (!text) {
    return std::move(text).error().Context("reading " + file.path);
  }
  CsvRowPlan plan{.file = file,
                  .options = impl_->options,
                  .schema = impl_->data_schema,
                  .metadata_fields = impl_->metadata_fields,
                  .columns = columns};
  auto reader = CsvRowReader::Open(*std::move(text), std::move(plan), impl_->counters);
  if (!reader) {
    return std::move(reader).error().Context("reading " + file.path);
  }
  return std::unique_ptr<RowReader>(*std::move(reader));
}

ReadCounters CsvSource::counters() const {
  const SharedCounters& counters = impl_->counters;
  return {.bytes_read = counters.bytes_read,
          .records_read = counters.records_read,
          .records_rescued = counters.records_rescued,
          .records_malformed_dropped = counters.records_malformed_dropped,
          .blank_lines = counters.blank_lines};
}

}  // namespace medallion::ingest
