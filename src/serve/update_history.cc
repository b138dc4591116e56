#include "update_history.h"

#include <algorithm>
#include <array>

#include "base/civil_time.h"

namespace medallion::serve {
namespace {

constexpr std::array<std::string_view, 3> kFinalStates = {"COMPLETED", "FAILED", "CANCELED"};
constexpr std::array<std::string_view, 6> kFinalStatuses = {"COMPLETED", "FAILED",   "SKIPPED",
                                                            "STOPPED",   "EXCLUDED", "IDLE"};

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

int64_t NumberOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

// null if there is none.
const Json& MemberOf(const Json& object, const char* key) {
  static const Json kNone;
  const auto found = object.find(key);
  return found != object.end() ? *found : kNone;
}

std::vector<std::string> TextsOf(const Json& object, const char* key) {
  std::vector<std::string> texts;
  for (const Json& item : MemberOf(object, key)) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

Json InstantOrNull(const std::optional<int64_t>& micros) {
  return micros ? Json(FormatIsoTimestampMillis(*micros)) : Json();
}

Json DurationOrNull(const std::optional<int64_t>& from, const std::optional<int64_t>& to) {
  return from && to ? Json((*to - *from) / 1000) : Json();
}

// The log calls a rule that only warns ALLOW.
std::string ActionOf(const std::string& logged) { return logged == "ALLOW" ? "WARN" : logged; }

void AddTally(const Json& expectation, FlowRecord& flow) {
  const std::string dataset = TextOf(expectation, "dataset");
  const std::string name = TextOf(expectation, "name");
  auto rule = std::ranges::find_if(flow.rules, [&](const RuleTally& tally) {
    return tally.name == name && tally.dataset == dataset;
  });
  if (rule == flow.rules.end()) {
    rule = flow.rules.insert(rule, {dataset, name, ActionOf(TextOf(expectation, "action"))});
  }
  rule->passed += NumberOf(expectation, "passed_records");
  rule->failed += NumberOf(expectation, "failed_records");
  rule->failed_null += NumberOf(expectation, "failed_null_records");
}

size_t FlowOf(const Json& origin, UpdateRecord& record) {
  const std::string name = TextOf(origin, "flow_name");
  const auto found = std::ranges::find(record.flows, name, &FlowRecord::name);
  if (found != record.flows.end()) {
    return static_cast<size_t>(found - record.flows.begin());
  }
  record.flows.push_back({.name = name, .dataset = TextOf(origin, "dataset_name")});
  return record.flows.size() - 1;
}

std::string FirstException(const Json& event, const char* member) {
  const Json& exceptions = MemberOf(MemberOf(event, "error"), "exceptions");
  return exceptions.is_array() && !exceptions.empty() ? TextOf(exceptions.front(), member) : "";
}

// What failed, in one line. That an update failed says less than the finding that made it fail.
std::string FailureOf(const Json& event, const std::string& type) {
  const std::string rendered = type == "update_progress" ? FirstException(event, "message") : "";
  const std::string line = rendered.substr(0, rendered.find('\n'));
  const size_t words = line.starts_with("error[") ? line.find("]: ") : std::string::npos;
  if (words != std::string::npos) {
    return line.substr(words + 3);
  }
  return line.empty() ? TextOf(event, "message") : line;
}

void ApplyFlowProgress(const Json& event, const Json& progress, int64_t at, FlowRecord& flow) {
  flow.status = TextOf(progress, "status");
  flow.reason = TextOf(progress, "reason");
  const bool active = flow.status == "STARTING" || flow.status == "RUNNING";
  if (active && !flow.started_micros) {
    flow.started_micros = at;
  }
  if (std::ranges::find(kFinalStatuses, flow.status) != kFinalStatuses.end()) {
    flow.ended_micros = at;
  }
  if (const auto metrics = progress.find("metrics"); metrics != progress.end()) {
    ++flow.batches;
    flow.rows_read += NumberOf(*metrics, "num_input_rows");
    flow.rows_written += NumberOf(*metrics, "num_output_rows");
    flow.input_files += NumberOf(*metrics, "num_input_files");
    flow.output_bytes += NumberOf(*metrics, "num_output_bytes");
  }
  if (const auto quality = progress.find("data_quality"); quality != progress.end()) {
    flow.rows_dropped += NumberOf(*quality, "dropped_records");
    for (const Json& expectation : MemberOf(*quality, "expectations")) {
      AddTally(expectation, flow);
    }
  }
  if (flow.status == "FAILED") {
    flow.error_code = FirstException(event, "class_name");
    flow.error = TextOf(event, "message");
  }
}

void ApplyCreate(const Json& create, UpdateRecord& record) {
  record.cause = TextOf(create, "cause");
  record.full_refresh = MemberOf(create, "full_refresh") == true;
  record.refresh_selection = TextsOf(create, "refresh_selection");
  record.full_refresh_selection = TextsOf(create, "full_refresh_selection");
  for (const auto& [key, value] : MemberOf(create, "configuration").items()) {
    record.configuration[key] = value.is_string() ? value.get<std::string>() : "";
  }
}

void ApplyDataset(const Json& definition, UpdateRecord& record) {
  DatasetRecord dataset{.name = TextOf(definition, "name"),
                        .type = TextOf(definition, "dataset_type"),
                        .comment = TextOf(definition, "comment"),
                        .quality = TextOf(MemberOf(definition, "properties"), "quality"),
                        .source_file = TextOf(definition, "source_file"),
                        .source_line = NumberOf(definition, "source_line"),
                        .partition_columns = TextsOf(definition, "partition_columns"),
                        .schema = MemberOf(definition, "schema")};
  record.datasets.push_back(std::move(dataset));
}

void ApplyState(const std::string& state, int64_t at, UpdateRecord& record) {
  record.state = state;
  if (std::ranges::find(kFinalStates, state) == kFinalStates.end()) {
    return;
  }
  record.ended_micros = at;
  // What was under way has ended with the update, even if nobody said so.
  for (FlowRecord& flow : record.flows) {
    if (!flow.ended_micros && flow.started_micros) {
      flow.status = "STOPPED";
      flow.ended_micros = at;
    }
  }
}

// The event's own part, and what it says of a flow.
UpdateChange ApplyDetails(const Json& event, const std::string& type, const Json& detail,
                          int64_t at, UpdateRecord& record) {
  const Json& origin = MemberOf(event, "origin");
  UpdateChange change;
  if (type == "user_action") {
    record.user = TextOf(detail, "user_name");
    change.update = true;
  } else if (type == "create_update") {
    ApplyCreate(detail, record);
    change.update = true;
  } else if (type == "update_progress") {
    ApplyState(TextOf(detail, "state"), at, record);
    change.update = true;
  } else if (type == "dataset_definition") {
    ApplyDataset(detail, record);
  } else if (type == "flow_definition") {
    FlowRecord& flow = record.flows[FlowOf(origin, record)];
    flow.type = TextOf(detail, "flow_type");
    flow.dataset = TextOf(detail, "output_dataset");
    flow.inputs = TextsOf(detail, "input_datasets");
    flow.source_file = TextOf(detail, "source_file");
    flow.source_line = NumberOf(detail, "source_line");
  } else if (type == "flow_progress") {
    change.flow = FlowOf(origin, record);
    ApplyFlowProgress(event, detail, at, record.flows[*change.flow]);
    change.update = true;
  } else if (type == "operation_progress" && TextOf(detail, "type") == "FILE_SET_ASIDE") {
    record.files_set_aside.push_back({TextOf(MemberOf(detail, "attributes"), "path"),
                                      TextOf(MemberOf(detail, "attributes"), "reason")});
    change.update = true;
  }
  return change;
}

Json ErrorJson(const FlowRecord& flow) {
  if (flow.error.empty()) {
    return Json();
  }
  Json error = {{"severity", "error"},
                {"code", flow.error_code},
                {"message", flow.error},
                {"hints", Json::array()}};
  if (!flow.source_file.empty()) {
    error["file"] = flow.source_file;
    error["line"] = flow.source_line;
  }
  return error;
}

}  // namespace

UpdateChange ApplyEvent(const Json& event, UpdateRecord& record) {
  const std::string type = TextOf(event, "event_type");
  const int64_t at = ParseIsoTimestamp(TextOf(event, "timestamp")).value_or(0);
  if (record.started_micros == 0) {
    record.started_micros = at;
    record.pipeline = TextOf(MemberOf(event, "origin"), "pipeline_name");
  }
  record.last_event_micros = std::max(record.last_event_micros, at);
  if (TextOf(event, "level") == "ERROR" && record.error.empty()) {
    record.error = FailureOf(event, type);
  }
  return ApplyDetails(event, type, MemberOf(MemberOf(event, "details"), type.c_str()), at, record);
}

Json ToJson(const FlowRecord& flow) {
  Json expectations = Json::array();
  for (const RuleTally& rule : flow.rules) {
    expectations.push_back({{"name", rule.name},
                            {"action", rule.action},
                            {"passed", rule.passed},
                            {"failed", rule.failed}});
  }
  return {{"name", flow.name},
          {"dataset", flow.dataset},
          {"status", flow.status},
          {"started_at", InstantOrNull(flow.started_micros)},
          {"ended_at", InstantOrNull(flow.ended_micros)},
          {"duration_ms", DurationOrNull(flow.started_micros, flow.ended_micros)},
          {"batches", flow.batches},
          {"rows_read", flow.rows_read},
          {"rows_written", flow.rows_written},
          {"rows_dropped", flow.rows_dropped},
          {"input_files", flow.input_files},
          {"output_bytes", flow.output_bytes},
          {"reason", OrNull(flow.reason)},
          {"error", ErrorJson(flow)},
          {"expectations", std::move(expectations)}};
}

Json ToJson(const UpdateRecord& record) {
  int64_t rows_read = 0;
  int64_t rows_written = 0;
  int64_t rows_dropped = 0;
  int64_t flows = 0;
  int64_t done = 0;
  int64_t failed = 0;
  for (const FlowRecord& flow : record.flows) {
    flows += flow.runs() ? 1 : 0;
    rows_read += flow.type == "APPEND" ? flow.rows_read : 0;
    rows_written += flow.rows_written;
    rows_dropped += flow.rows_dropped;
    failed += flow.status == "FAILED" ? 1 : 0;
    done += flow.status != "FAILED" && flow.status != "STOPPED" && flow.ended_micros ? 1 : 0;
  }
  return {{"update_id", record.id},
          {"pipeline", record.pipeline},
          {"state", record.state},
          {"cause", record.cause},
          {"user", OrNull(record.user)},
          {"started_at", FormatIsoTimestampMillis(record.started_micros)},
          {"ended_at", InstantOrNull(record.ended_micros)},
          {"duration_ms", DurationOrNull(record.started_micros, record.ended_micros)},
          {"full_refresh", record.full_refresh},
          {"refresh_selection", record.refresh_selection},
          {"full_refresh_selection", record.full_refresh_selection},
          {"configuration", record.configuration},
          {"rows_read", rows_read},
          {"rows_written", rows_written},
          {"rows_dropped", rows_dropped},
          {"flows_total", flows},
          {"flows_done", done},
          {"flows_failed", failed},
          {"files_set_aside", record.files_set_aside.size()},
          {"error", OrNull(record.error)}};
}

Json ToDetailJson(const UpdateRecord& record) {
  Json flows = Json::array();
  for (const FlowRecord& flow : record.flows) {
    if (flow.runs()) flows.push_back(ToJson(flow));
  }
  return {
      {"update", ToJson(record)}, {"flows", std::move(flows)}, {"diagnostics", record.diagnostics}};
}

Json ToApiEvent(const Json& event) {
  const Json& sequence = MemberOf(MemberOf(event, "sequence"), "data_plane_id");
  const int64_t at = ParseIsoTimestamp(TextOf(event, "timestamp")).value_or(0);
  return {{"id", TextOf(event, "id")},
          {"update_id", TextOf(sequence, "instance")},
          {"sequence", NumberOf(sequence, "seq_no")},
          {"timestamp", FormatIsoTimestampMillis(at)},
          {"level", TextOf(event, "level")},
          {"event_type", TextOf(event, "event_type")},
          {"flow", OrNull(TextOf(MemberOf(event, "origin"), "flow_name"))},
          {"message", TextOf(event, "message")},
          {"error", OrNull(FirstException(event, "message"))}};
}

uint64_t UpdateHistory::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

std::vector<UpdateRecordPtr> UpdateHistory::All() const {
  std::vector<UpdateRecordPtr> records;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, record] : updates_) {
      records.push_back(record);
    }
  }
  std::ranges::sort(records, [](const UpdateRecordPtr& a, const UpdateRecordPtr& b) {
    return std::tie(a->started_micros, a->id) > std::tie(b->started_micros, b->id);
  });
  return records;
}

UpdateRecordPtr UpdateHistory::Find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = updates_.find(id);
  return found == updates_.end() ? nullptr : found->second;
}

UpdateRecordPtr UpdateHistory::Running() const {
  const std::vector<UpdateRecordPtr> records = All();
  const auto running =
      std::ranges::find_if(records, [](const UpdateRecordPtr& record) { return !record->ended(); });
  return running == records.end() ? nullptr : *running;
}

bool UpdateHistory::PutNew(UpdateRecord record) {
  auto known = std::make_shared<const UpdateRecord>(std::move(record));
  const std::lock_guard lock(mutex_);
  const bool added = updates_.try_emplace(known->id, known).second;
  revision_ += added ? 1 : 0;
  return added;
}

void UpdateHistory::Put(UpdateRecord record) {
  auto known = std::make_shared<const UpdateRecord>(std::move(record));
  const std::lock_guard lock(mutex_);
  ++revision_;
  updates_[known->id] = known;
  if (updates_.size() > kUpdatesMax) {
    updates_.erase(std::ranges::min_element(
        updates_, {}, [](const auto& entry) { return entry.second->started_micros; }));
  }
}

}  // namespace medallion::serve
