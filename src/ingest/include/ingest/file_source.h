#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/row_source.h"
#include "base/value.h"

namespace medallion::ingest {

class FileContents;

// Spark's and Auto Loader's `schemaEvolutionMode`.
enum class SchemaEvolutionMode { kAddNewColumns, kRescue, kFailOnNewColumns, kNone };
// Spark's CSV `mode`.
enum class ParseMode { kPermissive, kDropMalformed, kFailFast };

struct CsvOptions {
  char delimiter = ',';
  char quote = '"';
  char escape = '\\';
  std::optional<char> comment;
  bool header = true;
  std::string null_value;
  bool multi_line = false;
  bool ignore_leading_white_space = false;
  bool ignore_trailing_white_space = false;
  std::string encoding = "UTF-8";
  int64_t skip_rows = 0;
  ParseMode mode = ParseMode::kPermissive;
};

// Options of one `read_files` call, checked and typed.
struct FileSourceOptions {
  std::string format = "csv";
  CsvOptions csv;
  Schema schema_hints;
  std::optional<Schema> schema;  // `schema => '…'`: no inference
  SchemaEvolutionMode schema_evolution_mode = SchemaEvolutionMode::kAddNewColumns;
  std::optional<std::string> rescued_data_column = "_rescued_data";
  std::optional<std::string> path_glob_filter;
  int64_t max_files_per_trigger = 1000;
  std::optional<int64_t> max_bytes_per_trigger;  // soft: at least one file is taken
  bool include_existing_files = true;
  bool allow_overwrites = false;
  bool infer_column_types = false;
};

// One option as the user wrote it.
struct RawOption {
  std::string name;
  std::string text;
};

// Checks names and values. An unknown name is kSpecification with the nearest known one in the
// message; a known one that a later release brings is kUnsupported. `failed_index`, if given,
// receives the index of the offending option.
Result<FileSourceOptions> ParseFileSourceOptions(const std::vector<RawOption>& options,
                                                 size_t* failed_index = nullptr);

// A file that discovery found. Its identity is `path`; `version_tag` tells whether its bytes
// changed.
struct LandedFile {
  std::string path;  // absolute
  uint64_t size_bytes = 0;
  int64_t modified_micros = 0;
  std::string version_tag;  // inode, size, mtime
  friend bool operator==(const LandedFile&, const LandedFile&) = default;
};

struct Listing {
  std::vector<LandedFile> files;  // sorted by modification time, then path
  // What was passed over and why (hidden names, links out of the root, FIFOs, unreadable files).
  std::vector<std::string> skipped;
};

// Lists a folder (recursively), a file or a glob (`*` stays in one level, `?`, `[abc]`, `[^a]`,
// `{ab,cd}`). Names that begin with `.` or `_`, and unfinished uploads (`.tmp`, `.part`, `.crc`),
// are passed over. A missing path is kNotFound.
Result<Listing> ListFiles(const std::string& path, const FileSourceOptions& options);

// The columns that reading these files gives: header names (trimmed, BOM removed; blanks and other
// characters that Delta refuses stay, the query renames them), all STRING except schema hints, then
// the rescued data column. `known` is the schema of earlier batches: new columns go to its end.
// Header problems (duplicates, empty names, no header, wrong delimiter) are diagnostics in the
// error. Of each file only the first 64 KiB are read, unless its first two records are longer; they
// are left in `contents`, if given, for InspectBatch.
Result<Schema> InferSchema(const std::vector<LandedFile>& files, const FileSourceOptions& options,
                           const std::optional<Schema>& known, FileContents* contents = nullptr);

// A column that a file has and the schema lacks, under `addNewColumns` or `failOnNewColumns`.
struct NewColumn {
  std::string name;
  std::string file;
};

// Why a whole file was set aside: nothing of it is read until it changes.
struct RejectedFile {
  LandedFile file;
  std::string reason;  // one sentence with advice
};

// What examining a batch's headers, encodings and compression found before any row is read.
struct BatchInspection {
  std::vector<LandedFile> readable;
  std::vector<RejectedFile> rejected;
  std::vector<NewColumn> new_columns;
  std::vector<std::string> warnings;  // "read as Windows-1252", "empty file" …
};
// Reads every file to its end, since only then checksums and encoding are known, and leaves the
// readable ones in `contents`, if given and as far as its bound allows, for CsvSource.
Result<BatchInspection> InspectBatch(const std::vector<LandedFile>& files,
                                     const FileSourceOptions& options, const Schema& schema,
                                     FileContents* contents = nullptr);

// Members of `_metadata`: file_path, file_name, file_size, file_modification_time,
// file_block_start, file_block_length as Databricks defines them, and ours: record_number BIGINT (1
// is the first record after the header).
const Schema& MetadataFields();

// Counters that grow while a CsvSource is read; atomic inside.
struct ReadCounters {
  int64_t bytes_read = 0;
  int64_t records_read = 0;
  int64_t records_rescued = 0;
  int64_t records_malformed_dropped = 0;  // by mode DROPMALFORMED; not in records_read
  int64_t blank_lines = 0;                // no records
};

// Rows of the files, one partition per file: columns of `schema` (matched to each file's header by
// name, case-insensitively), then `metadata_fields`. A value that its type cannot hold exactly is
// NULL or, for decimals of too fine a scale, rounded as Spark does, and keeps its raw text in the
// rescued data column. A file that InspectBatch left in `contents` is parsed from there, in the
// state that was listed and inspected, and freed with its reader; any other is read from disk and
// fails with kPreconditionFailed if its size or tag changed since listing.
class CsvSource final : public RowSource {
 public:
  CsvSource(std::vector<LandedFile> files, FileSourceOptions options, Schema schema,
            std::vector<std::string> metadata_fields,
            std::shared_ptr<FileContents> contents = nullptr);
  ~CsvSource() override;

  const Schema& schema() const override;
  size_t partition_count() const override;
  Result<std::unique_ptr<RowReader>> Open(size_t partition,
                                          const std::vector<size_t>& columns) const override;
  ReadCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace medallion::ingest
