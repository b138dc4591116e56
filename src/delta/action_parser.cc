#include <simdjson.h>

#include "action_codec.h"
#include "base/schema_json.h"
#include "delta/path_encoding.h"

namespace medallion::delta {
namespace {

namespace dom = simdjson::dom;

template <class T>
struct JsonType;
template <>
struct JsonType<std::string> {
  using Raw = std::string_view;
  static constexpr std::string_view kName = "a string";
};
template <>
struct JsonType<int64_t> {
  using Raw = int64_t;
  static constexpr std::string_view kName = "an integer of 64 bits";
};
template <>
struct JsonType<bool> {
  using Raw = bool;
  static constexpr std::string_view kName = "a boolean";
};
template <>
struct JsonType<dom::object> {
  using Raw = dom::object;
  static constexpr std::string_view kName = "an object";
};
template <>
struct JsonType<dom::array> {
  using Raw = dom::array;
  static constexpr std::string_view kName = "an array";
};

// The fields of one action. A field that is null counts as absent, as the protocol's writers use
// it.
class Fields {
 public:
  Fields(std::string_view action, dom::object object) : action_(action), object_(object) {}

  template <class T>
  Result<std::optional<T>> Find(std::string_view name) const {
    dom::element element;
    if (object_[name].get(element) != simdjson::SUCCESS || element.is_null()) {
      return std::optional<T>();
    }
    typename JsonType<T>::Raw raw;
    if (element.get(raw) != simdjson::SUCCESS) {
      return Error(ErrorCode::kCorruption,
                   fmt::format("field '{}.{}' is not {}", action_, name, JsonType<T>::kName));
    }
    return std::optional<T>(T(raw));
  }

  template <class T>
  Result<T> Require(std::string_view name) const {
    ASSIGN_OR_RETURN(std::optional<T> value, Find<T>(name));
    if (!value) {
      return Error(ErrorCode::kCorruption, fmt::format("field '{}.{}' is missing", action_, name));
    }
    return *std::move(value);
  }

  // A missing object is the same as an empty one; values that are null are left out.
  Result<std::map<std::string, std::string>> FindTexts(std::string_view name) const {
    std::map<std::string, std::string> texts;
    ASSIGN_OR_RETURN(const std::optional<dom::object> object, Find<dom::object>(name));
    if (object) {
      const Fields inner(action_, *object);
      for (const auto& [key, element] : *object) {
        ASSIGN_OR_RETURN(std::optional<std::string> text, inner.Find<std::string>(key));
        if (text) {
          texts.emplace(key, *std::move(text));
        }
      }
    }
    return texts;
  }

  Result<std::vector<std::string>> RequireList(std::string_view name) const {
    ASSIGN_OR_RETURN(const dom::array array, Require<dom::array>(name));
    std::vector<std::string> list;
    for (const dom::element element : array) {
      std::string_view text;
      if (element.get(text) != simdjson::SUCCESS) {
        return Error(
            ErrorCode::kCorruption,
            fmt::format("field '{}.{}' holds something that is not a string", action_, name));
      }
      list.emplace_back(text);
    }
    return list;
  }

  Result<std::optional<std::vector<std::string>>> FindList(std::string_view name) const {
    ASSIGN_OR_RETURN(const std::optional<dom::array> array, Find<dom::array>(name));
    if (!array) {
      return std::optional<std::vector<std::string>>();
    }
    ASSIGN_OR_RETURN(std::vector<std::string> list, RequireList(name));
    return std::optional(std::move(list));
  }

  const dom::object& object() const { return object_; }

