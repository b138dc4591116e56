#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/civil_time.h"
#include "pipeline/event.h"

namespace medallion::pipeline {
namespace {

using nlohmann::json;

void Set(json& object, const char* key, const std::string& value) {
  if (!value.empty()) {
    object[key] = value;
  }
}

template <class T>
void Set(json& object, const char* key, const std::optional<T>& value) {
  if (value) {
    object[key] = *value;
  }
}

json OriginToJson(const EventOrigin& origin) {
  json out = json::object();
  Set(out, "pipeline_id", origin.pipeline_id);
  Set(out, "pipeline_name", origin.pipeline_name);
  Set(out, "pipeline_type", origin.pipeline_type);
  Set(out, "update_id", origin.update_id);
  Set(out, "request_id", origin.request_id);
  Set(out, "batch_id", origin.batch_id);
  Set(out, "flow_id", origin.flow_id);
  Set(out, "flow_name", origin.flow_name);
  Set(out, "dataset_name", origin.dataset_name);
  Set(out, "materialization_name", origin.materialization_name);
  Set(out, "table_id", origin.table_id);
  Set(out, "catalog_name", origin.catalog_name);
  Set(out, "schema_name", origin.schema_name);
  Set(out, "host", origin.host);
  Set(out, "ingestion_source_type", origin.ingestion_source_type);
  return out;
}

json ErrorToJson(const EventError& error) {
  json exceptions = json::array();
  for (const auto& exception : error.exceptions) {
    exceptions.push_back({{"class_name", exception.class_name},
                          {"message", exception.message},
                          {"stack", json::array()}});
  }
  return {{"fatal", error.fatal}, {"exceptions", exceptions}};
}

json SchemaToJsonList(const Schema& schema) {
  json columns = json::array();
  for (const Field& field : schema.fields()) {
    json column = {{"name", field.name}, {"data_type", field.type.ToDdl()}};
    Set(column, "comment", field.Comment());
    columns.push_back(std::move(column));
  }
  return columns;
}

json ToDetail(const CreateUpdate& d) {
  return {{"cause", d.cause},
          {"full_refresh", d.full_refresh},
          {"refresh_selection", d.refresh_selection},
          {"full_refresh_selection", d.full_refresh_selection},
          {"configuration", d.configuration},
          {"engine", d.engine}};
}

json ToDetail(const UserAction& d) { return {{"action", d.action}, {"user_name", d.user_name}}; }

json ToDetail(const UpdateProgress& d) { return {{"state", ToString(d.state)}}; }

void SetPlace(json& out, const DefinitionPlace& place) {
  if (!place.file.empty()) {
    out["source_file"] = place.file;
    out["source_line"] = place.line;
  }
}

json ToDetail(const FlowDefinition& d) {
  json out = {{"output_dataset", d.output_dataset},
              {"input_datasets", d.input_datasets},
              {"schema", SchemaToJsonList(d.schema)},
              {"flow_type", d.flow_type},
              {"language", "SQL"},
              {"once", d.once},
              {"spark_conf", d.spark_conf}};
  Set(out, "comment", d.comment);
  Set(out, "explain_text", d.explain_text);
  SetPlace(out, d.place);
  return out;
}

json ToDetail(const DatasetDefinition& d) {
  json out = {{"dataset_type", d.dataset_type},
              {"name", d.name},
              {"schema", SchemaToJsonList(d.schema)},
              {"partition_columns", d.partition_columns},
              {"properties", d.properties}};
  Set(out, "comment", d.comment);
  SetPlace(out, d.place);
  return out;
}

json ToJsonValue(const FlowMetrics& m) {
  json out = json::object();
  Set(out, "num_output_rows", m.num_output_rows);
  Set(out, "num_output_bytes", m.num_output_bytes);
  Set(out, "backlog_bytes", m.backlog_bytes);
  Set(out, "backlog_files", m.backlog_files);
  Set(out, "num_input_rows", m.num_input_rows);
  Set(out, "num_input_files", m.num_input_files);
  Set(out, "num_input_bytes", m.num_input_bytes);
  Set(out, "num_rescued_rows", m.num_rescued_rows);
  Set(out, "num_malformed_rows_dropped", m.num_malformed_rows_dropped);
  Set(out, "executor_time_ms", m.executor_time_ms);
  return out;
}

std::string_view ActionName(RuleAction action) {
  switch (action) {
    case RuleAction::kWarn: return "ALLOW";
    case RuleAction::kDropRow: return "DROP";
    case RuleAction::kFailUpdate: return "FAIL";
  }
  return "ALLOW";
}

json ToJsonValue(const DataQuality& quality) {
  json expectations = json::array();
  for (const auto& e : quality.expectations) {
    expectations.push_back({{"name", e.name},
                            {"dataset", e.dataset},
                            {"passed_records", e.passed_records},
                            {"failed_records", e.failed_records},
                            {"failed_null_records", e.failed_null_records},
                            {"action", ActionName(e.action)}});
  }
  return {{"dropped_records", quality.dropped_records}, {"expectations", expectations}};
}

json ToDetail(const FlowProgress& d) {
  json out = {{"status", ToString(d.status)}};
  if (d.metrics) {
    out["metrics"] = ToJsonValue(*d.metrics);
  }
  if (d.data_quality) {
    out["data_quality"] = ToJsonValue(*d.data_quality);
  }
  Set(out, "reason", d.reason);
  return out;
}

json ToDetail(const OperationProgress& d) {
  json out = {{"type", d.type}, {"status", ToString(d.status)}};
  Set(out, "progress_percent", d.progress_percent);
  Set(out, "duration_ms", d.duration_ms);
  if (!d.attributes.empty()) {
    out["attributes"] = d.attributes;
  }
  return out;
}

// `sequence` as the pipelines API shows it.
json SequenceToJson(const Event& event) {
  return {{"data_plane_id", {{"instance", event.instance}, {"seq_no", event.sequence}}}};
}

}  // namespace

std::string_view EventType(const EventDetails& details) {
  struct Visitor {
    std::string_view operator()(const CreateUpdate&) const { return "create_update"; }
    std::string_view operator()(const UserAction&) const { return "user_action"; }
    std::string_view operator()(const UpdateProgress&) const { return "update_progress"; }
    std::string_view operator()(const FlowDefinition&) const { return "flow_definition"; }
    std::string_view operator()(const DatasetDefinition&) const { return "dataset_definition"; }
    std::string_view operator()(const FlowProgress&) const { return "flow_progress"; }
    std::string_view operator()(const OperationProgress&) const { return "operation_progress"; }
  };
  return std::visit(Visitor{}, details);
}

std::string_view ToString(EventLevel level) {
  switch (level) {
    case EventLevel::kInfo: return "INFO";
    case EventLevel::kWarn: return "WARN";
    case EventLevel::kError: return "ERROR";
    case EventLevel::kMetrics: return "METRICS";
  }
  return "INFO";
}

std::string_view ToString(MaturityLevel level) {
  switch (level) {
    case MaturityLevel::kStable: return "STABLE";
    case MaturityLevel::kEvolving: return "EVOLVING";
    case MaturityLevel::kDeprecated: return "DEPRECATED";
  }
  return "STABLE";
}

std::string_view ToString(UpdateState state) {
  switch (state) {
    case UpdateState::kQueued: return "QUEUED";
    case UpdateState::kCreated: return "CREATED";
    case UpdateState::kWaitingForResources: return "WAITING_FOR_RESOURCES";
    case UpdateState::kInitializing: return "INITIALIZING";
    case UpdateState::kResetting: return "RESETTING";
    case UpdateState::kSettingUpTables: return "SETTING_UP_TABLES";
    case UpdateState::kRunning: return "RUNNING";
    case UpdateState::kStopping: return "STOPPING";
    case UpdateState::kCompleted: return "COMPLETED";
    case UpdateState::kFailed: return "FAILED";
    case UpdateState::kCanceled: return "CANCELED";
  }
  return "CREATED";
}

std::string_view ToString(FlowStatus status) {
  switch (status) {
    case FlowStatus::kQueued: return "QUEUED";
    case FlowStatus::kPlanning: return "PLANNING";
    case FlowStatus::kStarting: return "STARTING";
    case FlowStatus::kRunning: return "RUNNING";
    case FlowStatus::kIdle: return "IDLE";
    case FlowStatus::kCompleted: return "COMPLETED";
    case FlowStatus::kFailed: return "FAILED";
    case FlowStatus::kSkipped: return "SKIPPED";
    case FlowStatus::kStopped: return "STOPPED";
    case FlowStatus::kExcluded: return "EXCLUDED";
  }
  return "QUEUED";
}

std::string_view ToString(OperationStatus status) {
  switch (status) {
    case OperationStatus::kStarted: return "STARTED";
    case OperationStatus::kInProgress: return "IN_PROGRESS";
    case OperationStatus::kCompleted: return "COMPLETED";
    case OperationStatus::kCanceled: return "CANCELED";
    case OperationStatus::kFailed: return "FAILED";
  }
  return "COMPLETED";
}

std::string ToJson(const Event& event) {
  const std::string type(EventType(event.details));
  json out = {{"id", event.id},
              {"sequence", SequenceToJson(event)},
              {"origin", OriginToJson(event.origin)},
              {"timestamp", FormatIsoTimestampMicros(event.timestamp_micros)},
              {"message", event.message},
              {"level", ToString(event.level)},
              {"maturity_level", ToString(event.maturity_level)},
              {"event_type", type}};
  out["details"][type] =
      std::visit([](const auto& details) { return ToDetail(details); }, event.details);
  if (event.error) {
    out["error"] = ErrorToJson(*event.error);
  }
  // Messages may quote bytes of data files: what is not UTF-8 becomes U+FFFD.
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace medallion::pipeline
