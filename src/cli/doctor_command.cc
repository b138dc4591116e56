#include <ostream>

#include <nlohmann/json.hpp>

#include "build_info.h"
#include "commands.h"
#include "engine_duckdb/duckdb_engine.h"
#include "machine_checks.h"
#include "workspace.h"

namespace medallion::cli {
namespace {

std::string_view StateName(CheckState state) {
  switch (state) {
    case CheckState::kOk: return "ok";
    case CheckState::kWarning: return "warning";
    case CheckState::kFailed: return "failed";
  }
  return "failed";
}

Ink StateInk(CheckState state) {
  if (state == CheckState::kOk) {
    return Ink::kGreen;
  }
  return state == CheckState::kWarning ? Ink::kYellow : Ink::kRed;
}

// The project's state, and the storage to look at: the project's, `--storage`, or the working
// folder's.
CheckResult CheckProject(const ProjectOptions& options, const std::string& working_folder,
                         std::string& storage) {
  const Result<Workspace> workspace = FindWorkspace(options, working_folder);
  if (!workspace) {
    storage = working_folder;
    if (workspace.error().condition() == "MISSING_STORAGE" || !options.spec) {
      return {"project", CheckState::kWarning, workspace.error().message(),
              "go to a project's folder, name one with --spec, or make one with `medallion init "
              "--name shop`"};
    }
    return {"project", CheckState::kFailed, workspace.error().message(),
            "`medallion dry-run` shows every finding"};
  }
  storage = workspace->storage;
  if (!workspace->project) {
    return {"project", CheckState::kOk, "none; looking at --storage alone", ""};
  }
  return {"project", CheckState::kOk,
          fmt::format("{} ({})", workspace->project->name, workspace->project->spec_path), ""};
}

void Print(const CheckResult& check, const Console& console) {
  console.out << fmt::format(
      "{}  {}  {}\n",
      Paint(console.out_terminal.color, StateInk(check.state), PadRight(StateName(check.state), 7)),
      PadRight(check.name, 13), check.detail);
  if (!check.advice.empty()) {
    console.out << fmt::format("         = help: {}\n", check.advice);
  }
}

void PrintJson(const CheckResult& check, std::ostream& out) {
  out << nlohmann::ordered_json{{"type", "check"},
                                {"name", check.name},
                                {"state", StateName(check.state)},
                                {"detail", check.detail},
                                {"advice", check.advice}}
             .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
      << "\n";
}

}  // namespace

Result<ExitCode> Execute(const DoctorCommand& command, Runtime& runtime) {
  const BuildInfo& build = GetBuildInfo();
  std::vector<CheckResult> checks;
  checks.push_back(
      {"program", CheckState::kOk,
       fmt::format("medallion {} ({}, {})", build.version, build.revision, runtime.program_path),
       ""});
  checks.push_back({"engine", CheckState::kOk, "DuckDB " + DuckDbEngine::LibraryVersion(), ""});
  checks.push_back(CheckProcessor());
  checks.push_back(CheckMemory());
  std::string storage;
  checks.push_back(CheckProject(command.project, runtime.working_folder, storage));
  for (CheckResult& check : CheckStorageFolder(storage, runtime.random)) {
    checks.push_back(std::move(check));
  }
  checks.push_back(CheckDiskSpace(storage));

  ExitCode code = ExitCode::kOk;
  for (const CheckResult& check : checks) {
    if (command.json) {
      PrintJson(check, runtime.console.out);
    } else {
      Print(check, runtime.console);
    }
    if (check.state == CheckState::kFailed) {
      code = ExitCode::kEnvironment;
    }
  }
  return code;
}

}  // namespace medallion::cli