 private:
  std::string_view action_;
  dom::object object_;
};

Result<PartitionValues> ToPartitionValues(std::string_view action, const dom::object& object) {
  PartitionValues values;
  const Fields fields(action, object);
  for (const auto& [column, element] : object) {
    ASSIGN_OR_RETURN(std::optional<std::string> value, fields.Find<std::string>(column));
    values.emplace(column, std::move(value));
  }
  return values;
}

Result<std::optional<DeletionVectorDescriptor>> FindDeletionVector(const Fields& action) {
  ASSIGN_OR_RETURN(const auto object, action.Find<dom::object>("deletionVector"));
  if (!object) {
    return std::optional<DeletionVectorDescriptor>();
  }
  const Fields fields("deletionVector", *object);
  DeletionVectorDescriptor vector;
  ASSIGN_OR_RETURN(vector.storage_type, fields.Require<std::string>("storageType"));
  ASSIGN_OR_RETURN(vector.path_or_inline_dv, fields.Require<std::string>("pathOrInlineDv"));
  ASSIGN_OR_RETURN(const auto offset, fields.Find<int64_t>("offset"));
  if (offset) {
    vector.offset = static_cast<int32_t>(*offset);
  }
  ASSIGN_OR_RETURN(const int64_t size, fields.Require<int64_t>("sizeInBytes"));
  vector.size_in_bytes = static_cast<int32_t>(size);
  ASSIGN_OR_RETURN(vector.cardinality, fields.Require<int64_t>("cardinality"));
  return std::optional(std::move(vector));
}

Result<Action> ToProtocol(const Fields& fields) {
  Protocol protocol;
  ASSIGN_OR_RETURN(const int64_t reader, fields.Require<int64_t>("minReaderVersion"));
  ASSIGN_OR_RETURN(const int64_t writer, fields.Require<int64_t>("minWriterVersion"));
  constexpr int64_t kVersionMax = 1'000'000;  // only so that it fits an int
  protocol.min_reader_version = static_cast<int>(std::clamp(reader, int64_t{0}, kVersionMax));
  protocol.min_writer_version = static_cast<int>(std::clamp(writer, int64_t{0}, kVersionMax));
  ASSIGN_OR_RETURN(protocol.reader_features, fields.FindList("readerFeatures"));
  ASSIGN_OR_RETURN(protocol.writer_features, fields.FindList("writerFeatures"));
  return Action(std::move(protocol));
}

Status CheckFormat(const Fields& fields) {
  ASSIGN_OR_RETURN(const auto object, fields.Find<dom::object>("format"));
  if (!object) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const auto provider, Fields("format", *object).Find<std::string>("provider"));
  if (provider && *provider != "parquet") {
    return Error(ErrorCode::kUnsupported, fmt::format("data files of format '{}'", *provider));
  }
  return OkStatus();
}

Result<Action> ToMetadata(const Fields& fields) {
  RETURN_IF_ERROR(CheckFormat(fields));
  Metadata metadata;
  ASSIGN_OR_RETURN(metadata.id, fields.Require<std::string>("id"));
  ASSIGN_OR_RETURN(metadata.name, fields.Find<std::string>("name"));
  ASSIGN_OR_RETURN(metadata.description, fields.Find<std::string>("description"));
  ASSIGN_OR_RETURN(const std::string schema, fields.Require<std::string>("schemaString"));
  ASSIGN_OR_RETURN(metadata.schema, SchemaFromJson(schema));
  ASSIGN_OR_RETURN(metadata.partition_columns, fields.RequireList("partitionColumns"));
  ASSIGN_OR_RETURN(metadata.configuration, fields.FindTexts("configuration"));
  ASSIGN_OR_RETURN(metadata.created_time_ms, fields.Find<int64_t>("createdTime"));
  return Action(std::move(metadata));
}

Result<Action> ToAdd(const Fields& fields) {
  AddFile add;
  ASSIGN_OR_RETURN(const std::string path, fields.Require<std::string>("path"));
  ASSIGN_OR_RETURN(add.path, DecodePath(path));
  ASSIGN_OR_RETURN(const dom::object values, fields.Require<dom::object>("partitionValues"));
  ASSIGN_OR_RETURN(add.partition_values, ToPartitionValues("partitionValues", values));
  ASSIGN_OR_RETURN(add.size_bytes, fields.Require<int64_t>("size"));
  ASSIGN_OR_RETURN(add.modification_time_ms, fields.Require<int64_t>("modificationTime"));
  ASSIGN_OR_RETURN(add.data_change, fields.Require<bool>("dataChange"));
  ASSIGN_OR_RETURN(add.stats, fields.Find<std::string>("stats"));
  ASSIGN_OR_RETURN(add.tags, fields.FindTexts("tags"));
  ASSIGN_OR_RETURN(add.deletion_vector, FindDeletionVector(fields));
  ASSIGN_OR_RETURN(add.base_row_id, fields.Find<int64_t>("baseRowId"));
  ASSIGN_OR_RETURN(add.default_row_commit_version, fields.Find<int64_t>("defaultRowCommitVersion"));
  return Action(std::move(add));
}

Result<Action> ToRemove(const Fields& fields) {
  RemoveFile remove;
  ASSIGN_OR_RETURN(const std::string path, fields.Require<std::string>("path"));
  ASSIGN_OR_RETURN(remove.path, DecodePath(path));
  ASSIGN_OR_RETURN(remove.deletion_timestamp_ms, fields.Find<int64_t>("deletionTimestamp"));
  ASSIGN_OR_RETURN(const auto data_change, fields.Find<bool>("dataChange"));
  remove.data_change = data_change.value_or(true);
  ASSIGN_OR_RETURN(const auto values, fields.Find<dom::object>("partitionValues"));
  if (values) {
    ASSIGN_OR_RETURN(remove.partition_values, ToPartitionValues("partitionValues", *values));
  }
  ASSIGN_OR_RETURN(remove.size_bytes, fields.Find<int64_t>("size"));
  ASSIGN_OR_RETURN(remove.deletion_vector, FindDeletionVector(fields));
  return Action(std::move(remove));
}

Result<Action> ToTxn(const Fields& fields) {
  Txn txn;
  ASSIGN_OR_RETURN(txn.app_id, fields.Require<std::string>("appId"));
  ASSIGN_OR_RETURN(txn.version, fields.Require<int64_t>("version"));
  ASSIGN_OR_RETURN(txn.last_updated_ms, fields.Find<int64_t>("lastUpdated"));
  return Action(std::move(txn));
}

Result<Action> ToDomain(const Fields& fields) {
  DomainMetadata domain;
  ASSIGN_OR_RETURN(domain.domain, fields.Require<std::string>("domain"));
  ASSIGN_OR_RETURN(domain.configuration, fields.Require<std::string>("configuration"));
  ASSIGN_OR_RETURN(domain.removed, fields.Require<bool>("removed"));
  return Action(std::move(domain));
}

// Writers put what they like into commitInfo, so a field of an unexpected type is left out instead
// of making the table unreadable.
template <class T>
std::optional<T> FindLoosely(const Fields& fields, std::string_view name) {
  const Result<std::optional<T>> value = fields.Find<T>(name);
  return value ? *value : std::nullopt;
}

// Values that are not strings are kept as their JSON text.
std::map<std::string, std::string> FindTextsLoosely(const Fields& fields, std::string_view name) {
  std::map<std::string, std::string> texts;
  if (const auto object = FindLoosely<dom::object>(fields, name)) {
    for (const auto& [key, element] : *object) {
      std::string_view text;
      texts.emplace(key, element.get(text) == simdjson::SUCCESS ? std::string(text)
                                                                : simdjson::minify(element));
    }
  }
  return texts;
}

Result<Action> ToCommitInfo(const Fields& fields) {
  CommitInfo info;
  info.timestamp_ms = FindLoosely<int64_t>(fields, "timestamp");
  info.operation = FindLoosely<std::string>(fields, "operation").value_or("");
  info.operation_parameters = FindTextsLoosely(fields, "operationParameters");
  info.operation_metrics = FindTextsLoosely(fields, "operationMetrics");
  info.read_version = FindLoosely<int64_t>(fields, "readVersion");
  info.isolation_level = FindLoosely<std::string>(fields, "isolationLevel");
  info.is_blind_append = FindLoosely<bool>(fields, "isBlindAppend");
  info.engine_info = FindLoosely<std::string>(fields, "engineInfo");
  info.txn_id = FindLoosely<std::string>(fields, "txnId");
  info.in_commit_timestamp_ms = FindLoosely<int64_t>(fields, "inCommitTimestamp");
  info.user_metadata = FindLoosely<std::string>(fields, "userMetadata");
  return Action(std::move(info));
}

struct ActionParser {
  std::string_view name;
  Result<Action> (*parse)(const Fields&);
};

constexpr ActionParser kParsers[] = {
    {"add", ToAdd},
    {"remove", ToRemove},
    {"txn", ToTxn},
    {"commitInfo", ToCommitInfo},
    {"metaData", ToMetadata},
    {"protocol", ToProtocol},
    {"domainMetadata", ToDomain},
};

// The actions of a line: one, or none if we do not know it.
Status ParseLine(dom::parser& parser, std::string_view line,
                 const std::function<Status(Action)>& sink) {
  dom::element document;
  if (const simdjson::error_code error = parser.parse(line.data(), line.size()).get(document)) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("not JSON: {}", simdjson::error_message(error)));
  }
  dom::object object;
  if (document.get(object) != simdjson::SUCCESS) {
    return Error(ErrorCode::kCorruption, "not a JSON object");
  }
  for (const ActionParser& action : kParsers) {
    dom::object body;
    if (object[action.name].get(body) == simdjson::SUCCESS) {
      ASSIGN_OR_RETURN(Action parsed, action.parse(Fields(action.name, body)));
      RETURN_IF_ERROR(sink(std::move(parsed)));
    }
  }
  return OkStatus();
}

