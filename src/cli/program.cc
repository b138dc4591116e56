#include "program.h"

#include <ostream>

#include <unistd.h>

#include "commands.h"
#include "error_output.h"
#include "pipeline/diagnostic_json.h"
#include "terminal.h"

namespace medallion::cli {
namespace {

// Whether the command prints JSON, so that its errors must be JSON too.
bool PrintsJson(const Command& command) {
  return std::visit(
      [](const auto& value) {
        if constexpr (requires { value.json; }) {
          return value.json;
        } else if constexpr (requires { value.format; }) {
          return value.format == OutputFormat::kJson;
        } else {
          return false;
        }
      },
      command);
}

ExitCode Report(const Error& error, bool json, const Console& console) {
  if (json) {
    console.out << pipeline::DiagnosticJsonLines(error);
  }
  console.err << RenderError(error, console.err_terminal.color);
  return ExitCodeFor(error);
}

}  // namespace

ColorMode RequestedColor(const std::vector<std::string>& arguments) {
  const ParsedCommandLine parsed = ParseCommandLine(arguments);
  const auto* line = std::get_if<CommandLine>(&parsed);
  return line == nullptr ? ColorMode::kAuto : line->color;
}

ExitCode RunProgram(const std::vector<std::string>& arguments, Runtime& runtime) {
  const Console& console = runtime.console;
  ParsedCommandLine parsed = ParseCommandLine(arguments);
  if (const auto* help = std::get_if<HelpText>(&parsed)) {
    console.out << help->text << std::flush;
    return ExitCode::kOk;
  }
  if (auto* usage = std::get_if<UsageError>(&parsed)) {
    const bool json = std::ranges::find(arguments, "--json") != arguments.end();
    return Report(Error(ErrorCode::kSpecification, {usage->diagnostic}), json, console);
  }
  const Command& command = std::get<CommandLine>(parsed).command;
  const Result<ExitCode> result =
      std::visit([&](const auto& value) { return Execute(value, runtime); }, command);
  if (!result) {
    return Report(result.error(), PrintsJson(command), console);
  }
  console.out << std::flush;
  // A reader that has seen enough is no failure of ours.
  if (!console.out && !ReaderHasGone(STDOUT_FILENO)) {
    return Report(Error(ErrorCode::kIo, "standard output could not be written"), false, console);
  }
  return *result;
}

}  // namespace medallion::cli
