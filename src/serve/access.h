#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http_message.h"

namespace medallion::serve {

// Who may use the server: everyone who reaches it (loopback), or whoever shows the access token, in
// `Authorization: Bearer` or by the cookie of a login. Keeps only SHA-256 hashes; compares in
// constant time. Thread-safe.
class Access {
 public:
  static constexpr std::string_view kCookie = "medallion_session";
  static constexpr std::chrono::hours kSessionTime{12};
  static constexpr size_t kSessionsMax = 1'000;  // the oldest make room
  // Wrong tokens within one second; more are refused unread.
  static constexpr int kFailuresMax = 5;

  // Without a token everyone may.
  Access(std::optional<std::string_view> token, Clock& clock);

  bool token_required() const { return token_.has_value(); }
  bool Allows(const HttpRequest& request);

  enum class LoginOutcome { kAccepted, kWrongToken, kTooManyTries };
  struct Login {
    LoginOutcome outcome = LoginOutcome::kWrongToken;
    std::string cookie;  // the value of Set-Cookie
  };
  Login LogIn(std::string_view token);
  // Forgets the session; returns the value of Set-Cookie that removes the cookie.
  std::string LogOut(const HttpRequest& request);

 private:
  using Digest = std::array<unsigned char, 32>;
  static Digest Sha256(std::string_view text);
  bool IsToken(std::string_view token) const;
  // Counts a wrong token; false if there were too many lately.
  bool MayTry();

  const std::optional<Digest> token_;
  Clock& clock_;
  std::mutex mutex_;
  std::map<Digest, int64_t> sessions_;  // guarded by mutex_; hash of the cookie → end, monotonic
  int64_t window_ = 0;                  // guarded by mutex_; second of the failures counted
  int failures_ = 0;                    // guarded by mutex_
};

}  // namespace medallion::serve
