#include "base/text.h"
#include "header_check.h"
#include "ingest/file_contents.h"
#include "ingest/file_source.h"
#include "landed_text.h"
#include "record_reader.h"

namespace medallion::ingest {
namespace {

constexpr size_t kProblemsShownMax = 10;
// Headers are short. Less than the head, so that text without its byte order mark fills the block
// and no more is read from disk.
constexpr size_t kHeaderBlockBytes = kHeadBytes / 4;

Result<std::optional<CsvHeader>> ReadFileHeader(const LandedFile& file,
                                                const FileSourceOptions& options,
                                                const Schema& expected, FileContents* contents) {
  ASSIGN_OR_RETURN(const std::unique_ptr<LandedText> text,
                   LandedText::Open(file, options.csv, contents, RawBytes::Hold::kHead));
  RecordReader reader(*text, options.csv, kHeaderBlockBytes);
  auto header = ReadAndCheckHeader(reader, options.csv, expected);
  std::move(*text).Release();
  return header;
}

class SchemaMerger {
 public:
  SchemaMerger(const FileSourceOptions& options, const std::optional<Schema>& known)
      : options_(options), schema_(known.value_or(Schema())) {}

  // A column that is named like ours, or like the struct `_metadata`, goes to the rescued data.
  void Add(const std::string& name) {
    if (schema_.IndexOf(name) || IsRescuedColumn(name) || IsMetadataColumn(name)) {
      return;
    }
    const std::optional<size_t> hint = options_.schema_hints.IndexOf(name);
    schema_.Append({name, hint ? options_.schema_hints[*hint].type : DataType::String()});
  }

  // The type of a column stays what it was when the column was first seen: rows have been read as
  // that, and a value that does not fit is rescued in silence.
  Status RequireHintsOf(const Schema& known) const {
    for (const Field& hint : options_.schema_hints.fields()) {
      const std::optional<size_t> index = known.IndexOf(hint.name);
      if (index && !(known[*index].type == hint.type)) {
        return Error(ErrorCode::kSpecification,
                     fmt::format("schemaHints says {0} {1}, and the column has been read as {2} so "
                                 "far; refresh in full to read its files anew, or keep {2} and "
                                 "cast it in the query",
                                 hint.name, hint.type.ToDdl(), known[*index].type.ToDdl()))
            .WithCondition("CF_SCHEMA_HINT_CHANGED");
      }
    }
    return OkStatus();
  }

  // Hinted columns that no file has yet, then the rescued data column.
  Schema Finish() && {
    for (const Field& hint : options_.schema_hints.fields()) {
      Add(hint.name);
    }
    if (options_.rescued_data_column && !schema_.IndexOf(*options_.rescued_data_column)) {
      schema_.Append({*options_.rescued_data_column, DataType::String()});
    }
    return std::move(schema_);
  }

 private:
  bool IsRescuedColumn(const std::string& name) const {
    return options_.rescued_data_column && EqualsIgnoreCase(name, *options_.rescued_data_column);
  }

  const FileSourceOptions& options_;
  Schema schema_;
};

Diagnostic FileProblem(const LandedFile& file, const Error& error) {
  return Diagnostic::Unplaced("CANNOT_READ_FILE_HEADER",
                              fmt::format("{}: {}", file.path, error.message()), {});
}

}  // namespace

Result<Schema> InferSchema(const std::vector<LandedFile>& files, const FileSourceOptions& options,
                           const std::optional<Schema>& known, FileContents* contents) {
  if (options.schema) {
    SchemaMerger merger(options, options.schema);
    return std::move(merger).Finish();
  }
  SchemaMerger merger(options, known);
  if (known) {
    RETURN_IF_ERROR(merger.RequireHintsOf(*known));
  }
  if (known && options.schema_evolution_mode != SchemaEvolutionMode::kAddNewColumns) {
    return std::move(merger).Finish();
  }
  std::vector<Diagnostic> problems;
  size_t readable = 0;
  for (const LandedFile& file : files) {
    auto header = ReadFileHeader(file, options, known.value_or(options.schema_hints), contents);
    if (!header) {
      if (problems.size() < kProblemsShownMax) {
        problems.push_back(FileProblem(file, header.error()));
      }
      continue;
    }
    if (*header) {
      ++readable;
      for (const std::string& name : (*header)->names()) {
        merger.Add(name);
      }
    }
  }
  if (readable == 0 && !known) {
    if (problems.empty()) {
      return Error(ErrorCode::kData,
                   "no file with a header to learn the columns from: put a file into the source, "
                   "or give "
                   "the option `schema`")
          .WithCondition("CF_EMPTY_DIR_FOR_SCHEMA_INFERENCE");
    }
    return Error(ErrorCode::kData, std::move(problems));
  }
  return std::move(merger).Finish();
}

}  // namespace medallion::ingest
