#include "checkpoint_writer.h"

#include "base/check.h"
#include "base/schema_json.h"
#include "checkpoint_columns.h"
#include "column_types.h"
#include "delta/path_encoding.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

using delta::Action;

// Builds the struct of one action: members by name, in the order of its type; the rest is NULL.
class StructBuilder {
 public:
  explicit StructBuilder(DataType type) : type_(std::move(type)), members_(type_.fields().size()) {
    for (size_t i = 0; i < members_.size(); ++i) {
      members_[i] = Value::Null(type_.fields()[i].type);
    }
  }

  // Members that the layout leaves out (table features without use) are dropped.
  template <class T>
  StructBuilder& Set(std::string_view name, T data) {
    for (size_t i = 0; i < members_.size(); ++i) {
      if (type_.fields()[i].name == name) {
        members_[i].data = std::move(data);
      }
    }
    return *this;
  }
  template <class T>
  StructBuilder& SetOptional(std::string_view name, const std::optional<T>& data) {
    if (data) {
      if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        Set(name, int64_t{*data});
      } else {
        Set(name, *data);
      }
    }
    return *this;
  }
  const DataType& MemberType(std::string_view name) const {
    for (const Field& field : type_.fields()) {
      if (field.name == name) {
        return field.type;
      }
    }
    CHECK(false);
  }
  bool Has(std::string_view name) const {
    return std::any_of(type_.fields().begin(), type_.fields().end(),
                       [name](const Field& field) { return field.name == name; });
  }

  Value Build() { return {type_, std::move(members_)}; }

 private:
  DataType type_;
  Value::List members_;
};

Value::List TextMapOf(const std::map<std::string, std::string>& map) {
  Value::List items;
  for (const auto& [key, value] : map) {
    items.push_back(Value::String(key));
    items.push_back(Value::String(value));
  }
  return items;
}

Value::List TextMapOf(const delta::PartitionValues& map) {
  Value::List items;
  for (const auto& [key, value] : map) {
    items.push_back(Value::String(key));
    items.push_back(value ? Value::String(*value) : Value::Null(DataType::String()));
  }
  return items;
}

Value::List TextListOf(const std::vector<std::string>& texts) {
  Value::List items;
  for (const std::string& text : texts) {
    items.push_back(Value::String(text));
  }
  return items;
}

void SetDeletionVector(StructBuilder& builder,
                       const std::optional<delta::DeletionVectorDescriptor>& vector) {
  if (!vector) {
    return;
  }
  CHECK(builder.Has("deletionVector"));
  StructBuilder descriptor(builder.MemberType("deletionVector"));
  descriptor.Set("storageType", vector->storage_type)
      .Set("pathOrInlineDv", vector->path_or_inline_dv)
      .SetOptional("offset", vector->offset)
      .Set("sizeInBytes", int64_t{vector->size_in_bytes})
      .Set("cardinality", vector->cardinality);
  builder.Set("deletionVector", std::get<Value::List>(descriptor.Build().data));
}

Value StructOf(const delta::Txn& txn, const DataType& type) {
  return StructBuilder(type)
      .Set("appId", txn.app_id)
      .Set("version", txn.version)
      .SetOptional("lastUpdated", txn.last_updated_ms)
      .Build();
}

Value StructOf(const delta::AddFile& add, const DataType& type) {
  StructBuilder builder(type);
  builder.Set("path", delta::EncodePath(add.path))
      .Set("partitionValues", TextMapOf(add.partition_values))
      .Set("size", add.size_bytes)
      .Set("modificationTime", add.modification_time_ms)
      .Set("dataChange", add.data_change)
      .SetOptional("stats", add.stats)
      .SetOptional("baseRowId", add.base_row_id)
      .SetOptional("defaultRowCommitVersion", add.default_row_commit_version);
  if (!add.tags.empty()) {
    builder.Set("tags", TextMapOf(add.tags));
  }
  SetDeletionVector(builder, add.deletion_vector);
  return builder.Build();
}

Value StructOf(const delta::RemoveFile& remove, const DataType& type) {
  StructBuilder builder(type);
  builder.Set("path", delta::EncodePath(remove.path))
      .SetOptional("deletionTimestamp", remove.deletion_timestamp_ms)
      .Set("dataChange", remove.data_change)
      .Set("extendedFileMetadata",
           remove.partition_values.has_value() && remove.size_bytes.has_value())
      .SetOptional("size", remove.size_bytes);
  if (remove.partition_values) {
    builder.Set("partitionValues", TextMapOf(*remove.partition_values));
  }
  SetDeletionVector(builder, remove.deletion_vector);
  return builder.Build();
}

Value StructOf(const delta::Metadata& metadata, const DataType& type) {
  StructBuilder builder(type);
  StructBuilder format(builder.MemberType("format"));
  format.Set("provider", std::string("parquet")).Set("options", Value::List{});
  return builder.Set("id", metadata.id)
      .SetOptional("name", metadata.name)
      .SetOptional("description", metadata.description)
      .Set("format", std::get<Value::List>(format.Build().data))
      .Set("schemaString", SchemaToJson(metadata.schema))
      .Set("partitionColumns", TextListOf(metadata.partition_columns))
      .Set("configuration", TextMapOf(metadata.configuration))
      .SetOptional("createdTime", metadata.created_time_ms)
      .Build();
}

Value StructOf(const delta::Protocol& protocol, const DataType& type) {
  StructBuilder builder(type);
  builder.Set("minReaderVersion", int64_t{protocol.min_reader_version})
      .Set("minWriterVersion", int64_t{protocol.min_writer_version});
  if (protocol.reader_features) {
    builder.Set("readerFeatures", TextListOf(*protocol.reader_features));
  }
  if (protocol.writer_features) {
    builder.Set("writerFeatures", TextListOf(*protocol.writer_features));
  }
  return builder.Build();
}

