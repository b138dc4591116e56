#pragma once

#include <string>
#include <vector>

namespace medallion::cli {

enum class Align { kLeft, kRight };

// Rows for people: columns aligned, a rule under the header, blanks between. Control characters are
// shown escaped, so that data cannot move the cursor.
//
//   segment                        customers
//   -----------------------------  ---------
//   High Value - Active & Engaged        696
class TextTable {
 public:
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // `cells` has as many entries as there are columns.
  void AddRow(std::vector<std::string> cells);
  size_t row_count() const { return rows_.size(); }

  // Lines with their ends. `cell_columns_max` bounds each cell's width; longer text is cut with
  // `…`.
  std::string Render(int cell_columns_max = 60) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// `1,234,567`: digits in groups of three.
std::string GroupDigits(int64_t number);
// `512 B`, `1.4 KiB`, `26.0 MiB`.
std::string FormatBytes(uint64_t bytes);
// `0.03 s`, `12.4 s`, `3 min 05 s`.
std::string FormatDuration(int64_t micros);

// Line ends, tabs and other control characters as `\n`, `\t`, `\x1b`.
std::string EscapeControls(std::string_view text);

}  // namespace medallion::cli
