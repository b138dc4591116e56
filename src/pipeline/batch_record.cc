#include "pipeline/batch_record.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/schema_json.h"

namespace medallion::pipeline {
namespace {

using nlohmann::json;

constexpr int64_t kRecordFormat = 1;
// Commits read at a time when looking for a record; it is nearly always the newest.
constexpr int64_t kSearchWindow = 16;

std::string_view ActionText(RuleAction action) {
  switch (action) {
    case RuleAction::kWarn: return "warn";
    case RuleAction::kDropRow: return "drop";
    case RuleAction::kFailUpdate: return "fail";
  }
  return "warn";
}

RuleAction ActionFromText(std::string_view text) {
  if (text == "drop") {
    return RuleAction::kDropRow;
  }
  return text == "fail" ? RuleAction::kFailUpdate : RuleAction::kWarn;
}

json ToJson(const BatchRecord::RuleOutcome& rule) {
  return {{"name", rule.name},
          {"action", ActionText(rule.action)},
          {"passed", rule.passed},
          {"failed", rule.failed},
          {"failedNull", rule.failed_null}};
}

BatchRecord::RuleOutcome RuleFromJson(const json& rule) {
  return {rule.at("name").get<std::string>(), ActionFromText(rule.at("action").get<std::string>()),
          rule.at("passed").get<int64_t>(), rule.at("failed").get<int64_t>(),
          rule.at("failedNull").get<int64_t>()};
}

// Quarantine tables have no partitions, so path, size, time and statistics say it all.
json ToJson(const delta::AddFile& file) {
  json out = {{"path", file.path},
              {"size", file.size_bytes},
              {"modificationTime", file.modification_time_ms}};
  if (file.stats) {
    out["stats"] = *file.stats;
  }
  return out;
}

delta::AddFile FileFromJson(const json& object) {
  delta::AddFile file;
  file.path = object.at("path").get<std::string>();
  file.size_bytes = object.at("size").get<int64_t>();
  file.modification_time_ms = object.at("modificationTime").get<int64_t>();
  if (object.contains("stats")) {
    file.stats = object.at("stats").get<std::string>();
  }
  return file;
}

template <class T>
json ListToJson(const std::vector<T>& items) {
  json list = json::array();
  for (const T& item : items) {
    list.push_back(ToJson(item));
  }
  return list;
}

BatchRecord RecordFromJson(const json& body) {
  BatchRecord record;
  record.update_id = body.at("updateId").get<std::string>();
  record.flow = body.at("flow").get<std::string>();
  record.app_id = body.at("appId").get<std::string>();
  record.batch_id = body.at("batchId").get<int64_t>();
  record.update_time_micros = body.at("updateTimeMicros").get<int64_t>();
  record.rows_read = body.at("rowsRead").get<int64_t>();
  record.rows_written = body.at("rowsWritten").get<int64_t>();
  record.rows_dropped = body.at("rowsDropped").get<int64_t>();
  record.bytes_written = body.at("bytesWritten").get<int64_t>();
  record.input_files = body.at("inputFiles").get<int64_t>();
  record.input_bytes = body.at("inputBytes").get<int64_t>();
  record.rows_rescued = body.at("rowsRescued").get<int64_t>();
  record.rows_malformed_dropped = body.at("rowsMalformedDropped").get<int64_t>();
  record.duration_ms = body.at("durationMs").get<int64_t>();
  for (const json& rule : body.at("rules")) {
    record.rules.push_back(RuleFromJson(rule));
  }
  for (const json& file : body.at("quarantineFiles")) {
    record.quarantine_files.push_back(FileFromJson(file));
  }
  return record;
}

}  // namespace

std::string FormatBatchRecord(const BatchRecord& record) {
  json body = {{"format", kRecordFormat},
               {"updateId", record.update_id},
               {"flow", record.flow},
               {"appId", record.app_id},
               {"batchId", record.batch_id},
               {"updateTimeMicros", record.update_time_micros},
               {"rowsRead", record.rows_read},
               {"rowsWritten", record.rows_written},
               {"rowsDropped", record.rows_dropped},
               {"bytesWritten", record.bytes_written},
               {"inputFiles", record.input_files},
               {"inputBytes", record.input_bytes},
               {"rowsRescued", record.rows_rescued},
               {"rowsMalformedDropped", record.rows_malformed_dropped},
               {"durationMs", record.duration_ms},
               {"rules", ListToJson(record.rules)},
               {"quarantineFiles", ListToJson(record.quarantine_files)}};
  if (record.quarantine_schema) {
    body["quarantineSchema"] = json::parse(SchemaToJson(*record.quarantine_schema));
  }
  return json{{"medallion", std::move(body)}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::optional<BatchRecord>> ParseBatchRecord(std::string_view text) {
  try {
    const json parsed = json::parse(text, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("medallion")) {
      return std::optional<BatchRecord>();
    }
    const json& body = parsed.at("medallion");
    if (body.at("format").get<int64_t>() > kRecordFormat) {
      return Error(
          ErrorCode::kUnsupported,
          fmt::format(
              "the commit's record has format {}, newer than this program, which knows up to {}",
              body.at("format").get<int64_t>(), kRecordFormat));
    }
    BatchRecord record = RecordFromJson(body);
    if (body.contains("quarantineSchema")) {
      ASSIGN_OR_RETURN(record.quarantine_schema,
                       SchemaFromJson(body.at("quarantineSchema").dump()));
    }
    return std::optional<BatchRecord>(std::move(record));
  } catch (const json::exception& e) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("the commit's record cannot be read: {}", e.what()));
  }
}

Result<std::optional<BatchRecord>> FindBatchRecord(const delta::Table& table,
                                                   const delta::SnapshotPtr& snapshot,
                                                   std::string_view app_id, int64_t version) {
  for (int64_t last = snapshot->version(); last >= 0; last -= kSearchWindow) {
    auto changes = table.Changes(std::max<int64_t>(0, last - kSearchWindow + 1), last);
    if (!changes && changes.error().code() == ErrorCode::kNotFound) {
      return std::optional<BatchRecord>();
    }
    ASSIGN_OR_RETURN(const auto commits, std::move(changes));
    for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
      const bool carries = std::any_of(
          commit->transactions.begin(), commit->transactions.end(),
          [&](const delta::Txn& txn) { return txn.app_id == app_id && txn.version == version; });
      if (carries && commit->info && commit->info->user_metadata) {
        return ParseBatchRecord(*commit->info->user_metadata);
      }
    }
  }
  return std::optional<BatchRecord>();
}

}  // namespace medallion::pipeline
