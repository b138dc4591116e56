#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/event.h"

namespace medallion::pipeline {

// The events of one update as lines of JSON, `<folder>/<update id>.jsonl`, so that others can
// follow a running update and nothing is lost when it dies: what the event-log table lacks is
// written from here by the next update. The last line `{"closed":true}` says that the table has
// them all. Thread-safe as EventSink promises.
class EventJournal final : public EventSink {
 public:
  // Journals kept in the folder, newest first; a few hundred kilobytes at most.
  static constexpr size_t kJournalsKept = 100;

  static Result<std::unique_ptr<EventJournal>> Create(const std::string& folder,
                                                      const std::string& update_id);
  ~EventJournal() override;
  EventJournal(const EventJournal&) = delete;
  EventJournal& operator=(const EventJournal&) = delete;

  void OnEvent(const Event& event) override;
  // Makes every event so far durable, as OnEvent does after each change of the update's state and
  // each batch. Also reports the first failure of OnEvent.
  Status Sync();
  // Says that the event-log table holds everything, and removes all but the newest journals.
  Status Close();

  const std::string& path() const { return path_; }

 private:
  EventJournal(int fd, std::string folder, std::string path);

  int fd_;
  std::string folder_;
  std::string path_;
  std::optional<Error> failure_;
};

// A journal that an update left behind without closing it.
struct OpenJournal {
  std::string update_id;
  std::string path;
  std::vector<std::string> lines;  // whole events; what a crash or a bad disk spoilt is left out
};

// Those whose update has ended. An absent folder has none.
Result<std::vector<OpenJournal>> FindOpenJournals(const std::string& folder);
Status CloseJournal(const OpenJournal& journal);

}  // namespace medallion::pipeline
