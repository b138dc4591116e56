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

  // Lines with their ends, nothing cut.
  std::string Render() const;
  // As Render, for a terminal of that width: the widest columns of text are cut with `…` until the
  // lines fit. Numbers are never cut, and a column keeps kNarrowestColumn.
  std::string RenderWithin(int columns) const;
  // The lines of the rows that were added since the last call, those of the header before the first
  // ones, whose widths hold for all. Bounds the memory of a long listing.
  std::string TakeLines();

  static constexpr int kNarrowestColumn = 16;

 private:
  std::vector<int> Widths() const;
  std::string HeaderLines(const std::vector<int>& widths) const;
  std::string RowLines(const std::vector<int>& widths) const;
  std::string Line(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<int> taken_widths_;  // empty before TakeLines
};

// `512 B`, `1.4 KiB`, `26.0 MiB`.
std::string FormatBytes(uint64_t bytes);
// `0.03 s`, `12.4 s`, `3 min 05 s`.
std::string FormatDuration(int64_t micros);

// Line ends, tabs and other control characters as `\n`, `\t`, `\x1b`.
std::string EscapeControls(std::string_view text);

}  // namespace medallion::cli
