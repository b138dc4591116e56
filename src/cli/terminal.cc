#include "terminal.h"

#include <array>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace medallion::cli {
namespace {

constexpr int kColumnsDefault = 80;

struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 1;
};

// Decodes at `offset`; a byte that begins no sequence stands for itself.
CodePoint DecodeAt(std::string_view text, size_t offset) {
  const auto byte = [&](size_t index) { return static_cast<uint8_t>(text[offset + index]); };
  const uint8_t first = byte(0);
  size_t length = 1;
  uint32_t value = first;
  if (first >= 0xF0) {
    length = 4;
    value = first & 0x07U;
  } else if (first >= 0xE0) {
    length = 3;
    value = first & 0x0FU;
  } else if (first >= 0xC0) {
    length = 2;
    value = first & 0x1FU;
  }
  if (offset + length > text.size()) {
    return {first, 1};
  }
  for (size_t index = 1; index < length; ++index) {
    value = (value << 6U) | (byte(index) & 0x3FU);
  }
  return {value, length};
}

struct CodePointRange {
  uint32_t first;
  uint32_t last;
};

bool Contains(std::span<const CodePointRange> ranges, uint32_t value) {
  return std::ranges::any_of(ranges, [value](const CodePointRange& range) {
    return value >= range.first && value <= range.last;
  });
}

// Unicode Standard Annex 11, "East Asian Width": the blocks that are wide throughout, and emoji.
constexpr std::array<CodePointRange, 8> kWide = {{{0x1100, 0x115F},
                                                  {0x2E80, 0xA4CF},
                                                  {0xAC00, 0xD7A3},
                                                  {0xF900, 0xFAFF},
                                                  {0xFE30, 0xFE6F},
                                                  {0xFF00, 0xFF60},
                                                  {0x1F300, 0x1FAFF},
                                                  {0x20000, 0x3FFFD}}};
// Combining marks, joiners and direction marks.
constexpr std::array<CodePointRange, 5> kZeroWidth = {
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

int Width(uint32_t code_point) {
  if (code_point < 0x20 || code_point == 0x7F || Contains(kZeroWidth, code_point)) {
    return 0;
  }
  return Contains(kWide, code_point) ? 2 : 1;
}

// The length of the escape sequence `ESC [ … letter` at `offset`; 0 if there is none.
size_t EscapeLength(std::string_view text, size_t offset) {
  if (text[offset] != '\x1b' || offset + 1 >= text.size() || text[offset + 1] != '[') {
    return 0;
  }
  size_t end = offset + 2;
  while (end < text.size() && (text[end] < '@' || text[end] > '~')) {
    ++end;
  }
  return std::min(end + 1, text.size()) - offset;
}

std::string_view InkCode(Ink ink) {
  switch (ink) {
    case Ink::kBold: return "\x1b[1m";
    case Ink::kDim: return "\x1b[2m";
    case Ink::kRed: return "\x1b[31m";
    case Ink::kGreen: return "\x1b[32m";
    case Ink::kYellow: return "\x1b[33m";
    case Ink::kCyan: return "\x1b[36m";
  }
  return "";
}

}  // namespace

bool UseColor(ColorMode mode, bool is_terminal, const EnvironmentLookup& environment) {
  if (mode != ColorMode::kAuto) {
    return mode == ColorMode::kAlways;
  }
  if (const auto no_color = environment("NO_COLOR"); no_color && !no_color->empty()) {
    return false;
  }
  if (const auto forced = environment("CLICOLOR_FORCE");
      forced && !forced->empty() && *forced != "0") {
    return true;
  }
  if (environment("CLICOLOR") == "0") {
    return false;
  }
  return is_terminal && environment("TERM") != "dumb";
}

Terminal ProbeTerminal(int descriptor, ColorMode mode, const EnvironmentLookup& environment) {
  Terminal terminal;
  const bool is_terminal = isatty(descriptor) == 1;
  terminal.interactive = is_terminal && environment("TERM").value_or("dumb") != "dumb";
  terminal.color = UseColor(mode, is_terminal, environment);
  terminal.columns = TerminalColumns(descriptor);
  return terminal;
}

int TerminalColumns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return kColumnsDefault;
}

bool ReaderHasGone(int descriptor) {
  pollfd state{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & POLLERR) != 0;
}

std::string Paint(bool color, Ink ink, std::string_view text) {
  return color ? fmt::format("{}{}\x1b[0m", InkCode(ink), text) : std::string(text);
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  size_t offset = 0;
  while (offset < text.size()) {
    if (const size_t escape = EscapeLength(text, offset); escape > 0) {
      offset += escape;
      continue;
    }
    const CodePoint point = DecodeAt(text, offset);
    width += Width(point.value);
    offset += point.bytes;
  }
  return width;
}

std::string Truncate(std::string_view text, int columns) {
  if (DisplayWidth(text) <= columns) {
    return std::string(text);
  }
  std::string cut;
  int width = 0;
  size_t offset = 0;
  while (offset < text.size()) {
    if (const size_t escape = EscapeLength(text, offset); escape > 0) {
      offset += escape;
      continue;
    }
    const CodePoint point = DecodeAt(text, offset);
    if (width + Width(point.value) > columns - 1) {
      break;
    }
    width += Width(point.value);
    cut.append(text.substr(offset, point.bytes));
    offset += point.bytes;
  }
  return columns > 0 ? cut + "…" : "";
}

std::string PadRight(std::string_view text, int columns) {
  return std::string(text) +
         std::string(static_cast<size_t>(std::max(0, columns - DisplayWidth(text))), ' ');
}

std::string PadLeft(std::string_view text, int columns) {
  return std::string(static_cast<size_t>(std::max(0, columns - DisplayWidth(text))), ' ') +
         std::string(text);
}

}  // namespace medallion::cli
