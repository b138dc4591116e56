#include <exception>

#include <nlohmann/json.hpp>

#include "action_codec.h"
#include "base/schema_json.h"
#include "delta/path_encoding.h"

namespace medallion::delta {
namespace {

// Keeps the order in which fields are set, so that a commit reads like those of other writers.
using Json = nlohmann::ordered_json;

template <class T>
void SetIfPresent(Json& object, const char* name, const std::optional<T>& value) {
  if (value) {
    object[name] = *value;
  }
}

Json ToJson(const std::map<std::string, std::string>& texts) {
  Json object = Json::object();
  for (const auto& [key, value] : texts) {
    object[key] = value;
  }
  return object;
}

Json ToJson(const PartitionValues& values) {
  Json object = Json::object();
  for (const auto& [column, value] : values) {
    object[column] = value ? Json(*value) : Json(nullptr);
  }
  return object;
}

Json ToJson(const DeletionVectorDescriptor& vector) {
  Json object = {{"storageType", vector.storage_type},
                 {"pathOrInlineDv", vector.path_or_inline_dv}};
  SetIfPresent(object, "offset", vector.offset);
  object["sizeInBytes"] = vector.size_in_bytes;
  object["cardinality"] = vector.cardinality;
  return object;
}

Json ToLine(const Protocol& protocol) {
  Json object = {{"minReaderVersion", protocol.min_reader_version},
                 {"minWriterVersion", protocol.min_writer_version}};
  // A feature list below these versions, even an empty one, makes strict readers refuse the table.
  if (protocol.min_reader_version == 3) {
    object["readerFeatures"] = protocol.reader_features.value_or(std::vector<std::string>());
  }
  if (protocol.min_writer_version == 7) {
    object["writerFeatures"] = protocol.writer_features.value_or(std::vector<std::string>());
  }
  return {{"protocol", std::move(object)}};
}

Json ToLine(const Metadata& metadata) {
  Json object = {{"id", metadata.id}};
  SetIfPresent(object, "name", metadata.name);
  SetIfPresent(object, "description", metadata.description);
  object["format"] = {{"provider", "parquet"}, {"options", Json::object()}};
  object["schemaString"] = SchemaToJson(metadata.schema);
  object["partitionColumns"] = metadata.partition_columns;
  object["configuration"] = ToJson(metadata.configuration);
  SetIfPresent(object, "createdTime", metadata.created_time_ms);
  return {{"metaData", std::move(object)}};
}

Json ToLine(const AddFile& add) {
  Json object = {{"path", EncodePath(add.path)},
                 {"partitionValues", ToJson(add.partition_values)},
                 {"size", add.size_bytes},
                 {"modificationTime", add.modification_time_ms},
                 {"dataChange", add.data_change}};
  SetIfPresent(object, "stats", add.stats);
  if (!add.tags.empty()) {
    object["tags"] = ToJson(add.tags);
  }
  if (add.deletion_vector) {
    object["deletionVector"] = ToJson(*add.deletion_vector);
  }
  SetIfPresent(object, "baseRowId", add.base_row_id);
  SetIfPresent(object, "defaultRowCommitVersion", add.default_row_commit_version);
  return {{"add", std::move(object)}};
}

Json ToLine(const RemoveFile& remove) {
  Json object = {{"path", EncodePath(remove.path)}};
  SetIfPresent(object, "deletionTimestamp", remove.deletion_timestamp_ms);
  object["dataChange"] = remove.data_change;
  const bool extended = remove.partition_values && remove.size_bytes;
  object["extendedFileMetadata"] = extended;
  if (extended) {
    object["partitionValues"] = ToJson(*remove.partition_values);
    object["size"] = *remove.size_bytes;
  }
  if (remove.deletion_vector) {
    object["deletionVector"] = ToJson(*remove.deletion_vector);
  }
  return {{"remove", std::move(object)}};
}

Json ToLine(const Txn& txn) {
  Json object = {{"appId", txn.app_id}, {"version", txn.version}};
  SetIfPresent(object, "lastUpdated", txn.last_updated_ms);
  return {{"txn", std::move(object)}};
}

Json ToLine(const DomainMetadata& domain) {
  return {{"domainMetadata",
           {{"domain", domain.domain},
            {"configuration", domain.configuration},
            {"removed", domain.removed}}}};
}

Json ToLine(const CommitInfo& info) {
  Json object = Json::object();
  SetIfPresent(object, "inCommitTimestamp", info.in_commit_timestamp_ms);
  SetIfPresent(object, "timestamp", info.timestamp_ms);
  object["operation"] = info.operation;
  object["operationParameters"] = ToJson(info.operation_parameters);
  SetIfPresent(object, "readVersion", info.read_version);
  SetIfPresent(object, "isolationLevel", info.isolation_level);
  SetIfPresent(object, "isBlindAppend", info.is_blind_append);
  if (!info.operation_metrics.empty()) {
    object["operationMetrics"] = ToJson(info.operation_metrics);
  }
  SetIfPresent(object, "userMetadata", info.user_metadata);
  SetIfPresent(object, "engineInfo", info.engine_info);
  SetIfPresent(object, "txnId", info.txn_id);
  return {{"commitInfo", std::move(object)}};
}

}  // namespace

Result<std::string> SerializeCommit(std::span<const Action> actions) {
  std::string body;
  try {
    for (const Action& action : actions) {
      body += std::visit([](const auto& value) { return ToLine(value); }, action).dump();
      body += '\n';
    }
  } catch (const std::exception& failure) {  // the library throws for text that is not UTF-8
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("an action cannot be written as JSON: {}", failure.what()));
  }
  return body;
}

}  // namespace medallion::delta