Value StructOf(const delta::DomainMetadata& domain, const DataType& type) {
  return StructBuilder(type)
      .Set("domain", domain.domain)
      .Set("configuration", domain.configuration)
      .Set("removed", domain.removed)
      .Build();
}

// The column of an action in CheckpointColumns; commitInfo has none (Delta protocol,
// "Checkpoints").
struct ColumnOf {
  std::optional<size_t> operator()(const delta::CommitInfo&) const { return std::nullopt; }
  std::optional<size_t> operator()(const delta::Txn&) const { return 0; }
  std::optional<size_t> operator()(const delta::AddFile&) const { return 1; }
  std::optional<size_t> operator()(const delta::RemoveFile&) const { return 2; }
  std::optional<size_t> operator()(const delta::Metadata&) const { return 3; }
  std::optional<size_t> operator()(const delta::Protocol&) const { return 4; }
  std::optional<size_t> operator()(const delta::DomainMetadata&) const { return 5; }
};

Value StructOfAction(const Action& action, const DataType& type) {
  return std::visit(
      [&type](const auto& node) -> Value {
        if constexpr (std::is_same_v<std::decay_t<decltype(node)>, delta::CommitInfo>) {
          CHECK(false);
        } else {
          return StructOf(node, type);
        }
      },
      action);
}

CheckpointFeatures FeaturesOf(const std::vector<Action>& actions) {
  CheckpointFeatures features;
  for (const Action& action : actions) {
    if (const auto* add = std::get_if<delta::AddFile>(&action)) {
      features.deletion_vectors = features.deletion_vectors || add->deletion_vector.has_value();
      features.row_tracking =
          features.row_tracking || add->base_row_id || add->default_row_commit_version;
    } else if (const auto* remove = std::get_if<delta::RemoveFile>(&action)) {
      features.deletion_vectors = features.deletion_vectors || remove->deletion_vector.has_value();
    }
  }
  return features;
}

// Appends rows of one struct each to a table, a chunk at a time.
class ActionAppender {
 public:
  static Result<std::unique_ptr<ActionAppender>> Open(Connection& connection, const char* table,
                                                      const Schema& columns) {
    duckdb_appender handle = nullptr;
    const duckdb_state state = duckdb_appender_create(connection.handle(), nullptr, table, &handle);
    std::unique_ptr<ActionAppender> appender(new ActionAppender(handle, columns));
    if (state != DuckDBSuccess) {
      return Error(ErrorCode::kInternal, "the checkpoint's rows could not be collected");
    }
    return appender;
  }
  ~ActionAppender() { duckdb_appender_destroy(&handle_); }
  ActionAppender(const ActionAppender&) = delete;
  ActionAppender& operator=(const ActionAppender&) = delete;

  Status Append(size_t column, const Value& value) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      WriteValue(duckdb_data_chunk_get_vector(chunk_.get(), i),
                 i == column ? value : Value::Null(columns_[i].type), rows_);
    }
    ++rows_;
    return rows_ == duckdb_vector_size() ? Flush() : OkStatus();
  }

  Status Flush() {
    duckdb_data_chunk_set_size(chunk_.get(), rows_);
    if (duckdb_append_data_chunk(handle_, chunk_.get()) != DuckDBSuccess ||
        duckdb_appender_flush(handle_) != DuckDBSuccess) {
      const char* text = duckdb_appender_error(handle_);
      return TranslateError(DUCKDB_ERROR_INTERNAL, text == nullptr ? "unknown failure" : text);
    }
    NewChunk();
    return {};
  }

 private:
  ActionAppender(duckdb_appender handle, const Schema& columns)
      : handle_(handle), columns_(columns) {
    NewChunk();
  }

  void NewChunk() {
    std::vector<LogicalType> owned;
    std::vector<duckdb_logical_type> types;
    for (const Field& field : columns_.fields()) {
      owned.push_back(ToLogicalType(field.type));
      types.push_back(owned.back().get());
    }
    chunk_.reset(duckdb_create_data_chunk(types.data(), types.size()));
    rows_ = 0;
  }

  duckdb_appender handle_;
  const Schema& columns_;
  Chunk chunk_;
  idx_t rows_ = 0;
};

}  // namespace

Status WriteCheckpointFile(Database& database, const std::string& local_path,
                           const std::vector<Action>& actions) {
  constexpr const char* kTable = "medallion_checkpoint";
  const Schema columns = CheckpointColumns(FeaturesOf(actions));
  ASSIGN_OR_RETURN(Connection connection, database.Connect());
  std::string definition;
  for (const Field& field : columns.fields()) {
    definition += fmt::format("{}{} {}", definition.empty() ? "" : ", ",
                              QuoteIdentifier(field.name), TypeName(field.type));
  }
  RETURN_IF_ERROR(connection.Execute(fmt::format("CREATE TEMP TABLE {} ({})", kTable, definition)));
  {
    ASSIGN_OR_RETURN(const auto appender, ActionAppender::Open(connection, kTable, columns));
    for (const Action& action : actions) {
      if (const std::optional<size_t> column = std::visit(ColumnOf{}, action)) {
        RETURN_IF_ERROR(appender->Append(*column, StructOfAction(action, columns[*column].type)));
      }
    }
    RETURN_IF_ERROR(appender->Flush());
  }
  return connection.Execute(
      fmt::format("COPY {} TO {} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1)", kTable,
                  QuoteString(local_path)));
}

}  // namespace medallion::duckdb
