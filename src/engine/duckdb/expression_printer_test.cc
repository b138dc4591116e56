#include "query_builder.h"

// Expectations are those of Spark 4 in ANSI mode, recorded with pyspark, unless a comment says
// otherwise.

namespace medallion::duckdb::testing {
namespace {

class ExpressionPrinterTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto opened = DuckDbEngine::Open({.memory_limit_bytes = uint64_t{200} << 20, .threads = 2});
    ASSERT_TRUE(opened) << opened.error().ToString();
    engine_ = opened->release();
  }
  static void TearDownTestSuite() {
    delete engine_;
    engine_ = nullptr;
  }

  static std::string Eval(sql::ExprPtr expression) {
    return testing::Eval(*engine_, std::move(expression));
  }
  // A string cast both ways: `CAST` then `try_cast`.
  static std::string Cast(DataType type, std::string text) {
    return Eval(CastTo(std::move(type), Str(std::move(text))));
  }
  static std::string TryCast(DataType type, std::string text) {
    return Eval(TryCastTo(std::move(type), Str(std::move(text))));
  }

  static DuckDbEngine* engine_;
};

DuckDbEngine* ExpressionPrinterTest::engine_ = nullptr;

const DataType kInt = DataType::Integer();
const DataType kLong = DataType::Long();
const DataType kDouble = DataType::Double();
const DataType kString = DataType::String();
const DataType kDate = DataType::Date();
const DataType kTimestamp = DataType::Timestamp();
const DataType kBoolean = DataType::Boolean();
DataType Decimal(int precision, int scale) { return DataType::Decimal(precision, scale); }

TEST_F(ExpressionPrinterTest, CastsTextToIntegersOnlyIfItIsOne) {
  EXPECT_EQ(TryCast(kInt, "2.7"), "NULL");
  EXPECT_EQ(TryCast(kInt, " 12 "), "12");
  EXPECT_EQ(TryCast(kInt, "+5"), "5");
  EXPECT_EQ(TryCast(kInt, "1e3"), "NULL");
  EXPECT_EQ(TryCast(kInt, ""), "NULL");
  EXPECT_EQ(TryCast(kInt, "99999999999"), "NULL");
  EXPECT_EQ(TryCast(kLong, "12L"), "NULL");
  EXPECT_EQ(TryCast(kInt, "-"), "NULL");
  EXPECT_EQ(Cast(kInt, "2.7"), "ERROR CAST_INVALID_INPUT");
  EXPECT_EQ(Cast(kInt, "99999999999"), "ERROR CAST_INVALID_INPUT");
}

TEST_F(ExpressionPrinterTest, CastsTextToDecimalsRoundingHalfUp) {
  const DataType money = Decimal(10, 2);
  EXPECT_EQ(TryCast(money, "12.345"), "12.35");
  EXPECT_EQ(TryCast(money, "1e2"), "100.00");
  EXPECT_EQ(TryCast(money, "£5"), "NULL");
  EXPECT_EQ(TryCast(money, " 1.005 "), "1.01");
  EXPECT_EQ(TryCast(money, "123456789.99"), "NULL");
  EXPECT_EQ(TryCast(money, ".5"), "0.50");
  EXPECT_EQ(TryCast(money, "5."), "5.00");
  EXPECT_EQ(TryCast(money, "1,000"), "NULL");
  EXPECT_EQ(Cast(money, "123456789.99"), "ERROR NUMERIC_VALUE_OUT_OF_RANGE");
  EXPECT_EQ(Cast(money, "x"), "ERROR CAST_INVALID_INPUT");
}

TEST_F(ExpressionPrinterTest, CastsTextToDoublesAsJavaReadsThem) {
  EXPECT_EQ(TryCast(kDouble, "1e3"), "1000.0");
  EXPECT_EQ(TryCast(kDouble, " 1.5 "), "1.5");
  EXPECT_EQ(TryCast(kDouble, "1.5d"), "1.5");
  EXPECT_EQ(TryCast(kDouble, "0x10"), "NULL");
  EXPECT_EQ(TryCast(kDouble, "1e400"), "Infinity");
  EXPECT_EQ(TryCast(kDouble, "-.5e1"), "-5.0");
  EXPECT_EQ(TryCast(kDouble, ""), "NULL");
  EXPECT_EQ(Cast(kDouble, "abc"), "ERROR CAST_INVALID_INPUT");
}

