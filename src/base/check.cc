#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace medallion {

void CheckFailed(const char* file, int line, const char* expression, const std::string& detail) {
  fmt::print(stderr, "{}:{}: check failed: {}{}{}\n", file, line, expression,
             detail.empty() ? "" : ": ", detail);
  std::abort();
}

}  // namespace medallion
