#include <set>

#include "base/text.h"
#include "header_check.h"
#include "ingest/file_contents.h"
#include "ingest/file_source.h"
#include "landed_text.h"
#include "record_reader.h"

namespace medallion::ingest {
namespace {

constexpr size_t kDrainBytes = 256 << 10;

// What one file contributes.
struct FileInspection {
  std::vector<std::string> new_columns;
  std::vector<std::string> warnings;
};

// Reads to the end, so that checksums are verified and the encoding is known.
Status Drain(LandedText& text) {
  std::string block(kDrainBytes, '\0');
  while (true) {
    ASSIGN_OR_RETURN(const size_t got, text.Read(block.data(), block.size()));
    if (got == 0) {
      return text.CheckUnchanged();
    }
  }
}

void CompareColumns(const CsvHeader& header, const FileSourceOptions& options, const Schema& schema,
                    FileInspection& inspection) {
  std::vector<std::string> missing;
  for (const Field& field : schema.fields()) {
    const bool rescued_column =
        options.rescued_data_column && EqualsIgnoreCase(field.name, *options.rescued_data_column);
    if (!rescued_column && !header.IndexOf(field.name)) {
      missing.push_back(field.name);
    }
  }
  if (!missing.empty()) {
    inspection.warnings.push_back("columns missing in the file are NULL: " + Join(missing, ", "));
  }
  for (const std::string& name : header.names()) {
    if (!schema.IndexOf(name) && !IsMetadataColumn(name)) {
      inspection.new_columns.push_back(name);
    }
  }
}

void NoteDecoding(const LandedText& text, FileInspection& inspection) {
  if (text.decoding() == LandedText::Decoding::kWindows1252) {
    inspection.warnings.emplace_back(
        "not UTF-8: read as Windows-1252; set the option `encoding` to be "
        "sure");
  } else if (text.decoding() == LandedText::Decoding::kDamagedUtf8) {
    inspection.warnings.emplace_back(
        "UTF-8 with damaged characters: their values are rescued in hex");
  }
}

Result<FileInspection> InspectFile(const LandedFile& file, const FileSourceOptions& options,
                                   const Schema& schema, FileContents* contents) {
  FileInspection inspection;
  if (file.size_bytes == 0) {
    inspection.warnings.emplace_back("empty file, no rows");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<LandedText> text,
                   LandedText::Open(file, options.csv, contents, RawBytes::Hold::kWhole));
  RecordReader reader(*text, options.csv, kDrainBytes);
  ASSIGN_OR_RETURN(const std::optional<CsvHeader> header,
                   ReadAndCheckHeader(reader, options.csv, schema));
  if (header && options.csv.header) {
    CompareColumns(*header, options, schema, inspection);
  }
  RETURN_IF_ERROR(Drain(*text));
  NoteDecoding(*text, inspection);
  std::move(*text).Release();
  return inspection;
}

// Whether the failure is the file's own: it is set aside and the others go on.
bool IsRejection(ErrorCode code) {
  return code == ErrorCode::kData || code == ErrorCode::kCorruption ||
         code == ErrorCode::kEnvironment;
}

bool ReportsNewColumns(SchemaEvolutionMode mode) {
  return mode == SchemaEvolutionMode::kAddNewColumns ||
         mode == SchemaEvolutionMode::kFailOnNewColumns;
}

}  // namespace

Result<BatchInspection> InspectBatch(const std::vector<LandedFile>& files,
                                     const FileSourceOptions& options, const Schema& schema,
                                     FileContents* contents) {
  BatchInspection batch;
  std::set<std::string> reported;
  for (const LandedFile& file : files) {
    Result<FileInspection> inspection = InspectFile(file, options, schema, contents);
    if (!inspection) {
      const Error& error = inspection.error();
      if (IsRejection(error.code())) {
        batch.rejected.push_back({file, error.message()});
      } else if (error.code() == ErrorCode::kNotFound ||
                 error.code() == ErrorCode::kPreconditionFailed) {
        batch.warnings.push_back(error.message() + ": it waits for the next update");
      } else {
        return Error(error).Context("examining " + file.path);
      }
      continue;
    }
    batch.readable.push_back(file);
    for (const std::string& warning : inspection->warnings) {
      batch.warnings.push_back(fmt::format("{}: {}", file.path, warning));
    }
    if (options.schema_evolution_mode == SchemaEvolutionMode::kRescue &&
        !inspection->new_columns.empty()) {
      batch.warnings.push_back(fmt::format(
          "{}: columns that the table lacks are in {}: {}", file.path,
          options.rescued_data_column.value_or("no column"), Join(inspection->new_columns, ", ")));
    }
    for (const std::string& name : inspection->new_columns) {
      if (ReportsNewColumns(options.schema_evolution_mode) &&
          reported.insert(ToLower(name)).second) {
        batch.new_columns.push_back({name, file.path});
      }
    }
  }
  return batch;
}

}  // namespace medallion::ingest
