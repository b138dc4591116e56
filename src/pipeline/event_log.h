#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "event_journal.h"
#include "pipeline/event.h"
#include "system_table.h"

namespace medallion::pipeline {

// Collects the events of the running update for the event-log table. Thread-safe.
class EventBuffer final : public EventSink {
 public:
  void OnEvent(const Event& event) override;
  std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;  // guarded by mutex_; JSON, one event each
};

// Events of one update, as lines of JSON in order of their sequence.
struct UpdateEvents {
  std::string update_id;
  std::vector<std::string> lines;
};

// Appends the events that `system/event_log` does not have yet, all in one commit (columns and
// formats: docs/formats/event_log.md). Nothing new, no commit.
Status WriteEventLog(const SystemTableWriter& writer, const std::vector<UpdateEvents>& updates);

// The ids of the events in these lines.
Result<std::vector<std::string>> EventIds(const std::vector<std::string>& lines);

}  // namespace medallion::pipeline
