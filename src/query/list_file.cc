#include "query/list_file.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <xlsxwriter.h>

#include "base/text.h"
#include "query/row_csv.h"
#include "storage/local_store.h"

namespace medallion::query {
namespace {

namespace fs = std::filesystem;

// Calls `take` with every row.
template <class Take>
Status ForEachRow(ResultRows& rows, const Take& take) {
  std::vector<std::vector<Value>> batch;
  for (bool more = true; more;) {
    batch.clear();
    ASSIGN_OR_RETURN(more, rows.Next(batch));
    for (std::vector<Value>& row : batch) {
      RETURN_IF_ERROR(take(std::move(row)));
    }
  }
  return OkStatus();
}

Result<int64_t> WriteCsv(const std::string& path, ResultRows& rows) {
  std::ofstream out(path, std::ios::binary);
  out << CsvHeader(rows.schema());
  int64_t count = 0;
  RETURN_IF_ERROR(ForEachRow(rows, [&](std::vector<Value> row) {
    out << CsvLine(WithoutFormulas(std::move(row)));
    ++count;
    return out ? OkStatus() : Status(Error(ErrorCode::kIo, "cannot write " + path));
  }));
  out.close();
  return out ? Result<int64_t>(count) : Error(ErrorCode::kIo, "cannot write " + path);
}

lxw_error WriteCell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const Value& value,
                    lxw_format* date_format) {
  if (value.is_null()) {
    return LXW_NO_ERROR;
  }
  if (value.type.Is(TypeKind::kDate)) {
    constexpr double kExcelDayOfEpoch = 25'569;  // 1970-01-01, counted from 1899-12-30
    const auto days = static_cast<double>(std::get<int64_t>(value.data));
    return worksheet_write_number(sheet, row, column, days + kExcelDayOfEpoch, date_format);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value.data)) {
    return worksheet_write_number(sheet, row, column, decimal->ToDouble(), nullptr);
  }
  if (const auto* number = std::get_if<double>(&value.data)) {
    return worksheet_write_number(sheet, row, column, *number, nullptr);
  }
  if (value.type.IsIntegral()) {
    const auto whole = static_cast<double>(std::get<int64_t>(value.data));
    return worksheet_write_number(sheet, row, column, whole, nullptr);
  }
  return worksheet_write_string(sheet, row, column, ToDisplayString(value).c_str(), nullptr);
}

// A workbook of one sheet that is written row by row. Failures are told at the end.
class XlsxSheet {
 public:
  XlsxSheet(const std::string& path, const Schema& schema) : path_(path) {
    // The library's own files, of the rows so far, lie beside the workbook.
    std::string folder = fs::path(path).parent_path().string();
    lxw_workbook_options options{.constant_memory = LXW_TRUE, .tmpdir = folder.data()};
    workbook_ = workbook_new_opt(path.c_str(), &options);
    sheet_ = workbook_add_worksheet(workbook_, nullptr);
    lxw_format* bold = workbook_add_format(workbook_);
    format_set_bold(bold);
    date_ = workbook_add_format(workbook_);
    format_set_num_format(date_, "yyyy-mm-dd");
    worksheet_freeze_panes(sheet_, 1, 0);
    for (size_t i = 0; i < schema.size(); ++i) {
      Note(worksheet_write_string(sheet_, 0, static_cast<lxw_col_t>(i), schema[i].name.c_str(),
                                  bold));
    }
  }
  ~XlsxSheet() {
    if (workbook_ != nullptr) {
      workbook_close(workbook_);
    }
  }
  XlsxSheet(const XlsxSheet&) = delete;
  XlsxSheet& operator=(const XlsxSheet&) = delete;

