#include <ostream>

#include <unistd.h>

#include "commands.h"
#include "error_output.h"
#include "fixed_clock.h"
#include "pipeline/diagnostic_json.h"
#include "pipeline/update.h"
#include "session.h"
#include "update_reporter.h"
#include "workspace.h"

namespace medallion::cli {
namespace {

pipeline::Selection ToSelection(const SelectionOptions& options) {
  return {.refresh = options.refresh,
          .full_refresh = options.full_refresh,
          .full_refresh_all = options.full_refresh_all};
}

// Findings of the project that do not prevent the work.
void PrintWarnings(const std::vector<Diagnostic>& warnings, bool json, const Console& console) {
  for (const Diagnostic& warning : warnings) {
    if (json) {
      console.out << pipeline::DiagnosticJsonLine(warning);
    } else {
      console.err << Render(warning);
    }
  }
}

std::string UserName(const EnvironmentLookup& environment) {
  for (const std::string_view name : {"USER", "LOGNAME"}) {
    if (const auto value = environment(name); value && !value->empty()) {
      return *value;
    }
  }
  return fmt::format("uid {}", geteuid());
}

// The machine's clock, or the one that `--fixed-clock` stopped.
class UpdateClock {
 public:
  UpdateClock(const std::optional<int64_t>& fixed_micros, Clock& real) : real_(real) {
    if (fixed_micros) {
      fixed_.emplace(*fixed_micros, real);
    }
  }
  Clock& clock() { return fixed_ ? static_cast<Clock&>(*fixed_) : real_; }

 private:
  Clock& real_;
  std::optional<FixedClock> fixed_;
};

}  // namespace

Result<ExitCode> Execute(const RunCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const pipeline::Project project,
                   LoadProjectOf(command.project, runtime.working_folder));
  PrintWarnings(project.warnings, command.json, runtime.console);
  UpdateClock clock(command.fixed_clock_micros, runtime.clock);
  ASSIGN_OR_RETURN(Session session, OpenSession(project.storage, StorageUse::kUpdate,
                                                EngineOptions(command.limits, &project.settings),
                                                clock.clock(), runtime.random));
  UpdateReporter reporter(runtime, command.json);
  pipeline::UpdateOptions options;
  options.selection = ToSelection(command.selection);
  options.state_folder = session.state_folder;
  options.update_id = command.update_id;
  options.cause = command.cause.empty() ? options.cause : command.cause;
  options.user_name = UserName(runtime.environment);
  options.concurrent_datasets = command.limits.threads;
  const pipeline::UpdateEnvironment environment{.catalog = *session.catalog,
                                                .engine = *session.engine,
                                                .clock = clock.clock(),
                                                .random = runtime.random,
                                                .cancellation = runtime.cancellation,
                                                .sinks = {&reporter}};
  Result<pipeline::UpdateResult> result = pipeline::RunUpdate(project, options, environment);
  reporter.Stop();
  if (!result) {
    return std::move(result).error();
  }
  PrintWarnings(result->graph ? result->graph->warnings : std::vector<Diagnostic>{}, command.json,
                runtime.console);
  reporter.Finish(*result);
  return ExitCodeFor(*result);
}

Result<ExitCode> Execute(const DryRunCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const pipeline::Project project,
                   LoadProjectOf(command.project, runtime.working_folder));
  PrintWarnings(project.warnings, command.json, runtime.console);
  UpdateClock clock(command.fixed_clock_micros, runtime.clock);
  ASSIGN_OR_RETURN(
      const Session session,
      OpenSession(project.storage, StorageUse::kPlan,
                  EngineOptions(command.limits, &project.settings), clock.clock(), runtime.random));
  ASSIGN_OR_RETURN(const pipeline::UpdatePlan plan,
                   pipeline::PlanProject(project, ToSelection(command.selection), *session.catalog,
                                         clock.clock().NowMicros()));
  for (const pipeline::Flow& flow : plan.graph->flows) {
    RETURN_IF_ERROR(pipeline::CheckFlow(flow, *session.engine));
  }
  PrintWarnings(plan.graph->warnings, command.json, runtime.console);
  if (command.json) {
    runtime.console.out << pipeline::DescribePlanJson(plan) << "\n";
    return ExitCode::kOk;
  }
  for (const std::string& line : pipeline::DescribePlan(plan)) {
    runtime.console.out << line << "\n";
  }
  return ExitCode::kOk;
}

}  // namespace medallion::cli
