#include "text_table.h"

#include <numeric>

#include "base/check.h"
#include "terminal.h"

namespace medallion::cli {

void TextTable::AddRow(std::vector<std::string> cells) {
  CHECK_EQ(cells.size(), columns_.size());
  for (std::string& cell : cells) {
    cell = EscapeControls(cell);
  }
  rows_.push_back(std::move(cells));
}

std::string TextTable::Render() const {
  const std::vector<int> widths = Widths();
  return HeaderLines(widths) + RowLines(widths);
}

std::string TextTable::RenderWithin(int columns) const {
  const std::vector<int> natural = Widths();
  // Cuts every column of text to the greatest width with which a line fits.
  const auto cut = [&](int width_max) {
    std::vector<int> widths = natural;
    for (size_t column = 0; column < widths.size(); ++column) {
      if (columns_[column].align == Align::kLeft) {
        widths[column] = std::min(widths[column], width_max);
      }
    }
    return widths;
  };
  const auto line_width = [](const std::vector<int>& widths) {
    return std::accumulate(widths.begin(), widths.end(), 2 * static_cast<int>(widths.size()) - 2);
  };
  int width_max = std::max(columns, kNarrowestColumn);
  while (width_max > kNarrowestColumn && line_width(cut(width_max)) > columns) {
    --width_max;
  }
  const std::vector<int> widths = cut(width_max);
  TextTable fitted(columns_);
  for (size_t column = 0; column < columns_.size(); ++column) {
    fitted.columns_[column].title = Truncate(columns_[column].title, widths[column]);
  }
  for (std::vector<std::string> row : rows_) {
    for (size_t column = 0; column < row.size(); ++column) {
      row[column] = Truncate(row[column], widths[column]);
    }
    fitted.rows_.push_back(std::move(row));
  }
  return fitted.HeaderLines(widths) + fitted.RowLines(widths);
}

std::string TextTable::TakeLines() {
  std::string lines;
  if (taken_widths_.empty()) {
    taken_widths_ = Widths();
    lines = HeaderLines(taken_widths_);
  }
  lines += RowLines(taken_widths_);
  rows_.clear();
  return lines;
}

std::vector<int> TextTable::Widths() const {
  std::vector<int> widths;
  for (size_t column = 0; column < columns_.size(); ++column) {
    int width = DisplayWidth(columns_[column].title);
    for (const auto& row : rows_) {
      width = std::max(width, DisplayWidth(row[column]));
    }
    widths.push_back(width);
  }
  return widths;
}

std::string TextTable::HeaderLines(const std::vector<int>& widths) const {
  std::vector<std::string> titles;
  std::vector<std::string> rules;
  for (size_t column = 0; column < columns_.size(); ++column) {
    titles.push_back(columns_[column].title);
    rules.emplace_back(static_cast<size_t>(widths[column]), '-');
  }
  return Line(titles, widths) + Line(rules, widths);
}

std::string TextTable::RowLines(const std::vector<int>& widths) const {
  std::string lines;
  for (const auto& row : rows_) {
    lines += Line(row, widths);
  }
  return lines;
}

std::string TextTable::Line(const std::vector<std::string>& cells,
                            const std::vector<int>& widths) const {
  std::string line;
  for (size_t column = 0; column < cells.size(); ++column) {
    line += column == 0 ? "" : "  ";
    line += columns_[column].align == Align::kRight ? PadLeft(cells[column], widths[column])
                                                    : PadRight(cells[column], widths[column]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string FormatBytes(uint64_t bytes) {
  if (bytes < 1024) {
    return fmt::format("{} B", bytes);
  }
  double value = static_cast<double>(bytes);
  std::string_view unit;
  for (const std::string_view next : {"KiB", "MiB", "GiB", "TiB"}) {
    if (value < 1024) {
      break;
    }
    value /= 1024;
    unit = next;
  }
  return fmt::format("{:.1f} {}", value, unit);
}

std::string FormatDuration(int64_t micros) {
  const double seconds = static_cast<double>(micros) / 1e6;
  if (seconds < 10) {
    return fmt::format("{:.2f} s", seconds);
  }
  if (seconds < 120) {
    return fmt::format("{:.1f} s", seconds);
  }
  const int64_t whole = micros / 1'000'000;
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

std::string EscapeControls(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\r') {
      escaped += "\\r";
    } else if (c == '\t') {
      escaped += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      escaped += fmt::format("\\x{:02x}", byte);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace medallion::cli
