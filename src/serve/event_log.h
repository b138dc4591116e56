#pragma once

#include <string>
#include <vector>

#include "json.h"
#include "stored_tables.h"

namespace medallion::serve {

// The events that updates left behind: in the journals of the newest ones, and for good in the
// event-log table. Thread-safe. What it borrows outlives it.
class EventLog {
 public:
  EventLog(std::string state_folder, StoredTables& tables);

  // Of one update as the log has them, oldest first, from its journal or else from the table.
  Result<std::vector<Json>> Of(const std::string& update_id) const;
  // Of all updates in the table, those of one update together and in order.
  Result<std::vector<Json>> Stored() const;

 private:
  const std::string state_folder_;
  StoredTables& tables_;
};

// The update that an event is of.
std::string UpdateIdOf(const Json& event);

}  // namespace medallion::serve
