#include "system_call_faults.h"

#include <algorithm>
#include <cerrno>
#include <cstdarg>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace medallion::testing {
namespace {

// The linker's wrapping reaches plain functions only, so this state is global, as errno is.
SystemCallScript* active_script = nullptr;
int call_count = 0;

SystemCallFault Meet(std::string_view name) {
  if (active_script == nullptr) {
    return {};
  }
  return (*active_script)({name, call_count++});
}

// Whether the call is to be made; sets errno if not.
bool Passes(std::string_view name) {
  const SystemCallFault fault = Meet(name);
  if (fault.error_number != 0) {
    errno = fault.error_number;
    return false;
  }
  return true;
}

}  // namespace

ScopedSystemCallScript::ScopedSystemCallScript(SystemCallScript script) {
  call_count = 0;
  active_script = new SystemCallScript(std::move(script));
}

ScopedSystemCallScript::~ScopedSystemCallScript() {
  delete active_script;
  active_script = nullptr;
}

int ScopedSystemCallScript::count() const { return call_count; }

extern "C" {

int __real_open(const char* path, int flags, mode_t mode);
ssize_t __real_write(int descriptor, const void* bytes, size_t count);
int __real_fsync(int descriptor);
int __real_close(int descriptor);
int __real_link(const char* from, const char* to);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_mkdir(const char* path, mode_t mode);

int __wrap_open(const char* path, int flags, mode_t mode) {
  return Passes("open") ? __real_open(path, flags, mode) : -1;
}

ssize_t __wrap_write(int descriptor, const void* bytes, size_t count) {
  const SystemCallFault fault = Meet("write");
  if (fault.error_number != 0) {
    errno = fault.error_number;
    return -1;
  }
  return __real_write(descriptor, bytes, fault.half_write ? std::max<size_t>(count / 2, 1) : count);
}

int __wrap_fsync(int descriptor) { return Passes("fsync") ? __real_fsync(descriptor) : -1; }

// A failing close frees the descriptor all the same.
int __wrap_close(int descriptor) {
  const bool passes = Passes("close");
  const int error_number = errno;
  const int answer = __real_close(descriptor);
  errno = passes ? errno : error_number;
  return passes ? answer : -1;
}

int __wrap_link(const char* from, const char* to) {
  return Passes("link") ? __real_link(from, to) : -1;
}

int __wrap_rename(const char* from, const char* to) {
  return Passes("rename") ? __real_rename(from, to) : -1;
}

int __wrap_unlink(const char* path) { return Passes("unlink") ? __real_unlink(path) : -1; }

int __wrap_mkdir(const char* path, mode_t mode) {
  return Passes("mkdir") ? __real_mkdir(path, mode) : -1;
}

}  // extern "C"

}  // namespace medallion::testing
