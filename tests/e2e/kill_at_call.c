// LD_PRELOAD shim for the kill tests: counts, over all threads, the calls that change the disk and
// ends the process with SIGKILL at the one numbered KILL_AT (from 1). strace's `inject … when=N`
// counts per thread, so it cannot number the calls of a program with many threads.
//
//   KILL_AT=0            counts only; the total is written to the file KILL_COUNT_FILE at exit
//   KILL_TORN=1          a write is half done before the process dies
//
// Writes to standard output and error do not count.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static long kill_at(void) {
  const char* text = getenv("KILL_AT");
  return text == NULL ? 0 : atol(text);
}

static int is_next(void) { return atomic_fetch_add(&calls, 1) + 1 == kill_at(); }

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((destructor)) static void report(void) {
  const char* path = getenv("KILL_COUNT_FILE");
  if (path == NULL || kill_at() != 0) return;
  char text[32];
  const int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
  const int fd = REAL(open)(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd >= 0) {
    if (REAL(write)(fd, text, (size_t)length) != length) abort();
    REAL(close)(fd);
  }
}

ssize_t write(int fd, const void* data, size_t size) {
  if (fd > 2 && is_next()) {
    if (getenv("KILL_TORN") != NULL && size > 1) REAL(write)(fd, data, size / 2);
    die();
  }
  return REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  if (is_next()) {
    if (getenv("KILL_TORN") != NULL && size > 1) REAL(pwrite)(fd, data, size / 2, offset);
    die();
  }
  return REAL(pwrite)(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  if (is_next()) {
    if (getenv("KILL_TORN") != NULL && size > 1) REAL(pwrite64)(fd, data, size / 2, offset);
    die();
  }
  return REAL(pwrite64)(fd, data, size, offset);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  if (fd > 2 && is_next()) die();
  return REAL(writev)(fd, parts, count);
}

#define COUNTED(result, name, parameters, arguments) \
  result name parameters {                           \
    if (is_next()) die();                            \
    return REAL(name) arguments;                     \
  }

COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, ftruncate, (int fd, off_t size), (fd, size))
COUNTED(int, ftruncate64, (int fd, off64_t size), (fd, size))
COUNTED(int, link, (const char* from, const char* to), (from, to))
COUNTED(int, linkat, (int a, const char* from, int b, const char* to, int flags),
        (a, from, b, to, flags))
COUNTED(int, rename, (const char* from, const char* to), (from, to))
COUNTED(int, renameat, (int a, const char* from, int b, const char* to), (a, from, b, to))
COUNTED(int, renameat2, (int a, const char* from, int b, const char* to, unsigned flags),
        (a, from, b, to, flags))
COUNTED(int, unlink, (const char* path), (path))
COUNTED(int, unlinkat, (int a, const char* path, int flags), (a, path, flags))
COUNTED(int, mkdir, (const char* path, mode_t mode), (path, mode))

static int creates(int flags) { return (flags & O_CREAT) != 0; }

#define OPENING(name, ...)                       \
  {                                              \
    mode_t mode = 0;                             \
    if (creates(flags)) {                        \
      va_list rest;                              \
      va_start(rest, flags);                     \
      mode = va_arg(rest, mode_t);               \
      va_end(rest);                              \
      if (is_next()) die();                      \
    }                                            \
    return REAL(name)(__VA_ARGS__, flags, mode); \
  }

int open(const char* path, int flags, ...)
    OPENING(open, path) int open64(const char* path, int flags, ...)
        OPENING(open64, path) int openat(int at, const char* path, int flags, ...)
            OPENING(openat, at, path) int openat64(int at, const char* path, int flags, ...)
                OPENING(openat64, at, path)
