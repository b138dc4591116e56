#include "parquet_output.h"

#include <algorithm>
#include <filesystem>

#include "base/check.h"
#include "base/text.h"
#include "column_types.h"
#include "copy_statistics.h"
#include "delta/data_path.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

namespace fs = std::filesystem;

// The folder that one COPY writes into, beside the staged files so that a rename suffices; removed
// with all that is left in it.
class ScratchFolder {
 public:
  static Result<ScratchFolder> Make(std::string path) {
    std::error_code error;
    fs::create_directory(path, error);
    if (error) {
      return Error(ErrorCode::kIo,
                   fmt::format("the folder for new data files could not be made ({}): {}",
                               error.message(), path));
    }
    return ScratchFolder(std::move(path));
  }
  ~ScratchFolder() {
    if (!path_.empty()) {
      std::error_code ignored;
      fs::remove_all(path_, ignored);
    }
  }
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

Status CheckWritable(const DataType& type, const std::string& column) {
  switch (type.kind()) {
    case TypeKind::kVoid:
    case TypeKind::kYearMonthInterval:
    case TypeKind::kDayTimeInterval:
      return Error(ErrorCode::kUnsupported,
                   fmt::format("column `{}` has the type {}, which a Delta table cannot hold",
                               column, type.ToDdl()));
    case TypeKind::kArray: return CheckWritable(type.element(), column);
    case TypeKind::kMap:
      RETURN_IF_ERROR(CheckWritable(type.key(), column));
      return CheckWritable(type.value(), column);
    case TypeKind::kStruct:
      for (const Field& field : type.fields()) {
        RETURN_IF_ERROR(CheckWritable(field.type, column + "." + field.name));
      }
      return {};
    default: return {};
  }
}

std::optional<size_t> PartitionIndex(const OutputFiles& output, const std::string& column) {
  for (size_t i = 0; i < output.partition_columns.size(); ++i) {
    if (EqualsIgnoreCase(output.partition_columns[i], column)) {
      return i;
    }
  }
  return std::nullopt;
}

std::string PartitionName(size_t index) { return fmt::format("__partition_{}", index); }

// A partition value as the log spells it (Delta protocol, "Partition Value Serialization"): NULL
// and the empty text are one.
std::string PartitionText(const std::string& column, const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kString: return fmt::format("nullif({}, '')", column);
    case TypeKind::kTimestamp:
      return fmt::format("strftime(make_timestamp(epoch_us({})), '%Y-%m-%dT%H:%M:%S.%fZ')", column);
    case TypeKind::kTimestampNtz:
      return fmt::format("strftime({}, '%Y-%m-%d %H:%M:%S.%f')", column);
    case TypeKind::kFloat: return fmt::format("spark_string_of_float({})", column);
    case TypeKind::kDouble: return fmt::format("spark_string_of_double({})", column);
    default: return fmt::format("CAST({} AS VARCHAR)", column);
  }
}

std::string CopyStatement(const std::string& select, const OutputFiles& output,
                          const std::string& folder) {
  std::string source = select;
  std::string options =
      "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1, FILENAME_PATTERN '{uuid}', "
      "RETURN_STATS true";
  if (output.partition_columns.empty()) {
    options += fmt::format(", FILE_SIZE_BYTES {}", output.target_file_bytes);
  } else {
    std::string columns;
    std::string keys;
    for (const Field& field : output.schema.fields()) {
      const std::string name = QuoteIdentifier(field.name);
      const std::optional<size_t> index = PartitionIndex(output, field.name);
      columns += (columns.empty() ? "" : ", ") +
                 (index ? PartitionText(name, field.type) + " AS " + PartitionName(*index) : name);
    }
    for (size_t i = 0; i < output.partition_columns.size(); ++i) {
      keys += (i == 0 ? "" : ", ") + PartitionName(i);
    }
    source = fmt::format("SELECT {} FROM ({})", columns, select);
    options += fmt::format(", PARTITION_BY ({})", keys);
  }
  return fmt::format("COPY ({}) TO {} ({})", source, QuoteString(folder), options);
}

// One row of what COPY … RETURN_STATS reports.
struct WrittenFile {
  std::string path;
  int64_t row_count = 0;
  uint64_t size_bytes = 0;
  CopyColumnStatistics columns;
  std::map<std::string, std::optional<std::string>> partition_keys;
};

Result<std::vector<WrittenFile>> RunCopy(Connection& connection, const std::string& statement) {
  ASSIGN_OR_RETURN(QueryResult result, connection.Run(statement));
  const DataType text_map = DataType::Map(DataType::String(), DataType::String());
  const DataType nested_map = DataType::Map(DataType::String(), text_map);
  std::vector<WrittenFile> files;
  for (;;) {
    ASSIGN_OR_RETURN(const Chunk chunk, connection.Fetch(result));
    if (chunk == nullptr) {
      return files;
    }
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      const auto cell = [&](idx_t column, const DataType& type) {
        return ReadValue(duckdb_data_chunk_get_vector(chunk.get(), column), type, row);
      };
      // Columns: filename, count, file_size_bytes, footer_size_bytes, column_statistics,
      // partition_keys.
      WrittenFile file;
      file.path = std::get<std::string>(cell(0, DataType::String()).data);
      file.row_count = std::get<int64_t>(cell(1, DataType::Long()).data);
      file.size_bytes = static_cast<uint64_t>(std::get<int64_t>(cell(2, DataType::Long()).data));
      file.columns = ReadCopyStatistics(cell(4, nested_map));
      const Value keys = cell(5, text_map);
      if (!keys.is_null()) {
        const auto& list = std::get<Value::List>(keys.data);
        for (size_t i = 0; i + 1 < list.size(); i += 2) {
          file.partition_keys[std::get<std::string>(list[i].data)] =
              list[i + 1].is_null() ? std::nullopt
                                    : std::optional(std::get<std::string>(list[i + 1].data));
        }
      }
      files.push_back(std::move(file));
    }
  }
}

