#include <fmt/format.h>

#include "base/civil_time.h"
#include "base/identifier.h"
#include "delta/stats.h"
#include "file_export.h"
#include "page_cursor.h"
#include "pipeline/batch_record.h"
#include "pipeline_view.h"
#include "row_filter.h"
#include "row_objects.h"
#include "service.h"

namespace medallion::serve {
namespace {

using Entry = query::StorageResolver::Entry;

Json InstantOfMillis(int64_t millis) { return FormatIsoTimestampMillis(millis * 1000); }

std::string_view KindOf(const Entry& entry) {
  const std::string& first = entry.name.parts.front();
  return first == "quarantine" ? "quarantine" : first == "system" ? "system" : "table";
}

Json TableJson(const Entry& entry, const delta::Snapshot& snapshot) {
  int64_t bytes = 0;
  std::optional<int64_t> rows = 0;
  for (const delta::AddFile& file : snapshot.files()) {
    bytes += file.size_bytes;
    const auto count = delta::RecordCount(file.stats);
    rows = rows && count ? std::optional(*rows + *count) : std::nullopt;
  }
  const auto& comment = snapshot.metadata().description;
  return {{"name", entry.name.ToString()},
          {"kind", KindOf(entry)},
          {"version", snapshot.version()},
          {"rows", OrNull(rows)},
          {"files", snapshot.files().size()},
          {"size_bytes", bytes},
          {"modified_at", InstantOfMillis(snapshot.timestamp_ms())},
          {"comment", OrNull(comment)},
          {"problem", nullptr}};
}

// A table that cannot be read is listed with the reason.
Json UnreadableJson(const Entry& entry, const Error& error) {
  return {{"name", entry.name.ToString()},
          {"kind", KindOf(entry)},
          {"version", nullptr},
          {"rows", nullptr},
          {"files", nullptr},
          {"size_bytes", nullptr},
          {"modified_at", nullptr},
          {"comment", nullptr},
          {"problem", error.message()}};
}

Result<Json> ListTables(TableReader& reader) {
  Json tables = Json::array();
  for (const query::StorageView::Table& table : reader.view().tables()) {
    const Entry entry{table.name, table.table};
    tables.push_back(table.snapshot ? TableJson(entry, **table.snapshot)
                                    : UnreadableJson(entry, table.snapshot.error()));
  }
  return Json{{"tables", std::move(tables)}};
}

// A table of the request and the version that it asks for.
struct TableAt {
  Entry entry;
  delta::SnapshotPtr snapshot;
  int64_t latest_version = 0;

