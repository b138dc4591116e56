#include "checkpoint_format.h"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/schema_json.h"
#include "base/text.h"

namespace medallion::pipeline {
namespace {

using nlohmann::json;

constexpr std::string_view kVersionLine = "v1";
// Text that is not UTF-8 (paths, parameters) is written with U+FFFD in place of the wrong bytes.
std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

constexpr const char* kTimeZoneConf = "spark.sql.session.timeZone";

Error Damaged(std::string_view place, std::string_view what) {
  return Error(
      ErrorCode::kCorruption,
      fmt::format(
          "checkpoint object cannot be read ({}): {}; restore it from a backup, or rebuild the "
          "table with --full-refresh",
          what, place));
}

Status RequireFormat(const json& ours, std::string_view place) {
  const int64_t format = ours.value("format", int64_t{0});
  if (format > kCheckpointFormat) {
    return Error(
        ErrorCode::kUnsupported,
        fmt::format("checkpoint format {} is newer than this program, which knows up to {}: {}",
                    format, kCheckpointFormat, place));
  }
  return OkStatus();
}

// Runs a reader of parsed JSON, whose lookups throw on missing members and wrong types.
template <class T, class Body>
Result<T> Decode(std::string_view place, const Body& body) {
  try {
    return body();
  } catch (const json::exception& e) {
    return Damaged(place, e.what());
  }
}

json OffsetToJson(const SourceOffset& offset) {
  if (const auto* files = std::get_if<FileOffset>(&offset)) {
    return {{"logOffset", files->log_offset}, {"filesRecorded", files->files_recorded}};
  }
  const auto& table = std::get<TableOffset>(offset);
  return {{"sourceVersion", 1},
          {"reservoirId", table.table_id},
          {"reservoirVersion", table.version},
          {"index", table.index},
          {"isStartingVersion", table.initial_snapshot}};
}

SourceOffset OffsetFromJson(const json& line) {
  if (line.contains("logOffset")) {
    return FileOffset{line.at("logOffset").get<int64_t>(), line.at("filesRecorded").get<int64_t>()};
  }
  return TableOffset{line.at("reservoirId").get<std::string>(),
                     line.at("reservoirVersion").get<int64_t>(), line.at("index").get<int64_t>(),
                     line.at("isStartingVersion").get<bool>()};
}

json PinnedToJson(const std::map<std::string, PinnedTable>& tables) {
  json out = json::object();
  for (const auto& [name, table] : tables) {
    out[name] = {{"id", table.table_id}, {"version", table.version}};
  }
  return out;
}

std::map<std::string, PinnedTable> PinnedFromJson(const json& tables) {
  std::map<std::string, PinnedTable> out;
  for (const auto& [name, table] : tables.items()) {
    out[name] = {table.at("id").get<std::string>(), table.at("version").get<int64_t>()};
  }
  return out;
}

// A 64-bit hash as 16 hexadecimal digits: JSON numbers of other programs are doubles.
std::string HashToText(uint64_t hash) { return fmt::format("{:016x}", hash); }

uint64_t HashFromText(const std::string& text) {
  uint64_t hash = 0;
  std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  return hash;
}

json IntentHeader(const BatchIntent& intent) {
  return {{"batchWatermarkMs", 0},
          {"batchTimestampMs", intent.update_time_micros / 1000},
          {"conf", {{kTimeZoneConf, intent.session_time_zone}}},
          {"medallion",
           {{"format", kCheckpointFormat},
            {"batchId", intent.batch_id},
            {"updateId", intent.update_id},
            {"updateTimeMicros", intent.update_time_micros},
            {"parameters", intent.parameters},
            {"definition", HashToText(intent.definition_hash)},
            {"tables", PinnedToJson(intent.pinned_tables)}}}};
}

Status ReadIntentHeader(const json& header, std::string_view place, BatchIntent& intent) {
  const json& ours = header.at("medallion");
  RETURN_IF_ERROR(RequireFormat(ours, place));
  intent.batch_id = ours.at("batchId").get<int64_t>();
  intent.update_id = ours.at("updateId").get<std::string>();
  intent.update_time_micros = ours.at("updateTimeMicros").get<int64_t>();
  intent.session_time_zone = header.at("conf").at(kTimeZoneConf).get<std::string>();
  intent.parameters = ours.at("parameters").get<std::map<std::string, std::string>>();
  intent.definition_hash = HashFromText(ours.at("definition").get<std::string>());
  intent.pinned_tables = PinnedFromJson(ours.at("tables"));
  return OkStatus();
}

}  // namespace

std::string FormatCheckpointMetadata(std::string_view app_id) {
  return json{{"id", app_id}, {"medallion", {{"format", kCheckpointFormat}}}}.dump() + "\n";
}

Result<std::string> ParseCheckpointMetadata(std::string_view text, std::string_view place) {
  return Decode<std::string>(place, [&]() -> Result<std::string> {
    const json metadata = json::parse(text);
    if (metadata.contains("medallion")) {
      RETURN_IF_ERROR(RequireFormat(metadata.at("medallion"), place));
    }
    return metadata.at("id").get<std::string>();
  });
}

std::string FormatIntent(const BatchIntent& intent) {
  std::string text = fmt::format("{}\n{}\n", kVersionLine, Dump(IntentHeader(intent)));
  for (const SourceOffset& offset : intent.sources) {
    text += Dump(OffsetToJson(offset));
    text += '\n';
  }
  return text;
}

Result<BatchIntent> ParseIntent(std::string_view text, std::string_view place) {
  std::vector<std::string> lines = Split(text, '\n');
  while (!lines.empty() && lines.back().empty()) {
    lines.pop_back();
  }
  if (lines.size() < 2 || lines[0] != kVersionLine) {
    return Damaged(place, "it does not begin with `v1` and a header line");
  }
  return Decode<BatchIntent>(place, [&]() -> Result<BatchIntent> {
    BatchIntent intent;
    RETURN_IF_ERROR(ReadIntentHeader(json::parse(lines[1]), place, intent));
    for (size_t i = 2; i < lines.size(); ++i) {
      intent.sources.push_back(OffsetFromJson(json::parse(lines[i])));
    }
    return intent;
  });
}

std::string FormatCommit(int64_t table_version) {
  const json body = {{"nextBatchWatermarkMs", 0}, {"medallion", {{"tableVersion", table_version}}}};
  return fmt::format("{}\n{}\n", kVersionLine, body.dump());
}

std::string FormatSourceSchema(const Schema& schema) {
  const json body = {{"medallion", {{"format", kCheckpointFormat}}},
                     {"schema", json::parse(SchemaToJson(schema))}};
  return body.dump() + "\n";
}

Result<Schema> ParseSourceSchema(std::string_view text, std::string_view place) {
  return Decode<Schema>(place, [&]() -> Result<Schema> {
    const json body = json::parse(text);
    RETURN_IF_ERROR(RequireFormat(body.at("medallion"), place));
    return SchemaFromJson(body.at("schema").dump());
  });
}

std::string FormatRejected(const std::vector<SetAsideFile>& files) {
  std::string text = fmt::format("{}\n", kVersionLine);
  for (const SetAsideFile& file : files) {
    text += Dump({{"path", file.path}, {"versionTag", file.version_tag}, {"reason", file.reason}});
    text += '\n';
  }
  return text;
}

Result<std::vector<SetAsideFile>> ParseRejected(std::string_view text, std::string_view place) {
  return Decode<std::vector<SetAsideFile>>(place, [&]() -> Result<std::vector<SetAsideFile>> {
    const std::vector<std::string> lines = Split(text, '\n');
    if (lines.empty() || lines[0] != kVersionLine) {
      return Damaged(place, "it does not begin with `v1`");
    }
    std::vector<SetAsideFile> files;
    for (size_t i = 1; i < lines.size(); ++i) {
      if (lines[i].empty()) {
        continue;
      }
      const json line = json::parse(lines[i]);
      files.push_back({line.at("path").get<std::string>(), line.at("versionTag").get<std::string>(),
                       line.at("reason").get<std::string>()});
    }
    return files;
  });
}

}  // namespace medallion::pipeline
