#include "row_printer.h"

#include <sstream>

namespace medallion::cli {
namespace {

const Schema kSchema({Field{"name", DataType::String()}, Field{"n", DataType::Long()},
                      Field{"price", DataType::Decimal(10, 2)}});

Value Money(std::string_view text) { return {DataType::Decimal(10, 2), *Decimal::Parse(text)}; }

std::string Print(OutputFormat format, const std::vector<std::vector<Value>>& rows,
                  const Terminal& terminal = {}) {
  std::ostringstream out;
  const auto printer = RowPrinter::Make(format, kSchema, out, terminal);
  for (const auto& row : rows) {
    printer->Add(row);
  }
  printer->Finish();
  return out.str();
}

TEST(RowPrinterTest, TableAlignsAndCounts) {
  EXPECT_EQ(Print(OutputFormat::kTable, {{Value::String("a"), Value::Long(12), Money("1.50")},
                                         {Value::Null(), Value::Null(), Money("10.00")}}),
            "name     n  price\n"
            "----  ----  -----\n"
            "a       12   1.50\n"
            "NULL  NULL  10.00\n"
            "(2 rows)\n");
}

TEST(RowPrinterTest, APipeGetsEveryRowAndEveryCharacter) {
  const std::string name(300, 'x');
  const size_t rows = RowPrinter::kTableRowsMax + 2;
  const std::string text = Print(
      OutputFormat::kTable,
      std::vector<std::vector<Value>>(rows, {Value::String(name), Value::Long(1), Money("1.50")}));
  EXPECT_EQ(std::ranges::count(text, '\n'), static_cast<std::ptrdiff_t>(rows) + 3);
  EXPECT_EQ(text.find("…"), std::string::npos);
  EXPECT_THAT(text, ::testing::EndsWith(name + "  1   1.50\n(10,002 rows)\n"));
}

TEST(RowPrinterTest, ATerminalGetsWhatFits) {
  const size_t rows = RowPrinter::kTableRowsMax + 2;
  const std::string text =
      Print(OutputFormat::kTable,
            std::vector<std::vector<Value>>(
                rows, {Value::String(std::string(300, 'x')), Value::Long(1), Money("1.50")}),
            {.interactive = true, .columns = 30});
  EXPECT_EQ(std::ranges::count(text, '\n'),
            static_cast<std::ptrdiff_t>(RowPrinter::kTableRowsMax) + 3);
  EXPECT_THAT(text, ::testing::HasSubstr("\n" + std::string(19, 'x') + "…  1   1.50\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("the first 10,000 are shown"));
}

TEST(RowPrinterTest, JsonKeepsDecimalsExactAsText) {
  EXPECT_EQ(Print(OutputFormat::kJson, {{Value::String("a\"b\n"), Value::Long(12), Money("1.50")},
                                        {Value::Null(), Value::Null(), Value::Null()}}),
            "{\"name\":\"a\\\"b\\n\",\"n\":12,\"price\":\"1.50\"}\n"
            "{\"name\":null,\"n\":null,\"price\":null}\n");
}

TEST(RowPrinterTest, CsvTellsNullFromEmptyText) {
  EXPECT_EQ(Print(OutputFormat::kCsv, {{Value::String(""), Value::Null(), Money("1.50")},
                                       {Value::String("a,\"b\""), Value::Long(1), Value::Null()}}),
            "name,n,price\n\"\",,1.50\n\"a,\"\"b\"\"\",1,\n");
}

}  // namespace
}  // namespace medallion::cli