// Reads back the footers: what COPY says it wrote must be what a reader finds.
Status CheckFooters(Connection& connection, const std::vector<WrittenFile>& files) {
  std::string list;
  int64_t expected = 0;
  for (const WrittenFile& file : files) {
    list += (list.empty() ? "" : ", ") + QuoteString(file.path);
    expected += file.row_count;
  }
  ASSIGN_OR_RETURN(
      QueryResult result,
      connection.Run(fmt::format(
          "SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata([{}])", list)));
  ASSIGN_OR_RETURN(const Chunk chunk, connection.Fetch(result));
  const Value found = ReadValue(duckdb_data_chunk_get_vector(chunk.get(), 0), DataType::Long(), 0);
  if (found.is_null() || std::get<int64_t>(found.data) != expected) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("the new data files hold {} rows, but {} were written",
                             ToDisplayString(found), expected));
  }
  return {};
}

Status CheckNotNull(const WrittenFile& file, const Schema& schema) {
  for (const Field& field : schema.fields()) {
    const auto found = file.columns.find(QuoteIdentifier(field.name));
    if (!field.nullable && found != file.columns.end() &&
        found->second.null_count.value_or(0) > 0) {
      return Error(ErrorCode::kData,
                   fmt::format("the column is NOT NULL, but {} rows hold NULL: `{}`",
                               *found->second.null_count, field.name))
          .WithCondition("DELTA_NOT_NULL_CONSTRAINT_VIOLATED");
    }
  }
  return {};
}

}  // namespace

Result<StagedFiles> StagedFiles::Copy(Connection& connection, const std::string& select,
                                      const OutputFiles& output, Random& random) {
  for (const Field& field : output.schema.fields()) {
    RETURN_IF_ERROR(CheckWritable(field.type, field.name));
    if (PartitionIndex(output, field.name) &&
        (field.type.IsNested() || field.type.Is(TypeKind::kBinary))) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("column `{}` of type {} cannot partition a table", field.name,
                               field.type.ToDdl()));
    }
  }
  const auto stage = [&](size_t part, const delta::PartitionValues& values) {
    return output.store->Stage(
        delta::NewDataFilePath(output.partition_columns, values, static_cast<int>(part), random));
  };
  StagedFiles result(output.store);
  // The first staged name says where this store wants new files to be.
  delta::PartitionValues no_values;
  for (const std::string& column : output.partition_columns) {
    no_values[column] = std::nullopt;
  }
  ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> first, stage(0, no_values));
  ASSIGN_OR_RETURN(const ScratchFolder folder, ScratchFolder::Make(first->local_path() + ".d"));
  ASSIGN_OR_RETURN(std::vector<WrittenFile> written,
                   RunCopy(connection, CopyStatement(select, output, folder.path())));
  std::erase_if(written, [&output](const WrittenFile& file) {
    return file.row_count == 0 && !output.file_without_rows;
  });
  if (written.empty()) {
    return result;
  }
  RETURN_IF_ERROR(CheckFooters(connection, written));
  for (WrittenFile& file : written) {
    RETURN_IF_ERROR(CheckNotNull(file, output.schema));
    File staged;
    for (size_t i = 0; i < output.partition_columns.size(); ++i) {
      staged.action.partition_values[output.partition_columns[i]] =
          file.partition_keys[PartitionName(i)];
    }
    if (first != nullptr && output.partition_columns.empty()) {
      staged.staged = std::move(first);
    } else {
      ASSIGN_OR_RETURN(staged.staged, stage(result.files_.size(), staged.action.partition_values));
    }
    std::error_code error;
    fs::rename(file.path, staged.staged->local_path(), error);
    if (error) {
      return Error(ErrorCode::kIo, fmt::format("a new data file could not be moved ({}): {}",
                                               error.message(), staged.staged->local_path()));
    }
    staged.row_count = file.row_count;
    staged.action.size_bytes = static_cast<int64_t>(file.size_bytes);
    staged.action.stats =
        StatisticsToJson(ToFileStatistics(file.row_count, file.columns, output), output.schema);
    result.files_.push_back(std::move(staged));
  }
  return result;
}

int64_t StagedFiles::row_count() const {
  int64_t rows = 0;
  for (const File& file : files_) {
    rows += file.row_count;
  }
  return rows;
}

Result<std::vector<delta::AddFile>> StagedFiles::Publish() && {
  std::vector<delta::AddFile> actions;
  const auto withdraw = [&] {
    for (const delta::AddFile& action : actions) {
      static_cast<void>(store_->Delete(action.path));  // the failure to report is the first one
    }
  };
  for (File& file : files_) {
    Result<ObjectMeta> meta = file.staged->Publish();
    if (!meta) {
      withdraw();
      return std::move(meta).error();
    }
    file.action.path = meta->path;
    actions.push_back(file.action);
    if (meta->size_bytes != static_cast<uint64_t>(file.action.size_bytes)) {
      withdraw();
      return Error(ErrorCode::kCorruption,
                   fmt::format("the new data file has {} bytes, but {} were written: {}",
                               meta->size_bytes, file.action.size_bytes, meta->path));
    }
    constexpr int64_t kMicrosPerMilli = 1000;
    actions.back().modification_time_ms = meta->modified_micros / kMicrosPerMilli;
  }
  std::sort(actions.begin(), actions.end(),
            [](const delta::AddFile& a, const delta::AddFile& b) { return a.path < b.path; });
  return actions;
}

}  // namespace medallion::duckdb
