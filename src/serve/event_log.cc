#include "event_log.h"

#include <fstream>

#include <fmt/format.h>

#include "pipeline/journal_files.h"
#include "query/row_json.h"

namespace medallion::serve {
namespace {

constexpr std::string_view kEventLogQuery =
    "SELECT id, sequence, origin, CAST(timestamp AS STRING) AS timestamp, message, level, error, "
    "event_type, details FROM system.event_log";

// A row of the event-log table in the shape of a journal's line.
Json ToEvent(const query::RowSet& rows, const std::vector<Value>& row) {
  Json event = Json::parse(query::ToJsonObject(rows.schema, row));
  if (event["details"].is_string()) {
    event["details"] = Json::parse(event["details"].get<std::string>(), nullptr, false);
  }
  return event;
}

int64_t SequenceNumberOf(const Json& event) {
  static const Json::json_pointer kNumber("/sequence/data_plane_id/seq_no");
  return event.value(kNumber, int64_t{0});
}

Result<std::vector<Json>> ReadTable(StoredTables& tables, const std::string& condition,
                                    const TableReader::Parameters& parameters) {
  TableReader reader = tables.Read();
  std::vector<Json> events;
  ASSIGN_OR_RETURN(const bool exists, reader.Has("system.event_log"));
  if (!exists) {
    return events;
  }
  ASSIGN_OR_RETURN(const query::RowSet rows,
                   reader.Query(fmt::format("{}{}", kEventLogQuery, condition), parameters));
  for (const std::vector<Value>& row : rows.rows) {
    events.push_back(ToEvent(rows, row));
  }
  std::ranges::sort(events, {}, [](const Json& event) {
    return std::pair(UpdateIdOf(event), SequenceNumberOf(event));
  });
  return events;
}

}  // namespace

std::string UpdateIdOf(const Json& event) {
  static const Json::json_pointer kInstance("/sequence/data_plane_id/instance");
  return event.value(kInstance, "");
}

EventLog::EventLog(std::string state_folder, StoredTables& tables)
    : state_folder_(std::move(state_folder)), tables_(tables) {}

Result<std::vector<Json>> EventLog::Of(const std::string& update_id) const {
  const std::string folder = fmt::format("{}/{}", state_folder_, pipeline::kJournalFolder);
  for (const pipeline::JournalFile& file : pipeline::ListJournals(folder)) {
    if (file.update_id != update_id) {
      continue;
    }
    std::vector<Json> events;
    std::ifstream in(file.path, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      Json event = Json::parse(line, nullptr, false);
      if (event.is_object() && event.contains("event_type")) {
        events.push_back(std::move(event));
      }
    }
    return events;
  }
  return ReadTable(tables_, " WHERE sequence.data_plane_id.instance = :update",
                   {{"update", update_id}});
}

Result<std::vector<Json>> EventLog::Stored() const { return ReadTable(tables_, "", {}); }

}  // namespace medallion::serve
