#include "signals.h"

#include <array>
#include <atomic>
#include <csignal>

#include <unistd.h>

#include "base/check.h"

namespace medallion::cli {
namespace {

std::atomic<CancellationToken*> g_token = nullptr;
std::atomic<int> g_received = 0;
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

void Install(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  CHECK(sigaction(signal, &action, nullptr) == 0);
}

}  // namespace

SignalScope::SignalScope(CancellationToken& token) {
  CHECK(g_token.exchange(&token) == nullptr);
  for (const int signal : kSignals) {
    Install(signal, HandleSignal);
  }
  Install(SIGPIPE, SIG_IGN);
}

SignalScope::~SignalScope() {
  for (const int signal : kSignals) {
    Install(signal, SIG_DFL);
  }
  g_token = nullptr;
}

int SignalScope::Received() { return g_received.load(); }

}  // namespace medallion::cli
