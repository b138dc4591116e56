#include "base/error.h"

#include "base/check.h"

namespace medallion {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case ErrorCode::kSpecification: return "SPECIFICATION";
    case ErrorCode::kUnsupported: return "UNSUPPORTED";
    case ErrorCode::kNotFound: return "NOT_FOUND";
    case ErrorCode::kAlreadyExists: return "ALREADY_EXISTS";
    case ErrorCode::kIo: return "IO";
    case ErrorCode::kCorruption: return "CORRUPTION";
    case ErrorCode::kData: return "DATA";
    case ErrorCode::kConflict: return "CONFLICT";
    case ErrorCode::kCommitUnknown: return "COMMIT_UNKNOWN";
    case ErrorCode::kNotDurable: return "NOT_DURABLE";
    case ErrorCode::kRetriesExhausted: return "RETRIES_EXHAUSTED";
    case ErrorCode::kPreconditionFailed: return "PRECONDITION_FAILED";
    case ErrorCode::kCancelled: return "CANCELLED";
    case ErrorCode::kEnvironment: return "ENVIRONMENT";
    case ErrorCode::kInternal: return "INTERNAL";
  }
  return "INTERNAL";
}

Error::Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

Error::Error(ErrorCode code, std::vector<Diagnostic> diagnostics)
    : code_(code), diagnostics_(std::move(diagnostics)) {
  CHECK(!diagnostics_.empty());
  condition_ = diagnostics_.front().condition;
  message_ = diagnostics_.front().message;
}

Error&& Error::WithCondition(std::string condition) && {
  condition_ = std::move(condition);
  return std::move(*this);
}

Error&& Error::Retryable() && {
  retryable_ = true;
  return std::move(*this);
}

Error&& Error::Context(std::string_view context) && {
  message_ = std::string(context) + ": " + message_;
  return std::move(*this);
}

std::string Error::ToString() const {
  if (diagnostics_.empty()) {
    const std::string_view name = condition_.empty() ? ErrorCodeName(code_) : condition_;
    return "error[" + std::string(name) + "]: " + message_ + "\n";
  }
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics_) {
    text += (text.empty() ? "" : "\n") + Render(diagnostic);
  }
  return text;
}

}  // namespace medallion
