#include "progress_board.h"

#include "live_display.h"
#include "terminal.h"

namespace medallion::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kSecond = 1'000'000;

FlowLine Completed(const std::string& name) {
  return {.name = name,
          .state = FlowState::kCompleted,
          .files = 220,
          .rows_read = 321'951,
          .rows_written = 313'529,
          .rows_dropped = 8'422,
          .rule_failures = 8'422,
          .started_micros = 1 * kSecond,
          .ended_micros = 4 * kSecond,
          .note = ""};
}

TEST(ProgressBoardTest, KeepsFlowsInTheOrderOfTheirFirstMention) {
  ProgressBoard board;
  board.Flow("b").rows_read = 1;
  board.Flow("a").rows_read = 2;
  board.Flow("b").rows_read = 3;
  ASSERT_EQ(board.flows().size(), 2U);
  EXPECT_EQ(board.flows()[0].name, "b");
  EXPECT_EQ(board.flows()[0].rows_read, 3);
}

TEST(ProgressBoardTest, ALiveLineShowsFilesRowsSpeedDropsAndFailures) {
  ProgressBoard board;
  board.Flow("silver") = Completed("silver");
  EXPECT_THAT(
      board.LiveLines(9 * kSecond, 200, 10, false),
      ElementsAre(
          "✓ silver    220 files   321,951 rows   107,317 rows/s     3.00 s  8,422 dropped  "
          "8,422 rule failures"));
}

TEST(ProgressBoardTest, ARunningFlowIsTimedUpToNow) {
  ProgressBoard board;
  board.Flow("silver") = {.name = "silver",
                          .state = FlowState::kRunning,
                          .rows_read = 200,
                          .rows_in_batch = 300,
                          .started_micros = kSecond};
  EXPECT_THAT(board.LiveLines(2 * kSecond, 200, 10, false)[0],
              HasSubstr("500 rows       500 rows/s"));
}

TEST(ProgressBoardTest, NoLineIsWiderThanTheTerminal) {
  ProgressBoard board;
  board.Flow("a") = Completed("a");
  FlowLine& failed = board.Flow("a_rather_long_name_of_a_dataset_in_a_schema");
  failed.state = FlowState::kFailed;
  failed.note = "division by zero in\x1b[31m line 3 of a long message that does not fit";
  for (const int columns : {20, 40, 79, 80, 120}) {
    for (const std::string& line : board.LiveLines(5 * kSecond, columns, 10, true)) {
      EXPECT_LE(DisplayWidth(line), columns);
    }
  }
}

TEST(ProgressBoardTest, RunningFlowsAreShownWhenThereIsNoRoomForAll) {
  ProgressBoard board;
  for (int number = 0; number < 10; ++number) {
    board.Flow("done" + std::to_string(number)) = Completed("done" + std::to_string(number));
  }
  board.Flow("busy").state = FlowState::kRunning;
  const std::vector<std::string> lines = board.LiveLines(0, 80, 3, false);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[1], HasSubstr("busy"));
  EXPECT_EQ(lines[2], "  and 9 more");
}

TEST(ProgressBoardTest, SummaryShowsADashForWhatDidNotRun) {
  ProgressBoard board;
  board.Flow("silver") = Completed("silver");
  board.Flow("gold").state = FlowState::kIdle;
  EXPECT_EQ(board.Summary(),
            "flow    state        files  rows read  written  dropped  rule failures  seconds\n"
            "------  -----------  -----  ---------  -------  -------  -------------  -------\n"
            "silver  completed      220    321,951  313,529    8,422          8,422     3.00\n"
            "gold    nothing new      -          -        -        -              -        -\n");
}

TEST(StateLineTest, SaysWhatHappenedInOneLine) {
  EXPECT_EQ(StateLine(Completed("silver")),
            "silver: completed, 220 files, 321,951 rows read, 313,529 written, 8,422 dropped, "
            "8,422 rule failures, "
            "3.00 s");
  EXPECT_EQ(StateLine({.name = "gold", .state = FlowState::kSkipped, .note = "silver failed"}),
            "gold: not run, silver failed");
  EXPECT_EQ(StateLine({.name = "gold", .state = FlowState::kIdle}), "gold: nothing new");
  EXPECT_EQ(StateLine({.name = "gold", .state = FlowState::kWaiting}), "");
}

TEST(RedrawBytesTest, TheFirstFrameMovesNothing) {
  EXPECT_EQ(RedrawBytes({}, {.lines = {"a", "b"}, .columns = 80}, ""),
            "\x1b[?2026h\ra\x1b[K\nb\x1b[K\n\x1b[J\x1b[?2026l");
}

TEST(RedrawBytesTest, AFrameStartsWhereTheLastOneDid) {
  EXPECT_THAT(
      RedrawBytes({.lines = {"a", "b"}, .columns = 80}, {.lines = {"c"}, .columns = 80}, ""),
      StartsWith("\x1b[?2026h\r\x1b[2A"
                 "c\x1b[K\n"));
}

TEST(RedrawBytesTest, ANarrowerTerminalWrappedTheLastFrame) {
  const LiveDisplay::Frame drawn{.lines = {std::string(50, 'a'), "b"}, .columns = 80};
  EXPECT_THAT(RedrawBytes(drawn, {.lines = {"c"}, .columns = 20}, ""), HasSubstr("\x1b[4A"));
}

TEST(RedrawBytesTest, TextAboveStaysAndTheFrameFollows) {
  EXPECT_THAT(
      RedrawBytes({.lines = {"a"}, .columns = 80}, {.lines = {"a"}, .columns = 80}, "note\n"),
      EndsWith("\x1b[1A\x1b[Jnote\na\x1b[K\n\x1b[J\x1b[?2026l"));
}

}  // namespace
}  // namespace medallion::cli
