#pragma once

#include <atomic>

#include "base/result.h"

namespace medallion {

// Set once, by a signal handler or another thread; polled by long work. Thread-safe.
class CancellationToken {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  // kCancelled once Cancel was called.
  Status Check() const;

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace medallion
