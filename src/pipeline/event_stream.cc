#include "event_stream.h"

#include <fmt/format.h>

#include "digest.h"

namespace medallion::pipeline {
namespace {

void FillFrom(const EventOrigin& base, EventOrigin& origin) {
  const auto fill = [](std::string& member, const std::string& value) {
    if (member.empty()) {
      member = value;
    }
  };
  fill(origin.pipeline_id, base.pipeline_id);
  fill(origin.pipeline_name, base.pipeline_name);
  fill(origin.update_id, base.update_id);
  fill(origin.request_id, base.request_id);
  fill(origin.host, base.host);
}

}  // namespace

std::string EventId(std::string_view update_id, std::string_view key) {
  return UuidOf(fmt::format("event/{}/{}", update_id, key));
}

EventStream::EventStream(EventOrigin base, const Clock& clock, std::vector<EventSink*> sinks)
    : base_(std::move(base)), clock_(clock), sinks_(std::move(sinks)) {}

void EventStream::Emit(Event event, std::string_view key) {
  FillFrom(base_, event.origin);
  // Sinks see the events in order, so they are called under the lock; they only append to memory,
  // to a file or to a terminal.
  const std::lock_guard lock(mutex_);
  event.instance = base_.update_id;
  event.sequence = next_sequence_++;
  event.timestamp_micros = clock_.NowMicros();
  event.id = EventId(event.origin.update_id,
                     key.empty() ? std::to_string(event.sequence) : std::string(key));
  for (EventSink* sink : sinks_) {
    sink->OnEvent(event);
  }
}

void EventStream::RowsRead(std::string_view flow, int64_t rows) {
  for (EventSink* sink : sinks_) {
    sink->OnRowsRead(flow, rows);
  }
}

}  // namespace medallion::pipeline
