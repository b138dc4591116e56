#include "row_printer.h"

#include <ostream>

#include "base/text.h"
#include "query/row_csv.h"
#include "query/row_json.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

bool IsNumber(const DataType& type) { return type.IsNumeric(); }

class TablePrinter final : public RowPrinter {
 public:
  TablePrinter(const Schema& schema, std::ostream& out, const Terminal& terminal)
      : table_(Columns(schema)), out_(out), terminal_(terminal) {}

  void Add(const std::vector<Value>& row) override {
    ++rows_;
    if (terminal_.interactive && rows_ > kTableRowsMax) {
      return;
    }
    std::vector<std::string> cells;
    for (const Value& value : row) {
      cells.push_back(ToDisplayString(value));
    }
    table_.AddRow(std::move(cells));
    if (!terminal_.interactive && table_.row_count() == kTableRowsMax) {
      out_ << table_.TakeLines();
    }
  }

  void Finish() override {
    out_ << (terminal_.interactive ? table_.RenderWithin(terminal_.columns) : table_.TakeLines());
    out_ << "(" << Counted(static_cast<int64_t>(rows_), "row", "rows");
    if (terminal_.interactive && rows_ > kTableRowsMax) {
      out_ << fmt::format(", of which the first {} are shown; a pipe or a file gets all",
                          GroupDigits(static_cast<int64_t>(kTableRowsMax)));
    }
    out_ << ")\n";
  }

 private:
  static std::vector<TextTable::Column> Columns(const Schema& schema) {
    std::vector<TextTable::Column> columns;
    for (const Field& field : schema.fields()) {
      columns.push_back({field.name, IsNumber(field.type) ? Align::kRight : Align::kLeft});
    }
    return columns;
  }

  TextTable table_;
  std::ostream& out_;
  Terminal terminal_;
  size_t rows_ = 0;
};

class JsonPrinter final : public RowPrinter {
 public:
  JsonPrinter(const Schema& schema, std::ostream& out)
      : names_(query::JsonKeys(schema)), out_(out) {}
  void Add(const std::vector<Value>& row) override {
    out_ << query::ToJsonObject(names_, row) << "\n";
  }
  void Finish() override {}

 private:
  std::vector<std::string> names_;
  std::ostream& out_;
};

class CsvPrinter final : public RowPrinter {
 public:
  CsvPrinter(const Schema& schema, std::ostream& out) : out_(out) {
    out_ << query::CsvHeader(schema);
  }
  void Add(const std::vector<Value>& row) override { out_ << query::CsvLine(row); }
  void Finish() override {}

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<RowPrinter> RowPrinter::Make(OutputFormat format, const Schema& schema,
                                             std::ostream& out, const Terminal& terminal) {
  switch (format) {
    case OutputFormat::kJson: return std::make_unique<JsonPrinter>(schema, out);
    case OutputFormat::kCsv: return std::make_unique<CsvPrinter>(schema, out);
    case OutputFormat::kTable: break;
  }
  return std::make_unique<TablePrinter>(schema, out, terminal);
}

}  // namespace medallion::cli
