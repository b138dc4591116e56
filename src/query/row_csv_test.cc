#include "query/row_csv.h"

#include <gtest/gtest.h>

namespace medallion::query {
namespace {

std::string Guarded(const std::string& text) {
  return std::get<std::string>(WithoutFormulas({Value::String(text)}).front().data);
}

TEST(CsvLineTest, QuotesWhatNeedsIt) {
  EXPECT_EQ(CsvLine({Value::String("a"), Value::String("b,c"), Value::String("d\"e"),
                     Value::String("f\ng"), Value::Long(-5)}),
            "a,\"b,c\",\"d\"\"e\",\"f\ng\",-5\n");
}

TEST(CsvLineTest, TellsNullFromEmptyText) {
  EXPECT_EQ(CsvLine({Value::Null(DataType::String()), Value::String("")}), ",\"\"\n");
}

TEST(WithoutFormulasTest, TextsThatBeginLikeOneGetAnApostrophe) {
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) {
    EXPECT_EQ(Guarded(text), "'" + std::string(text));
  }
  for (const char* text : {"", "a=1", " =1", "'=1", "1"}) {
    EXPECT_EQ(Guarded(text), text);
  }
}

TEST(WithoutFormulasTest, NumbersStayNumbers) {
  EXPECT_EQ(CsvLine(WithoutFormulas({Value::Long(-5), Value::Double(-0.5)})), "-5,-0.5\n");
}

}  // namespace
}  // namespace medallion::query