TEST_F(ExpressionPrinterTest, CastsTextToBooleans) {
  EXPECT_EQ(TryCast(kBoolean, "t"), "true");
  EXPECT_EQ(TryCast(kBoolean, "YES"), "true");
  EXPECT_EQ(TryCast(kBoolean, "on"), "NULL");
  EXPECT_EQ(TryCast(kBoolean, " n "), "false");
  EXPECT_EQ(Cast(kBoolean, "maybe"), "ERROR CAST_INVALID_INPUT");
}

TEST_F(ExpressionPrinterTest, CastsTextToDates) {
  EXPECT_EQ(TryCast(kDate, "2025-1-5"), "2025-01-05");
  EXPECT_EQ(TryCast(kDate, "2025"), "2025-01-01");
  EXPECT_EQ(TryCast(kDate, "2025-03"), "2025-03-01");
  EXPECT_EQ(TryCast(kDate, "2025-02-30"), "NULL");
  EXPECT_EQ(TryCast(kDate, " 2025-01-05 "), "2025-01-05");
  EXPECT_EQ(TryCast(kDate, "2025-01-05T10"), "2025-01-05");
  EXPECT_EQ(TryCast(kDate, "2025-01-05  foo"), "2025-01-05");
  EXPECT_EQ(TryCast(kDate, "2025-01-05x"), "NULL");
  EXPECT_EQ(TryCast(kDate, "20250105"), "NULL");
  EXPECT_EQ(TryCast(kDate, "05/01/2025"), "NULL");
  EXPECT_EQ(Cast(kDate, "x"), "ERROR CAST_INVALID_INPUT");
}

TEST_F(ExpressionPrinterTest, CastsTextToTimestamps) {
  const auto shown = [](std::string text) {
    return Eval(CastTo(kString, TryCastTo(kTimestamp, Str(std::move(text)))));
  };
  EXPECT_EQ(shown("2025-01-05 10:11:12.123456789"), "2025-01-05 10:11:12.123456");
  EXPECT_EQ(shown("2025-01-05T10:11"), "2025-01-05 10:11:00");
  EXPECT_EQ(shown("2025-01-05 10:11:12+02:00"), "2025-01-05 08:11:12");
  EXPECT_EQ(shown("2025"), "2025-01-01 00:00:00");
  EXPECT_EQ(shown("2025-01-05 1:2:3"), "2025-01-05 01:02:03");
  EXPECT_EQ(shown("2025-01-05 25:00:00"), "NULL");
  EXPECT_EQ(shown("2025-01-05 10:11:12."), "2025-01-05 10:11:12");
  EXPECT_EQ(shown("2025-01-05 10:11:12+0200"), "2025-01-05 08:11:12");
  EXPECT_EQ(shown("2025-01-05 10:11:12GMT+1"), "2025-01-05 09:11:12");
  // Spark knows this zone; we refuse it rather than read it as malformed.
  EXPECT_EQ(shown("2025-01-05 10:11:12 America/New_York"), "ERROR UNSUPPORTED");
  EXPECT_EQ(shown("10:11:12"), "ERROR UNSUPPORTED");
}

