#pragma once

#include "base/clock.h"

namespace medallion::cli {

// `--fixed-clock`: the time of day stands still, durations and sleeping are real. Thread-safe if
// `real` is, which outlives it.
class FixedClock final : public Clock {
 public:
  FixedClock(int64_t now_micros, Clock& real) : now_micros_(now_micros), real_(real) {}

  int64_t NowMicros() const override { return now_micros_; }
  int64_t MonotonicMicros() const override { return real_.MonotonicMicros(); }
  void Sleep(std::chrono::milliseconds duration) override { real_.Sleep(duration); }

 private:
  const int64_t now_micros_;
  Clock& real_;
};

}  // namespace medallion::cli
