#include <array>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>

#include <unistd.h>

#include "base/text.h"
#include "commands.h"
#include "error_output.h"
#include "query_runner.h"
#include "signals.h"
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

constexpr std::string_view kPromptHelp =
    "A query runs when a line ends with its semicolon; it may take several lines.\n"
    "  .help, help          this text\n"
    "  .quit, quit, exit    leave, as Ctrl-D does\n"
    "  Ctrl-C               stop the query, or drop what was typed of one\n";

enum class Word { kNone, kQuit, kHelp };

// A line that is nothing but one of the prompt's own words, even in the middle of a query.
Word WordOf(std::string_view line) {
  line = Trim(line);
  if (line.ends_with(';')) {
    line = Trim(line.substr(0, line.size() - 1));
  }
  if (line.starts_with('.')) {
    line.remove_prefix(1);
  }
  if (EqualsIgnoreCase(line, "quit") || EqualsIgnoreCase(line, "exit")) {
    return Word::kQuit;
  }
  return EqualsIgnoreCase(line, "help") ? Word::kHelp : Word::kNone;
}

// Lines of standard input, without their ends.
class LineReader {
 public:
  enum class Outcome { kLine, kInterrupted, kEnd };

  explicit LineReader(PromptSignals& signals) : signals_(signals) {}

  Outcome Read(std::string& line) {
    while (true) {
      if (const size_t end = pending_.find('\n'); end != std::string::npos) {
        line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        return Outcome::kLine;
      }
      std::array<char, 4096> buffer;
      const ssize_t size = signals_.Read(STDIN_FILENO, buffer);
      if (size < 0 && errno == EINTR) {
        pending_.clear();
        return Outcome::kInterrupted;
      }
      if (size <= 0) {
        return Outcome::kEnd;
      }
      pending_.append(buffer.data(), static_cast<size_t>(size));
    }
  }

 private:
  PromptSignals& signals_;
  std::string pending_;
};

// A prompt for a person: each query runs when a line ends with its semicolon; an error is shown and
// the next query may be typed.
class Shell {
 public:
  Shell(QueryRunner& runner, Runtime& runtime) : runner_(runner), runtime_(runtime) {}

  ExitCode Run() {
    runtime_.console.err << "Queries end with a semicolon; .help tells more, .quit leaves.\n";
    while (!runtime_.cancellation.cancelled()) {
      runtime_.console.err << (text_.empty() ? kPrompt : kContinuation) << std::flush;
      std::string line;
      switch (reader_.Read(line)) {
        case LineReader::Outcome::kEnd: runtime_.console.err << "\n"; return ExitCode::kOk;
        case LineReader::Outcome::kInterrupted:
          runtime_.console.err << "\n";
          text_.clear();
          break;
        case LineReader::Outcome::kLine:
          if (WordOf(line) == Word::kQuit) {
            return ExitCode::kOk;
          }
          Take(line);
          break;
      }
    }
    return ExitCode::kTerminated;
  }

 private:
  void Take(const std::string& line) {
    if (WordOf(line) == Word::kHelp) {
      runtime_.console.err << kPromptHelp;
      return;
    }
    text_ += line + "\n";
    const std::string_view typed = Trim(text_);
    if (typed.ends_with(';')) {
      RunTyped();
    }
    if (typed.empty() || typed.ends_with(';')) {
      text_.clear();
    }
  }

  void RunTyped() {
    const Console& console = runtime_.console;
    const Status status = signals_.Run([this](CancellationToken& cancellation) {
      return runner_.Run("input", text_, cancellation);
    });
    console.out << std::flush;
    if (!status) {
      console.err << RenderError(status.error(), console.err_terminal.color);
    }
  }

  QueryRunner& runner_;
  Runtime& runtime_;
  PromptSignals signals_;
  LineReader reader_{signals_};
  std::string text_;  // of the query being typed
};

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
    RETURN_IF_ERROR(runner.Run("query", *command.statement, runtime.cancellation));
    return ExitCode::kOk;
  }
  if (command.file) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(*command.file));
    RETURN_IF_ERROR(runner.Run(*command.file, text, runtime.cancellation));
    return ExitCode::kOk;
  }
  if (isatty(STDIN_FILENO) == 1) {
    return Shell(runner, runtime).Run();
  }
  const std::string text{std::istreambuf_iterator<char>(std::cin),
                         std::istreambuf_iterator<char>()};
  RETURN_IF_ERROR(runner.Run("standard input", text, runtime.cancellation));
  return ExitCode::kOk;
}

}  // namespace medallion::cli