TEST_F(ExpressionPrinterTest, CastsNumbersToNumbers) {
  EXPECT_EQ(Eval(CastTo(kInt, Real(2.7))), "2");
  EXPECT_EQ(Eval(CastTo(kInt, Real(-2.7))), "-2");
  EXPECT_EQ(Eval(CastTo(kInt, Dec("2.7", 2, 1))), "2");
  EXPECT_EQ(Eval(CastTo(kLong, Dec("-2.7", 2, 1))), "-2");
  EXPECT_EQ(Eval(CastTo(kInt, Real(3e10))), "ERROR CAST_OVERFLOW");
  EXPECT_EQ(Eval(CastTo(kInt, Long(30'000'000'000))), "ERROR CAST_OVERFLOW");
  EXPECT_EQ(Eval(TryCastTo(kInt, Real(3e10))), "NULL");
  EXPECT_EQ(Eval(CastTo(Decimal(10, 2), Real(1.005))), "1.01");
  EXPECT_EQ(Eval(CastTo(Decimal(10, 2), Real(2.675))), "2.68");
  EXPECT_EQ(Eval(CastTo(Decimal(38, 20), Call("+", kDouble, {Real(0.1), Real(0.2)}))),
            "0.30000000000000004000");
  EXPECT_EQ(Eval(CastTo(Decimal(10, 7), Real(1e-7))), "0.0000001");
  EXPECT_EQ(Eval(CastTo(Decimal(10, 2), Real(1e20))), "ERROR NUMERIC_VALUE_OUT_OF_RANGE");
  EXPECT_EQ(Eval(CastTo(Decimal(10, 2), Dec("123456789.99", 11, 2))),
            "ERROR NUMERIC_VALUE_OUT_OF_RANGE");
  EXPECT_EQ(Eval(CastTo(Decimal(9, 2), Dec("1234567.895", 10, 3))), "1234567.90");
  EXPECT_EQ(Eval(CastTo(Decimal(9, 2), Dec("-1234567.895", 10, 3))), "-1234567.90");
}

TEST_F(ExpressionPrinterTest, PrintsNumbersAsJavaDoes) {
  const auto shown = [](double value) { return Eval(CastTo(kString, Real(value))); };
  EXPECT_EQ(shown(1.0), "1.0");
  EXPECT_EQ(shown(1e7), "1.0E7");
  EXPECT_EQ(shown(1.5e-3), "0.0015");
  EXPECT_EQ(shown(1e-4), "1.0E-4");
  EXPECT_EQ(shown(123456789.125), "1.23456789125E8");
  EXPECT_EQ(shown(9007199254740993.0), "9.007199254740992E15");
  EXPECT_EQ(shown(-0.0), "-0.0");
  EXPECT_EQ(shown(4.9e-324), "4.9E-324");
  EXPECT_EQ(shown(9999999.999), "9999999.999");
  EXPECT_EQ(Eval(CastTo(kString, Dec("0.0000001", 7, 7))), "0.0000001");
  EXPECT_EQ(Eval(CastTo(kString, Dec("-0.50", 2, 2))), "-0.50");
  EXPECT_EQ(Eval(CastTo(kString, Time("2025-01-05T10:11:12.120Z"))), "2025-01-05 10:11:12.12");
  EXPECT_EQ(Eval(CastTo(kString, Date("0999-01-01"))), "0999-01-01");
}

TEST_F(ExpressionPrinterTest, DividesAsSparkDoes) {
  EXPECT_EQ(Eval(Call("/", kDouble, {Real(1), Real(0)})), "ERROR DIVIDE_BY_ZERO");
  EXPECT_EQ(Eval(Call("div", kLong, {Long(1), Long(0)})), "ERROR DIVIDE_BY_ZERO");
  EXPECT_EQ(Eval(Call("%", kInt, {Int(1), Int(0)})), "ERROR REMAINDER_BY_ZERO");
  EXPECT_EQ(Eval(Call("div", kLong, {Long(-5), Long(2)})), "-2");
  EXPECT_EQ(Eval(Call("%", kInt, {Int(5), Int(-3)})), "2");
  EXPECT_EQ(Eval(Call("%", kInt, {Int(-5), Int(3)})), "-2");
  EXPECT_EQ(Eval(Call("pmod", kInt, {Int(-5), Int(3)})), "1");
  EXPECT_EQ(Eval(Call("pmod", kInt, {Int(5), Int(-3)})), "2");
  EXPECT_EQ(Eval(Call("try_divide", kDouble, {Real(1), Real(0)})), "NULL");
  EXPECT_EQ(Eval(Call("/", Decimal(7, 6), {Dec("1.0", 2, 1), Dec("3", 1, 0)})), "0.333333");
  EXPECT_EQ(Eval(Call("/", Decimal(8, 6), {Dec("2.0", 2, 1), Dec("3.0", 2, 1)})), "0.666667");
  EXPECT_EQ(Eval(Call("/", Decimal(38, 6), {Dec("1", 38, 10), Dec("3", 38, 10)})), "0.333333");
  EXPECT_EQ(Eval(Call("/", Decimal(23, 13), {Dec("1", 10, 2), Dec("3", 10, 2)})),
            "0.3333333333333");
  EXPECT_EQ(Eval(Call("/", Decimal(7, 6), {Dec("1.0", 2, 1), Dec("0", 1, 0)})),
            "ERROR DIVIDE_BY_ZERO");
}

TEST_F(ExpressionPrinterTest, RaisesOnOverflow) {
  EXPECT_EQ(Eval(Call("+", kInt, {Int(2147483647), Int(1)})), "ERROR ARITHMETIC_OVERFLOW");
  EXPECT_EQ(Eval(Call("+", kLong, {Long(9223372036854775807), Long(1)})),
            "ERROR ARITHMETIC_OVERFLOW");
  EXPECT_EQ(Eval(Call("abs", kInt, {Int(-2147483647 - 1)})), "ERROR ARITHMETIC_OVERFLOW");
  EXPECT_EQ(Eval(Call("negative", kInt, {Int(-2147483647 - 1)})), "ERROR ARITHMETIC_OVERFLOW");
  EXPECT_EQ(Eval(Call("try_add", kInt, {Int(2147483647), Int(1)})), "NULL");
  EXPECT_EQ(Eval(Call("+", Decimal(38, 0),
                      {Dec("99999999999999999999999999999999999999", 38, 0), Dec("1", 38, 0)})),
            "ERROR NUMERIC_VALUE_OUT_OF_RANGE");
}

TEST_F(ExpressionPrinterTest, MultipliesDecimalsExactly) {
  // INT × DECIMAL(10,2), which DuckDB alone computes in 64 bits.
  EXPECT_EQ(Eval(Call("*", Decimal(21, 2), {Dec("2147483647", 10, 0), Dec("99999999.99", 10, 2)})),
            "214748364678525163.53");
  EXPECT_EQ(
      Eval(Call("*", Decimal(38, 6), {Dec("12345678901234567890.12", 38, 10), Dec("1.5", 38, 10)})),
      "18518518351851851835.180000");
  EXPECT_EQ(Eval(Call("+", Decimal(11, 2), {Dec("99999999.99", 10, 2), Dec("0.01", 10, 2)})),
            "100000000.00");
}

TEST_F(ExpressionPrinterTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Eval(Call("round", kDouble, {Real(2.5)})), "3.0");
  EXPECT_EQ(Eval(Call("round", kDouble, {Real(-2.5)})), "-3.0");
  EXPECT_EQ(Eval(Call("round", kDouble, {Real(1.005), Int(2)})), "1.01");
  EXPECT_EQ(Eval(Call("round", kDouble, {Real(5.015), Int(2)})), "5.02");
  EXPECT_EQ(Eval(Call("round", kDouble, {Real(1e300), Int(2)})), "1.0E300");
  EXPECT_EQ(Eval(Call("bround", kDouble, {Real(2.5)})), "2.0");
  EXPECT_EQ(Eval(Call("round", Decimal(2, 0), {Dec("-2.5", 2, 1)})), "-3");
  EXPECT_EQ(Eval(Call("round", Decimal(5, 0), {Dec("1234.5", 5, 1), Int(-2)})), "1200");
  EXPECT_EQ(Eval(Call("round", kInt, {Int(15), Int(-1)})), "20");
  EXPECT_EQ(Eval(Call("round", kInt, {Int(-15), Int(-1)})), "-20");
  EXPECT_EQ(Eval(Call("round", Decimal(4, 2), {Dec("1.245", 4, 3), Int(2)})), "1.25");
  EXPECT_EQ(Eval(Call("ceil", Decimal(2, 0), {Dec("2.1", 2, 1)})), "3");
  EXPECT_EQ(Eval(Call("floor", Decimal(2, 0), {Dec("-2.1", 2, 1)})), "-3");
  EXPECT_EQ(Eval(Call("ceil", Decimal(3, 1), {Dec("2.15", 3, 2), Int(1)})), "2.2");
  EXPECT_EQ(Eval(Call("floor", kLong, {Real(-2.1)})), "-3");
}

TEST_F(ExpressionPrinterTest, FindsRegularExpressionsAnywhere) {
  EXPECT_EQ(Eval(Call("rlike", kBoolean, {Str("abc123"), Str("[0-9]{3}$")})), "true");
  EXPECT_EQ(Eval(Call("rlike", kBoolean, {Str("a"), Str("A")})), "false");
  EXPECT_EQ(Eval(Call("rlike", kBoolean, {Str("a\nb"), Str("a.b")})), "false");
  EXPECT_EQ(Eval(Call("rlike", kBoolean, {Str("ab\n"), Str("b$")})), "true");
  EXPECT_EQ(Eval(Call("regexp_replace", kString, {Str("a1b2"), Str("[0-9]"), Str("#")})), "a#b#");
  EXPECT_EQ(Eval(Call("regexp_replace", kString, {Str("abc"), Str("(b)"), Str("[$1]")})), "a[b]c");
  EXPECT_EQ(Eval(Call("regexp_extract", kString, {Str("foo123bar"), Str("([a-z]+)([0-9]+)")})),
            "foo");
  EXPECT_EQ(
      Eval(Call("regexp_extract", kString, {Str("foo123bar"), Str("([a-z]+)([0-9]+)"), Int(2)})),
      "123");
  EXPECT_EQ(Eval(Call("regexp_extract", kString, {Str("xyz"), Str("[0-9]+"), Int(0)})), "");
  EXPECT_EQ(Eval(Call("rlike", kBoolean, {Str("a"), Str("(?=a)a")})), "ERROR UNSUPPORTED_FEATURE");
}

TEST_F(ExpressionPrinterTest, CutsText) {
  const auto substring = [](std::string text, int position, std::optional<int> length) {
    std::vector<sql::ExprPtr> args = {Str(std::move(text)), Int(position)};
    if (length) {
      args.push_back(Int(*length));
    }
    return Eval(Call("substring", kString, std::move(args)));
  };
  EXPECT_EQ(substring("abcdef", 2, 3), "bcd");
  EXPECT_EQ(substring("abcdef", 0, 3), "abc");
  EXPECT_EQ(substring("abcdef", -2, {}), "ef");
  EXPECT_EQ(substring("abc", -5, 3), "a");
  EXPECT_EQ(substring("abc", 2, -1), "");
  EXPECT_EQ(substring("abc", 10, {}), "");
  EXPECT_EQ(substring("héllo", 2, 2), "él");
  EXPECT_EQ(Eval(Call("left", kString, {Str("abc"), Int(-1)})), "");
  EXPECT_EQ(Eval(Call("right", kString, {Str("abc"), Int(10)})), "abc");
  const DataType strings = DataType::Array(kString);
  EXPECT_EQ(Eval(Call("split", strings, {Str("a,b,,c,,"), Str(",")})), "[a, b, , c, , ]");
  EXPECT_EQ(Eval(Call("split", strings, {Str("a1b22c"), Str("[0-9]+")})), "[a, b, c]");
  EXPECT_EQ(Eval(Call("split", strings, {Str("a,b,c"), Str(","), Int(2)})), "[a, b,c]");
  EXPECT_EQ(Eval(Call("split", strings, {Str("abc"), Str("")})), "[a, b, c]");
  EXPECT_EQ(Eval(Call("split", strings, {Str("abc"), Str(""), Int(2)})), "[a, bc]");
  EXPECT_EQ(Eval(Call("substring_index", kString, {Str("a.b.c"), Str("."), Int(2)})), "a.b");
  EXPECT_EQ(Eval(Call("substring_index", kString, {Str("a.b.c"), Str("."), Int(-1)})), "c");
  EXPECT_EQ(Eval(Call("initcap", kString, {Str("hello wORLD foo-bar")})), "Hello World Foo-bar");
  EXPECT_EQ(Eval(Call("lpad", kString, {Str("ab"), Int(5), Str("xy")})), "xyxab");
  EXPECT_EQ(Eval(Call("rpad", kString, {Str("abc"), Int(2), Str("x")})), "ab");
  EXPECT_EQ(Eval(Call("translate", kString, {Str("abc"), Str("ab"), Str("x")})), "xc");
  EXPECT_EQ(Eval(Call("locate", kInt, {Str("b"), Str("abcb"), Int(3)})), "4");
  EXPECT_EQ(Eval(Call("replace", kString, {Str("aXbX"), Str("X")})), "ab");
  EXPECT_EQ(Eval(Call("trim", kString, {Str("  a ")})), "a");
  EXPECT_EQ(Eval(Call("ltrim", kString, {Str("x"), Str("xa")})), "a");
}

TEST_F(ExpressionPrinterTest, JoinsTextWithNulls) {
  EXPECT_EQ(Eval(Call("concat", kString, {Str("a"), Null(kString)})), "NULL");
  EXPECT_EQ(Eval(Call("concat_ws", kString, {Str(","), Str("a"), Null(kString), Str("b")})), "a,b");
  EXPECT_EQ(Eval(Call("concat_ws", kString, {Null(kString), Str("a")})), "NULL");
  EXPECT_EQ(Eval(Call("concat_ws", kString, {Str("-")})), "");
}

TEST_F(ExpressionPrinterTest, MatchesLikePatterns) {
  EXPECT_EQ(Eval(Call("like", kBoolean, {Str("a%c"), Str("a\\%c")})), "true");
  EXPECT_EQ(Eval(Call("like", kBoolean, {Str("abc"), Str("a\\%c")})), "false");
  EXPECT_EQ(Eval(Call("like", kBoolean, {Str("abc"), Str("A%")})), "false");
  EXPECT_EQ(Eval(Call("ilike", kBoolean, {Str("abc"), Str("A%")})), "true");
  EXPECT_EQ(Eval(Call("like", kBoolean, {Str("ab"), Str("a#b"), Str("#")})),
            "ERROR UNSUPPORTED_FEATURE");
}

TEST_F(ExpressionPrinterTest, ReckonsWithDates) {
  EXPECT_EQ(Eval(Call("dayofweek", kInt, {Date("2025-06-26")})), "5");
  EXPECT_EQ(Eval(Call("weekday", kInt, {Date("2025-06-26")})), "3");
  EXPECT_EQ(Eval(Call("datediff", kInt, {Date("2025-01-05"), Date("2025-01-01")})), "4");
  EXPECT_EQ(Eval(Call("date_add", kDate, {Date("2025-01-31"), Int(1)})), "2025-02-01");
  EXPECT_EQ(Eval(Call("add_months", kDate, {Date("2025-01-31"), Int(1)})), "2025-02-28");
  EXPECT_EQ(Eval(Call("last_day", kDate, {Date("2024-02-01")})), "2024-02-29");
  EXPECT_EQ(Eval(Call("trunc", kDate, {Date("2025-05-17"), Str("MM")})), "2025-05-01");
  EXPECT_EQ(Eval(Call("trunc", kDate, {Date("2025-05-17"), Str("week")})), "2025-05-12");
  EXPECT_EQ(Eval(Call("trunc", kDate, {Date("2025-05-17"), Str("bad")})), "NULL");
  EXPECT_EQ(Eval(Call("next_day", kDate, {Date("2025-01-01"), Str("Mon")})), "2025-01-06");
  EXPECT_EQ(Eval(Call("next_day", kDate, {Date("2025-01-06"), Str("Mon")})), "2025-01-13");
  EXPECT_EQ(Eval(Call("weekofyear", kInt, {Date("2025-01-01")})), "1");
  EXPECT_EQ(Eval(Call("months_between", kDouble,
                      {Time("2025-03-15T00:00:00Z"), Time("2025-01-01T00:00:00Z")})),
            "2.4516129");
  EXPECT_EQ(Eval(CastTo(kString, Call("date_trunc", kTimestamp,
                                      {Str("hour"), Time("2025-05-17T10:11:12Z")}))),
            "2025-05-17 10:00:00");
}

TEST_F(ExpressionPrinterTest, FormatsAndParsesByJavaPatterns) {
  const auto format = [](std::string iso, std::string pattern) {
    return Eval(Call("date_format", kString, {Time(std::move(iso)), Str(std::move(pattern))}));
  };
  EXPECT_EQ(format("2025-01-05T09:08:07.123456Z", "yyyy-MM-dd HH:mm:ss.SSS"),
            "2025-01-05 09:08:07.123");
  EXPECT_EQ(format("2025-01-05T00:00:00Z", "E EEEE MMM MMMM d M y yy D"),
            "Sun Sunday Jan January 5 1 2025 25 5");
  EXPECT_EQ(format("2025-01-05T15:08:07Z", "h:mm a"), "3:08 PM");
  EXPECT_EQ(format("2025-01-05T00:08:07Z", "hh K k H"), "12 0 24 0");
  EXPECT_EQ(format("2025-01-05T00:00:00Z", "yyyy 'o''clock' q Q"), "2025 o'clock 1 1");
  EXPECT_EQ(format("2025-01-05T00:00:00Z", "yyyy VV"), "ERROR UNSUPPORTED_FEATURE");

  const auto to_date = [](std::string function, std::string text, std::string pattern) {
    return Eval(Call(std::move(function), kDate, {Str(std::move(text)), Str(std::move(pattern))}));
  };
  EXPECT_EQ(to_date("to_date", "05/01/2025", "dd/MM/yyyy"), "2025-01-05");
  EXPECT_EQ(to_date("to_date", "Jan 5, 2025", "MMM d, yyyy"), "2025-01-05");
  EXPECT_EQ(to_date("to_date", "05-01-25", "dd-MM-yy"), "2025-01-05");
  EXPECT_EQ(to_date("to_date", "2025-1-5", "yyyy-MM-dd"), "ERROR CANNOT_PARSE_TIMESTAMP");
  EXPECT_EQ(to_date("try_to_date", "2025-02-30", "yyyy-MM-dd"), "NULL");
  EXPECT_EQ(to_date("try_to_date", "2025-01-05 ", "yyyy-MM-dd"), "NULL");
  EXPECT_EQ(Eval(CastTo(kString, Call("to_timestamp", kTimestamp,
                                      {Str("05/01/2025 3:04 PM"), Str("dd/MM/yyyy h:mm a")}))),
            "2025-01-05 15:04:00");
}

TEST_F(ExpressionPrinterTest, FixesTheClockAndReadsItInTheSessionZone) {
  QueryContext context;
  context.now_micros = 1735696800000000;  // 2025-01-01T02:00:00Z, still December 31 in New York
  context.session_time_zone = "America/New_York";
  EXPECT_EQ(testing::Eval(*engine_, Call("current_date", kDate, {}), context), "2024-12-31");
  EXPECT_EQ(
      testing::Eval(*engine_, CastTo(kString, Call("current_timestamp", kTimestamp, {})), context),
      "2024-12-31 21:00:00");
  EXPECT_EQ(testing::Eval(*engine_, CastTo(kTimestamp, Str("2025-07-01 00:00:00")), context),
            ToDisplayString(Value::Timestamp(1751342400000000)));
}

TEST_F(ExpressionPrinterTest, BoundsArrays) {
  const sql::ExprPtr array = Call("array", DataType::Array(kInt), {Int(1), Int(2), Int(3)});
  EXPECT_EQ(Eval(Call("element_at", kInt, {array, Int(-1)})), "3");
  EXPECT_EQ(Eval(Call("element_at", kInt, {array, Int(5)})),
            "ERROR INVALID_ARRAY_INDEX_IN_ELEMENT_AT");
  EXPECT_EQ(Eval(Call("element_at", kInt, {array, Int(0)})), "ERROR INVALID_INDEX_OF_ZERO");
  EXPECT_EQ(Eval(Call("getitem", kInt, {array, Int(0)})), "1");
  EXPECT_EQ(Eval(Call("getitem", kInt, {array, Int(5)})), "ERROR INVALID_ARRAY_INDEX");
  EXPECT_EQ(Eval(Call("get", kInt, {array, Int(5)})), "NULL");
  EXPECT_EQ(Eval(Call("size", kInt, {array})), "3");
  const sql::ExprPtr holed = Call("array", DataType::Array(kInt), {Int(1), Null(kInt)});
  EXPECT_EQ(Eval(Call("array_contains", kBoolean, {holed, Int(2)})), "NULL");
  EXPECT_EQ(Eval(CastTo(kString, holed)), "[1, null]");
}

TEST_F(ExpressionPrinterTest, SkipsNullsInGreatestAndLeast) {
  EXPECT_EQ(Eval(Call("greatest", kInt, {Int(1), Null(kInt), Int(3)})), "3");
  EXPECT_EQ(Eval(Call("least", kInt, {Int(2), Null(kInt), Int(1)})), "1");
  EXPECT_EQ(
      Eval(Call("greatest", kDouble, {Real(std::numeric_limits<double>::quiet_NaN()), Real(1)})),
      "NaN");
}

TEST_F(ExpressionPrinterTest, EvaluatesOnlyTheChosenBranch) {
  sql::CaseExpr branches;
  branches.branches.push_back({Call("=", kBoolean, {Int(1), Int(1)}), Real(7)});
  branches.otherwise = Call("/", kDouble, {Real(1), Real(0)});
  auto expression = std::make_shared<sql::Expr>();
  expression->type = kDouble;
  expression->node = std::move(branches);
  EXPECT_EQ(Eval(expression), "7.0");
}

TEST_F(ExpressionPrinterTest, RefusesWhatItCannotTranslateByName) {
  const Result<std::vector<std::string>> rows =
      RunQuery(*engine_, QueryOf(Call("soundex", kString, {Str("x")})));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), ErrorCode::kUnsupported);
  EXPECT_THAT(rows.error().message(), ::testing::HasSubstr("`soundex`"));
}

}  // namespace
}  // namespace medallion::duckdb::testing