  std::string From() const {
    return fmt::format("FROM {} VERSION AS OF {}", QueryName(entry.name), snapshot->version());
  }
};

Result<TableAt> FindTable(const ApiCall& call, TableReader& reader,
                          std::optional<int64_t> pinned = std::nullopt) {
  const std::string name = call.parameters.Text("table");
  ASSIGN_OR_RETURN(const auto entry, reader.Find(name));
  if (!entry) {
    return Error(ErrorCode::kNotFound, fmt::format("there is no table {}", name))
        .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
  }
  ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, reader.Latest(*entry));
  TableAt table{*entry, snapshot, snapshot->version()};
  const std::optional<int64_t> version = pinned ? pinned : call.parameters.Integer("version");
  if (version && *version > table.latest_version) {
    return Error(ErrorCode::kNotFound, fmt::format("{} has no version {}; the latest is {}", name,
                                                   *version, table.latest_version))
        .WithCondition("DELTA_VERSION_NOT_FOUND");
  }
  if (version && *version != table.latest_version) {
    ASSIGN_OR_RETURN(table.snapshot, entry->table.AtVersion(*version));
  }
  return table;
}

Result<Json> GetTable(const ApiCall& call, TableReader& reader) {
  ASSIGN_OR_RETURN(const TableAt table, FindTable(call, reader));
  const delta::Snapshot& snapshot = *table.snapshot;
  Json columns = Json::array();
  for (const Field& field : snapshot.schema().fields()) {
    columns.push_back(ColumnJson(field));
  }
  return Json{{"table", TableJson(table.entry, snapshot)},
              {"latest_version", table.latest_version},
              {"id", snapshot.metadata().id},
              {"columns", std::move(columns)},
              {"partition_columns", snapshot.metadata().partition_columns},
              {"properties", snapshot.metadata().configuration},
              {"min_reader_version", snapshot.protocol().min_reader_version},
              {"min_writer_version", snapshot.protocol().min_writer_version}};
}

// The update that made the commit; null if its record is missing, another's or damaged.
Json UpdateOf(const delta::CommitInfo& info) {
  const auto record = pipeline::ParseBatchRecord(info.user_metadata.value_or(""));
  return record && *record ? Json((*record)->update_id) : Json();
}

Result<Json> GetTableHistory(const ApiCall& call, TableReader& reader) {
  ASSIGN_OR_RETURN(const TableAt table, FindTable(call, reader));
  ASSIGN_OR_RETURN(const auto history, table.entry.table.History(
                                           static_cast<size_t>(*call.parameters.Integer("limit"))));
  Json commits = Json::array();
  for (const delta::CommitSummary& commit : history) {
    const delta::CommitInfo info = commit.info.value_or(delta::CommitInfo{});
    commits.push_back({{"version", commit.version},
                       {"timestamp", InstantOfMillis(commit.timestamp_ms)},
                       {"operation", OrNull(info.operation)},
                       {"files_added", commit.added_files},
                       {"files_removed", commit.removed_files},
                       {"metrics", info.operation_metrics},
                       {"engine", OrNull(info.engine_info)},
                       {"update_id", UpdateOf(info)}});
  }
  return Json{{"commits", std::move(commits)}};
}

Result<Json> ListTableFiles(const ApiCall& call, TableReader& reader) {
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  ASSIGN_OR_RETURN(const TableAt table, FindTable(call, reader, cursor.version));
  const std::vector<delta::AddFile>& files = table.snapshot->files();
  Json page = Json::array();
  const auto begin = static_cast<size_t>(cursor.offset);
  const size_t end =
      std::min(files.size(), begin + static_cast<size_t>(*call.parameters.Integer("limit")));
  for (size_t i = begin; i < end; ++i) {
    const delta::AddFile& file = files[i];
    const auto rows = delta::RecordCount(file.stats);
    Json values = Json::object();
    for (const auto& [column, value] : file.partition_values) {
      values[column] = OrNull(value);
    }
    page.push_back({{"path", file.path},
                    {"size_bytes", file.size_bytes},
                    {"rows", OrNull(rows)},
                    {"modified_at", InstantOfMillis(file.modification_time_ms)},
                    {"partition_values", std::move(values)}});
  }
  const int64_t version = table.snapshot->version();
  return Json{{"version", version},
              {"total", files.size()},
              {"next_cursor", OrNull(NextCursor(cursor, page.size(),
                                                static_cast<int64_t>(files.size()), version))},
              {"files", std::move(page)}};
}

Result<std::string> OrderBy(const std::string& sort, const Schema& schema) {
  if (sort.empty()) {
    return std::string();
  }
  const bool descending = sort.starts_with('-') && !schema.IndexOf(sort);
  const auto column = schema.IndexOf(sort.substr(descending ? 1 : 0));
  if (!column) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("`sort`: the table has no column {}", sort));
  }
  return fmt::format(" ORDER BY {} {}", QuoteSparkIdentifier(schema[*column].name),
                     descending ? "DESC" : "ASC");
}

Result<Json> ListRows(const ApiCall& call, TableReader& reader) {
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  ASSIGN_OR_RETURN(const TableAt table, FindTable(call, reader, cursor.version));
  const Schema& schema = table.snapshot->schema();
  ASSIGN_OR_RETURN(const RowFilter filter, ParseRowFilter(call.parameters.Texts("filter"), schema));
  ASSIGN_OR_RETURN(const std::string order, OrderBy(call.parameters.Text("sort"), schema));
  const std::string from = fmt::format("{} WHERE {}", table.From(), filter.condition);
  const auto total = QueryCount(reader, "SELECT count(*) AS n " + from, filter.parameters);
  if (!total) {
    return total.error().code() == ErrorCode::kData  // a value that its column cannot hold
               ? Error(ErrorCode::kInvalidArgument, "`filter`: " + total.error().message())
               : total.error();
  }
  ASSIGN_OR_RETURN(const query::RowSet rows,
                   reader.Query(fmt::format("SELECT * {}{} LIMIT {} OFFSET {}", from, order,
                                            *call.parameters.Integer("limit"), cursor.offset),
                                filter.parameters));
  Json columns = Json::array();
  for (const Field& field : schema.fields()) {
    columns.push_back(ColumnJson(field));
  }
  Json list = Json::array();
  for (const std::vector<Value>& row : rows.rows) {
    Json values = Json::array();
    for (const Value& value : row) {
      values.push_back(ToJson(value));
    }
    list.push_back(std::move(values));
  }
  const int64_t version = table.snapshot->version();
  return Json{{"version", version},
              {"total", *total},
              {"next_cursor", OrNull(NextCursor(cursor, list.size(), *total, version))},
              {"columns", std::move(columns)},
              {"rows", std::move(list)}};
}

