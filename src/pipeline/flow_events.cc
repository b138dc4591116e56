#include "flow_events.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

DataQuality ToDataQuality(const Dataset& dataset, const BatchRecord& record) {
  DataQuality quality;
  quality.dropped_records = record.rows_dropped;
  for (const auto& rule : record.rules) {
    quality.expectations.push_back({rule.name, dataset.DisplayName(), rule.passed, rule.failed,
                                    rule.failed_null, rule.action});
  }
  return quality;
}

std::string BatchMessage(const Dataset& dataset, const BatchRecord& record) {
  std::string message =
      fmt::format("Flow '{}' {} {}: {} read", record.flow,
                  record.app_id == kViewBuildAppId ? "finished build" : "finished batch",
                  record.batch_id, Counted(record.rows_read, "row", "rows"));
  if (record.input_files > 0) {
    message += " from " + Counted(record.input_files, "file", "files");
  }
  message +=
      fmt::format(", {} written to '{}'", GroupDigits(record.rows_written), dataset.DisplayName());
  if (record.rows_dropped > 0) {
    message += fmt::format(", {} dropped", GroupDigits(record.rows_dropped));
  }
  return message + ".";
}

std::string DatasetType(const Dataset& dataset) {
  switch (dataset.kind) {
    case sql::DatasetKind::kStreamingTable: return "STREAMING_TABLE";
    case sql::DatasetKind::kMaterializedView: return "MATERIALIZED_VIEW";
    case sql::DatasetKind::kTemporaryView:
    case sql::DatasetKind::kView: return "VIEW";
  }
  return "TABLE";
}

std::string FlowType(const Graph& graph, const Flow& flow) {
  if (!graph.target(flow).IsStored()) {
    return "VIEW";
  }
  return flow.streaming ? "APPEND" : "COMPLETE";
}

DefinitionPlace ToDefinitionPlace(const Place& place) {
  if (!place.source) {
    return {};
  }
  return {place.source->name(), static_cast<int64_t>(place.source->Locate(place.span.begin).line)};
}

}  // namespace

EventOrigin OriginOf(const Dataset& dataset, const std::string& flow_name) {
  EventOrigin origin;
  origin.flow_name = flow_name;
  origin.dataset_name = dataset.DisplayName();
  origin.catalog_name = dataset.name.catalog;
  origin.schema_name = dataset.name.schema;
  return origin;
}

std::string BatchEventKey(const BatchRecord& record) {
  return fmt::format("flow/{}/{}/{}", record.flow, record.app_id, record.batch_id);
}

Event BatchEvent(const Dataset& dataset, const BatchRecord& record,
                 const std::optional<Backlog>& backlog) {
  Event event;
  event.origin = OriginOf(dataset, record.flow);
  event.origin.update_id = record.update_id;
  event.origin.batch_id = record.batch_id;
  event.message = BatchMessage(dataset, record);
  FlowMetrics metrics;
  metrics.num_output_rows = record.rows_written;
  metrics.num_output_bytes = record.bytes_written;
  metrics.num_input_rows = record.rows_read;
  metrics.executor_time_ms = record.duration_ms;
  if (record.input_files > 0) {
    metrics.num_input_files = record.input_files;
    metrics.num_input_bytes = record.input_bytes;
    metrics.num_rescued_rows = record.rows_rescued;
    metrics.num_malformed_rows_dropped = record.rows_malformed_dropped;
  }
  if (backlog) {
    metrics.backlog_files = backlog->files;
    metrics.backlog_bytes = backlog->bytes;
  }
  FlowProgress progress;
  progress.status = FlowStatus::kRunning;
  progress.metrics = metrics;
  if (!record.rules.empty()) {
    progress.data_quality = ToDataQuality(dataset, record);
  }
  event.details = std::move(progress);
  return event;
}

void AddToResult(const BatchRecord& record, int64_t version, FlowResult& result) {
  result.batches += 1;
  result.input_files += record.input_files;
  result.rows_read += record.rows_read;
  result.rows_written += record.rows_written;
  result.rows_dropped += record.rows_dropped;
  result.version = version;
  for (const auto& rule : record.rules) {
    auto sum = std::find_if(result.rules.begin(), result.rules.end(),
                            [&](const RuleCount& count) { return count.name == rule.name; });
    if (sum == result.rules.end()) {
      sum = result.rules.insert(sum, RuleCount{rule.name});
    }
    sum->passed += rule.passed;
    sum->failed += rule.failed;
    sum->failed_null += rule.failed_null;
  }
}

Event StatusEvent(const Dataset& dataset, const std::string& flow_name, FlowStatus status,
                  std::string message, std::string reason) {
  Event event;
  event.origin = OriginOf(dataset, flow_name);
  event.message = std::move(message);
  FlowProgress progress;
  progress.status = status;
  progress.reason = std::move(reason);
  event.details = std::move(progress);
  return event;
}

EventError ToEventError(const Error& error, bool fatal) {
  const std::string name =
      error.condition().empty() ? std::string(ErrorCodeName(error.code())) : error.condition();
  return {fatal, {{name, error.ToString()}}};
}

Event FailureEvent(const Dataset& dataset, const std::string& flow_name, const Error& error) {
  Event event = StatusEvent(dataset, flow_name, FlowStatus::kFailed,
                            fmt::format("Flow '{}' failed: {}", flow_name, error.message()));
  event.level = EventLevel::kError;
  event.error = ToEventError(error, true);
  return event;
}

Event OperationEvent(const Dataset& dataset, const std::string& flow_name, EventLevel level,
                     std::string message, OperationProgress operation) {
  Event event;
  event.origin = OriginOf(dataset, flow_name);
  event.level = level;
  event.message = std::move(message);
  event.details = std::move(operation);
  return event;
}

Event FlowDefinitionEvent(const Graph& graph, const Flow& flow) {
  FlowDefinition definition;
  const Dataset& target = graph.target(flow);
  definition.output_dataset = target.DisplayName();
  for (const size_t read : flow.reads) {
    definition.input_datasets.push_back(graph.datasets[read].DisplayName());
  }
  for (const FlowTable& table : flow.tables) {
    if (!table.dataset) {
      definition.input_datasets.push_back(table.name.ToString());
    }
  }
  for (const FlowFiles& files : flow.files) {
    definition.input_datasets.push_back(files.path);
  }
  definition.schema = flow.query->OutputSchema();
  definition.flow_type = FlowType(graph, flow);
  definition.comment = flow.comment;
  definition.once = flow.once;
  definition.place = ToDefinitionPlace(flow.place);
  definition.spark_conf = {{"spark.sql.session.timeZone", graph.session_time_zone}};
  Event event;
  event.origin = OriginOf(target, flow.name);
  event.message = fmt::format("Flow '{}' defined as {}.", flow.name, definition.flow_type);
  event.details = std::move(definition);
  return event;
}

Event DatasetDefinitionEvent(const Dataset& dataset) {
  DatasetDefinition definition;
  definition.dataset_type = DatasetType(dataset);
  definition.name = dataset.DisplayName();
  definition.schema = dataset.schema;
  definition.comment = dataset.comment;
  definition.partition_columns = dataset.partition_by;
  definition.properties = dataset.properties;
  definition.place = ToDefinitionPlace(dataset.place);
  Event event;
  event.origin = OriginOf(dataset, "");
  event.message =
      fmt::format("Dataset '{}' defined as {}.", definition.name, definition.dataset_type);
  event.details = std::move(definition);
  return event;
}

}  // namespace medallion::pipeline
