#include "sql/functions.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing.h"
#include "base/text.h"

namespace medallion::sql {
namespace {

using medallion::testing::IsError;
using medallion::testing::IsOk;

// Arguments as types in DDL; `#n` is the INT literal n, `'x'` a STRING literal.
class CallArguments {
 public:
  explicit CallArguments(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      Add(text);
    }
  }
  std::span<const ArgumentInfo> get() const { return arguments_; }

 private:
  void Add(const std::string& text) {
    if (text.starts_with('#')) {
      literals_.push_back(Value::Integer(std::stoi(text.substr(1))));
    } else if (text.starts_with('\'')) {
      literals_.push_back(Value::String(text.substr(1, text.size() - 2)));
    } else {
      arguments_.push_back({DataType::FromDdl(text).value(), true, nullptr});
      return;
    }
    arguments_.push_back({literals_.back().type, false, &literals_.back()});
  }

  std::deque<Value> literals_;
  std::vector<ArgumentInfo> arguments_;
};

Result<CallTypes> Resolve(std::string_view name, const std::vector<std::string>& arguments) {
  const FunctionEntry* function = FindFunction(name);
  if (function == nullptr) {
    return Error(ErrorCode::kNotFound, "no such function");
  }
  return ResolveCall(*function, CallArguments(arguments).get());
}

struct TypingCase {
  std::string function;
  std::vector<std::string> arguments;
  std::string result;  // recorded from Spark 4.3 with ANSI mode on, as typeof prints it
};

void ExpectSparkTypes(const std::vector<TypingCase>& cases) {
  for (const TypingCase& c : cases) {
    const std::string call = c.function + "(" + Join(c.arguments, ", ") + ")";
    const auto types = Resolve(c.function, c.arguments);
    if (!types) {
      ADD_FAILURE() << call << ": " << types.error().message();
      continue;
    }
    EXPECT_EQ(types->result.ToDdl(), DataType::FromDdl(c.result)->ToDdl()) << call;
  }
}

TEST(SparkTypingTest, TypesArithmeticAsSpark) {
  ExpectSparkTypes({{"+", {"decimal(10,2)", "#1"}, "decimal(11,2)"},
                    {"*", {"decimal(10,2)", "#2"}, "decimal(12,2)"},
                    {"*", {"int", "decimal(10,2)"}, "decimal(21,2)"},
                    {"*", {"decimal(10,2)", "decimal(10,2)"}, "decimal(21,4)"},
                    {"/", {"decimal(10,2)", "decimal(10,2)"}, "decimal(23,13)"},
                    {"/", {"decimal(10,2)", "#3"}, "decimal(14,6)"},
                    {"/", {"decimal(10,2)", "int"}, "decimal(21,13)"},
                    {"/", {"int", "int"}, "double"},
                    {"div", {"int", "int"}, "bigint"},
                    {"div", {"decimal(10,2)", "decimal(10,2)"}, "bigint"},
                    {"%", {"decimal(10,2)", "#3"}, "decimal(3,2)"},
                    {"pmod", {"decimal(10,2)", "#3"}, "decimal(3,2)"},
                    {"-", {"decimal(10,2)", "decimal(21,2)"}, "decimal(22,2)"},
                    {"+", {"decimal(10,2)", "double"}, "double"},
                    {"*", {"decimal(10,2)", "decimal(2,1)"}, "decimal(13,3)"},
                    {"+", {"string", "#1"}, "bigint"},
                    {"/", {"string", "#2"}, "double"},
                    {"+", {"smallint", "tinyint"}, "smallint"},
                    {"+", {"tinyint", "#1"}, "int"},
                    {"+", {"smallint", "bigint"}, "bigint"},
                    {"+", {"float", "int"}, "double"},
                    {"+", {"float", "float"}, "float"},
                    {"+", {"float", "decimal(10,2)"}, "double"},
                    {"+", {"decimal(38,0)", "decimal(38,18)"}, "decimal(38,6)"},
                    {"*", {"decimal(38,0)", "decimal(38,18)"}, "decimal(38,6)"},
                    {"/", {"decimal(38,0)", "decimal(38,18)"}, "decimal(38,6)"},
                    {"*", {"decimal(38,18)", "decimal(38,18)"}, "decimal(38,6)"},
                    {"%", {"decimal(38,0)", "decimal(38,18)"}, "decimal(38,18)"},
                    {"+", {"void", "void"}, "double"},
                    {"+", {"void", "#1"}, "int"},
                    {"&", {"int", "bigint"}, "bigint"},
                    {"shiftleft", {"int", "#1"}, "int"},
                    {"negative", {"string"}, "double"},
                    {"abs", {"decimal(10,2)"}, "decimal(10,2)"},
                    {"try_divide", {"decimal(10,2)", "int"}, "decimal(21,13)"},
                    {"=", {"string", "#1"}, "boolean"},
                    {"in", {"int", "#1", "decimal(2,1)"}, "boolean"}});
}

TEST(SparkTypingTest, TypesRoundingAsSpark) {
  ExpectSparkTypes({{"round", {"decimal(10,2)"}, "decimal(9,0)"},
                    {"round", {"decimal(10,2)", "#1"}, "decimal(10,1)"},
                    {"round", {"decimal(10,2)", "#3"}, "decimal(11,2)"},
                    {"round", {"decimal(10,2)", "#-1"}, "decimal(9,0)"},
                    {"round", {"double", "#2"}, "double"},
                    {"round", {"int", "#-1"}, "int"},
                    {"round", {"decimal(38,18)", "#20"}, "decimal(38,18)"},
                    {"ceil", {"decimal(10,2)"}, "decimal(9,0)"},
                    {"floor", {"double"}, "bigint"},
                    {"ceil", {"int"}, "bigint"},
                    {"ceil", {"double", "#1"}, "decimal(17,1)"},
                    {"ceil", {"decimal(10,2)", "#1"}, "decimal(10,1)"},
                    {"floor", {"decimal(10,2)", "#-1"}, "decimal(9,0)"},
                    {"power", {"int", "#2"}, "double"},
                    {"sign", {"decimal(10,2)"}, "double"}});
}

TEST(SparkTypingTest, TypesConditionalsAsSpark) {
  ExpectSparkTypes({{"coalesce", {"int", "decimal(10,2)"}, "decimal(12,2)"},
                    {"coalesce", {"int", "string"}, "bigint"},
                    {"coalesce", {"decimal(38,0)", "decimal(38,18)"}, "decimal(38,0)"},
                    {"coalesce", {"date", "timestamp"}, "timestamp"},
                    {"coalesce", {"date", "string"}, "date"},
                    {"coalesce", {"string", "binary"}, "binary"},
                    {"coalesce", {"void", "void"}, "void"},
                    {"if", {"boolean", "int", "double"}, "double"},
                    {"nullif", {"int", "#1"}, "int"},
                    {"greatest", {"int", "decimal(10,2)"}, "decimal(12,2)"},
                    {"least", {"date", "timestamp"}, "timestamp"},
                    {"decode", {"int", "#1", "string", "#2", "string", "string"}, "string"},
                    {"nvl2", {"int", "string", "string"}, "string"}});
}

TEST(SparkTypingTest, TypesAggregatesAsSpark) {
  ExpectSparkTypes({{"sum", {"int"}, "bigint"},
                    {"sum", {"decimal(10,2)"}, "decimal(20,2)"},
                    {"sum", {"decimal(38,0)"}, "decimal(38,0)"},
                    {"sum", {"string"}, "double"},
                    {"avg", {"int"}, "double"},
                    {"avg", {"decimal(10,2)"}, "decimal(14,6)"},
                    {"avg", {"decimal(38,0)"}, "decimal(38,4)"},
                    {"avg", {"decimal(38,18)"}, "decimal(38,22)"},
                    {"count", {"int"}, "bigint"},
                    {"median", {"decimal(10,2)"}, "double"},
                    {"percentile", {"decimal(10,2)", "decimal(1,1)"}, "double"},
                    {"percentile_approx", {"decimal(10,2)", "decimal(1,1)"}, "decimal(10,2)"},
                    {"min", {"decimal(10,2)"}, "decimal(10,2)"},
                    {"min_by", {"int", "double"}, "int"},
                    {"collect_list", {"int"}, "array<int>"},
                    {"count_if", {"boolean"}, "bigint"},
                    {"lag", {"decimal(10,2)", "#1", "#0"}, "decimal(10,2)"},
                    {"ntile", {"#4"}, "int"}});
}

TEST(SparkTypingTest, TypesTextDatesAndCollectionsAsSpark) {
  ExpectSparkTypes({{"concat", {"string", "int"}, "string"},
                    {"concat", {"array<int>", "array<int>"}, "array<int>"},
                    {"concat", {"binary", "binary"}, "binary"},
                    {"concat_ws", {"string", "int", "array<string>"}, "string"},
                    {"substring", {"int", "#1", "#2"}, "string"},
                    {"length", {"int"}, "int"},
                    {"upper", {"binary"}, "string"},
                    {"split", {"string", "string"}, "array<string>"},
                    {"datediff", {"string", "date"}, "int"},
                    {"date_trunc", {"string", "date"}, "timestamp"},
                    {"year", {"timestamp"}, "int"},
                    {"months_between", {"date", "timestamp"}, "double"},
                    {"date_format", {"date", "string"}, "string"},
                    {"to_date", {"string"}, "date"},
                    {"unix_timestamp", {"timestamp"}, "bigint"},
                    {"array", {"int", "bigint"}, "array<bigint>"},
                    {"array", {"int", "string"}, "array<bigint>"},
                    {"element_at", {"map<string,int>", "string"}, "int"},
                    {"array_contains", {"array<int>", "bigint"}, "boolean"},
                    {"flatten", {"array<array<int>>"}, "array<int>"},
                    {"named_struct", {"'a'", "int", "'b'", "string"}, "struct<a: int, b: string>"},
                    {"from_json", {"string", "'a int, b string'"}, "struct<a: int, b: string>"},
                    {"sequence", {"date", "date"}, "array<date>"},
                    {"array_position", {"array<int>", "#1"}, "bigint"},
                    {"hash", {"string"}, "int"},
                    {"sha2", {"string", "#256"}, "string"}});
}

TEST(FunctionsTest, FindsNamesAndAliasesInAnyLetterCase) {
  ASSERT_NE(FindFunction("UCASE"), nullptr);
  EXPECT_EQ(FindFunction("UCASE")->name, "upper");
  EXPECT_EQ(FindFunction("first_value")->name, "first");
  EXPECT_EQ(FindFunction("no_such"), nullptr);
}

TEST(FunctionsTest, SuggestsTheNearestName) {
  EXPECT_THAT(NearestFunctionNames("substrng"), ::testing::ElementsAre("substring"));
}

TEST(FunctionsTest, RefusesWhatSparkRefuses) {
  EXPECT_THAT(Resolve("upper", {}),
              IsError(ErrorCode::kSpecification, "wrong number of arguments"));
  EXPECT_THAT(Resolve("upper", {"array<int>"}),
              IsError(ErrorCode::kSpecification, "has to be STRING, not ARRAY<INT>"));
  EXPECT_THAT(Resolve("md5", {"int"}),
              IsError(ErrorCode::kSpecification, "has to be BINARY, not INT"));
  EXPECT_THAT(Resolve("date_add", {"date", "bigint"}),
              IsError(ErrorCode::kSpecification, "INT, SMALLINT or TINYINT"));
  EXPECT_THAT(Resolve("array_contains", {"array<int>", "string"}),
              IsError(ErrorCode::kSpecification, "array_contains"));
  EXPECT_THAT(Resolve("coalesce", {"boolean", "int"}),
              IsError(ErrorCode::kSpecification, "cannot mix BOOLEAN and INT"));
  EXPECT_THAT(Resolve("greatest", {"int", "string"}),
              IsError(ErrorCode::kSpecification, "cannot mix"));
  EXPECT_THAT(Resolve("=", {"boolean", "int"}),
              IsError(ErrorCode::kSpecification, "BOOLEAN and INT cannot be compared"));
  EXPECT_THAT(Resolve("=", {"date", "int"}),
              IsError(ErrorCode::kSpecification, "a date is written DATE'2026-01-31'"));
  EXPECT_THAT(Resolve("+", {"string", "string"}),
              IsError(ErrorCode::kSpecification, "cannot take STRING and STRING"));
  EXPECT_THAT(Resolve("and", {"boolean", "int"}),
              IsError(ErrorCode::kSpecification, "cannot take"));
  EXPECT_THAT(Resolve("sum", {"boolean"}),
              IsError(ErrorCode::kSpecification, "a number or an interval"));
  EXPECT_THAT(Resolve("round", {"decimal(10,2)", "int"}),
              IsError(ErrorCode::kSpecification, "an integer literal"));
  EXPECT_THAT(Resolve("min", {"map<string,int>"}),
              IsError(ErrorCode::kSpecification, "cannot be ordered"));
}

TEST(FunctionsTest, CastsArgumentsToTheChosenSignature) {
  const auto comparison = Resolve("=", {"string", "#1"});
  ASSERT_THAT(comparison, IsOk());
  EXPECT_EQ(comparison->arguments[0].ToDdl(), "BIGINT");
  EXPECT_EQ(comparison->arguments[1].ToDdl(), "BIGINT");
  const auto money = Resolve("*", {"int", "decimal(10,2)"});
  ASSERT_THAT(money, IsOk());
  EXPECT_EQ(money->arguments[0].ToDdl(), "DECIMAL(10,0)");
  EXPECT_EQ(money->arguments[1].ToDdl(), "DECIMAL(10,2)");
}

}  // namespace
}  // namespace medallion::sql
