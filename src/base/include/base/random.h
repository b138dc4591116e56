#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace medallion {

// The only source of randomness and ids. Thread-safe; the same seed gives the same sequence.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // Seeded by the operating system.
  static uint64_t SystemSeed();

  uint64_t Next();
  // Uniform in [0, bound); bound > 0.
  uint64_t Below(uint64_t bound);
  // Uniform in [0, 1).
  double Unit();
  // RFC 9562 version 4, lower case.
  std::string Uuid();

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;  // guarded by mutex_
};

}  // namespace medallion
