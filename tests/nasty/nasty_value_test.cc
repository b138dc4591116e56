// Values that spreadsheets and people make; see README.md for the list of cases.

#include "nasty_fixture.h"

namespace medallion::nasty {
namespace {

using ::testing::ElementsAre;

class NastyValueTest : public NastyTest {
 protected:
  // Column `v` of the records as text, with every line as one quoted value.
  std::vector<std::string> Column(const std::vector<std::string>& values) {
    std::string csv = "v\n";
    for (const std::string& value : values) {
      csv += "\"" + value + "\"\n";
    }
    std::vector<std::string> column;
    for (const TextRow& row : Load(csv).rows) {
      column.push_back(row[0]);
    }
    return column;
  }
};

TEST_F(NastyValueTest, D39AndD40LoadPricesWithCommasAsTheyStand) {
  EXPECT_THAT(Column({"1,234.50", "2,55"}), ElementsAre("1,234.50", "2,55"));
}

TEST_F(NastyValueTest, D40NeverReadsADecimalCommaAs255) {
  EXPECT_THAT(Load("v\n\"2,55\"\n", {{"schemaHints", "v DECIMAL(10,2)"}}).rows,
              ElementsAre(TextRow{"NULL", Rescued(R"("v":"2,55")")}));
}

TEST_F(NastyValueTest, D41ToD43LoadIdentifiersAndQuantitiesRaw) {
  EXPECT_THAT(Column({"13085.0", "1.3085E+04", "-6", "0", "C489449"}),
              ElementsAre("13085.0", "1.3085E+04", "-6", "0", "C489449"));
}

TEST_F(NastyValueTest, D44LoadsImpossibleDatesAsTextAndRescuesThemAsDates) {
  EXPECT_THAT(Column({"2010-02-30", "0000-00-00", "9999-12-31"}),
              ElementsAre("2010-02-30", "0000-00-00", "9999-12-31"));
  EXPECT_THAT(
      Load("v\n2010-02-30\n0000-00-00\n0000-01-01\n9999-12-31\n", {{"schemaHints", "v DATE"}}).rows,
      ElementsAre(TextRow{"NULL", Rescued(R"("v":"2010-02-30")")},
                  TextRow{"NULL", Rescued(R"("v":"0000-00-00")")},
                  TextRow{"NULL", Rescued(R"("v":"0000-01-01")")}, TextRow{"9999-12-31", "NULL"}));
}

TEST_F(NastyValueTest, D45NeverGuessesTheOrderOfDayAndMonth) {
  EXPECT_THAT(Column({"01/12/2010", "13/12/2010", "12/13/2010"}),
              ElementsAre("01/12/2010", "13/12/2010", "12/13/2010"));
  EXPECT_THAT(Load("v\n01/12/2010\n", {{"schemaHints", "v DATE"}}).rows,
              ElementsAre(TextRow{"NULL", Rescued(R"("v":"01/12/2010")")}));
}

// Measured with Spark 3.5.3.
TEST_F(NastyValueTest, D46ReadsEmptyAndNullTextsAsSparkDoes) {
  EXPECT_THAT(Load("id,v\n1,\n2,\"\"\n3,NULL\n4,NaN\n5,NA\n").rows,
              ElementsAre(TextRow{"1", "NULL", "NULL"}, TextRow{"2", "NULL", "NULL"},
                          TextRow{"3", "NULL", "NULL"}, TextRow{"4", "NaN", "NULL"},
                          TextRow{"5", "NA", "NULL"}));
  EXPECT_THAT(Load("id,v\n1,\n2,\"\"\n3,NA\n", {{"nullValue", "NA"}}).rows,
              ElementsAre(TextRow{"1", "NULL", "NULL"}, TextRow{"2", "", "NULL"},
                          TextRow{"3", "NULL", "NULL"}));
}

TEST_F(NastyValueTest, D47KeepsLeadingZeros) {
  EXPECT_THAT(Column({"00123"}), ElementsAre("00123"));
}

TEST_F(NastyValueTest, D48LoadsFormulasUntouched) {
  EXPECT_THAT(Column({"=cmd|' /C calc'!A0", "+1", "@SUM"}),
              ElementsAre("=cmd|' /C calc'!A0", "+1", "@SUM"));
}

TEST_F(NastyValueTest, D56RoundsPricesBelowACentAndRescuesWhatIsNoNumber) {
  EXPECT_THAT(Load("v\n0.001\n1e-3\nInfinity\nNaN\n", {{"schemaHints", "v DECIMAL(10,2)"}}).rows,
              ElementsAre(TextRow{"0.00", Rescued(R"("v":"0.001")")},
                          TextRow{"0.00", Rescued(R"("v":"1e-3")")},
                          TextRow{"NULL", Rescued(R"("v":"Infinity")")},
                          TextRow{"NULL", Rescued(R"("v":"NaN")")}));
}

TEST_F(NastyValueTest, D57LoadsAHugeQuantityAsTextAndRescuesItAsInteger) {
  EXPECT_THAT(Column({"99999999999999999999"}), ElementsAre("99999999999999999999"));
  EXPECT_THAT(Load("v\n99999999999999999999\n", {{"schemaHints", "v INT"}}).rows,
              ElementsAre(TextRow{"NULL", Rescued(R"("v":"99999999999999999999")")}));
}

}  // namespace
}  // namespace medallion::nasty
