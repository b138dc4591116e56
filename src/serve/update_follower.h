#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "event_hub.h"
#include "event_log.h"
#include "table_follower.h"
#include "update_history.h"
#include "update_launcher.h"

namespace medallion::serve {

// Follows updates, whoever started them: reads their journals as they grow and sees when their
// process ends. Keeps `history` and tells `hub`. An update is not said to have ended before its
// tables are shown. What it borrows outlives it.
class UpdateFollower {
 public:
  UpdateFollower(std::string state_folder, const EventLog& event_log, TableFollower& table_follower,
                 UpdateLauncher& launcher, UpdateHistory& history, EventHub& hub, Clock& clock);
  ~UpdateFollower();
  UpdateFollower(const UpdateFollower&) = delete;
  UpdateFollower& operator=(const UpdateFollower&) = delete;

  // Reads the past, then follows on a thread of its own until destroyed.
  void Start();

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

  const std::string state_folder_;
  const EventLog& event_log_;
  TableFollower& table_follower_;
  UpdateLauncher& launcher_;
  UpdateHistory& history_;
  EventHub& hub_;
  Clock& clock_;
  std::map<std::string, Journal> journals_;  // by update id
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace medallion::serve
