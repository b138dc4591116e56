#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/data_type.h"
#include "base/schema.h"
#include "engine/engine.h"

// One event of an update, in the shape in which Databricks publishes the event log of its pipelines
// (columns, JSON paths and states: docs/formats/event_log.md). The terminal, `--json`, the journal
// and the event-log table are projections of these values.

namespace medallion::pipeline {

enum class EventLevel { kInfo, kWarn, kError, kMetrics };
enum class MaturityLevel { kStable, kEvolving, kDeprecated };

// Where an event comes from. Empty members are left out of the JSON.
struct EventOrigin {
  std::string pipeline_id;
  std::string pipeline_name;
  std::string pipeline_type = "WORKSPACE";
  std::string update_id;
  std::string request_id;
  std::optional<int64_t> batch_id;
  std::string flow_id;
  std::string flow_name;
  std::string dataset_name;  // catalog.schema.table
  std::string materialization_name;
  std::string table_id;  // the Delta table's uuid
  std::string catalog_name;
  std::string schema_name;
  std::string host;
  std::string ingestion_source_type;
};

struct EventError {
  struct Exception {
    std::string class_name;  // the condition, e.g. DIVIDE_BY_ZERO
    std::string message;
  };
  bool fatal = false;
  std::vector<Exception> exceptions;
};

// --- Details, one per event_type
// --------------------------------------------------------------------

struct CreateUpdate {
  std::string cause;  // USER_ACTION, SCHEDULE, API_CALL
  bool full_refresh = false;
  std::vector<std::string> refresh_selection;
  std::vector<std::string> full_refresh_selection;
  std::map<std::string, std::string> configuration;  // the parameters
  std::string engine;
};

struct UserAction {
  std::string action;  // START, STOP
  std::string user_name;
};

enum class UpdateState {
  kQueued,
  kCreated,
  kWaitingForResources,
  kInitializing,
  kResetting,
  kSettingUpTables,
  kRunning,
  kStopping,
  kCompleted,
  kFailed,
  kCanceled,
};

struct UpdateProgress {
  UpdateState state = UpdateState::kCreated;
};

// Ours: where something is defined. No file: nowhere.
struct DefinitionPlace {
  std::string file;  // as the project names it
  int64_t line = 0;
};

struct FlowDefinition {
  std::string output_dataset;
  std::vector<std::string> input_datasets;
  Schema schema;
  std::string flow_type;  // APPEND, COMPLETE, VIEW
  std::string comment;
  std::string explain_text;
  std::map<std::string, std::string> spark_conf;
  bool once = false;
  DefinitionPlace place;
};

struct DatasetDefinition {
  std::string dataset_type;  // STREAMING_TABLE, MATERIALIZED_VIEW, VIEW, TABLE, PATH
  std::string name;
  Schema schema;
  std::string comment;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> properties;
  DefinitionPlace place;
};

enum class FlowStatus {
  kQueued,
  kPlanning,
  kStarting,
  kRunning,
  kIdle,
  kCompleted,
  kFailed,
  kSkipped,
  kStopped,
  kExcluded,
};

// Absent members are left out of the JSON.
struct FlowMetrics {
  std::optional<int64_t> num_output_rows;
  std::optional<int64_t> num_output_bytes;
  std::optional<int64_t> backlog_bytes;
  std::optional<int64_t> backlog_files;
  // Ours, beside the published ones.
  std::optional<int64_t> num_input_rows;
  std::optional<int64_t> num_input_files;
  std::optional<int64_t> num_input_bytes;
  std::optional<int64_t> num_rescued_rows;
  std::optional<int64_t> num_malformed_rows_dropped;
  std::optional<int64_t> executor_time_ms;
};

struct DataQuality {
  struct Expectation {
    std::string name;
    std::string dataset;
    int64_t passed_records = 0;
    int64_t failed_records = 0;
    int64_t failed_null_records = 0;  // ours: of the failed, those whose predicate was NULL
    RuleAction action = RuleAction::kWarn;
  };
  int64_t dropped_records = 0;
  std::vector<Expectation> expectations;
};

struct FlowProgress {
  FlowStatus status = FlowStatus::kRunning;
  std::optional<FlowMetrics> metrics;
  std::optional<DataQuality> data_quality;
  // Ours: why a flow was skipped or excluded.
  std::string reason;
};

enum class OperationStatus { kStarted, kInProgress, kCompleted, kCanceled, kFailed };

struct OperationProgress {
  std::string type;  // AUTO_LOADER_LISTING, FILE_REJECTED, SCHEMA_EVOLUTION, BATCH_RECOVERY, …
  OperationStatus status = OperationStatus::kCompleted;
  std::optional<double> progress_percent;
  std::optional<int64_t> duration_ms;
  // What the operation is about: paths, counts, columns.
  std::map<std::string, std::string> attributes;
};

using EventDetails = std::variant<CreateUpdate, UserAction, UpdateProgress, FlowDefinition,
                                  DatasetDefinition, FlowProgress, OperationProgress>;

// --- The event
// --------------------------------------------------------------------------------------

struct Event {
  std::string id;  // RFC 9562 uuid; the same batch always gives the same id
  // The update that told it: another than `origin.update_id` for a batch that a killed update left.
  std::string instance;
  int64_t sequence = 0;  // rises by one within the instance
  EventOrigin origin;
  int64_t timestamp_micros = 0;
  std::string message;
  EventLevel level = EventLevel::kInfo;
  MaturityLevel maturity_level = MaturityLevel::kStable;
  std::optional<EventError> error;
  EventDetails details;
};

// `flow_progress` …
std::string_view EventType(const EventDetails& details);
std::string_view ToString(EventLevel level);
std::string_view ToString(MaturityLevel level);
std::string_view ToString(UpdateState state);
std::string_view ToString(FlowStatus status);
std::string_view ToString(OperationStatus status);

// One line of JSON: the columns of the event log by name, `origin`, `error`, `sequence` and
// `details` as objects, keys sorted. The format of journals and of `--json`.
std::string ToJson(const Event& event);

// Receives each event once, in order of `sequence`, from one thread at a time. Must not fail: a
// sink that can lose events says so by other means.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void OnEvent(const Event& event) = 0;
  // Rows that the running batch of a flow has read so far: now and then, from any thread, several
  // at once. For displays; not part of the log.
  virtual void OnRowsRead(std::string_view /*flow*/, int64_t /*rows*/) {}
};

}  // namespace medallion::pipeline
