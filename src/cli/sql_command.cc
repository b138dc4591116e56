#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

#include "base/text.h"
#include "commands.h"
#include "error_output.h"
#include "query_runner.h"
#include "workspace.h"

namespace medallion::cli {
namespace {

constexpr std::string_view kPrompt = "medallion> ";
constexpr std::string_view kContinuation = "        -> ";

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("file {} cannot be read", path));
  }
  return text;
}

QueryRunner::Settings SettingsOf(const SqlCommand& command, const Workspace& workspace) {
  QueryRunner::Settings settings;
  settings.format = command.format;
  if (const auto& project = workspace.project) {
    settings.default_catalog = project->catalog;
    settings.default_schema = project->schema;
    settings.session_time_zone = project->SessionTimeZone();
    for (const auto& [key, parameter] : project->configuration) {
      settings.parameters[key] = parameter.value;
    }
  }
  for (const auto& [key, value] : command.project.parameters) {
    settings.parameters[key] = value;
  }
  return settings;
}

// A prompt for a person: each query runs when a line ends with its semicolon; an error is shown and
// the next query may be typed.
ExitCode RunShell(QueryRunner& runner, Runtime& runtime) {
  const Console& console = runtime.console;
  console.err << "Queries end with a semicolon; .quit or Ctrl-D leaves.\n";
  std::string text;
  std::string line;
  while (console.err << (text.empty() ? kPrompt : kContinuation) << std::flush,
         std::getline(std::cin, line)) {
    if (text.empty() && (line == ".quit" || line == ".exit")) {
      return ExitCode::kOk;
    }
    text += line + "\n";
    const std::string_view typed = Trim(text);
    if (typed.empty()) {
      text.clear();
    } else if (typed.ends_with(';')) {
      if (const Status status = runner.Run("input", text); !status) {
        console.err << RenderError(status.error(), console.err_terminal.color);
      }
      console.out << std::flush;
      text.clear();
    }
  }
  console.err << "\n";
  return ExitCode::kOk;
}

}  // namespace

Result<ExitCode> Execute(const SqlCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Workspace workspace,
                   FindWorkspace(command.project, runtime.working_folder));
  const DuckDbOptions options =
      EngineOptions(command.limits, workspace.project ? &workspace.project->settings : nullptr);
  ASSIGN_OR_RETURN(Session session, OpenSession(workspace.storage, StorageUse::kRead, options,
                                                runtime.clock, runtime.random));
  QueryRunner runner(session, runtime, SettingsOf(command, workspace));
  if (command.statement) {
    RETURN_IF_ERROR(runner.Run("query", *command.statement));
    return ExitCode::kOk;
  }
  if (command.file) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(*command.file));
    RETURN_IF_ERROR(runner.Run(*command.file, text));
    return ExitCode::kOk;
  }
  if (isatty(STDIN_FILENO) == 1) {
    return RunShell(runner, runtime);
  }
  const std::string text{std::istreambuf_iterator<char>(std::cin),
                         std::istreambuf_iterator<char>()};
  RETURN_IF_ERROR(runner.Run("standard input", text));
  return ExitCode::kOk;
}

}  // namespace medallion::cli
