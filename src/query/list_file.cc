#include "query/list_file.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <xlsxwriter.h>

#include "base/text.h"
#include "engine/flat_rows.h"
#include "query/row_csv.h"
#include "storage/local_store.h"

namespace medallion::query {
namespace {

namespace fs = std::filesystem;

Status WriteCsv(const std::string& path, const RowSet& list) {
  std::ofstream out(path, std::ios::binary);
  out << CsvHeader(list.schema);
  for (const std::vector<Value>& row : list.rows) {
    out << CsvLine(WithoutFormulas(row));
  }
  out.close();
  return out ? OkStatus() : Status(Error(ErrorCode::kIo, "cannot write " + path));
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

Status WriteXlsx(const std::string& path, const RowSet& list) {
  if (list.rows.size() >= LXW_ROW_MAX || list.schema.size() > LXW_COL_MAX) {
    return Error(
        ErrorCode::kUnsupported,
        fmt::format("a sheet of Excel has {} rows at most, and these are {}; write .csv or "
                    ".parquet",
                    LXW_ROW_MAX - 1, list.rows.size()));
  }
  lxw_workbook* workbook = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, nullptr);
  lxw_format* bold = workbook_add_format(workbook);
  format_set_bold(bold);
  lxw_format* date = workbook_add_format(workbook);
  format_set_num_format(date, "yyyy-mm-dd");
  lxw_error error = LXW_NO_ERROR;
  const auto note = [&error](lxw_error next) { error = error == LXW_NO_ERROR ? next : error; };
  for (size_t i = 0; i < list.schema.size(); ++i) {
    note(worksheet_write_string(sheet, 0, static_cast<lxw_col_t>(i), list.schema[i].name.c_str(),
                                bold));
  }
  worksheet_freeze_panes(sheet, 1, 0);
  for (size_t r = 0; r < list.rows.size(); ++r) {
    for (size_t c = 0; c < list.schema.size(); ++c) {
      note(WriteCell(sheet, static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(c),
                     list.rows[r][c], date));
    }
  }
  note(workbook_close(workbook));
  return error == LXW_NO_ERROR
             ? OkStatus()
             : Status(Error(ErrorCode::kIo,
                            fmt::format("cannot write {}: {}", path, lxw_strerror(error))));
}

// The engine names its files itself: it writes into a folder beside, and the one file is taken.
Status WriteParquet(const std::string& path, const RowSet& list, Engine& engine) {
  const fs::path folder = path + ".files";
  const FlatRows rows(list.schema, list.rows);
  std::vector<sql::ExprPtr> columns;
  std::vector<std::string> names;
  for (size_t i = 0; i < list.schema.size(); ++i) {
    columns.push_back(ColumnOf(list.schema, i));
    names.push_back(list.schema[i].name);
  }
  const sql::BoundQuery query = QueryFlatRows(list.schema, std::move(columns), names);
  WriteRequest request;
  request.query = &query;
  request.inputs.files = {&rows};
  request.output.schema = list.schema;
  request.output.target_file_bytes = uint64_t{1} << 40;  // one file
  ASSIGN_OR_RETURN(request.output.store, LocalStore::Open(folder.string()));
  const auto outcome = engine.Write(request);
  Status status = OkStatus();
  if (!outcome) {
    status = outcome.error();
  } else {
    const auto& files = std::get<WriteResult>(*outcome).files;
    std::error_code failed;
    if (files.size() == 1) {
      fs::rename(folder / files.front().path, path, failed);
    }
    if (files.size() != 1 || failed) {
      status = Error(ErrorCode::kIo, "cannot write " + path);
    }
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return status;
}

Status WriteAs(ListFormat format, const std::string& path, const RowSet& list, Engine& engine) {
  switch (format) {
    case ListFormat::kCsv: return WriteCsv(path, list);
    case ListFormat::kXlsx: return WriteXlsx(path, list);
    case ListFormat::kParquet: return WriteParquet(path, list, engine);
  }
  return OkStatus();
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

Status WriteListFile(const std::string& path, const RowSet& list, Engine& engine) {
  ASSIGN_OR_RETURN(const ListFormat format, ListFormatOf(path));
  const std::string partial = path + ".partial";
  const Status written = WriteAs(format, partial, list, engine);
  std::error_code failed;
  if (written) {
    fs::rename(partial, path, failed);
  }
  if (!written || failed) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    return written ? Status(Error(ErrorCode::kIo,
                                  fmt::format("cannot write {}: {}", path, failed.message())))
                   : written;
  }
  return OkStatus();
}

}  // namespace medallion::query
