#pragma once

#include <functional>
#include <string_view>

// The test program is linked with `--wrap` for the calls that make files durable, so that each can
// be made to fail, to be interrupted or to do half of its work. For tests of one thread.
namespace medallion::testing {

struct SystemCall {
  std::string_view name;  // "open", "write", "fsync", "close", "link", "rename", "unlink", "mkdir"
  int index = 0;          // counted from zero since SetSystemCallScript
};

struct SystemCallFault {
  int error_number = 0;     // 0: the call is made
  bool half_write = false;  // of a write: only its first half (at least one byte) is written
};

using SystemCallScript = std::function<SystemCallFault(const SystemCall&)>;

// Asked before every wrapped call until the object is destroyed.
class ScopedSystemCallScript {
 public:
  explicit ScopedSystemCallScript(SystemCallScript script);
  ~ScopedSystemCallScript();
  ScopedSystemCallScript(const ScopedSystemCallScript&) = delete;
  ScopedSystemCallScript& operator=(const ScopedSystemCallScript&) = delete;

  // Calls made so far.
  int count() const;
};

}  // namespace medallion::testing
