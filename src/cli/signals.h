#pragma once

#include <functional>
#include <span>

#include <sys/types.h>

#include "base/cancellation.h"
#include "base/result.h"

namespace medallion::cli {

// While it lives, the first SIGINT, SIGTERM or SIGHUP cancels `token` and later ones end the
// process the hard way; SIGPIPE is ignored, so that a closed pipe is an error of the write. One per
// process.
//
// A signal handler can reach nothing but globals; the only one is private to signals.cc and points
// to the token while this object lives.
class SignalScope {
 public:
  explicit SignalScope(CancellationToken& token);
  ~SignalScope();
  SignalScope(const SignalScope&) = delete;
  SignalScope& operator=(const SignalScope&) = delete;

  // The signal that came, 0 if none did.
  static int Received();
};

// Within a SignalScope, for a prompt that outlives its queries: while it lives, SIGINT cancels only
// the query that is running, if one is, and is not Received(). SIGTERM and SIGHUP keep their
// meaning and cancel the query too. One per process.
class PromptSignals {
 public:
  PromptSignals();
  ~PromptSignals();
  PromptSignals(const PromptSignals&) = delete;
  PromptSignals& operator=(const PromptSignals&) = delete;

  // `query` with a token of its own, so that what cancelled it is forgotten after it. A second
  // SIGINT before it returns ends the process the hard way.
  Status Run(const std::function<Status(CancellationToken&)>& query);
  // As read(2), except that a signal ends the wait: -1 with EINTR.
  ssize_t Read(int descriptor, std::span<char> buffer);
};

}  // namespace medallion::cli
