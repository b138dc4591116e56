#pragma once

#include "base/cancellation.h"

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

}  // namespace medallion::cli
