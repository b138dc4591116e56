#pragma once

#include <utility>

#include <tl/expected.hpp>

#include "base/error.h"

namespace medallion {

// A value, or the error that prevented it. An ignored Result does not compile.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error)
      : tl::expected<T, Error>(tl::unexpect, std::move(error)) {
  }  // NOLINT(google-explicit-constructor)
  Result(tl::expected<T, Error> other)
      : tl::expected<T, Error>(std::move(other)) {}  // NOLINT(google-explicit-constructor)
};

using Status = Result<void>;

inline Status OkStatus() { return {}; }

}  // namespace medallion

// Propagate the error to the caller, who returns a Result too.
#define RETURN_IF_ERROR(expression)                                \
  do {                                                             \
    if (auto medallion_status = (expression); !medallion_status) { \
      return std::move(medallion_status).error();                  \
    }                                                              \
  } while (false)

#define MEDALLION_CONCAT_INNER(a, b) a##b
#define MEDALLION_CONCAT(a, b) MEDALLION_CONCAT_INNER(a, b)
#define MEDALLION_ASSIGN_OR_RETURN(result, declaration, expression) \
  auto result = (expression);                                       \
  if (!result) {                                                    \
    return std::move(result).error();                               \
  }                                                                 \
  declaration = *std::move(result)

// ASSIGN_OR_RETURN(const auto x, F()); declares x from F's value or returns F's error.
#define ASSIGN_OR_RETURN(declaration, ...)                                               \
  MEDALLION_ASSIGN_OR_RETURN(MEDALLION_CONCAT(medallion_result_, __LINE__), declaration, \
                             (__VA_ARGS__))
