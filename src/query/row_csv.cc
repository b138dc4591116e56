#include "query/row_csv.h"

#include <string_view>

namespace medallion::query {
namespace {

std::string CsvField(const std::string& text) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

bool LooksLikeFormula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

}  // namespace

std::string CsvHeader(const Schema& schema) {
  std::string line;
  for (const Field& field : schema.fields()) {
    line += (line.empty() ? "" : ",") + CsvField(field.name);
  }
  return line + "\n";
}

std::string CsvLine(const std::vector<Value>& row) {
  std::string line;
  for (size_t column = 0; column < row.size(); ++column) {
    line += column == 0 ? "" : ",";
    line += row[column].is_null() ? "" : CsvField(ToDisplayString(row[column]));
  }
  return line + "\n";
}

std::vector<Value> WithoutFormulas(std::vector<Value> row) {
  for (Value& value : row) {
    auto* text = std::get_if<std::string>(&value.data);
    if (text != nullptr && LooksLikeFormula(*text)) {
      text->insert(0, "'");
    }
  }
  return row;
}

}  // namespace medallion::query
