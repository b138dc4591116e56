#include "access.h"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/check.h"

namespace medallion::serve {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr int64_t kMicrosPerSecond = 1'000'000;

// 256 bits of the operating system, in hexadecimal.
std::string NewSecret() {
  std::array<unsigned char, 32> bytes{};
  CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  std::string text;
  for (const unsigned char byte : bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

}  // namespace

Access::Access(std::optional<std::string_view> token, Clock& clock)
    : token_(token ? std::optional(Sha256(*token)) : std::nullopt), clock_(clock) {}

Access::Digest Access::Sha256(std::string_view text) {
  Digest digest{};
  unsigned int size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return digest;
}

bool Access::IsToken(std::string_view token) const {
  const Digest digest = Sha256(token);
  return CRYPTO_memcmp(digest.data(), token_->data(), digest.size()) == 0;
}

bool Access::MayTry() {
  const int64_t second = clock_.MonotonicMicros() / kMicrosPerSecond;
  if (second != window_) {
    window_ = second;
    failures_ = 0;
  }
  return failures_ < kFailuresMax;
}

bool Access::Allows(const HttpRequest& request) {
  if (!token_) {
    return true;
  }
  const std::lock_guard lock(mutex_);
  const std::string_view authorization = request.Header("authorization");
  if (authorization.starts_with(kBearer)) {
    if (!MayTry()) {
      return false;
    }
    const bool right = IsToken(authorization.substr(kBearer.size()));
    failures_ += right ? 0 : 1;
    return right;
  }
  const auto cookie = request.Cookie(kCookie);
  const auto session = cookie ? sessions_.find(Sha256(*cookie)) : sessions_.end();
  return session != sessions_.end() && session->second > clock_.MonotonicMicros();
}

Access::Login Access::LogIn(std::string_view token) {
  const std::lock_guard lock(mutex_);
  if (!MayTry()) {
    return {LoginOutcome::kTooManyTries, ""};
  }
  if (!token_ || !IsToken(token)) {
    ++failures_;
    return {};
  }
  if (sessions_.size() >= kSessionsMax) {
    sessions_.erase(std::ranges::min_element(sessions_, {},
                                             [](const auto& session) { return session.second; }));
  }
  const std::string secret = NewSecret();
  const int64_t lifetime = std::chrono::microseconds(kSessionTime).count();
  sessions_[Sha256(secret)] = clock_.MonotonicMicros() + lifetime;
  return {LoginOutcome::kAccepted,
          fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}", kCookie, secret,
                      std::chrono::seconds(kSessionTime).count())};
}

std::string Access::LogOut(const HttpRequest& request) {
  if (const auto cookie = request.Cookie(kCookie)) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(Sha256(*cookie));
  }
  return fmt::format("{}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0", kCookie);
}

}  // namespace medallion::serve
