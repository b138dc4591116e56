#include "access.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";

HttpRequest With(const std::string& header, const std::string& value) {
  return {.headers = {{header, value}}};
}

// `name=value` of a Set-Cookie.
std::string CookieOf(const std::string& set_cookie) {
  return set_cookie.substr(0, set_cookie.find(';'));
}

class AccessTest : public ::testing::Test {
 protected:
  ManualClock clock_{1'700'000'000'000'000};
  Access access_{kToken, clock_};
};

TEST_F(AccessTest, WithoutATokenEveryoneMay) {
  Access open(std::nullopt, clock_);
  EXPECT_TRUE(open.Allows({}));
}

TEST_F(AccessTest, TheTokenOpens) {
  EXPECT_FALSE(access_.Allows({}));
  EXPECT_TRUE(access_.Allows(With("authorization", "Bearer " + std::string(kToken))));
  for (const std::string wrong : {"Bearer ", "Bearer x", "Basic 0123", "bearer", ""}) {
    EXPECT_FALSE(access_.Allows(With("authorization", wrong))) << wrong;
  }
}

TEST_F(AccessTest, ALoginOpensUntilItEnds) {
  const Access::Login login = access_.LogIn(kToken);
  ASSERT_EQ(login.outcome, Access::LoginOutcome::kAccepted);
  EXPECT_THAT(login.cookie, ::testing::HasSubstr("; HttpOnly; SameSite=Strict;"));
  const HttpRequest request = With("cookie", "other=1; " + CookieOf(login.cookie));
  EXPECT_TRUE(access_.Allows(request));
  clock_.Advance(Access::kSessionTime);
  EXPECT_FALSE(access_.Allows(request));
}

TEST_F(AccessTest, ALogoutEndsTheSession) {
  const HttpRequest request = With("cookie", CookieOf(access_.LogIn(kToken).cookie));
  EXPECT_THAT(access_.LogOut(request), ::testing::HasSubstr("Max-Age=0"));
  EXPECT_FALSE(access_.Allows(request));
}

TEST_F(AccessTest, TheTokenIsNoCookie) {
  EXPECT_FALSE(access_.Allows(With("cookie", fmt::format("{}={}", Access::kCookie, kToken))));
}

TEST_F(AccessTest, ManyWrongTokensAreRefusedUnread) {
  for (int i = 0; i < Access::kFailuresMax; ++i) {
    EXPECT_EQ(access_.LogIn("wrong").outcome, Access::LoginOutcome::kWrongToken);
  }
  EXPECT_EQ(access_.LogIn(kToken).outcome, Access::LoginOutcome::kTooManyTries);
  EXPECT_FALSE(access_.Allows(With("authorization", "Bearer " + std::string(kToken))));
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(access_.LogIn(kToken).outcome, Access::LoginOutcome::kAccepted);
}

}  // namespace
}  // namespace medallion::serve
