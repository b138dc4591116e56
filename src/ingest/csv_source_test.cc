#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/file_source.h"
#include "testing/csv_folder.h"

namespace medallion::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CsvSourceTest : public ::testing::Test {
 protected:
  std::vector<TextRow> Rows(std::string_view bytes, const std::vector<RawOption>& options = {}) {
    folder_.Write("a.csv", bytes);
    Result<Ingested> ingested = folder_.Ingest(options);
    if (!ingested) {
      ADD_FAILURE() << ingested.error().ToString();
      return {};
    }
    for (const RejectedFile& rejected : ingested->inspection.rejected) {
      ADD_FAILURE() << rejected.reason;
    }
    ingested_ = *std::move(ingested);
    return ingested_.rows;
  }

  std::string Rescued(const std::string& members) {
    return "{" + members + ",\"_file_path\":\"file://" + folder_.path() + "/a.csv\"}";
  }

  CsvFolder folder_;
  Ingested ingested_;
};

TEST_F(CsvSourceTest, ReadsColumnsAsTextWithoutHints) {
  EXPECT_THAT(Rows("id,Customer ID\n1,13085.0\n2,\n"),
              ElementsAre(TextRow{"1", "13085.0", "NULL"}, TextRow{"2", "NULL", "NULL"}));
  EXPECT_EQ(ingested_.schema,
            *Schema::FromDdl("id STRING, `Customer ID` STRING, _rescued_data STRING"));
}

TEST_F(CsvSourceTest, TypesHintedColumnsAndRescuesWhatDoesNotFit) {
  EXPECT_THAT(Rows("q,p\n12,6.95\n-3,2\nx,$1.00\n2147483648,1\n",
                   {{"schemaHints", "q INT, p DECIMAL(10,2)"}}),
              ElementsAre(TextRow{"12", "6.95", "NULL"}, TextRow{"-3", "2.00", "NULL"},
                          TextRow{"NULL", "NULL", Rescued(R"("q":"x","p":"$1.00")")},
                          TextRow{"NULL", "1.00", Rescued(R"("q":"2147483648")")}));
  EXPECT_EQ(ingested_.counters.records_rescued, 2);
  EXPECT_EQ(ingested_.counters.records_read, 4);
}

TEST_F(CsvSourceTest, RoundsDecimalsHalfUpAndKeepsTheirText) {
  EXPECT_THAT(
      Rows("p\n0.001\n0.005\n-0.015\n1e-3\n2.000\n.5\n5.\n", {{"schemaHints", "p DECIMAL(10,2)"}}),
      ElementsAre(
          TextRow{"0.00", Rescued(R"("p":"0.001")")}, TextRow{"0.01", Rescued(R"("p":"0.005")")},
          TextRow{"-0.02", Rescued(R"("p":"-0.015")")}, TextRow{"0.00", Rescued(R"("p":"1e-3")")},
          TextRow{"2.00", "NULL"}, TextRow{"0.50", "NULL"}, TextRow{"5.00", "NULL"}));
}

TEST_F(CsvSourceTest, NeverTakesAThousandsSeparatorForADecimal) {
  EXPECT_THAT(
      Rows("p\n\"1,234.50\"\n\"2,55\"\n123456789.00\n", {{"schemaHints", "p DECIMAL(10,2)"}}),
      ElementsAre(TextRow{"NULL", Rescued(R"("p":"1,234.50")")},
                  TextRow{"NULL", Rescued(R"("p":"2,55")")},
                  TextRow{"NULL", Rescued(R"("p":"123456789.00")")}));
}

TEST_F(CsvSourceTest, ReadsQuotedFieldsWithDoubledAndEscapedQuotes) {
  EXPECT_THAT(Rows("a,b\n\"x \"\"y\"\" z\",\"c:\\\"d\\\"\"\n\"GARLAND , WOODEN  \"\" "
                   "EASTER\"\"\",\"\\\\\"\n"),
              ElementsAre(TextRow{"x \"y\" z", "c:\"d\"", "NULL"},
                          TextRow{"GARLAND , WOODEN  \" EASTER\"", "\\", "NULL"}));
}

TEST_F(CsvSourceTest, KeepsTheRawTextOfAFieldWithTextAfterItsClosingQuote) {
  EXPECT_THAT(Rows("a,b\n\"x\"y z,2\n"), ElementsAre(TextRow{"\"x\"y z", "2", "NULL"}));
}

