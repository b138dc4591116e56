#include "update_follower.h"

#include <fstream>

#include <fmt/format.h>

#include "base/text.h"
#include "pipeline/journal_files.h"

namespace medallion::serve {
namespace {

// A page shows an event within a second of it; reading a folder of a hundred files costs nothing.
constexpr std::chrono::milliseconds kJournalInterval{100};

bool IsClosingLine(const Json& line) { return line.is_object() && line.value("closed", false); }

}  // namespace

UpdateFollower::UpdateFollower(std::string state_folder, const EventLog& event_log,
                               TableFollower& table_follower, UpdateLauncher& launcher,
                               UpdateHistory& history, EventHub& hub, Clock& clock)
    : state_folder_(std::move(state_folder)),
      event_log_(event_log),
      table_follower_(table_follower),
      launcher_(launcher),
      history_(history),
      hub_(hub),
      clock_(clock) {}

UpdateFollower::~UpdateFollower() {
  stop_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
}

void UpdateFollower::Start() {
  ReadJournals(false);
  ReadEventLog();
  for (const EndedLaunch& launch : launcher_.FindFailedStarts()) {
    PutFailedStart(launch, false);
  }
  thread_ = std::thread([this] { Follow(); });
}

void UpdateFollower::Follow() {
  while (!stop_) {
    ReadJournals(true);
    EndLaunches(true);
    clock_.Sleep(kJournalInterval);
  }
}

// Updates whose journals are gone.
void UpdateFollower::ReadEventLog() {
  const auto events = event_log_.Stored();
  if (!events) {
    return;  // what cannot be read now is missing from the list of old updates only
  }
  UpdateRecord record;
  const auto finish = [this, &record] {
    if (!record.id.empty() && !journals_.contains(record.id)) {
      history_.Put(record);
    }
  };
  for (const Json& event : *events) {
    const std::string update_id = UpdateIdOf(event);
    if (update_id != record.id) {
      finish();
      record = UpdateRecord{.id = update_id};
    }
    ApplyEvent(event, record);
  }
  finish();
}

void UpdateFollower::ReadJournals(bool tell) {
  const std::string folder = fmt::format("{}/{}", state_folder_, pipeline::kJournalFolder);
  for (const pipeline::JournalFile& file : pipeline::ListJournals(folder)) {
    Journal& journal = journals_[file.update_id];
    if (journal.path.empty()) {
      journal.path = file.path;
      journal.record.id = file.update_id;
    }
    if (!journal.closed) {
      ReadJournal(journal, tell);
      EndIfDead(journal, tell);
    }
  }
}

void UpdateFollower::ReadJournal(Journal& journal, bool tell) {
  std::ifstream in(journal.path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(journal.offset));
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (text.empty()) {
    return;
  }
  journal.offset += text.size();
  std::vector<std::string> lines = Split(journal.partial + text, '\n');
  journal.partial = std::move(lines.back());
  lines.pop_back();
  for (const std::string& line : lines) {
    ApplyLine(line, journal, tell);
  }
  history_.Put(journal.record);
  if (tell && journal.changed) {
    TellUpdate(journal);
  }
}

void UpdateFollower::ApplyLine(const std::string& line, Journal& journal, bool tell) {
  const Json event = Json::parse(line, nullptr, false);
  if (IsClosingLine(event)) {
    journal.closed = true;
    return;
  }
  if (!event.is_object() || !event.contains("event_type")) {
    return;  // what a crash cut
  }
  const bool had_ended = journal.record.ended();
  const UpdateChange change = ApplyEvent(event, journal.record);
  if (!tell) {
    return;
  }
  if (!had_ended && journal.record.ended()) {
    table_follower_.Refresh();
  }
  history_.Put(journal.record);
  hub_.Publish("event", Dump(ToApiEvent(event)));
  if (change.flow) {
    hub_.Publish("flow", Dump({{"update_id", journal.record.id},
                               {"flow", ToJson(journal.record.flows[*change.flow])}}));
  }
  journal.changed = journal.changed || change.update;
  if (journal.record.state != journal.told_state) {
    TellUpdate(journal);
  }
}

// Counts may be told together, a state never goes untold.
void UpdateFollower::TellUpdate(Journal& journal) {
  hub_.Publish("update", Dump(ToJson(journal.record)));
  journal.told_state = journal.record.state;
  journal.changed = false;
}

void UpdateFollower::EndIfDead(Journal& journal, bool tell) {
  if (journal.record.ended() || pipeline::IsBeingWritten(journal.path)) {
    return;
  }
  const uint64_t offset = journal.offset;
  ReadJournal(journal, tell);  // its last words, written since we looked
  if (journal.record.ended() || journal.offset != offset) {
    return;
  }
  journal.record.state = "FAILED";
  journal.record.error =
      "The update's process ended before the update did; the next update finishes what it began.";
  for (FlowRecord& flow : journal.record.flows) {
    if (!flow.ended_micros && flow.started_micros) {
      flow.status = "STOPPED";
      flow.ended_micros = journal.record.last_event_micros;
    }
  }
  journal.record.ended_micros = journal.record.last_event_micros;
  history_.Put(journal.record);
  if (tell) {
    hub_.Publish("update", Dump(ToJson(journal.record)));
  }
}

void UpdateFollower::EndLaunches(bool tell) {
  for (const EndedLaunch& launch : launcher_.TakeEnded()) {
    ReadJournals(tell);
    if (launch.failed() || !journals_.contains(launch.update_id)) {
      PutFailedStart(launch, tell);
    }
  }
}

// An update that got no further than its plan has little or nothing in its journal; what is wrong
// is in what its process printed.
void UpdateFollower::PutFailedStart(const EndedLaunch& launch, bool tell) {
  const UpdateRecordPtr known = history_.Find(launch.update_id);
  UpdateRecord record = known ? *known : UpdateRecord{.id = launch.update_id};
  record.diagnostics = launch.diagnostics;
  if (!record.ended()) {
    record.pipeline = launcher_.settings().pipeline;
    record.cause = "API_CALL";
    record.state = "FAILED";
    record.ended_micros = launch.ended_micros;
    record.started_micros = known ? known->started_micros : launch.ended_micros;
    record.error = launch.diagnostics.empty()
                       ? fmt::format("the update's process ended with exit code {} before it began",
                                     launch.exit_code)
                       : launch.diagnostics.front().value("message", "");
  }
  if (const auto journal = journals_.find(record.id); journal != journals_.end()) {
    journal->second.record = record;
  }
  history_.Put(record);
  if (tell) {
    hub_.Publish("update", Dump(ToJson(record)));
  }
}

}  // namespace medallion::serve
