// Encodings; see README.md for the list of cases.

#include "nasty_fixture.h"

namespace medallion::nasty {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NastyEncodingTest : public NastyTest {};

TEST_F(NastyEncodingTest, D02RemovesAByteOrderMark) {
  const Ingested ingested = Load("\xEF\xBB\xBF" + PlainCsv(5));
  EXPECT_EQ(ingested.schema[0].name, "id");
  EXPECT_THAT(ingested.rows, ElementsAreArray(PlainRows(5)));
}

TEST_F(NastyEncodingTest, D03TranscodesUtf16WithAByteOrderMark) {
  EXPECT_THAT(Load("\xFF\xFE" + Utf16LittleEndian(PlainCsv(5))).rows,
              ElementsAreArray(PlainRows(5)));
  EXPECT_THAT(Load("\xFE\xFF" + Utf16BigEndian(PlainCsv(5))).rows, ElementsAreArray(PlainRows(5)));
}

TEST_F(NastyEncodingTest, D03TranscodesCharactersBeyondTheBasicPlane) {
  // U+1F600 is D83D DE00 (RFC 2781, 2.1).
  const std::string csv = "\xFF\xFE" + Utf16LittleEndian("id\n") + "\x3D\xD8\x00\xDE\n\0"s;
  EXPECT_THAT(Load(csv).rows, ElementsAre(TextRow{"\xF0\x9F\x98\x80", "NULL"}));
}

TEST_F(NastyEncodingTest, D04SetsUtf16WithoutMarkAsideUnlessDeclared) {
  ExpectSetAside(Utf16BigEndian(PlainCsv(5)), "looks like UTF-16");
  std::filesystem::remove(folder_.path() + "/good.csv");
  EXPECT_THAT(Load(Utf16BigEndian(PlainCsv(5)), {{"encoding", "UTF-16BE"}}).rows,
              ElementsAreArray(PlainRows(5)));
  EXPECT_THAT(Load(Utf16LittleEndian(PlainCsv(5)), {{"encoding", "utf-16le"}}).rows,
              ElementsAreArray(PlainRows(5)));
}

TEST_F(NastyEncodingTest, D05LoadsALatin1PoundSignAsWindows1252WithAWarning) {
  const Ingested ingested = Load("id,name\n1,\xA3 5 voucher\n2,b\n");
  EXPECT_THAT(ingested.rows,
              ElementsAre(TextRow{"1", "\xC2\xA3 5 voucher", "NULL"}, TextRow{"2", "b", "NULL"}));
  EXPECT_THAT(ingested.inspection.warnings, ElementsAre(HasSubstr("read as Windows-1252")));
}

TEST_F(NastyEncodingTest, D06LoadsAWindows1252Dash) {
  EXPECT_THAT(Load("id,name\n1,a \x96 b\n").rows,
              ElementsAre(TextRow{"1", "a \xE2\x80\x93 b", "NULL"}));
}

TEST_F(NastyEncodingTest, D05FindsTheEncodingLateInAFileWithoutLosingARow) {
  const Ingested ingested = Load(PlainCsv(100'000) + "100001,caf\xE9,1\n");
  ASSERT_EQ(ingested.rows.size(), 100'001U);
  EXPECT_EQ(ingested.rows.back()[1], "caf\xC3\xA9");
}

TEST_F(NastyEncodingTest, D05ObeysADeclaredEncoding) {
  const Ingested ingested = Load("id,name\n1,\xA3\x80\n", {{"encoding", "cp1252"}});
  EXPECT_THAT(ingested.rows, ElementsAre(TextRow{"1", "\xC2\xA3\xE2\x82\xAC", "NULL"}));
  EXPECT_THAT(ingested.inspection.warnings, IsEmpty());
}

TEST_F(NastyEncodingTest, D07RescuesACutUtf8LetterInHex) {
  const Ingested ingested = Load("id,name\n1,\xC2\xA3 5\n2,caf\xC3\n3,c\n");
  EXPECT_THAT(ingested.rows, ElementsAre(TextRow{"1", "\xC2\xA3 5", "NULL"},
                                         TextRow{"2", "NULL", Rescued(R"("name":"0x636166C3")")},
                                         TextRow{"3", "c", "NULL"}));
  EXPECT_THAT(ingested.inspection.warnings, ElementsAre(HasSubstr("damaged")));
}

TEST_F(NastyEncodingTest, D53LoadsEmojiGreekAndRightToLeftMarks) {
  EXPECT_THAT(Load("id,name\n1,😀 Αθήνα \u202Eabc\n").rows,
              ElementsAre(TextRow{"1", "😀 Αθήνα \u202Eabc", "NULL"}));
}

}  // namespace
}  // namespace medallion::nasty
