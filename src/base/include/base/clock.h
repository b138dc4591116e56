#pragma once

#include <chrono>
#include <cstdint>

namespace medallion {

// The only source of time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since the epoch, UTC; may step back.
  virtual int64_t NowMicros() const = 0;
  // Never steps back; for durations.
  virtual int64_t MonotonicMicros() const = 0;
  virtual void Sleep(std::chrono::milliseconds duration) = 0;
};

// The machine's clock.
Clock& SystemClock();

// A clock that moves only when told (Sleep advances it). For tests and `--fixed-clock`.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t now_micros) : now_micros_(now_micros) {}
  int64_t NowMicros() const override { return now_micros_; }
  int64_t MonotonicMicros() const override { return now_micros_; }
  void Sleep(std::chrono::milliseconds duration) override { Advance(duration); }
  void Advance(std::chrono::microseconds duration) { now_micros_ += duration.count(); }

 private:
  int64_t now_micros_;
};

}  // namespace medallion
