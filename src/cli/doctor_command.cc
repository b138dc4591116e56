#include <ostream>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "build_info.h"
#include "commands.h"
#include "engine_duckdb/duckdb_engine.h"
#include "machine_checks.h"
#include "pipeline/update.h"
#include "session.h"
#include "text_table.h"
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
                         const Result<Workspace>& workspace, std::string& storage) {
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

// Whether an update would find files to read, one check per source.
std::vector<CheckResult> CheckSources(const Workspace& workspace, Runtime& runtime) {
  const auto plan = [&]() -> Result<pipeline::UpdatePlan> {
    ASSIGN_OR_RETURN(const Session session,
                     OpenSession(workspace.storage, StorageUse::kPlan, DuckDbOptions{.threads = 1},
                                 runtime.clock, runtime.random));
    return pipeline::PlanProject(*workspace.project, {}, *session.catalog,
                                 runtime.clock.NowMicros());
  }();
  if (!plan) {
    return {
        {"source files", CheckState::kFailed, plan.error().message(),
         "`medallion dry-run` shows every finding; --set replaces a folder that is a parameter"}};
  }
  std::vector<CheckResult> checks;
  for (const pipeline::FlowPlan& flow : plan->flows) {
    for (const pipeline::PlannedFiles& files : flow.files) {
      CheckResult check{.name = "source files",
                        .detail = fmt::format("{} in {}, {} new", GroupDigits(files.files_total),
                                              files.path, GroupDigits(files.files_new))};
      if (files.files_total == 0) {
        check.state = CheckState::kWarning;
        check.advice = "put files there, or name another folder";
      }
      checks.push_back(std::move(check));
    }
  }
  return checks;
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
  const Result<Workspace> workspace = FindWorkspace(command.project, runtime.working_folder);
  checks.push_back(CheckProject(command.project, runtime.working_folder, workspace, storage));
  for (CheckResult& check : CheckStorageFolder(storage, runtime.random)) {
    checks.push_back(std::move(check));
  }
  checks.push_back(CheckDiskSpace(storage));
  if (workspace && workspace->project) {
    for (CheckResult& check : CheckSources(*workspace, runtime)) {
      checks.push_back(std::move(check));
    }
  }

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
