#include "http_message.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

TEST(DecodePercentTest, DecodesEscapesAndRefusesBrokenOnes) {
  EXPECT_EQ(DecodePercent("a%20b%2Fc"), "a b/c");
  EXPECT_EQ(DecodePercent("%C3%A9"), "é");
  for (const char* broken : {"%", "%4", "%zz", "%00", "%ff", "%c0%ae"}) {
    EXPECT_EQ(DecodePercent(broken), std::nullopt) << broken;
  }
}

TEST(ParseQueryTest, KeepsOrderRepetitionAndEmptyValues) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(ParseQuery("a=1&b=x+y&a=2&c&d="),
            (Pairs{{"a", "1"}, {"b", "x y"}, {"a", "2"}, {"c", ""}, {"d", ""}}));
  EXPECT_EQ(ParseQuery(""), Pairs{});
  EXPECT_EQ(ParseQuery("a=%"), std::nullopt);
}

TEST(AttachmentHeaderTest, NoNameBreaksTheHeader) {
  EXPECT_EQ(AttachmentHeader("list.csv"),
            "attachment; filename=\"list.csv\"; filename*=UTF-8''list.csv");
  EXPECT_EQ(AttachmentHeader("a\"\r\nb.csv"),
            "attachment; filename=\"a___b.csv\"; filename*=UTF-8''a%22%0D%0Ab.csv");
}

TEST(HttpRequestTest, FindsOneCookieAmongOthers) {
  const HttpRequest request{.headers = {{"cookie", "a=1;b=2; session=x=y;;"}}};
  EXPECT_EQ(request.Cookie("b"), "2");
  EXPECT_EQ(request.Cookie("session"), "x=y");
  EXPECT_EQ(request.Cookie("c"), std::nullopt);
}

}  // namespace
}  // namespace medallion::serve
