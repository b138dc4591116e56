#include "signals.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include <unistd.h>

#include "base/check.h"

namespace medallion::cli {
namespace {

std::atomic<CancellationToken*> g_token = nullptr;
std::atomic<int> g_received = 0;
// Of the prompt's query; null while none runs.
std::atomic<CancellationToken*> g_query = nullptr;
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
  }
}

enum class OnSignal { kRestartCalls, kInterruptCalls };

void Install(int signal, void (*handler)(int), OnSignal calls = OnSignal::kRestartCalls) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = calls == OnSignal::kRestartCalls ? SA_RESTART : 0;
  CHECK(sigaction(signal, &action, nullptr) == 0);
}

void InstallAll(void (*handler)(int), OnSignal calls = OnSignal::kRestartCalls) {
  for (const int signal : kSignals) {
    Install(signal, handler, calls);
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

PromptSignals::PromptSignals() { InstallAll(HandlePromptSignal); }

PromptSignals::~PromptSignals() { InstallAll(HandleSignal); }

Status PromptSignals::Run(const std::function<Status(CancellationToken&)>& query) {
  CancellationToken token;
  CHECK(g_query.exchange(&token) == nullptr);
  const Status status = query(token);
  g_query = nullptr;
  return status;
}

ssize_t PromptSignals::Read(int descriptor, std::span<char> buffer) {
  InstallAll(HandlePromptSignal, OnSignal::kInterruptCalls);
  const ssize_t size = read(descriptor, buffer.data(), buffer.size());
  const int error = errno;
  InstallAll(HandlePromptSignal);
  errno = error;
  return size;
}

}  // namespace medallion::cli
