#include "base/diagnostic.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace medallion {
namespace {

Diagnostic UnknownColumn(const SourceTextPtr& source, std::string_view word) {
  const auto begin = static_cast<uint32_t>(source->text().find(word));
  return {.condition = "UNRESOLVED_COLUMN",
          .message = "unknown column `" + std::string(word) + "`",
          .source = source,
          .span = {begin, begin + static_cast<uint32_t>(word.size())},
          .label = "no such column",
          .hints = {"did you mean `Price`?"}};
}

TEST(DiagnosticTest, ShowsPlaceLineCaretAndAdvice) {
  const auto source =
      SourceText::Make("silver.sql", "SELECT\n  CAST(UnitPrise AS INT)\nFROM bronze\n");
  EXPECT_EQ(Render(UnknownColumn(source, "UnitPrise")),
            "error[UNRESOLVED_COLUMN]: unknown column `UnitPrise`\n"
            " --> silver.sql:2:8\n"
            "  |\n"
            "2 |   CAST(UnitPrise AS INT)\n"
            "  |        ^^^^^^^^^ no such column\n"
            "  = help: did you mean `Price`?\n");
}

TEST(DiagnosticTest, CountsColumnsInCharactersNotBytes) {
  const auto source = SourceText::Make("a.sql", "SELECT '££', x");
  const std::string text = Render(UnknownColumn(source, "x"));
  EXPECT_NE(text.find("a.sql:1:14"), std::string::npos) << text;
  EXPECT_NE(text.find("|              ^ no such column"), std::string::npos) << text;
}

TEST(DiagnosticTest, CutsVeryLongLinesAroundTheCaret) {
  const auto source =
      SourceText::Make("a.sql", std::string(5000, '1') + "bad" + std::string(5000, '1'));
  const std::string text = Render(UnknownColumn(source, "bad"));
  EXPECT_LT(text.size(), 600u);
  EXPECT_NE(text.find("bad"), std::string::npos);
}

TEST(DiagnosticTest, PointsBehindTheLastCharacterAtTheEndOfTheText) {
  const auto source = SourceText::Make("a.sql", "SELECT");
  Diagnostic diagnostic{.message = "expected an expression", .source = source, .span = {6, 6}};
  EXPECT_NE(Render(diagnostic).find("a.sql:1:7"), std::string::npos);
}

TEST(SourceTextTest, UnderstandsEveryLineEnd) {
  const auto source = SourceText::Make("x", "a\nb\r\nc\rd");
  EXPECT_EQ(source->Line(2), "b");
  EXPECT_EQ(source->Line(3), "c");
  EXPECT_EQ(source->Line(4), "d");
  EXPECT_EQ(source->Locate(7).line, 4u);
  EXPECT_EQ(source->Line(9), "");
}

TEST(ErrorTest, RendersEveryDiagnosticAndKeepsTheFirstAsItsMessage) {
  const auto source = SourceText::Make("x.sql", "a b");
  const Error error(ErrorCode::kSpecification,
                    {UnknownColumn(source, "a"), UnknownColumn(source, "b")});
  EXPECT_EQ(error.condition(), "UNRESOLVED_COLUMN");
  EXPECT_EQ(error.message(), "unknown column `a`");
  EXPECT_NE(error.ToString().find("unknown column `b`"), std::string::npos);
}

TEST(ErrorTest, AddsContextInFront) {
  const Error error = Error(ErrorCode::kIo, "disk full").Context("writing commit 3");
  EXPECT_EQ(error.message(), "writing commit 3: disk full");
}

}  // namespace
}  // namespace medallion
