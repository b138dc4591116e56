#include "bound_inputs.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "delta/data_path.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

using delta::AddFile;

// A partition value of the log as a constant of the column's type.
Result<std::string> PartitionLiteral(const AddFile& file, const std::string& column,
                                     const DataType& type) {
  for (const auto& [name, text] : file.partition_values) {
    if (EqualsIgnoreCase(name, column)) {
      ASSIGN_OR_RETURN(const Value value, delta::PartitionValueFromText(text, type));
      return Literal(value);
    }
  }
  return Error(
      ErrorCode::kCorruption,
      fmt::format("the file has no value for the partition column `{}`: {}", column, file.path));
}

bool IsPartitionColumn(const std::vector<std::string>& partition_columns, const std::string& name) {
  return std::any_of(partition_columns.begin(), partition_columns.end(),
                     [&](const std::string& column) { return EqualsIgnoreCase(column, name); });
}

// DuckDB's `schema` argument: columns are found by name in each file, a missing one is NULL, and
// each has the table's type whatever the file says. The given columns get our names at once.
std::string SchemaArgument(const std::vector<sql::BoundColumn>& columns) {
  std::string entries;
  for (const sql::BoundColumn& column : columns) {
    entries += fmt::format("{}{}: {{'name': '{}', 'type': {}, 'default_value': NULL}}",
                           entries.empty() ? "" : ", ", QuoteString(column.name),
                           ColumnName(column.id), QuoteString(TypeName(column.type)));
  }
  return "map {" + entries + "}";
}

}  // namespace

Result<std::string> BoundInputPrinter::PrintTable(const sql::Relation& scan, size_t input) {
  CHECK(input < inputs_.tables.size());
  const TableBinding& binding = inputs_.tables[input];
  const std::vector<AddFile>& files = binding.files ? *binding.files : binding.snapshot->files();
  if (files.empty()) {
    return PrintEmptyRelation(scan);
  }
  const std::string table = query_.tables[input].name.ToString();
  std::vector<std::string> paths;
  paths.reserve(files.size());
  std::string list;
  for (const AddFile& file : files) {
    if (file.deletion_vector) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("table {} has deletion vectors, which this engine cannot read: {}",
                               table, file.path));
    }
    Result<std::string> path = binding.store->LocalPath(file.path);
    if (!path) {
      return std::move(path).error().Context("reading table " + table);
    }
    list += (list.empty() ? "" : ", ") + QuoteString(*path);
    paths.push_back(*std::move(path));
  }
  const std::vector<std::string>& partition_columns =
      binding.snapshot->metadata().partition_columns;
  std::vector<sql::BoundColumn> stored;
  std::vector<sql::BoundColumn> partitioned;
  for (const sql::BoundColumn& column : scan.columns) {
    (IsPartitionColumn(partition_columns, column.name) ? partitioned : stored).push_back(column);
  }
  if (partitioned.empty()) {
    return fmt::format("SELECT * FROM read_parquet([{}], schema={}, hive_partitioning=false)", list,
                       SchemaArgument(stored));
  }
  // Partition values come from the log and never from the path: a small relation by file name.
  std::string values;
  for (size_t i = 0; i < files.size(); ++i) {
    values += fmt::format("{}({}", i == 0 ? "" : ", ", QuoteString(paths[i]));
    for (const sql::BoundColumn& column : partitioned) {
      ASSIGN_OR_RETURN(const std::string value,
                       PartitionLiteral(files[i], column.name, column.type));
      values += ", " + value;
    }
    values += ")";
  }
  std::string names;
  for (const sql::BoundColumn& column : partitioned) {
    names += ", " + ColumnName(column.id);
  }
  std::vector<std::string> select;
  for (const sql::BoundColumn& column : scan.columns) {
    select.push_back(ColumnName(column.id));
  }
  return fmt::format(
      "SELECT {} FROM read_parquet([{}], schema={}, hive_partitioning=false, filename='file_path') "
      "AS r JOIN (VALUES {}) AS "
      "p(path{}) ON r.file_path = p.path",
      fmt::join(select, ", "), list, SchemaArgument(stored), values, names);
}

Result<std::string> BoundInputPrinter::PrintFiles(const sql::Relation& scan, size_t input) {
  CHECK(input < inputs_.files.size());
  const RowSource* source = inputs_.files[input];
  CHECK_EQ(source->schema().size(), scan.columns.size());
  for (const Field& field : source->schema().fields()) {
    if (field.type.IsNested() || field.type.Is(TypeKind::kVoid)) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("column `{}` of {} has a type that files cannot hold: {}",
                               field.name, query_.files[input].path, field.type.ToDdl()));
    }
  }
  auto shared = std::make_shared<SourceScan>();
  shared->source = source;
  shared->cancellation = context_.cancellation;
  shared->threads_max = threads_;
  leases_.emplace_back(scans_, std::move(shared));
  std::string select;
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    select += fmt::format("{}f{} AS {}", i == 0 ? "" : ", ", i, ColumnName(scan.columns[i].id));
  }
  return fmt::format("SELECT {} FROM {}", select, leases_.back().sql());
}

std::optional<Error> BoundInputPrinter::SourceFailure() const {
  for (const SourceScans::Lease& lease : leases_) {
    if (std::optional<Error> failure = lease.scan().failure()) {
      return failure;
    }
  }
  return std::nullopt;
}

int64_t BoundInputPrinter::SourceRows() const {
  int64_t rows = 0;
  for (const SourceScans::Lease& lease : leases_) {
    rows += lease.scan().rows_read.load(std::memory_order_relaxed);
  }
  return rows;
}

}  // namespace medallion::duckdb