  Status Add(const std::vector<Value>& row) {
    ++rows_;
    if (rows_ >= LXW_ROW_MAX || row.size() > LXW_COL_MAX) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("a sheet of Excel has {} rows and {} columns at most, and these are "
                               "more; write .csv or .parquet",
                               LXW_ROW_MAX - 1, LXW_COL_MAX));
    }
    for (size_t i = 0; i < row.size(); ++i) {
      Note(WriteCell(sheet_, static_cast<lxw_row_t>(rows_), static_cast<lxw_col_t>(i), row[i],
                     date_));
    }
    return OkStatus();
  }

  // The number of rows.
  Result<int64_t> Close() {
    Note(workbook_close(std::exchange(workbook_, nullptr)));
    return error_ == LXW_NO_ERROR ? Result<int64_t>(rows_)
                                  : Error(ErrorCode::kIo, fmt::format("cannot write {}: {}", path_,
                                                                      lxw_strerror(error_)));
  }

 private:
  void Note(lxw_error error) { error_ = error_ == LXW_NO_ERROR ? error : error_; }

  const std::string path_;
  lxw_workbook* workbook_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* date_ = nullptr;
  lxw_error error_ = LXW_NO_ERROR;
  int64_t rows_ = 0;
};

Result<int64_t> WriteXlsx(const std::string& path, ResultRows& rows) {
  XlsxSheet sheet(path, rows.schema());
  RETURN_IF_ERROR(
      ForEachRow(rows, [&sheet](const std::vector<Value>& row) { return sheet.Add(row); }));
  return sheet.Close();
}

// The engine names its files itself: it writes into a folder beside, and the one file is taken.
Result<int64_t> WriteParquet(const std::string& path, const PreparedQuery& rows, Engine& engine) {
  const fs::path folder = path + ".files";
  WriteRequest request;
  request.query = rows.query.get();
  request.inputs = rows.inputs;
  request.context = rows.context;
  request.output.schema = rows.query->OutputSchema();
  request.output.target_file_bytes = uint64_t{1} << 40;  // one file
  request.output.file_without_rows = true;
  ASSIGN_OR_RETURN(request.output.store, LocalStore::Open(folder.string()));
  Result<int64_t> count = 0;
  const auto outcome = engine.Write(request);
  if (!outcome) {
    count = outcome.error();
  } else {
    const auto& result = std::get<WriteResult>(*outcome);
    count = result.rows_written;
    std::error_code failed;
    if (result.files.size() == 1) {
      fs::rename(folder / result.files.front().path, path, failed);
    }
    if (result.files.size() != 1 || failed) {
      count = Error(ErrorCode::kIo, "cannot write " + path);
    }
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return count;
}

Result<int64_t> WriteAs(ListFormat format, const std::string& path, const PreparedQuery& rows,
                        Engine& engine) {
  if (format == ListFormat::kParquet) {
    return WriteParquet(path, rows, engine);
  }
  ASSIGN_OR_RETURN(const auto started, engine.Query(*rows.query, rows.inputs, rows.context));
  return format == ListFormat::kCsv ? WriteCsv(path, *started) : WriteXlsx(path, *started);
}

}  // namespace

Result<ListFormat> ListFormatOf(const std::string& path) {
  const std::string ending = ToLower(fs::path(path).extension().string());
  if (ending == ".csv") return ListFormat::kCsv;
  if (ending == ".xlsx") return ListFormat::kXlsx;
  if (ending == ".parquet") return ListFormat::kParquet;
  return Error(ErrorCode::kInvalidArgument,
               {Diagnostic::Unplaced("INVALID_ARGUMENT",
                                     fmt::format("the ending of {} says no format of lists", path),
                                     {"write a name that ends in .csv, .xlsx or .parquet"})});
}

Result<int64_t> WriteListFile(const std::string& path, const PreparedQuery& rows, Engine& engine) {
  ASSIGN_OR_RETURN(const ListFormat format, ListFormatOf(path));
  const std::string partial = path + ".partial";
  Result<int64_t> written = WriteAs(format, partial, rows, engine);
  std::error_code failed;
  if (written) {
    fs::rename(partial, path, failed);
  }
  if (failed) {
    written = Error(ErrorCode::kIo, fmt::format("cannot write {}: {}", path, failed.message()));
  }
  if (!written) {
    std::error_code ignored;
    fs::remove(partial, ignored);
  }
  return written;
}

}  // namespace medallion::query
