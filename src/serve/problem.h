#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http_message.h"

namespace medallion::serve {

// Why a request was not answered as asked; sent as problem details (RFC 9457).
struct Problem {
  int status = 500;
  std::string code;    // a condition, such as TABLE_OR_VIEW_NOT_FOUND
  std::string detail;  // one sentence
  std::vector<std::string> hints;
  // Findings with their places in the project's files.
  std::vector<Diagnostic> diagnostics;
};

Problem ProblemOf(const Error& error);
HttpResponse ToResponse(const Problem& problem);

}  // namespace medallion::serve
