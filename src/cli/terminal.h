#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "options.h"

namespace medallion::cli {

// What one output stream can show.
struct Terminal {
  bool interactive = false;  // a terminal that can redraw
  bool color = false;
  int columns = 80;
};

using EnvironmentLookup = std::function<std::optional<std::string>(std::string_view name)>;

// Decides as CMake does, a flag first: `--color`, then NO_COLOR, CLICOLOR_FORCE and CLICOLOR=0,
// then whether the stream is a terminal other than TERM=dumb. Pure.
bool UseColor(ColorMode mode, bool is_terminal, const EnvironmentLookup& environment);

// Asks the operating system about an open file.
Terminal ProbeTerminal(int descriptor, ColorMode mode, const EnvironmentLookup& environment);

// The width of the terminal now (it may have been resized); 80 if unknown.
int TerminalColumns(int descriptor);

// Whether the descriptor is a pipe whose reader has gone, as after `medallion events | head`.
bool ReaderHasGone(int descriptor);

enum class Ink { kBold, kDim, kRed, kGreen, kYellow, kCyan };

// `text` in that ink; unchanged if `color` is false.
std::string Paint(bool color, Ink ink, std::string_view text);

// Columns that UTF-8 text takes in a terminal: code points, wide East Asian ones and emoji count
// two, combining marks and escape sequences none.
int DisplayWidth(std::string_view text);

// At most `columns` wide; cut text ends with `…`. Escape sequences do not survive a cut.
std::string Truncate(std::string_view text, int columns);

// `text` and blanks up to `columns`.
std::string PadRight(std::string_view text, int columns);
std::string PadLeft(std::string_view text, int columns);

}  // namespace medallion::cli
