#include "base/decimal.h"

#include <gtest/gtest.h>

namespace medallion {
namespace {

std::string Rescaled(std::string_view text, int precision, int scale) {
  const auto parsed = Decimal::Parse(text);
  if (!parsed) {
    return "unreadable";
  }
  const auto result = parsed->Rescale(precision, scale);
  return result ? result->ToString() : "overflow";
}

TEST(DecimalTest, ReadsSignsPointsAndExponents) {
  EXPECT_EQ(Decimal::Parse("12.50"), (Decimal{1250, 2}));
  EXPECT_EQ(Decimal::Parse("-.5"), (Decimal{-5, 1}));
  EXPECT_EQ(Decimal::Parse("+3."), (Decimal{3, 0}));
  EXPECT_EQ(Decimal::Parse("1e-3"), (Decimal{1, 3}));
  EXPECT_EQ(Decimal::Parse("12E2"), (Decimal{1200, 0}));
  EXPECT_EQ(Decimal::Parse("0e9999999999"), (Decimal{0, 0}));
}

TEST(DecimalTest, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".", "1.2.3", "1e", "e5", "1,5", " 1", "0x10", "NaN", "1e+"}) {
    EXPECT_EQ(Decimal::Parse(text), std::nullopt) << text;
  }
}

TEST(DecimalTest, RefusesMoreThan38SignificantDigits) {
  const std::string nines(38, '9');
  EXPECT_NE(Decimal::Parse(nines), std::nullopt);
  EXPECT_EQ(Decimal::Parse(nines + "9"), std::nullopt);
  EXPECT_NE(Decimal::Parse("000" + nines), std::nullopt);
  EXPECT_EQ(Decimal::Parse("1e38"), std::nullopt);
}

// java.math.RoundingMode.HALF_UP: away from zero at the half, on both sides.
TEST(DecimalTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Rescaled("0.005", 10, 2), "0.01");
  EXPECT_EQ(Rescaled("-0.005", 10, 2), "-0.01");
  EXPECT_EQ(Rescaled("0.0049", 10, 2), "0.00");
  EXPECT_EQ(Rescaled("2.675", 10, 2), "2.68");
  EXPECT_EQ(Rescaled("0.001", 10, 2), "0.00");
}

TEST(DecimalTest, RescaleSaysWhenPrecisionIsExceeded) {
  EXPECT_EQ(Rescaled("99999999.99", 10, 2), "99999999.99");
  EXPECT_EQ(Rescaled("99999999.995", 10, 2), "overflow");
  EXPECT_EQ(Rescaled("1", 38, 38), "overflow");
  EXPECT_EQ(Rescaled(std::string(38, '9'), 38, 0), std::string(38, '9'));
}

TEST(DecimalTest, RoundsAtTheFullWidthWithoutOverflow) {
  // 38 nines with a scale of 38 is just below one: to two places it is 1.00.
  EXPECT_EQ((Decimal{Decimal::Parse(std::string(38, '9'))->unscaled, 38}).Rescale(3, 2)->ToString(),
            "1.00");
}

TEST(DecimalTest, PrintsEveryDigitOfTheScale) {
  EXPECT_EQ((Decimal{0, 2}).ToString(), "0.00");
  EXPECT_EQ((Decimal{5, 3}).ToString(), "0.005");
  EXPECT_EQ((Decimal{-1250, 2}).ToString(), "-12.50");
  EXPECT_EQ((Decimal{7, 0}).ToString(), "7");
}

TEST(DecimalTest, CountsDigits) {
  EXPECT_EQ((Decimal{0, 0}).Digits(), 1);
  EXPECT_EQ((Decimal{-10, 0}).Digits(), 2);
  EXPECT_EQ((Decimal{999, 2}).Digits(), 3);
}

TEST(DecimalTest, BecomesTheNearestDouble) {
  EXPECT_EQ((Decimal{12345, 2}.ToDouble()), 123.45);
  EXPECT_EQ((Decimal{-1, 1}.ToDouble()), -0.1);
  EXPECT_EQ((Decimal{int128_t{9007199254740993}, 0}.ToDouble()), 9007199254740992.0);
  EXPECT_EQ(Decimal::Parse("99999999999999999999999999999999999.999")->ToDouble(), 1e35);
}

}  // namespace
}  // namespace medallion
