#include "terminal.h"

#include <array>

#include <unistd.h>

namespace medallion::cli {
namespace {

EnvironmentLookup With(std::map<std::string, std::string, std::less<>> values) {
  return [values](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(UseColorTest, ATerminalGetsColorsAndAPipeDoesNot) {
  EXPECT_TRUE(UseColor(ColorMode::kAuto, true, With({{"TERM", "xterm"}})));
  EXPECT_FALSE(UseColor(ColorMode::kAuto, false, With({{"TERM", "xterm"}})));
  EXPECT_FALSE(UseColor(ColorMode::kAuto, true, With({{"TERM", "dumb"}})));
}

TEST(UseColorTest, NoColorBeatsForceAndCountsOnlyWhenNotEmpty) {
  EXPECT_FALSE(
      UseColor(ColorMode::kAuto, true, With({{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}})));
  EXPECT_TRUE(UseColor(ColorMode::kAuto, true, With({{"NO_COLOR", ""}})));
  EXPECT_TRUE(UseColor(ColorMode::kAuto, false, With({{"CLICOLOR_FORCE", "1"}})));
  EXPECT_FALSE(UseColor(ColorMode::kAuto, true, With({{"CLICOLOR", "0"}})));
}

TEST(UseColorTest, TheFlagBeatsTheEnvironment) {
  EXPECT_TRUE(UseColor(ColorMode::kAlways, false, With({{"NO_COLOR", "1"}})));
  EXPECT_FALSE(UseColor(ColorMode::kNever, true, With({{"CLICOLOR_FORCE", "1"}})));
}

TEST(PaintTest, LeavesTextAloneWithoutColor) {
  EXPECT_EQ(Paint(false, Ink::kRed, "x"), "x");
  EXPECT_EQ(Paint(true, Ink::kRed, "x"), "\x1b[31mx\x1b[0m");
}

TEST(DisplayWidthTest, CountsWhatATerminalShows) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("£"), 1);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1);  // e and a combining acute accent
  EXPECT_EQ(DisplayWidth("\x1b[31mred\x1b[0m"), 3);
  EXPECT_EQ(DisplayWidth("\xff"), 1);  // a byte that is no UTF-8
}

TEST(TruncateTest, NeverExceedsTheWidth) {
  EXPECT_EQ(Truncate("abcdef", 6), "abcdef");
  EXPECT_EQ(Truncate("abcdefg", 6), "abcde…");
  EXPECT_EQ(Truncate("日本語", 4), "日…");
  EXPECT_EQ(Truncate("abc", 0), "");
}

TEST(TerminalTest, TellsAPipeWhoseReaderHasGone) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  EXPECT_FALSE(ReaderHasGone(ends[1]));
  ::close(ends[0]);
  EXPECT_TRUE(ReaderHasGone(ends[1]));
  ::close(ends[1]);
}

}  // namespace
}  // namespace medallion::cli
