#include "checkpoint_reader.h"

#include "base/check.h"
#include "base/schema_json.h"
#include "checkpoint_columns.h"
#include "column_types.h"
#include "delta/path_encoding.h"
#include "delta/stats.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

using delta::Action;

// A struct cell with access by member name.
class Members {
 public:
  explicit Members(const Value& value) : value_(value) {}

  const Value* Find(std::string_view name) const {
    if (value_.is_null()) {
      return nullptr;
    }
    const auto& fields = value_.type.fields();
    for (size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name == name) {
        const Value& member = std::get<Value::List>(value_.data)[i];
        return member.is_null() ? nullptr : &member;
      }
    }
    return nullptr;
  }
  template <class T>
  std::optional<T> Get(std::string_view name) const {
    const Value* member = Find(name);
    const T* data = member == nullptr ? nullptr : std::get_if<T>(&member->data);
    return data == nullptr ? std::nullopt : std::optional(*data);
  }
  std::string Text(std::string_view name) const { return Get<std::string>(name).value_or(""); }
  int64_t Number(std::string_view name) const { return Get<int64_t>(name).value_or(0); }

 private:
  const Value& value_;
};

template <class Map>
Map MapOf(const Value* value) {
  Map map;
  if (value == nullptr) {
    return map;
  }
  const auto& items = std::get<Value::List>(value->data);
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (const auto* text = std::get_if<std::string>(&items[i + 1].data)) {
      map[std::get<std::string>(items[i].data)] = *text;
    } else if constexpr (std::is_same_v<Map, delta::PartitionValues>) {
      map[std::get<std::string>(items[i].data)] = std::nullopt;
    }
  }
  return map;
}

std::vector<std::string> ListOf(const Value& value) {
  std::vector<std::string> texts;
  for (const Value& item : std::get<Value::List>(value.data)) {
    if (const auto* text = std::get_if<std::string>(&item.data)) {
      texts.push_back(*text);
    }
  }
  return texts;
}

std::optional<std::vector<std::string>> OptionalListOf(const Value* value) {
  return value == nullptr ? std::nullopt : std::optional(ListOf(*value));
}

std::optional<delta::DeletionVectorDescriptor> DeletionVectorOf(const Value* value) {
  if (value == nullptr) {
    return std::nullopt;
  }
  const Members members(*value);
  delta::DeletionVectorDescriptor vector;
  vector.storage_type = members.Text("storageType");
  vector.path_or_inline_dv = members.Text("pathOrInlineDv");
  if (const auto offset = members.Get<int64_t>("offset")) {
    vector.offset = static_cast<int32_t>(*offset);
  }
  vector.size_in_bytes = static_cast<int32_t>(members.Number("sizeInBytes"));
  vector.cardinality = members.Number("cardinality");
  return vector;
}

// Adds the leaves of minValues, maxValues and nullCount under `path`.
void AppendLeaves(const std::vector<Field>& fields, const Value* min, const Value* max,
                  const Value* null_count, const std::vector<std::string>& path,
                  delta::FileStatistics& statistics) {
  const auto member = [](const Value* value, const std::string& name) {
    return value == nullptr ? nullptr : Members(*value).Find(name);
  };
  for (const Field& field : fields) {
    std::vector<std::string> leaf_path = path;
    leaf_path.push_back(field.name);
    const Value* low = member(min, field.name);
    const Value* high = member(max, field.name);
    const Value* nulls = member(null_count, field.name);
    if (field.type.Is(TypeKind::kStruct)) {
      AppendLeaves(field.type.fields(), low, high, nulls, leaf_path, statistics);
      continue;
    }
    delta::ColumnStatistics leaf;
    leaf.path = std::move(leaf_path);
    if (low != nullptr && high != nullptr) {
      leaf.min = *low;
      leaf.max = *high;
    }
    if (nulls != nullptr && std::holds_alternative<int64_t>(nulls->data)) {
      leaf.null_count = std::get<int64_t>(nulls->data);
    }
    statistics.columns.push_back(std::move(leaf));
  }
}

const DataType* MemberType(const DataType& type, std::string_view name) {
  for (const Field& field : type.fields()) {
    if (field.name == name) {
      return &field.type;
    }
  }
  return nullptr;
}

