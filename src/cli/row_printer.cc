#include "row_printer.h"

#include <cmath>
#include <ostream>
#include <set>

#include <nlohmann/json.hpp>

#include "text_table.h"

namespace medallion::cli {
namespace {

std::string JsonString(const std::string& text) {
  // Bytes that are not UTF-8 (BINARY) become U+FFFD rather than an exception.
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JsonDouble(double value) {
  return std::isfinite(value) ? nlohmann::json(value).dump()
                              : JsonString(ToDisplayString(Value::Double(value)));
}

std::string JsonList(const Value::List& list, const DataType& type) {
  std::string text;
  const auto append = [&text](const std::string& piece) {
    text += (text.empty() ? "" : ",") + piece;
  };
  if (type.Is(TypeKind::kArray)) {
    for (const Value& element : list) {
      append(ToJson(element));
    }
    return "[" + text + "]";
  }
  if (type.Is(TypeKind::kMap)) {
    for (size_t index = 0; index + 1 < list.size(); index += 2) {
      append(JsonString(ToDisplayString(list[index])) + ":" + ToJson(list[index + 1]));
    }
    return "{" + text + "}";
  }
  for (size_t index = 0; index < list.size(); ++index) {
    append(JsonString(type.fields()[index].name) + ":" + ToJson(list[index]));
  }
  return "{" + text + "}";
}

// Names for the keys of an object, each once: a later column of the same name gets `_2`, `_3` and
// so on, the first that no other column has.
std::vector<std::string> UniqueNames(const Schema& schema) {
  std::set<std::string> taken;
  for (const Field& field : schema.fields()) {
    taken.insert(field.name);
  }
  std::set<std::string> used;
  std::vector<std::string> names;
  for (const Field& field : schema.fields()) {
    std::string name = field.name;
    for (int number = 2; used.contains(name) || (name != field.name && taken.contains(name));
         ++number) {
      name = fmt::format("{}_{}", field.name, number);
    }
    used.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

std::string JsonObject(const std::vector<std::string>& names, const std::vector<Value>& row) {
  std::string text;
  for (size_t column = 0; column < row.size(); ++column) {
    text += (column == 0 ? "" : ",") + JsonString(names[column]) + ":" + ToJson(row[column]);
  }
  return "{" + text + "}";
}

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
    out_ << fmt::format("({} {}", GroupDigits(static_cast<int64_t>(rows_)),
                        rows_ == 1 ? "row" : "rows");
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
  JsonPrinter(const Schema& schema, std::ostream& out) : names_(UniqueNames(schema)), out_(out) {}
  void Add(const std::vector<Value>& row) override { out_ << JsonObject(names_, row) << "\n"; }
  void Finish() override {}

 private:
  std::vector<std::string> names_;
  std::ostream& out_;
};

class CsvPrinter final : public RowPrinter {
 public:
  CsvPrinter(const Schema& schema, std::ostream& out) : out_(out) {
    std::string line;
    for (const Field& field : schema.fields()) {
      line += (line.empty() ? "" : ",") + Quoted(field.name);
    }
    out_ << line << "\n";
  }

  void Add(const std::vector<Value>& row) override {
    for (size_t column = 0; column < row.size(); ++column) {
      out_ << (column == 0 ? "" : ",")
           << (row[column].is_null() ? "" : Quoted(ToDisplayString(row[column])));
    }
    out_ << "\n";
  }
  void Finish() override {}

 private:
  static std::string Quoted(const std::string& text) {
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
      return text;
    }
    std::string quoted = "\"";
    for (const char c : text) {
      quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
  }

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

std::string ToJson(const Value& value) {
  if (value.is_null()) {
    return "null";
  }
  if (const auto* boolean = std::get_if<bool>(&value.data)) {
    return *boolean ? "true" : "false";
  }
  if (const auto* number = std::get_if<double>(&value.data)) {
    return JsonDouble(*number);
  }
  if (const auto* list = std::get_if<Value::List>(&value.data)) {
    return JsonList(*list, value.type);
  }
  if (value.type.IsIntegral()) {
    return std::to_string(std::get<int64_t>(value.data));
  }
  return JsonString(ToDisplayString(value));
}

std::string ToJsonObject(const Schema& schema, const std::vector<Value>& row) {
  return JsonObject(UniqueNames(schema), row);
}

}  // namespace medallion::cli
