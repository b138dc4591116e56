#include "event_log.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/civil_time.h"

namespace medallion::pipeline {
namespace {

using nlohmann::json;

constexpr const char* kTable = "event_log";

// Members of `origin`, in the order of the table's struct. `batch_id` is the only number.
const std::vector<std::string>& OriginMembers() {
  static const std::vector<std::string> members = {
      "pipeline_id", "pipeline_name", "pipeline_type", "update_id",    "request_id",
      "batch_id",    "flow_id",       "flow_name",     "dataset_name", "materialization_name",
      "table_id",    "catalog_name",  "schema_name",   "host",         "ingestion_source_type"};
  return members;
}

// The scalar columns from which the table's columns are made.
struct FlatLayout {
  Schema schema;
  size_t instance = 0;
  size_t seq_no = 0;
  size_t origin = 0;  // first of the members
  size_t error_fatal = 0;
  size_t error_class = 0;
  size_t error_message = 0;
};

FlatLayout MakeLayout() {
  FlatLayout layout;
  Schema& schema = layout.schema;
  for (const char* name :
       {"id", "timestamp", "message", "level", "maturity_level", "details", "event_type"}) {
    schema.Append(
        {name, std::string_view(name) == "timestamp" ? DataType::Timestamp() : DataType::String()});
  }
  layout.instance = schema.size();
  schema.Append({"instance", DataType::String()});
  layout.seq_no = schema.size();
  schema.Append({"seq_no", DataType::Long()});
  layout.origin = schema.size();
  for (const std::string& member : OriginMembers()) {
    schema.Append(
        {"origin_" + member, member == "batch_id" ? DataType::Long() : DataType::String()});
  }
  layout.error_fatal = schema.size();
  schema.Append({"error_fatal", DataType::Boolean()});
  layout.error_class = schema.size();
  schema.Append({"error_class", DataType::String()});
  layout.error_message = schema.size();
  schema.Append({"error_message", DataType::String()});
  return layout;
}

sql::ExprPtr SequenceExpr(const FlatLayout& layout) {
  const auto data_plane =
      StructOf({"instance", "seq_no"},
               {ColumnOf(layout.schema, layout.instance), ColumnOf(layout.schema, layout.seq_no)});
  return StructOf({"data_plane_id"}, {data_plane});
}

sql::ExprPtr OriginExpr(const FlatLayout& layout) {
  std::vector<sql::ExprPtr> members;
  for (size_t i = 0; i < OriginMembers().size(); ++i) {
    members.push_back(ColumnOf(layout.schema, layout.origin + i));
  }
  return StructOf(OriginMembers(), members);
}

sql::ExprPtr ErrorExpr(const FlatLayout& layout) {
  const DataType frame = DataType::Struct({{"declaring_class", DataType::String()},
                                           {"method_name", DataType::String()},
                                           {"file_name", DataType::String()},
                                           {"line_number", DataType::Integer()}});
  const auto error_class = ColumnOf(layout.schema, layout.error_class);
  const auto exception = StructOf(
      {"class_name", "message", "stack"},
      {error_class, ColumnOf(layout.schema, layout.error_message), NullOf(DataType::Array(frame))});
  return IfPresent(error_class,
                   StructOf({"fatal", "exceptions"},
                            {ColumnOf(layout.schema, layout.error_fatal), ArrayOf(exception)}));
}

sql::BoundQuery EventQuery(const FlatLayout& layout) {
  const auto column = [&](std::string_view name) {
    return ColumnOf(layout.schema, *layout.schema.IndexOf(name));
  };
  return QueryFlatRows(layout.schema,
                       {column("id"), SequenceExpr(layout), OriginExpr(layout), column("timestamp"),
                        column("message"), column("level"), ErrorExpr(layout), column("details"),
                        column("event_type"), column("maturity_level")},
                       {"id", "sequence", "origin", "timestamp", "message", "level", "error",
                        "details", "event_type", "maturity_level"});
}

Value TextOrNull(const json& object, const std::string& key) {
  return object.contains(key) ? Value::String(object.at(key).get<std::string>())
                              : Value::Null(DataType::String());
}

void AppendOrigin(const json& origin, std::vector<Value>& row) {
  for (const std::string& member : OriginMembers()) {
    if (member != "batch_id") {
      row.push_back(TextOrNull(origin, member));
    } else {
      row.push_back(origin.contains(member) ? Value::Long(origin.at(member).get<int64_t>())
                                            : Value::Null(DataType::Long()));
    }
  }
}

void AppendError(const json& event, std::vector<Value>& row) {
  const bool failed = event.contains("error") && !event.at("error").at("exceptions").empty();
  if (!failed) {
    row.insert(row.end(), {Value::Null(DataType::Boolean()), Value::Null(DataType::String()),
                           Value::Null(DataType::String())});
    return;
  }
  const json& exception = event.at("error").at("exceptions").at(0);
  row.push_back(Value::Boolean(event.at("error").at("fatal").get<bool>()));
  row.push_back(TextOrNull(exception, "class_name"));
  row.push_back(TextOrNull(exception, "message"));
}

std::vector<Value> ToRow(const json& event) {
  std::vector<Value> row;
  row.push_back(TextOrNull(event, "id"));
  row.push_back(
      Value::Timestamp(ParseIsoTimestamp(event.at("timestamp").get<std::string>()).value_or(0)));
  row.push_back(TextOrNull(event, "message"));
  row.push_back(TextOrNull(event, "level"));
  row.push_back(TextOrNull(event, "maturity_level"));
  row.push_back(Value::String(event.at("details").dump()));
  row.push_back(TextOrNull(event, "event_type"));
  const json& sequence = event.at("sequence").at("data_plane_id");
  row.push_back(TextOrNull(sequence, "instance"));
  row.push_back(Value::Long(sequence.at("seq_no").get<int64_t>()));
  AppendOrigin(event.at("origin"), row);
  AppendError(event, row);
  return row;
}

int64_t SequenceOf(const json& event) {
  return event.at("sequence").at("data_plane_id").at("seq_no").get<int64_t>();
}

std::string AppId(const std::string& update_id) { return "medallion/events/" + update_id; }

// Rows that the table lacks, and the txns that say so.
struct Pending {
  std::vector<std::vector<Value>> rows;
  std::vector<delta::Txn> transactions;
};

Result<Pending> FindPending(const std::vector<UpdateEvents>& updates,
                            const delta::SnapshotPtr& existing) {
  Pending pending;
  try {
    for (const UpdateEvents& update : updates) {
      const int64_t written =
          existing ? existing->AppVersion(AppId(update.update_id)).value_or(-1) : int64_t{-1};
      int64_t last = written;
      for (const std::string& line : update.lines) {
        const json event = json::parse(line);
        if (SequenceOf(event) > written) {
          pending.rows.push_back(ToRow(event));
          last = SequenceOf(event);
        }
      }
      if (last > written) {
        pending.transactions.push_back({AppId(update.update_id), last, std::nullopt});
      }
    }
  } catch (const json::exception& e) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("an event of a journal cannot be read: {}", e.what()));
  }
  return pending;
}

}  // namespace

