// Records, headers and line ends; see README.md for the list of cases.

#include "nasty_fixture.h"

namespace medallion::nasty {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NastyCsvTest : public NastyTest {};

TEST_F(NastyCsvTest, D01LoadsPlainRecords) {
  EXPECT_THAT(Load(PlainCsv(5)).rows, ElementsAreArray(PlainRows(5)));
}

TEST_F(NastyCsvTest, D08LoadsANewlineInsideQuotesAndNumbersRecords) {
  folder_.Write("bad.csv", "id,name\n1,\"two\nlines\"\n2,x\n");
  const Result<Ingested> ingested = folder_.Ingest({}, {}, {"record_number"});
  ASSERT_TRUE(ingested);
  EXPECT_THAT(ingested->rows,
              ElementsAre(TextRow{"1", "two\nlines", "NULL", "1"}, TextRow{"2", "x", "NULL", "2"}));
}

TEST_F(NastyCsvTest, D09RescuesAnUnclosedQuoteInTheMiddleAndLoadsTheRest) {
  EXPECT_THAT(Load("id,name\n1,a\n2,b\n3,\"c\n4,d\n5,e\n").rows,
              ElementsAre(TextRow{"1", "a", "NULL"}, TextRow{"2", "b", "NULL"},
                          TextRow{"3", "\"c", Rescued(R"("_corrupt_record":"3,\"c")")},
                          TextRow{"4", "d", "NULL"}, TextRow{"5", "e", "NULL"}));
}

TEST_F(NastyCsvTest, D09RescuesAQuoteThatALaterFieldSeemsToClose) {
  EXPECT_THAT(Load("id,name\n1,\"a\n2,b\n3,\"c, d\"\n").rows,
              ElementsAre(TextRow{"1", "\"a", Rescued(R"("_corrupt_record":"1,\"a")")},
                          TextRow{"2", "b", "NULL"}, TextRow{"3", "c, d", "NULL"}));
}

TEST_F(NastyCsvTest, D10RescuesAnUnclosedQuoteInTheLastRecord) {
  EXPECT_THAT(Load("id,name\n1,a\n2,\"b\n").rows,
              ElementsAre(TextRow{"1", "a", "NULL"},
                          TextRow{"2", "\"b", Rescued(R"("_corrupt_record":"2,\"b")")}));
}

TEST_F(NastyCsvTest, D11LoadsABareQuoteInsideAnUnquotedField) {
  EXPECT_THAT(Load("id,name\n1,6\" PLATE\n").rows, ElementsAre(TextRow{"1", "6\" PLATE", "NULL"}));
}

TEST_F(NastyCsvTest, D12TakesTheBackslashForTheEscapeByDefault) {
  EXPECT_THAT(Load("id,name\n1,\"a \\\"b\\\", c\"\n").rows,
              ElementsAre(TextRow{"1", "a \"b\", c", "NULL"}));
  EXPECT_THAT(Load("id,name\n1,\"a\\\"\n2,\"b\"\"\"\n", {{"escape", "\""}}).rows,
              ElementsAre(TextRow{"1", "a\\", "NULL"}, TextRow{"2", "b\"", "NULL"}));
}

TEST_F(NastyCsvTest, D13RescuesAShortRecordWithNulls) {
  EXPECT_THAT(Load("id,name,price\n1,a,2\n2,b\n3,c,4\n").rows,
              ElementsAre(TextRow{"1", "a", "2", "NULL"},
                          TextRow{"2", "b", "NULL", Rescued(R"("_corrupt_record":"2,b")")},
                          TextRow{"3", "c", "4", "NULL"}));
}

TEST_F(NastyCsvTest, D14RescuesTheSurplusOfALongRecord) {
  EXPECT_THAT(Load("id,name\n1,a,b,c\n").rows,
              ElementsAre(TextRow{"1", "a", Rescued(R"("_c2":"b","_c3":"c")")}));
}

TEST_F(NastyCsvTest, D15SetsAFileWithARepeatedHeaderNameAside) {
  ExpectSetAside("id,name,ID\n1,a,2\n", "two columns are named `ID`");
}

TEST_F(NastyCsvTest, D16SetsAFileWithoutHeaderAsideAndNeverEatsItsFirstRecord) {
  ExpectSetAside("1,item 1,1.50\n2,item 2,2.50\n", "`header` to false");
}

TEST_F(NastyCsvTest, D17LoadsColumnsInAnotherOrderByName) {
  folder_.Write("1.csv", PlainCsv(1));
  folder_.Write("2.csv", "price,id,name\n9.50,9,nine\n");
  const Result<Ingested> ingested = folder_.Ingest();
  ASSERT_TRUE(ingested);
  EXPECT_THAT(ingested->rows, ElementsAre(TextRow{"1", "item 1", "1.50", "NULL"},
                                          TextRow{"9", "nine", "9.50", "NULL"}));
}

TEST_F(NastyCsvTest, D18TellsANewColumnOrRescuesItByMode) {
  folder_.Write("bad.csv", "id,name,price,colour\n1,a,2,red\n");
  const Schema known =
      *Schema::FromDdl("id STRING, name STRING, price STRING, _rescued_data STRING");
  const Result<Ingested> evolving = folder_.Ingest({}, known);
  ASSERT_TRUE(evolving);
  EXPECT_THAT(evolving->schema.ToDdl(), HasSubstr("colour"));
  EXPECT_THAT(evolving->rows, ElementsAre(TextRow{"1", "a", "2", "NULL", "red"}));
  const Result<Ingested> failing =
      folder_.Ingest({{"schemaEvolutionMode", "failOnNewColumns"}}, known);
  ASSERT_TRUE(failing);
  ASSERT_THAT(failing->inspection.new_columns, SizeIs(1));
  EXPECT_EQ(failing->inspection.new_columns[0].name, "colour");
  const Result<Ingested> frozen = folder_.Ingest({{"schemaEvolutionMode", "rescue"}}, known);
  ASSERT_TRUE(frozen);
  EXPECT_THAT(frozen->inspection.new_columns, IsEmpty());
  EXPECT_THAT(frozen->rows, ElementsAre(TextRow{"1", "a", "2", Rescued(R"("colour":"red")")}));
}

TEST_F(NastyCsvTest, D19LoadsNullForAMissingColumnAndSaysSo) {
  folder_.Write("1.csv", PlainCsv(1));
  folder_.Write("2.csv", "id,price\n2,3\n");
  const Result<Ingested> ingested = folder_.Ingest();
  ASSERT_TRUE(ingested);
  EXPECT_THAT(ingested->rows, ElementsAre(TextRow{"1", "item 1", "1.50", "NULL"},
                                          TextRow{"2", "NULL", "3", "NULL"}));
  EXPECT_THAT(ingested->inspection.warnings,
              ElementsAre(HasSubstr("missing in the file are NULL: name")));
}

TEST_F(NastyCsvTest, D20LoadsTextThatFollowsThirtyThousandNumbers) {
  std::string csv = "n\n";
  for (int i = 0; i < 30'000; ++i) {
    csv += "1\n";
  }
  const Ingested ingested = Load(csv + "x\n2\n");
  ASSERT_THAT(ingested.rows, SizeIs(30'002));
  EXPECT_EQ(ingested.rows[30'000][0], "x");
}

TEST_F(NastyCsvTest, D21LoadsAThreeMegabyteFieldAndRescuesAFiveMegabyteOneByHash) {
  const std::string three(3 << 20, 'x');
  const std::string five(5 << 20, 'a');
  const Ingested ingested = Load("id,name,price\n1," + three + ",2\n2," + five + ",3\n");
  ASSERT_THAT(ingested.rows, SizeIs(2));
  EXPECT_TRUE(ingested.rows[0][1] == three);
  // sha256sum of 5,242,880 letters a.
  EXPECT_THAT(
      ingested.rows[1],
      ElementsAre("2", "NULL", "3",
                  Rescued(R"("name":"value of 5242880 bytes, sha256 )"
                          "a29968fad2e782aa9f2040a35f05adb97ed8979eb1f572c8c8ea78637e275f3c\"")));
}

TEST_F(NastyCsvTest, D22KeepsANulByteInAField) {
  EXPECT_THAT(Load("id,name\n1,four\0five\n"s).rows,
              ElementsAre(TextRow{"1", "four\0five"s, "NULL"}));
}

TEST_F(NastyCsvTest, D23ToD25LoadEveryLineEnd) {
  const std::string lf = PlainCsv(5);
  for (const std::string end : {"\r\n", "\r"}) {
    std::string csv;
    for (const char c : lf) {
      csv += c == '\n' ? end : std::string(1, c);
    }
    EXPECT_THAT(Load(csv).rows, ElementsAreArray(PlainRows(5)));
  }
  EXPECT_THAT(
      Load("id,name\r\n1,a\n2,b\r3,c").rows,
      ElementsAre(TextRow{"1", "a", "NULL"}, TextRow{"2", "b", "NULL"}, TextRow{"3", "c", "NULL"}));
}

TEST_F(NastyCsvTest, D26AndD27LoadNoRowsFromEmptyFilesAndSayWhichIsEmpty) {
  folder_.Write("good.csv", PlainCsv(1));
  folder_.Write("header.csv", "id,name,price\n");
  folder_.Write("zero.csv", "");
  const Result<Ingested> ingested = folder_.Ingest();
  ASSERT_TRUE(ingested);
  EXPECT_THAT(ingested->rows, SizeIs(1));
  EXPECT_THAT(ingested->inspection.readable, SizeIs(3));
  EXPECT_THAT(ingested->inspection.warnings, ElementsAre(HasSubstr("zero.csv: empty file")));
}

TEST_F(NastyCsvTest, D28CountsBlankLinesThatAreNoRecords) {
  const Ingested ingested = Load("\n\nid,name\n\n1,a\n  \n\n2,b\n\n");
  EXPECT_THAT(ingested.rows, ElementsAre(TextRow{"1", "a", "NULL"}, TextRow{"2", "b", "NULL"}));
  EXPECT_EQ(ingested.counters.blank_lines, 6);
}

TEST_F(NastyCsvTest, D29LoadsALastRecordWithoutNewline) {
  EXPECT_THAT(Load("id,name\n1,a").rows, ElementsAre(TextRow{"1", "a", "NULL"}));
  EXPECT_THAT(Load("id,name\n1,").rows, ElementsAre(TextRow{"1", "NULL", "NULL"}));
}

TEST_F(NastyCsvTest, D38SetsAFileWithAnotherDelimiterAsideAndNamesIt) {
  ExpectSetAside("id;name;price\n1;a;2,5\n", "is the delimiter `;`?");
  ExpectSetAside("id\tname\tprice\n1\ta\t2\n", "is the delimiter `\\t`?");
}

TEST_F(NastyCsvTest, D49LoadsTrailingCommasOnly) {
  EXPECT_THAT(Load("id,name,\n1,a,\n2,b,\n3,c,x\n").rows,
              ElementsAre(TextRow{"1", "a", "NULL"}, TextRow{"2", "b", "NULL"},
                          TextRow{"3", "c", Rescued(R"("_c2":"x")")}));
}

TEST_F(NastyCsvTest, D50AndD51SetFilesWithLinesAboveTheHeaderAside) {
  ExpectSetAside("# made today\nid,name,price\n1,a,2\n", "`skipRows`");
  ExpectSetAside("Report\n\nid,name,price\n1,a,2\n", "`skipRows`");
}

TEST_F(NastyCsvTest, D50LoadsThemIfTheOptionsSayHow) {
  EXPECT_THAT(Load("# made today\nid,name\n1,a\n", {{"comment", "#"}}).rows, SizeIs(1));
  EXPECT_THAT(Load("Report\n\nid,name\n1,a\n", {{"skipRows", "2"}}).rows, SizeIs(1));
}

TEST_F(NastyCsvTest, D52RescuesTheRecordInWhichAnUploadWasCut) {
  EXPECT_THAT(Load("id,name,price\n1,a,2\n2,b").rows,
              ElementsAre(TextRow{"1", "a", "2", "NULL"},
                          TextRow{"2", "b", "NULL", Rescued(R"("_corrupt_record":"2,b")")}));
}

TEST_F(NastyCsvTest, D54KeepsBlanksAfterCommasUnlessTold) {
  EXPECT_THAT(Load("id,name\n1, a \n").rows, ElementsAre(TextRow{"1", " a ", "NULL"}));
  EXPECT_THAT(Load("id,name\n1, a \n",
                   {{"ignoreLeadingWhiteSpace", "true"}, {"ignoreTrailingWhiteSpace", "true"}})
                  .rows,
              ElementsAre(TextRow{"1", "a", "NULL"}));
}

TEST_F(NastyCsvTest, D58RefusesMoreThanTenThousandColumnsAtOnce) {
  for (const size_t columns : {100'000U, 1'000'000U}) {
    std::string csv = "c0";
    for (size_t i = 1; i < columns; ++i) {
      csv += ",c" + std::to_string(i);
    }
    ExpectSetAside(csv + "\n", "more than 10000 columns");
  }
}

TEST_F(NastyCsvTest, D59MatchesHeaderNamesWithoutCaseOrBlanksAndSetsEmptyNamesAside) {
  folder_.Write("1.csv", PlainCsv(1));
  folder_.Write("2.csv", " ID , Name,PRICE \n2,b,3\n");
  const Result<Ingested> ingested = folder_.Ingest();
  ASSERT_TRUE(ingested);
  EXPECT_THAT(ingested->rows,
              ElementsAre(TextRow{"1", "item 1", "1.50", "NULL"}, TextRow{"2", "b", "3", "NULL"}));
  std::filesystem::remove(folder_.path() + "/1.csv");
  std::filesystem::remove(folder_.path() + "/2.csv");
  ExpectSetAside("id,,price\n1,a,2\n", "column 2 has no name");
}

TEST_F(NastyCsvTest, D60ReadsTenMillionEmptyLinesAndAVeryLongLineInBoundedMemory) {
  EXPECT_EQ(Load("id\n1\n" + std::string(10'000'000, '\n') + "2\n").counters.blank_lines,
            10'000'000);
  const Ingested ingested = Load("id,name\n1,a\n2," + std::string(64 << 20, 'x') + "\n3,c\n");
  ASSERT_THAT(ingested.rows, SizeIs(3));
  EXPECT_THAT(ingested.rows[1],
              ElementsAre("NULL", "NULL", HasSubstr("value of 67108866 bytes, sha256 ")));
  EXPECT_THAT(ingested.rows[2], ElementsAre("3", "c", "NULL"));
}

}  // namespace
}  // namespace medallion::nasty
