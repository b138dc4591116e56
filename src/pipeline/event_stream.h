#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "pipeline/event.h"

namespace medallion::pipeline {

// The one stream of an update's events: fills in what all share (id, sequence, time, origin) and
// hands each event to every sink, in order. Thread-safe. Sinks and clock outlive it.
class EventStream {
 public:
  // `base` gives the members of the origin that are the same for the whole update.
  EventStream(EventOrigin base, const Clock& clock, std::vector<EventSink*> sinks);

  // Members of `event.origin` that are empty are taken from the base. The id is made of the
  // update's id and `key`; without a key, of the update's id and the sequence. A key makes the
  // event of a batch the same one when it is told again after a crash.
  void Emit(Event event, std::string_view key = {});

  // Passes on to EventSink::OnRowsRead.
  void RowsRead(std::string_view flow, int64_t rows);

  const EventOrigin& base() const { return base_; }

 private:
  const EventOrigin base_;
  const Clock& clock_;
  const std::vector<EventSink*> sinks_;
  std::mutex mutex_;
  int64_t next_sequence_ = 0;  // guarded by mutex_
};

// The id of the event that `key` names within an update.
std::string EventId(std::string_view update_id, std::string_view key);

}  // namespace medallion::pipeline
