#include "text_table.h"

namespace medallion::cli {
namespace {

TEST(TextTableTest, AlignsTextLeftAndNumbersRight) {
  TextTable table({{"segment"}, {"customers", Align::kRight}});
  table.AddRow({"High Value - Inactive", "69"});
  table.AddRow({"All", "3,291"});
  EXPECT_EQ(table.Render(),
            "segment                customers\n"
            "---------------------  ---------\n"
            "High Value - Inactive         69\n"
            "All                        3,291\n");
}

TEST(TextTableTest, CountsWideCharactersAsTwoColumns) {
  TextTable table({{"name"}, {"n", Align::kRight}});
  table.AddRow({"日本", "1"});
  table.AddRow({"café", "2"});
  EXPECT_EQ(table.Render(), "name  n\n----  -\n日本  1\ncafé  2\n");
}

TEST(TextTableTest, CutsTheWidestTextsUntilALineFits) {
  TextTable table({{"text"}, {"kind"}, {"n", Align::kRight}});
  table.AddRow({"abcdefghijklmnopqrstuvwxyz", "short", "1,234"});
  EXPECT_EQ(table.RenderWithin(32),
            "text                kind       n\n"
            "------------------  -----  -----\n"
            "abcdefghijklmnopq…  short  1,234\n");
  EXPECT_EQ(table.RenderWithin(40), table.Render());
  // Neither numbers nor the last few letters go.
  EXPECT_THAT(table.RenderWithin(10), ::testing::HasSubstr("abcdefghijklmno…  short  1,234\n"));
}

TEST(TextTableTest, LaterRowsKeepTheWidthsOfTheFirst) {
  TextTable table({{"a"}, {"b"}});
  table.AddRow({"1234", "x"});
  EXPECT_EQ(table.TakeLines(), "a     b\n----  -\n1234  x\n");
  table.AddRow({"1", "x"});
  table.AddRow({"123456", "x"});
  EXPECT_EQ(table.TakeLines(), "1     x\n123456  x\n");
}

TEST(TextTableTest, ControlCharactersOfTheDataCannotMoveTheCursor) {
  TextTable table({{"text"}});
  table.AddRow({"a\n\x1b[2J\tb"});
  EXPECT_EQ(table.Render(), "text\n-------------\na\\n\\x1b[2J\\tb\n");
}

TEST(FormatTest, BytesTakeTheLargestUnitBelow) {
  EXPECT_EQ(FormatBytes(1023), "1023 B");
  EXPECT_EQ(FormatBytes(1536), "1.5 KiB");
  EXPECT_EQ(FormatBytes(uint64_t{26} << 20), "26.0 MiB");
}

TEST(FormatTest, DurationsLoseDigitsAsTheyGrow) {
  EXPECT_EQ(FormatDuration(30'000), "0.03 s");
  EXPECT_EQ(FormatDuration(12'440'000), "12.4 s");
  EXPECT_EQ(FormatDuration(185'000'000), "3 min 05 s");
}

}  // namespace
}  // namespace medallion::cli
