#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json.h"

// What the events of updates add up to: the state of each update and of its flows. The page of a
// running update and of one from last month come from the same fold.

namespace medallion::serve {

// Counts of one expectation.
struct RuleTally {
  std::string dataset;
  std::string name;
  std::string action;  // WARN, DROP, FAIL
  int64_t passed = 0;
  int64_t failed = 0;
  int64_t failed_null = 0;
};

struct FlowRecord {
  std::string name;
  std::string dataset;
  std::string status = "QUEUED";
  std::optional<int64_t> started_micros;
  std::optional<int64_t> ended_micros;
  int64_t batches = 0;
  int64_t rows_read = 0;
  int64_t rows_written = 0;
  int64_t rows_dropped = 0;
  int64_t input_files = 0;
  int64_t output_bytes = 0;
  std::string type;    // APPEND, COMPLETE, VIEW
  std::string reason;  // why it was skipped or excluded
  std::string error_code;
  std::string error;
  std::string source_file;  // where it is defined; empty if unknown
  int64_t source_line = 0;
  std::vector<std::string> inputs;  // datasets, tables and paths it reads
  std::vector<RuleTally> rules;

  // A temporary view is read by others and never runs itself.
  bool runs() const { return type != "VIEW"; }
};

struct DatasetRecord {
  std::string name;
  std::string type;  // STREAMING_TABLE, MATERIALIZED_VIEW, VIEW
  std::string comment;
  std::string quality;  // bronze, silver, gold; empty if the property is not set
  std::string source_file;
  int64_t source_line = 0;
  std::vector<std::string> partition_columns;
  Json schema;  // [{"name","data_type","comment"?}]
};

struct RejectedFile {
  std::string path;
  std::string reason;
};

struct UpdateRecord {
  std::string id;
  std::string pipeline;
  std::string state = "CREATED";
  std::string cause = "USER_ACTION";
  std::string user;
  int64_t started_micros = 0;
  std::optional<int64_t> ended_micros;
  int64_t last_event_micros = 0;
  bool full_refresh = false;
  std::vector<std::string> refresh_selection;
  std::vector<std::string> full_refresh_selection;
  std::map<std::string, std::string> configuration;
  std::vector<DatasetRecord> datasets;  // in the order of their definition
  std::vector<FlowRecord> flows;        // in pipeline order
  std::vector<RejectedFile> files_set_aside;
  std::string error;  // the first failure
  // Findings that kept it from beginning, as `--json` prints them.
  Json diagnostics = Json::array();

  bool ended() const { return ended_micros.has_value(); }
};

using UpdateRecordPtr = std::shared_ptr<const UpdateRecord>;

// What an event changed.
struct UpdateChange {
  bool update = false;
  std::optional<size_t> flow;  // index into UpdateRecord::flows
};

// Adds one event of the log (docs/formats/event_log.md) to the record of the update that told it.
// Events come in order of their sequence.
UpdateChange ApplyEvent(const Json& event, UpdateRecord& record);

// As the API describes them.
Json ToJson(const UpdateRecord& record);
Json ToDetailJson(const UpdateRecord& record);
Json ToJson(const FlowRecord& flow);
// An event as the API describes it.
Json ToApiEvent(const Json& event);

// Every update that is known, newest first. Thread-safe.
class UpdateHistory {
 public:
  // Rises with every change.
  uint64_t revision() const;
  std::vector<UpdateRecordPtr> All() const;
  // Null if there is none.
  UpdateRecordPtr Find(std::string_view id) const;
  // The newest one that has not ended, of any pipeline; null if none runs.
  UpdateRecordPtr Running() const;

  // Replaces what is known of the update of this id.
  void Put(UpdateRecord record);
  // As Put if nothing is known of the update yet; whether that was so.
  bool PutNew(UpdateRecord record);

 private:
  // More than a year of hourly updates.
  static constexpr size_t kUpdatesMax = 10'000;

  mutable std::mutex mutex_;
  std::map<std::string, UpdateRecordPtr, std::less<>> updates_;  // guarded by mutex_; by id
  uint64_t revision_ = 0;                                        // guarded by mutex_
};

}  // namespace medallion::serve
