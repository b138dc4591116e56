#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace medallion {

// What kind of failure, for code that must decide. People read the message.
enum class ErrorCode {
  kInvalidArgument,  // the caller's value is wrong
  kSpecification,    // the project file, the SQL or an option is wrong: exit code 2
  kUnsupported,      // understood and refused by name
  kNotFound,
  kAlreadyExists,
  kIo,          // the disk, network or store failed
  kCorruption,  // stored bytes break their format
  kData,        // a value of the data breaks a rule that stops the work (ANSI errors, FAIL UPDATE)
  kConflict,    // a concurrent commit cannot be reconciled
  kCommitUnknown,  // a commit whose outcome cannot be learnt now; nothing may be cleaned up
  kNotDurable,     // written and visible, but a power cut may still lose it; kept, never cleaned up
  kRetriesExhausted,
  kPreconditionFailed,  // somebody else holds it, or it changed under us
  kCancelled,
  kEnvironment,  // something the machine lacks: exit code 4
  kInternal,
};

std::string_view ErrorCodeName(ErrorCode code);

// A failure of the world. Message: what was wrong, then where, values last. A plain value.
class Error {
 public:
  Error(ErrorCode code, std::string message);
  // For findings in texts; the message is that of the first. `diagnostics` must not be empty.
  Error(ErrorCode code, std::vector<Diagnostic> diagnostics);

  // Sets the Spark or Delta condition name, e.g. `DIVIDE_BY_ZERO`.
  Error&& WithCondition(std::string condition) &&;
  Error&& Retryable() &&;
  // Adds what only the caller knows: "reading commit 42: <message>".
  Error&& Context(std::string_view context) &&;

  ErrorCode code() const { return code_; }
  const std::string& condition() const { return condition_; }
  const std::string& message() const { return message_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  bool retryable() const { return retryable_; }

  // Every diagnostic rendered, or `error[CONDITION]: message` for an error without a place.
  std::string ToString() const;

 private:
  ErrorCode code_;
  std::string condition_;
  std::string message_;
  std::vector<Diagnostic> diagnostics_;
  bool retryable_ = false;
};

}  // namespace medallion