void EventBuffer::OnEvent(const Event& event) {
  std::string line = ToJson(event);
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
}

std::vector<std::string> EventBuffer::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

Status WriteEventLog(const SystemTableWriter& writer, const std::vector<UpdateEvents>& updates) {
  ASSIGN_OR_RETURN(delta::SnapshotPtr existing, SystemTableSnapshot(writer, kTable));
  ASSIGN_OR_RETURN(Pending pending, FindPending(updates, existing));
  if (pending.rows.empty()) {
    return OkStatus();
  }
  const FlatLayout layout = MakeLayout();
  const FlatRows rows(layout.schema, std::move(pending.rows));
  const sql::BoundQuery query = EventQuery(layout);
  SystemTableAppend append;
  append.name = kTable;
  append.description = "What happened in every update of the pipelines of this storage";
  // One txn per update would stay for ever; a journal older than this is never completed.
  append.properties = {{"delta.setTransactionRetentionDuration", "interval 30 days"}};
  append.query = &query;
  append.rows = &rows;
  append.transactions = std::move(pending.transactions);
  append.operation = "STREAMING UPDATE";
  return AppendToSystemTable(writer, append, std::move(existing));
}

Result<std::vector<std::string>> EventIds(const std::vector<std::string>& lines) {
  std::vector<std::string> ids;
  try {
    for (const std::string& line : lines) {
      ids.push_back(json::parse(line).at("id").get<std::string>());
    }
  } catch (const json::exception& e) {
    return Error(ErrorCode::kCorruption,
                 fmt::format("an event of a journal cannot be read: {}", e.what()));
  }
  return ids;
}

}  // namespace medallion::pipeline
