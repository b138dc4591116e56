#include "base/clock.h"

#include <thread>

namespace medallion {
namespace {

template <class ClockType>
int64_t MicrosSinceEpoch() {
  return std::chrono::duration_cast<std::chrono::microseconds>(ClockType::now().time_since_epoch())
      .count();
}

class MachineClock final : public Clock {
 public:
  int64_t NowMicros() const override { return MicrosSinceEpoch<std::chrono::system_clock>(); }
  int64_t MonotonicMicros() const override { return MicrosSinceEpoch<std::chrono::steady_clock>(); }
  void Sleep(std::chrono::milliseconds duration) override { std::this_thread::sleep_for(duration); }
};

}  // namespace

Clock& SystemClock() {
  static MachineClock clock;  // stateless
  return clock;
}

}  // namespace medallion
