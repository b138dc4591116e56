#include "file_export.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "query/list_file.h"
#include "query/row_csv.h"

namespace medallion::serve {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceBytes = 256 * 1024;

// CSV of the rows, some thousand at a time.
class CsvPieces {
 public:
  explicit CsvPieces(std::unique_ptr<ResultRows> rows) : rows_(std::move(rows)) {}

  Result<std::string> operator()() {
    std::string text;
    if (!begun_) {
      text = query::CsvHeader(rows_->schema());
      begun_ = true;
    }
    while (text.empty() && !ended_) {
      std::vector<std::vector<Value>> batch;
      ASSIGN_OR_RETURN(const bool more, rows_->Next(batch));
      ended_ = !more;
      for (std::vector<Value>& row : batch) {
        text += query::CsvLine(query::WithoutFormulas(std::move(row)));
      }
    }
    return text;
  }

 private:
  std::shared_ptr<ResultRows> rows_;  // shared because std::function is copied
  bool begun_ = false;
  bool ended_ = false;
};

// A file that is removed once the last piece of it, or the answer, is gone.
class ScratchFile {
 public:
  explicit ScratchFile(std::string path) : path_(std::move(path)) {}
  ~ScratchFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& path() const { return path_; }
  void Open() { in_.open(path_, std::ios::binary); }
  Result<std::string> Next() {
    std::string piece(kPieceBytes, '\0');
    in_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (in_.bad()) {
      return Error(ErrorCode::kIo, "the export cannot be read back: " + path_);
    }
    piece.resize(static_cast<size_t>(in_.gcount()));
    return piece;
  }

 private:
  std::string path_;
  std::ifstream in_;
};

std::string ContentType(const std::string& format) {
  if (format == "csv") return "text/csv; charset=utf-8; header=present";
  if (format == "xlsx") {
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  }
  return "application/vnd.apache.parquet";
}

}  // namespace

Result<HttpResponse> ExportRows(const query::PreparedQuery& rows, const std::string& format,
                                const std::string& name, const std::string& scratch_folder,
                                const std::string& unique, Engine& engine) {
  HttpResponse response;
  response.Set("Content-Type", ContentType(format))
      .Set("Content-Disposition", AttachmentHeader(name + "." + format))
      .Set("Cache-Control", "no-store");
  if (format == "csv") {
    ASSIGN_OR_RETURN(auto started, engine.Query(*rows.query, rows.inputs, rows.context));
    response.body = BodyPieces(CsvPieces(std::move(started)));
    return response;
  }
  std::error_code error;
  fs::create_directories(scratch_folder, error);
  const auto file =
      std::make_shared<ScratchFile>(fmt::format("{}/{}.{}", scratch_folder, unique, format));
  RETURN_IF_ERROR(query::WriteListFile(file->path(), rows, engine));
  file->Open();
  response.body = BodyPieces([file] { return file->Next(); });
  return response;
}

}  // namespace medallion::serve
