#pragma once

#include <string>

#include <fmt/format.h>

namespace medallion {

// Prints the failed invariant with its place and ends the process.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression,
                              const std::string& detail);

}  // namespace medallion

// An invariant of ours: on in release builds too. For failures of the world return a Result.
#define CHECK(condition)                                            \
  do {                                                              \
    if (!(condition)) {                                             \
      ::medallion::CheckFailed(__FILE__, __LINE__, #condition, {}); \
    }                                                               \
  } while (false)

// Prints both sides.
#define CHECK_EQ(left, right)                                                             \
  do {                                                                                    \
    const auto& medallion_left = (left);                                                  \
    const auto& medallion_right = (right);                                                \
    if (!(medallion_left == medallion_right)) {                                           \
      ::medallion::CheckFailed(__FILE__, __LINE__, #left " == " #right,                   \
                               fmt::format("{} vs {}", medallion_left, medallion_right)); \
    }                                                                                     \
  } while (false)