TEST_F(CsvSourceTest, ReadsEveryKindOfLineEnd) {
  EXPECT_THAT(
      Rows("a,b\r\n1,2\r3,4\n5,6"),
      ElementsAre(TextRow{"1", "2", "NULL"}, TextRow{"3", "4", "NULL"}, TextRow{"5", "6", "NULL"}));
}

TEST_F(CsvSourceTest, RescuesShortRecordsWholeAndSurplusFieldsByPosition) {
  EXPECT_THAT(
      Rows("a,b\n1\n2,3,x,y\n4,5,,\n"),
      ElementsAre(TextRow{"1", "NULL", Rescued(R"("_corrupt_record":"1")")},
                  TextRow{"2", "3", Rescued(R"("_c2":"x","_c3":"y")")}, TextRow{"4", "5", "NULL"}));
}

TEST_F(CsvSourceTest, DropsMalformedRecordsIfTold) {
  EXPECT_THAT(Rows("a,b\n1\n2,3\n", {{"mode", "DROPMALFORMED"}}),
              ElementsAre(TextRow{"2", "3", "NULL"}));
  EXPECT_EQ(ingested_.counters.records_malformed_dropped, 1);
}

TEST_F(CsvSourceTest, NamesPlaceAndTextOfTheFirstMalformedRecordInFailFast) {
  folder_.Write("a.csv", "a,b\n\"1\n2\",3\n4\n");
  const Result<Ingested> ingested = folder_.Ingest({{"mode", "failfast"}});
  ASSERT_FALSE(ingested);
  EXPECT_EQ(ingested.error().code(), ErrorCode::kData);
  EXPECT_THAT(ingested.error().message(), HasSubstr("1 fields where the header has 2"));
  EXPECT_THAT(ingested.error().message(), HasSubstr("a.csv:4 (record 2)"));
}

TEST_F(CsvSourceTest, RescuesTheLineOfAnUnclosedQuoteAndReadsOn) {
  EXPECT_THAT(Rows("a,b\n1,x\n2,\"y\n3,z\n4,\"w\"\n"),
              ElementsAre(TextRow{"1", "x", "NULL"},
                          TextRow{"2", "\"y", Rescued(R"("_corrupt_record":"2,\"y")")},
                          TextRow{"3", "z", "NULL"}, TextRow{"4", "w", "NULL"}));
}

TEST_F(CsvSourceTest, NumbersRecordsNotLines) {
  folder_.Write("a.csv", "a,b\n\n1,\"x\ny\"\n\n2,z\n");
  const Result<Ingested> ingested = folder_.Ingest({}, {}, {"record_number", "file_name"});
  ASSERT_TRUE(ingested) << ingested.error().ToString();
  EXPECT_THAT(ingested->rows, ElementsAre(TextRow{"1", "x\ny", "NULL", "1", "a.csv"},
                                          TextRow{"2", "z", "NULL", "2", "a.csv"}));
  EXPECT_EQ(ingested->counters.blank_lines, 2);
}

TEST_F(CsvSourceTest, MatchesColumnsByNameIgnoringCaseOrderAndBlanks) {
  folder_.Write("1.csv", "a,b\n1,2\n");
  folder_.Write("2.csv", " B , A\n4,3\n");
  const Result<Ingested> ingested = folder_.Ingest();
  ASSERT_TRUE(ingested) << ingested.error().ToString();
  EXPECT_THAT(ingested->rows, ElementsAre(TextRow{"1", "2", "NULL"}, TextRow{"3", "4", "NULL"}));
}

TEST_F(CsvSourceTest, RescuesColumnsThatTheSchemaLacks) {
  folder_.Write("a.csv", "a,new\n1,x\n2,\n");
  const Result<Ingested> ingested = folder_.Ingest(
      {{"schemaEvolutionMode", "rescue"}}, *Schema::FromDdl("a STRING, _rescued_data STRING"));
  ASSERT_TRUE(ingested) << ingested.error().ToString();
  EXPECT_THAT(ingested->rows,
              ElementsAre(TextRow{"1", Rescued(R"("new":"x")")}, TextRow{"2", "NULL"}));
}

TEST_F(CsvSourceTest, ProducesOnlyTheRequestedColumnsInTheirOrder) {
  folder_.Write("a.csv", "a,b,c\n1,2,3\n");
  const FileSourceOptions options;
  const Result<Listing> listing = ListFiles(folder_.path(), options);
  ASSERT_TRUE(listing);
  const CsvSource source(listing->files, options, *Schema::FromDdl("a INT, b STRING, c INT"),
                         {"record_number"});
  auto reader = source.Open(0, {3, 2, 0});
  ASSERT_TRUE(reader) << reader.error().ToString();
  ColumnBatch batch;
  ASSERT_TRUE((*reader)->Next(batch));
  ASSERT_EQ(batch.row_count, 1U);
  ASSERT_THAT(batch.columns, SizeIs(3));
  EXPECT_THAT(batch.columns[0].int64s, ElementsAre(1));
  EXPECT_THAT(batch.columns[1].int64s, ElementsAre(3));
  EXPECT_THAT(batch.columns[2].int64s, ElementsAre(1));
}

TEST_F(CsvSourceTest, FailsIfTheFileChangedSinceItWasListed) {
  const std::string path = folder_.Write("a.csv", "a\n1\n");
  const FileSourceOptions options;
  const Result<Listing> listing = ListFiles(folder_.path(), options);
  ASSERT_TRUE(listing);
  folder_.Write("a.csv", "a\n1\n2\n");
  const CsvSource source(listing->files, options, *Schema::FromDdl("a STRING"), {});
  const auto reader = source.Open(0, {0});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code(), ErrorCode::kPreconditionFailed);
}

