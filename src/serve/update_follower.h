#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "event_hub.h"
#include "stored_tables.h"
#include "update_history.h"
#include "update_launcher.h"

namespace medallion::serve {

// Follows what happens in the storage, whoever makes it happen: reads the journals of updates as
// they grow, sees when their process ends, and looks for new versions of tables. Keeps `history`
// and tells `hub`. What it borrows outlives it.
class UpdateFollower {
 public:
  UpdateFollower(std::string state_folder, StoredTables& tables, UpdateLauncher& launcher,
                 UpdateHistory& history, EventHub& hub, Clock& clock);
  ~UpdateFollower();
  UpdateFollower(const UpdateFollower&) = delete;
  UpdateFollower& operator=(const UpdateFollower&) = delete;

  // Reads the past, then follows on a thread of its own until destroyed.
  void Start();
  // The events of one update as the log has them, oldest first, from its journal or else from the
  // event-log table.
  Result<std::vector<Json>> EventsOf(const std::string& update_id) const;

 private:
  // One journal and how far it was read.
  struct Journal {
    std::string path;
    uint64_t offset = 0;
    std::string partial;  // a line that is not whole yet
    bool closed = false;
    UpdateRecord record;
    // What browsers were told: the state, and whether something changed since.
    std::string told_state;
    bool changed = false;
  };

  void Follow();
  void ReadEventLog();
  void ReadJournals(bool tell);
  void ReadJournal(Journal& journal, bool tell);
  void ApplyLine(const std::string& line, Journal& journal, bool tell);
  void TellUpdate(Journal& journal);
  // An update whose process is gone without a last word.
  void EndIfDead(Journal& journal, bool tell);
  void EndLaunches(bool tell);
  void PutFailedStart(const EndedLaunch& launch, bool tell);
  // Whether a table has a new version.
  bool PollTables();

  const std::string state_folder_;
  StoredTables& tables_;
  UpdateLauncher& launcher_;
  UpdateHistory& history_;
  EventHub& hub_;
  Clock& clock_;
  std::map<std::string, Journal> journals_;  // by update id
  bool storage_lost_ = false;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace medallion::serve
