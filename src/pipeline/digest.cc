#include "digest.h"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <openssl/sha.h>

namespace medallion::pipeline {

std::string UuidOf(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0FU) | 0x80U);  // version 8
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3FU) | 0x80U);  // RFC variant
  std::string uuid;
  for (size_t i = 0; i < 16; ++i) {
    uuid += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    uuid += fmt::format("{:02x}", digest[i]);
  }
  return uuid;
}

}  // namespace medallion::pipeline