Status ParseBoundedLine(dom::parser& parser, std::string_view line,
                        const std::function<Status(Action)>& sink) {
  if (line.size() > kCommitLineBytesMax) {
    return Error(ErrorCode::kCorruption, fmt::format("the line has {} bytes, more than {}",
                                                     line.size(), kCommitLineBytesMax));
  }
  if (parser.capacity() < line.size() || parser.max_depth() != kCommitDepthMax) {
    constexpr size_t kCapacityMin = 16 << 10;
    if (const auto error = parser.allocate(std::max(line.size(), kCapacityMin), kCommitDepthMax)) {
      return Error(ErrorCode::kInternal, simdjson::error_message(error));
    }
  }
  return ParseLine(parser, line, sink);
}

}  // namespace

Status ParseCommit(std::string_view body, const std::function<Status(Action)>& sink) {
  dom::parser parser;
  for (size_t number = 1; !body.empty(); ++number) {
    const size_t length = std::min(body.find('\n'), body.size());
    std::string_view line = body.substr(0, length);
    body.remove_prefix(std::min(length + 1, body.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.empty()) {
      continue;
    }
    if (Status parsed = ParseBoundedLine(parser, line, sink); !parsed) {
      return std::move(parsed).error().Context(fmt::format("line {}", number));
    }
  }
  return OkStatus();
}

}  // namespace medallion::delta
