#include "base/random.h"

#include <fmt/format.h>

#include "base/check.h"

namespace medallion {

uint64_t Random::SystemSeed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

uint64_t Random::Next() {
  const std::lock_guard lock(mutex_);
  return engine_();
}

uint64_t Random::Below(uint64_t bound) {
  CHECK(bound > 0);
  // Rejects the incomplete last run of values so that every result is equally likely.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = Next();
  while (value >= limit) {
    value = Next();
  }
  return value % bound;
}

double Random::Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

std::string Random::Uuid() {
  const uint64_t high = (Next() & ~uint64_t{0xF000}) | 0x4000;                 // version 4
  const uint64_t low = (Next() & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);  // variant 10
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF,
                     high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFF);
}

}  // namespace medallion
