// Wires the program: the machine's clock, randomness, environment, terminal and signals.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <unistd.h>

#include "program.h"
#include "signals.h"

namespace medallion::cli {
namespace {

std::optional<std::string> Environment(std::string_view name) {
  const char* value =
      std::getenv(std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe): before threads
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string WorkingFolder() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::current_path(error);
  return error ? "/" : folder.string();
}

std::string ProgramPath() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "medallion" : path.string();
}

// The shell's convention for a process that a signal ended, whatever the command made of it.
int ExitStatus(ExitCode code) {
  const int signal = SignalScope::Received();
  return signal != 0 && code != ExitCode::kOk ? 128 + signal : static_cast<int>(code);
}

int Main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const ColorMode color = RequestedColor(arguments);
  Console console{std::cout, std::cerr, ProbeTerminal(STDOUT_FILENO, color, Environment),
                  ProbeTerminal(STDERR_FILENO, color, Environment)};
  CancellationToken cancellation;
  const SignalScope signals(cancellation);
  Random random(Random::SystemSeed());
  Runtime runtime{console,     SystemClock(), random,         cancellation,
                  Environment, ProgramPath(), WorkingFolder()};
  return ExitStatus(RunProgram(arguments, runtime));
}

}  // namespace
}  // namespace medallion::cli

int main(int argc, char** argv) { return medallion::cli::Main(argc, argv); }
