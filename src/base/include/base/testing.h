#pragma once

#include <ostream>
#include <string>

#include <gmock/gmock.h>

#include "base/result.h"

// Matchers for tests of every module.

namespace medallion {

inline void PrintTo(const Error& error, std::ostream* out) { *out << error.ToString(); }

namespace testing {

// The Result holds a value.
MATCHER(IsOk, negation ? "is an error" : "is ok") {
  if (!arg.has_value()) {
    *result_listener << "error: " << arg.error().ToString();
  }
  return arg.has_value();
}

// The Result holds a value that matches.
MATCHER_P(HasValue, matcher, "has a value that matches") {
  if (!arg.has_value()) {
    *result_listener << "error: " << arg.error().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

// The Result is an error of this code whose text contains `text`.
MATCHER_P2(IsError, code, text,
           std::string("is an error ") + std::string(ErrorCodeName(code)) + " that says " + text) {
  if (arg.has_value()) {
    *result_listener << "is ok";
    return false;
  }
  *result_listener << "error: " << ErrorCodeName(arg.error().code()) << ": "
                   << arg.error().ToString();
  return arg.error().code() == code && arg.error().ToString().find(text) != std::string::npos;
}

}  // namespace testing
}  // namespace medallion
