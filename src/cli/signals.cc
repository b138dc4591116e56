#include "signals.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/check.h"

namespace medallion::cli {
namespace {

std::atomic<CancellationToken*> g_token = nullptr;
std::atomic<int> g_received = 0;
// Of the prompt's query; null while none runs.
std::atomic<CancellationToken*> g_query = nullptr;
// A pipe that a signal at the prompt writes to. It may come on any thread and just before the
// prompt waits, so neither an interrupted call nor a flag would do.
std::array<int, 2> g_wake = {-1, -1};
static_assert(std::atomic<CancellationToken*>::is_always_lock_free, "used in a signal handler");

constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

void HandleSignal(int signal) {
  int none = 0;
  if (!g_received.compare_exchange_strong(none, signal)) {
    _exit(128 + signal);
  }
  if (CancellationToken* token = g_token.load()) {
    token->Cancel();
  }
}

void HandlePromptSignal(int signal) {
  CancellationToken* const query = g_query.load();
  if (signal != SIGINT) {
    HandleSignal(signal);
  } else if (query != nullptr && query->cancelled()) {
    _exit(128 + signal);
  }
  if (query != nullptr) {
    query->Cancel();
  } else {
    const int error = errno;
    [[maybe_unused]] const ssize_t written = write(g_wake[1], "", 1);
    errno = error;
  }
}

void Install(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  CHECK(sigaction(signal, &action, nullptr) == 0);
}

void InstallAll(void (*handler)(int)) {
  for (const int signal : kSignals) {
    Install(signal, handler);
  }
}

}  // namespace

SignalScope::SignalScope(CancellationToken& token) {
  CHECK(g_token.exchange(&token) == nullptr);
  InstallAll(HandleSignal);
  Install(SIGPIPE, SIG_IGN);
}

SignalScope::~SignalScope() {
  InstallAll(SIG_DFL);
  g_token = nullptr;
}

int SignalScope::Received() { return g_received.load(); }

PromptSignals::PromptSignals() {
  CHECK(pipe2(g_wake.data(), O_NONBLOCK | O_CLOEXEC) == 0);
  InstallAll(HandlePromptSignal);
}

PromptSignals::~PromptSignals() {
  InstallAll(HandleSignal);
  close(g_wake[0]);
  close(g_wake[1]);
}

Status PromptSignals::Run(const std::function<Status(CancellationToken&)>& query) {
  CancellationToken token;
  CHECK(g_query.exchange(&token) == nullptr);
  const Status status = query(token);
  g_query = nullptr;
  return status;
}

ssize_t PromptSignals::Read(int descriptor, std::span<char> buffer) {
  std::array<pollfd, 2> waits = {pollfd{descriptor, POLLIN, 0}, pollfd{g_wake[0], POLLIN, 0}};
  while (poll(waits.data(), waits.size(), -1) < 0) {
    if (errno != EINTR) {
      return -1;
    }
  }
  if (waits[1].revents != 0) {
    std::array<char, 64> signals{};
    while (read(g_wake[0], signals.data(), signals.size()) > 0) {
    }
    errno = EINTR;
    return -1;
  }
  return read(descriptor, buffer.data(), buffer.size());
}

}  // namespace medallion::cli
