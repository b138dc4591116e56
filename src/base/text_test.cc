#include "base/text.h"

#include <gtest/gtest.h>

namespace medallion {
namespace {

TEST(TextTest, NearestNameForgivesTyposOnly) {
  const std::vector<std::string> columns = {"Price", "Quantity", "CustomerID"};
  EXPECT_EQ(NearestName("Prise", columns), "Price");
  EXPECT_EQ(NearestName("quantiyt", columns), "Quantity");
  EXPECT_EQ(NearestName("Country", columns), std::nullopt);
  EXPECT_EQ(NearestName("", columns), std::nullopt);
}

TEST(TextTest, ChecksUtf8ByTheStandard) {
  EXPECT_TRUE(IsValidUtf8("plain, £, 東京, 🙂"));
  EXPECT_FALSE(IsValidUtf8("\xA3"));              // Latin-1 pound sign
  EXPECT_FALSE(IsValidUtf8("\xC0\xAF"));          // overlong slash
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(IsValidUtf8("cut \xE2\x82"));
}

TEST(TextTest, SplitKeepsEmptyParts) {
  EXPECT_EQ(Split("a,,b,", ','), (std::vector<std::string>{"a", "", "b", ""}));
  EXPECT_EQ(Split("", ','), (std::vector<std::string>{""}));
}

TEST(TextTest, TrimsBothSides) {
  EXPECT_EQ(Trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(Trim("   "), "");
}

TEST(TextTest, GroupsDigitsInThrees) {
  EXPECT_EQ(GroupDigits(0), "0");
  EXPECT_EQ(GroupDigits(999), "999");
  EXPECT_EQ(GroupDigits(1000), "1,000");
  EXPECT_EQ(GroupDigits(321951), "321,951");
  EXPECT_EQ(GroupDigits(-1234567), "-1,234,567");
  EXPECT_EQ(GroupDigits(-123), "-123");
}

TEST(TextTest, CountsInWords) {
  EXPECT_EQ(Counted(0, "row", "rows"), "0 rows");
  EXPECT_EQ(Counted(1, "row", "rows"), "1 row");
  EXPECT_EQ(Counted(78'466, "row", "rows"), "78,466 rows");
}

}  // namespace
}  // namespace medallion
