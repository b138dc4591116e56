#include "definition_hash.h"

namespace medallion::pipeline {
namespace {

constexpr uint64_t kOffsetBasis = 14695981039346656037ULL;
constexpr uint64_t kPrime = 1099511628211ULL;

uint64_t Mix(uint64_t hash, std::string_view bytes) {
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  }
  return hash;
}

}  // namespace

uint64_t StableHash(std::span<const std::string> parts) {
  uint64_t hash = kOffsetBasis;
  for (const std::string& part : parts) {
    hash = Mix(hash, std::to_string(part.size()) + ":");
    hash = Mix(hash, part);
  }
  return hash;
}

}  // namespace medallion::pipeline