// The statistics of a checkpoint that keeps them as a struct, as JSON. Bounds keep their types, so
// that decimals lose no digit. Columns with counts alone (booleans) come after those with bounds.
std::optional<std::string> StatsJson(const Value* parsed) {
  if (parsed == nullptr) {
    return std::nullopt;
  }
  const Members members(*parsed);
  const auto records = members.Get<int64_t>("numRecords");
  if (!records) {
    return std::nullopt;
  }
  delta::FileStatistics statistics;
  statistics.record_count = *records;
  std::vector<Field> fields;
  const DataType* bounds = MemberType(parsed->type, "minValues");
  if (bounds != nullptr && bounds->Is(TypeKind::kStruct)) {
    fields = bounds->fields();
  }
  const DataType* counts = MemberType(parsed->type, "nullCount");
  if (counts != nullptr && counts->Is(TypeKind::kStruct)) {
    for (const Field& field : counts->fields()) {
      if (std::none_of(fields.begin(), fields.end(),
                       [&](const Field& known) { return known.name == field.name; })) {
        fields.push_back(field);
      }
    }
  }
  AppendLeaves(fields, members.Find("minValues"), members.Find("maxValues"),
               members.Find("nullCount"), {}, statistics);
  return StatisticsToJson(statistics, Schema(std::move(fields)));
}

Result<Action> AddOf(const Value& value) {
  const Members members(value);
  delta::AddFile add;
  ASSIGN_OR_RETURN(add.path, delta::DecodePath(members.Text("path")));
  add.partition_values = MapOf<delta::PartitionValues>(members.Find("partitionValues"));
  add.size_bytes = members.Number("size");
  add.modification_time_ms = members.Number("modificationTime");
  add.data_change = members.Get<bool>("dataChange").value_or(false);
  add.stats = members.Get<std::string>("stats");
  if (!add.stats) {
    add.stats = StatsJson(members.Find("stats_parsed"));
  }
  add.tags = MapOf<std::map<std::string, std::string>>(members.Find("tags"));
  add.deletion_vector = DeletionVectorOf(members.Find("deletionVector"));
  add.base_row_id = members.Get<int64_t>("baseRowId");
  add.default_row_commit_version = members.Get<int64_t>("defaultRowCommitVersion");
  return Action(std::move(add));
}

Result<Action> RemoveOf(const Value& value) {
  const Members members(value);
  delta::RemoveFile remove;
  ASSIGN_OR_RETURN(remove.path, delta::DecodePath(members.Text("path")));
  remove.deletion_timestamp_ms = members.Get<int64_t>("deletionTimestamp");
  remove.data_change = members.Get<bool>("dataChange").value_or(false);
  if (const Value* partition_values = members.Find("partitionValues")) {
    remove.partition_values = MapOf<delta::PartitionValues>(partition_values);
  }
  remove.size_bytes = members.Get<int64_t>("size");
  remove.deletion_vector = DeletionVectorOf(members.Find("deletionVector"));
  return Action(std::move(remove));
}

Result<Action> MetadataOf(const Value& value) {
  const Members members(value);
  delta::Metadata metadata;
  metadata.id = members.Text("id");
  metadata.name = members.Get<std::string>("name");
  metadata.description = members.Get<std::string>("description");
  ASSIGN_OR_RETURN(metadata.schema, SchemaFromJson(members.Text("schemaString")));
  if (const Value* columns = members.Find("partitionColumns")) {
    metadata.partition_columns = ListOf(*columns);
  }
  metadata.configuration = MapOf<std::map<std::string, std::string>>(members.Find("configuration"));
  metadata.created_time_ms = members.Get<int64_t>("createdTime");
  return Action(std::move(metadata));
}

Result<Action> ProtocolOf(const Value& value) {
  const Members members(value);
  delta::Protocol protocol;
  protocol.min_reader_version = static_cast<int>(members.Number("minReaderVersion"));
  protocol.min_writer_version = static_cast<int>(members.Number("minWriterVersion"));
  protocol.reader_features = OptionalListOf(members.Find("readerFeatures"));
  protocol.writer_features = OptionalListOf(members.Find("writerFeatures"));
  return Action(std::move(protocol));
}

Result<Action> TxnOf(const Value& value) {
  const Members members(value);
  return Action(delta::Txn{.app_id = members.Text("appId"),
                           .version = members.Number("version"),
                           .last_updated_ms = members.Get<int64_t>("lastUpdated")});
}

Result<Action> DomainOf(const Value& value) {
  const Members members(value);
  return Action(delta::DomainMetadata{.domain = members.Text("domain"),
                                      .configuration = members.Text("configuration"),
                                      .removed = members.Get<bool>("removed").value_or(false)});
}

// Writers that know version 2 leave these columns in version 1 files, empty. A row in one is
// another format: its adds lie in other files.
Result<Action> RefuseVersion2(const Value&) {
  return Error(ErrorCode::kUnsupported, "the checkpoint is of version 2, which is not supported");
}

struct ColumnReader {
  std::string_view column;
  Result<Action> (*read)(const Value& value);
};
constexpr ColumnReader kColumns[] = {
    {"protocol", ProtocolOf},
    {"metaData", MetadataOf},
    {"txn", TxnOf},
    {"add", AddOf},
    {"remove", RemoveOf},
    {"domainMetadata", DomainOf},
    {"sidecar", RefuseVersion2},
    {"checkpointMetadata", RefuseVersion2},
};