bool IsOrdered(const DataType& type) {
  return !type.Is(TypeKind::kArray) && !type.Is(TypeKind::kMap) && !type.Is(TypeKind::kStruct) &&
         !type.Is(TypeKind::kBinary);
}

Result<Json> GetTableProfile(const ApiCall& call, TableReader& reader) {
  ASSIGN_OR_RETURN(const TableAt table, FindTable(call, reader));
  const Schema& schema = table.snapshot->schema();
  std::string measures = "count(*) AS row_count";
  for (size_t i = 0; i < schema.size(); ++i) {
    const std::string column = QuoteSparkIdentifier(schema[i].name);
    measures += fmt::format(", count({}) AS present_{}", column, i);
    if (IsOrdered(schema[i].type)) {
      measures += fmt::format(
          ", count(DISTINCT {0}) AS distinct_{1}, CAST(min({0}) AS STRING) AS min_{1}, "
          "CAST(max({0}) AS STRING) AS max_{1}",
          column, i);
    }
  }
  ASSIGN_OR_RETURN(const query::RowSet rows,
                   reader.Query(fmt::format("SELECT {} {}", measures, table.From())));
  const Json found = FirstObject(rows);
  const auto total = found["row_count"].get<int64_t>();
  const auto measure = [&found](const char* name, size_t i) {
    const auto value = found.find(fmt::format("{}_{}", name, i));
    return value == found.end() ? Json() : *value;
  };
  Json columns = Json::array();
  for (size_t i = 0; i < schema.size(); ++i) {
    columns.push_back({{"name", schema[i].name},
                       {"type", schema[i].type.ToDdl()},
                       {"nulls", total - measure("present", i).get<int64_t>()},
                       {"distinct", measure("distinct", i)},
                       {"min", measure("min", i)},
                       {"max", measure("max", i)}});
  }
  return Json{
      {"version", table.snapshot->version()}, {"rows", total}, {"columns", std::move(columns)}};
}

Result<HttpResponse> ExportTable(ServiceContext& context, const ApiCall& call) {
  TableReader reader = context.tables.Read();
  ASSIGN_OR_RETURN(const TableAt table, FindTable(call, reader));
  ASSIGN_OR_RETURN(const RowFilter filter,
                   ParseRowFilter(call.parameters.Texts("filter"), table.snapshot->schema()));
  ASSIGN_OR_RETURN(const auto rows, reader.Prepare(fmt::format("SELECT * {} WHERE {}", table.From(),
                                                               filter.condition),
                                                   filter.parameters));
  return ExportRows(rows, call.parameters.Text("format"), table.entry.name.last(),
                    context.scratch_folder, context.random.Uuid(), context.engine);
}

}  // namespace

void AddTableRoutes(Routes& routes, ServiceContext& context) {
  // A table that appears is none of those that were read: the list is made anew each time.
  routes.AddJson("listTables", DependsOn::kAnything,
                 [](const ApiCall&, TableReader& reader) { return ListTables(reader); });
  routes.AddJson("getTable", DependsOn::kTables, GetTable);
  routes.AddJson("getTableHistory", DependsOn::kTables, GetTableHistory);
  routes.AddJson("listTableFiles", DependsOn::kTables, ListTableFiles);
  routes.AddJson("listRows", DependsOn::kTables, ListRows);
  routes.AddJson("getTableProfile", DependsOn::kTables, GetTableProfile);
  routes.Add("exportTable", [&context](const ApiCall& call, const HttpRequest&) {
    return ExportTable(context, call);
  });
}

}  // namespace medallion::serve
