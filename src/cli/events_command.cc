#include "commands.h"
#include "query_runner.h"
#include "workspace.h"

namespace medallion::cli {
namespace {

// METRICS < INFO < WARN < ERROR: the names at or above `least`, as an SQL list.
std::string LevelsFrom(const std::string& least) {
  static constexpr std::array<std::string_view, 4> kLevels = {"METRICS", "INFO", "WARN", "ERROR"};
  std::string list;
  bool included = false;
  for (const std::string_view level : kLevels) {
    included = included || level == least;
    if (included) {
      list += fmt::format("{}'{}'", list.empty() ? "" : ", ", level);
    }
  }
  return list;
}

// The query for the listing. What the user typed is passed as parameters, never as text of the
// query.
std::string EventsQuery(const EventsCommand& command) {
  std::string conditions = fmt::format("level IN ({})", LevelsFrom(command.level.value_or("INFO")));
  if (command.update == "latest") {
    conditions +=
        " AND origin.update_id = (SELECT max_by(origin.update_id, timestamp) FROM system.event_log"
        " WHERE event_type = 'create_update')";
  } else if (command.update) {
    conditions += " AND origin.update_id = :update";
  }
  if (command.flow) {
    conditions +=
        " AND (lower(origin.flow_name) = lower(:flow) OR lower(origin.flow_name) LIKE concat('%.', "
        "lower(:flow)))";
  }
  return fmt::format(
      "SELECT timestamp, level, event_type, origin.flow_name AS flow, message, origin.update_id AS "
      "update_id{} "
      "FROM system.event_log WHERE {} ORDER BY timestamp DESC, sequence DESC LIMIT {}",
      command.format == OutputFormat::kTable ? "" : ", id, sequence, error, details", conditions,
      command.limit);
}

}  // namespace

Result<ExitCode> Execute(const EventsCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Workspace workspace,
                   FindWorkspace(command.project, runtime.working_folder));
  ASSIGN_OR_RETURN(Session session,
                   OpenSession(workspace.storage, StorageUse::kRead, DuckDbOptions{.threads = 1},
                               runtime.clock, runtime.random));
  ASSIGN_OR_RETURN(const bool exists, session.catalog->System("event_log").Exists());
  if (!exists) {
    return Error(
        ErrorCode::kNotFound,
        fmt::format("there are no events in {}: no update has run yet", workspace.storage));
  }
  QueryRunner::Settings settings;
  settings.format = command.format;
  settings.parameters = {{"update", command.update.value_or("")},
                         {"flow", command.flow.value_or("")}};
  QueryRunner runner(session, runtime, std::move(settings));
  RETURN_IF_ERROR(runner.Run("events", EventsQuery(command), runtime.cancellation));
  return ExitCode::kOk;
}

}  // namespace medallion::cli
