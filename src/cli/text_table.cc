#include "text_table.h"

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

std::string TextTable::Render(int cell_columns_max) const {
  std::vector<int> widths;
  for (size_t column = 0; column < columns_.size(); ++column) {
    int width = DisplayWidth(columns_[column].title);
    for (const auto& row : rows_) {
      width = std::max(width, std::min(DisplayWidth(row[column]), cell_columns_max));
    }
    widths.push_back(width);
  }

  std::string text;
  const auto append_line = [&](const auto& cell_of) {
    std::string line;
    for (size_t column = 0; column < columns_.size(); ++column) {
      const std::string cell = Truncate(cell_of(column), widths[column]);
      line += column == 0 ? "" : "  ";
      line += columns_[column].align == Align::kRight ? PadLeft(cell, widths[column])
                                                      : PadRight(cell, widths[column]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  append_line([&](size_t column) { return columns_[column].title; });
  append_line([&](size_t column) { return std::string(static_cast<size_t>(widths[column]), '-'); });
  for (const auto& row : rows_) {
    append_line([&](size_t column) { return row[column]; });
  }
  return text;
}

std::string GroupDigits(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t position = digits.size(); position > first + 3;) {
    position -= 3;
    digits.insert(position, ",");
  }
  return digits;
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
