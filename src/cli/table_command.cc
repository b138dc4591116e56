#include <ostream>

#include "base/civil_time.h"
#include "base/text.h"
#include "commands.h"
#include "delta/stats.h"
#include "query/row_json.h"
#include "query/storage_resolver.h"
#include "row_printer.h"
#include "session.h"
#include "text_table.h"
#include "workspace.h"

namespace medallion::cli {
namespace {

// A session on the workspace's storage and the means to find tables in it by name.
struct Tables {
  Session session;
  std::string default_catalog;
  std::string default_schema;

  query::StorageResolver Resolver() const {
    return {*session.catalog, default_catalog, default_schema};
  }
};

Result<Tables> OpenTables(const ProjectOptions& options, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Workspace workspace, FindWorkspace(options, runtime.working_folder));
  Tables tables;
  ASSIGN_OR_RETURN(tables.session,
                   OpenSession(workspace.storage, StorageUse::kRead, DuckDbOptions{.threads = 1},
                               runtime.clock, runtime.random));
  if (workspace.project) {
    tables.default_catalog = workspace.project->catalog;
    tables.default_schema = workspace.project->schema;
  }
  return tables;
}

struct Extent {
  int64_t files = 0;
  int64_t bytes = 0;
  std::optional<int64_t> rows = 0;  // nothing if a file has no statistics
};

Extent Measure(const delta::Snapshot& snapshot) {
  Extent extent;
  for (const delta::AddFile& file : snapshot.files()) {
    ++extent.files;
    extent.bytes += file.size_bytes;
    const auto rows = delta::RecordCount(file.stats);
    extent.rows = extent.rows && rows ? std::optional(*extent.rows + *rows) : std::nullopt;
  }
  return extent;
}

Value LongOrNull(const std::optional<int64_t>& number) {
  return number ? Value::Long(*number) : Value::Null(DataType::Long());
}

Value TextOrNull(const std::optional<std::string>& text) {
  return text ? Value::String(*text) : Value::Null(DataType::String());
}

Value TimestampOfMillis(int64_t millis) { return Value::Timestamp(millis * 1000); }

// `{"k":"v",…}` of operation metrics and parameters.
Value MapValue(const std::map<std::string, std::string>& entries) {
  Value::List list;
  for (const auto& [key, value] : entries) {
    list.push_back(Value::String(key));
    list.push_back(Value::String(value));
  }
  return {DataType::Map(DataType::String(), DataType::String()), std::move(list)};
}

const Schema& ListSchema() {
  static const Schema kSchema(
      {Field{"table", DataType::String()}, Field{"version", DataType::Long()},
       Field{"rows", DataType::Long()}, Field{"files", DataType::Long()},
       Field{"size_bytes", DataType::Long()}, Field{"modified", DataType::Timestamp()},
       Field{"comment", DataType::String()}});
  return kSchema;
}

const Schema& HistorySchema() {
  static const DataType kMap = DataType::Map(DataType::String(), DataType::String());
  static const Schema kSchema(
      {Field{"version", DataType::Long()}, Field{"timestamp", DataType::Timestamp()},
       Field{"operation", DataType::String()}, Field{"files_added", DataType::Long()},
       Field{"files_removed", DataType::Long()}, Field{"metrics", kMap},
       Field{"engine", DataType::String()}});
  return kSchema;
}

const Schema& ColumnSchema() {
  static const Schema kSchema(
      {Field{"column", DataType::String()}, Field{"type", DataType::String()},
       Field{"nullable", DataType::Boolean()}, Field{"comment", DataType::String()}});
  return kSchema;
}

void PrintColumns(const Schema& schema, OutputFormat format, const Console& console) {
  const auto printer = RowPrinter::Make(format, ColumnSchema(), console.out, console.out_terminal);
  for (const Field& field : schema.fields()) {
    printer->Add({Value::String(field.name), Value::String(field.type.ToDdl()),
                  Value::Boolean(field.nullable), Value::String(field.Comment())});
  }
  printer->Finish();
}

// What precedes the columns in the listing for people.
void PrintHeader(const sql::QualifiedName& name, const delta::Table& table,
                 const delta::Snapshot& snapshot, std::ostream& out) {
  const delta::Metadata& metadata = snapshot.metadata();
  const Extent extent = Measure(snapshot);
  const auto line = [&out](std::string_view title, const std::string& text) {
    if (!text.empty()) {
      out << PadRight(title, 12) << EscapeControls(text) << "\n";
    }
  };
  line("table", name.ToString());
  line("comment", metadata.description.value_or(""));
  line("location", table.store()->uri());
  line("version", fmt::format("{} of {}", snapshot.version(),
                              FormatIsoTimestampMillis(snapshot.timestamp_ms() * 1000)));
  line("rows", extent.rows ? GroupDigits(*extent.rows) : "unknown: files without statistics");
  line("files", fmt::format("{}, {}", GroupDigits(extent.files),
                            FormatBytes(static_cast<uint64_t>(extent.bytes))));
  line("protocol", fmt::format("reader {}, writer {}", snapshot.protocol().min_reader_version,
                               snapshot.protocol().min_writer_version));
  line("partitions", Join(metadata.partition_columns, ", "));
  std::vector<std::string> properties;
  for (const auto& [key, value] : metadata.configuration) {
    properties.push_back(key + "=" + value);
  }
  line("properties", Join(properties, ", "));
  out << "\n";
}

// `table show --json`: the table as one object.
void PrintJson(const sql::QualifiedName& name, const delta::Table& table,
               const delta::Snapshot& snapshot, std::ostream& out) {
  const delta::Metadata& metadata = snapshot.metadata();
  const Extent extent = Measure(snapshot);
  Value::List columns;
  const DataType column_type = DataType::Struct({ColumnSchema().fields()});
  for (const Field& field : snapshot.schema().fields()) {
    columns.push_back(
        {column_type, Value::List{Value::String(field.name), Value::String(field.type.ToDdl()),
                                  Value::Boolean(field.nullable), Value::String(field.Comment())}});
  }
  Value::List partitions;
  for (const std::string& column : metadata.partition_columns) {
    partitions.push_back(Value::String(column));
  }
  const Schema schema({Field{"table", DataType::String()}, Field{"comment", DataType::String()},
                       Field{"location", DataType::String()}, Field{"id", DataType::String()},
                       Field{"version", DataType::Long()},
                       Field{"timestamp", DataType::Timestamp()}, Field{"rows", DataType::Long()},
                       Field{"files", DataType::Long()}, Field{"size_bytes", DataType::Long()},
                       Field{"min_reader_version", DataType::Long()},
                       Field{"min_writer_version", DataType::Long()},
                       Field{"partition_columns", DataType::Array(DataType::String())},
                       Field{"properties", DataType::Map(DataType::String(), DataType::String())},
                       Field{"columns", DataType::Array(column_type)}});
  out << query::ToJsonObject(
             schema, {Value::String(name.ToString()), TextOrNull(metadata.description),
                      Value::String(table.store()->uri()), Value::String(metadata.id),
                      Value::Long(snapshot.version()), TimestampOfMillis(snapshot.timestamp_ms()),
                      LongOrNull(extent.rows), Value::Long(extent.files), Value::Long(extent.bytes),
                      Value::Long(snapshot.protocol().min_reader_version),
                      Value::Long(snapshot.protocol().min_writer_version),
                      Value{DataType::Array(DataType::String()), std::move(partitions)},
                      MapValue(metadata.configuration),
                      Value{DataType::Array(column_type), std::move(columns)}})
      << "\n";
}

Result<query::StorageResolver::Entry> FindTable(const Tables& tables, const std::string& text) {
  ASSIGN_OR_RETURN(const sql::QualifiedName name, query::ParseTableName(text));
  query::StorageResolver resolver = tables.Resolver();
  return resolver.Find(name);
}

}  // namespace