const ColumnReader* FindColumn(std::string_view name) {
  for (const ColumnReader& column : kColumns) {
    if (column.column == name) {
      return &column;
    }
  }
  return nullptr;
}

// One member of an action's struct as it is selected: whole, or cast to the type we know it by.
struct SelectedColumn {
  const ColumnReader* reader = nullptr;
  DataType type;
};

// Members as they are to be selected from a file's struct: those of our layout in its types, and
// `stats_parsed` as it stands. Writers differ in widths (INT for LONG) and in what they leave out.
std::string SelectMembers(const Field& known, duckdb_logical_type actual, DataType& selected_type) {
  std::string members;
  std::vector<Field> fields;
  for (idx_t i = 0; i < duckdb_struct_type_child_count(actual); ++i) {
    char* raw = duckdb_struct_type_child_name(actual, i);
    const std::string name = raw;
    duckdb_free(raw);
    const std::string source =
        fmt::format("struct_extract({}, {})", QuoteIdentifier(known.name), QuoteString(name));
    const DataType* wanted = MemberType(known.type, name);
    const LogicalType child(duckdb_struct_type_child_type(actual, i));
    std::string expression;
    DataType type;
    if (wanted != nullptr && name != "deletionVector" && name != "format") {
      expression = Cast(source, *wanted);
      type = *wanted;
    } else if (name == "stats_parsed" || name == "deletionVector") {
      const std::optional<DataType> found = FromLogicalType(child.get());
      if (!found) {
        continue;  // statistics of types we have no word for are left alone
      }
      expression = source;
      type = *found;
    } else {
      continue;
    }
    members +=
        fmt::format("{}{}: {}", members.empty() ? "" : ", ", QuoteIdentifier(name), expression);
    fields.push_back({.name = name, .type = type});
  }
  selected_type = DataType::Struct(std::move(fields));
  return fmt::format("CASE WHEN {} IS NOT NULL THEN {{{}}} END", QuoteIdentifier(known.name),
                     members);
}

}  // namespace

Status ReadCheckpointFile(Database& database, const std::string& local_path,
                          const std::function<Status(delta::Action)>& sink) {
  ASSIGN_OR_RETURN(Connection connection, database.Connect());
  const std::string source =
      fmt::format("read_parquet({}, hive_partitioning=false", QuoteString(local_path));
  const Schema layout = CheckpointColumns({.deletion_vectors = true, .row_tracking = true});
  std::vector<SelectedColumn> columns;
  std::string select;
  {
    ASSIGN_OR_RETURN(QueryResult empty,
                     connection.Run(fmt::format("SELECT * FROM {}) LIMIT 0", source)));
    for (idx_t i = 0; i < duckdb_column_count(&empty.handle()); ++i) {
      const std::string name = duckdb_column_name(&empty.handle(), i);
      SelectedColumn column;
      column.reader = FindColumn(name);
      const LogicalType type(duckdb_column_logical_type(&empty.handle(), i));
      if (column.reader == nullptr || duckdb_get_type_id(type.get()) != DUCKDB_TYPE_STRUCT) {
        continue;
      }
      select += select.empty() ? "" : ", ";
      if (const std::optional<size_t> known = layout.IndexOf(name)) {
        select += SelectMembers(layout[*known], type.get(), column.type);
      } else {
        select += fmt::format("CASE WHEN {} IS NOT NULL THEN true END", QuoteIdentifier(name));
        column.type = DataType::Boolean();
      }
      columns.push_back(std::move(column));
    }
  }
  if (columns.empty()) {
    return Error(ErrorCode::kCorruption,
                 "the checkpoint has none of the columns it needs: " + local_path);
  }
  ASSIGN_OR_RETURN(QueryResult rows,
                   connection.Stream(fmt::format("SELECT {} FROM {}, file_row_number=true) "
                                                 "ORDER BY file_row_number",
                                                 select, source)));
  for (;;) {
    ASSIGN_OR_RETURN(const Chunk chunk, connection.Fetch(rows));
    if (chunk == nullptr) {
      return {};
    }
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      for (size_t i = 0; i < columns.size(); ++i) {
        const Value value =
            ReadValue(duckdb_data_chunk_get_vector(chunk.get(), i), columns[i].type, row);
        if (!value.is_null()) {
          Result<Action> action = columns[i].reader->read(value);
          if (!action) {
            return std::move(action).error().Context(local_path);
          }
          RETURN_IF_ERROR(sink(*std::move(action)));
        }
      }
    }
  }
}

}  // namespace medallion::duckdb