TEST_F(CsvSourceTest, TellsMetadataAsDatabricksDoes) {
  folder_.Write("a b.csv", "a\n1\n");
  const Result<Ingested> ingested = folder_.Ingest(
      {}, {}, {"file_path", "file_name", "file_size", "file_block_start", "file_block_length"});
  ASSERT_TRUE(ingested) << ingested.error().ToString();
  EXPECT_THAT(ingested->rows,
              ElementsAre(TextRow{"1", "NULL", "file://" + folder_.path() + "/a%20b.csv",
                                  "a%20b.csv", "4", "0", "4"}));
}

// The files of one schema give the same rows whether a value is empty, quoted empty or the null
// text.
TEST_F(CsvSourceTest, ReadsEmptyQuotedEmptyAndNullValueAsSparkDoes) {
  EXPECT_THAT(Rows("a,b\n,1\n\"\",2\nNULL,3\nNA,4\n"),
              ElementsAre(TextRow{"NULL", "1", "NULL"}, TextRow{"NULL", "2", "NULL"},
                          TextRow{"NULL", "3", "NULL"}, TextRow{"NA", "4", "NULL"}));
  EXPECT_THAT(Rows("a,b\n,1\n\"\",2\nNA,4\n", {{"nullValue", "NA"}}),
              ElementsAre(TextRow{"NULL", "1", "NULL"}, TextRow{"", "2", "NULL"},
                          TextRow{"NULL", "4", "NULL"}));
}

TEST_F(CsvSourceTest, ReadsFilesWithoutHeaderByPosition) {
  EXPECT_THAT(Rows("1,x\n2,y\n", {{"header", "false"}, {"schema", "n INT, t STRING"}}),
              ElementsAre(TextRow{"1", "x"}, TextRow{"2", "y"}));
}

TEST_F(CsvSourceTest, HonoursCommentSkipAndBlanksOptions) {
  EXPECT_THAT(
      Rows("export of today\na,b\n# note\n 1 , 2 \n", {{"skipRows", "1"},
                                                       {"comment", "#"},
                                                       {"ignoreLeadingWhiteSpace", "true"},
                                                       {"ignoreTrailingWhiteSpace", "TRUE"}}),
      ElementsAre(TextRow{"1", "2", "NULL"}));
}

TEST_F(CsvSourceTest, ReadsDatesTimestampsBooleansAndDoubles) {
  EXPECT_THAT(
      Rows("d,t,b,f\n2026-05-01,2026-05-01 "
           "09:00:00,true,1.5\n2026-5-1,2026-05-01T09:00:00.5+02:00,FALSE,-1e3\n"
           "2026-02-30,2026-05-01 25:00,yes,1;5\n",
           {{"schemaHints", "d DATE, t TIMESTAMP, b BOOLEAN, f DOUBLE"}}),
      ElementsAre(
          TextRow{"2026-05-01", "2026-05-01 09:00:00", "true", "1.5", "NULL"},
          TextRow{"2026-05-01", "2026-05-01 07:00:00.5", "false", "-1000.0", "NULL"},
          TextRow{"NULL", "NULL", "NULL", "NULL",
                  Rescued(R"("d":"2026-02-30","t":"2026-05-01 25:00","b":"yes","f":"1;5")")}));
}

}  // namespace
}  // namespace medallion::ingest