Result<ExitCode> Execute(const TableListCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Tables tables, OpenTables(command.project, runtime));
  query::StorageResolver resolver = tables.Resolver();
  ASSIGN_OR_RETURN(std::vector<query::StorageResolver::Entry> listed, resolver.Tables());
  ASSIGN_OR_RETURN(const auto own, resolver.OwnTables());
  if (command.all) {
    listed.insert(listed.end(), own.begin(), own.end());
  }
  const auto printer = RowPrinter::Make(command.format, ListSchema(), runtime.console.out,
                                        runtime.console.out_terminal);
  for (const query::StorageResolver::Entry& entry : listed) {
    Result<delta::SnapshotPtr> latest = entry.table.Latest();
    if (!latest) {
      return std::move(latest).error().Context(fmt::format("table `{}`", entry.name.ToString()));
    }
    const delta::Snapshot& snapshot = **latest;
    const Extent extent = Measure(snapshot);
    printer->Add({Value::String(entry.name.ToString()), Value::Long(snapshot.version()),
                  LongOrNull(extent.rows), Value::Long(extent.files), Value::Long(extent.bytes),
                  TimestampOfMillis(snapshot.timestamp_ms()),
                  TextOrNull(snapshot.metadata().description)});
  }
  printer->Finish();
  if (!command.all && !own.empty() && command.format == OutputFormat::kTable) {
    runtime.console.err << fmt::format(
        "{} more with rejected rows and events: `medallion table list --all`\n", own.size());
  }
  return ExitCode::kOk;
}

Result<ExitCode> Execute(const TableShowCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Tables tables, OpenTables(command.project, runtime));
  ASSIGN_OR_RETURN(const query::StorageResolver::Entry entry, FindTable(tables, command.table));
  ASSIGN_OR_RETURN(const delta::SnapshotPtr snapshot, command.version
                                                          ? entry.table.AtVersion(*command.version)
                                                          : entry.table.Latest());
  std::ostream& out = runtime.console.out;
  if (command.format == OutputFormat::kJson) {
    PrintJson(entry.name, entry.table, *snapshot, out);
    return ExitCode::kOk;
  }
  if (command.format == OutputFormat::kTable) {
    PrintHeader(entry.name, entry.table, *snapshot, out);
  }
  PrintColumns(snapshot->schema(), command.format, runtime.console);
  return ExitCode::kOk;
}

Result<ExitCode> Execute(const TableHistoryCommand& command, Runtime& runtime) {
  ASSIGN_OR_RETURN(const Tables tables, OpenTables(command.project, runtime));
  ASSIGN_OR_RETURN(const query::StorageResolver::Entry entry, FindTable(tables, command.table));
  ASSIGN_OR_RETURN(const auto commits, entry.table.History(static_cast<size_t>(command.limit)));
  const auto printer = RowPrinter::Make(command.format, HistorySchema(), runtime.console.out,
                                        runtime.console.out_terminal);
  for (const delta::CommitSummary& commit : commits) {
    const delta::CommitInfo info = commit.info.value_or(delta::CommitInfo{});
    printer->Add({Value::Long(commit.version), TimestampOfMillis(commit.timestamp_ms),
                  Value::String(info.operation), Value::Long(commit.added_files),
                  Value::Long(commit.removed_files), MapValue(info.operation_metrics),
                  TextOrNull(info.engine_info)});
  }
  printer->Finish();
  return ExitCode::kOk;
}

}  // namespace medallion::cli
