#include "lineage_log.h"

#include <utility>

namespace medallion::pipeline {
namespace {

constexpr const char* kTable = "table_lineage";

Value TextOrNull(const std::string& text) {
  return text.empty() ? Value::Null(DataType::String()) : Value::String(text);
}

const Schema& Columns() {
  static const Schema columns({{"source_type", DataType::String()},
                               {"source_path", DataType::String()},
                               {"source_table_full_name", DataType::String()},
                               {"target_type", DataType::String()},
                               {"target_table_full_name", DataType::String()},
                               {"update_id", DataType::String()},
                               {"event_time", DataType::Timestamp()}});
  return columns;
}

}  // namespace

Status WriteLineage(const SystemTableWriter& writer, const std::vector<TableLineage>& lineage,
                    const std::string& update_id, int64_t update_time_micros) {
  if (lineage.empty()) {
    return OkStatus();
  }
  std::vector<std::vector<Value>> rows;
  for (const TableLineage& arrow : lineage) {
    rows.push_back({TextOrNull(arrow.source_type), TextOrNull(arrow.source_path),
                    TextOrNull(arrow.source_table_full_name), TextOrNull(arrow.target_type),
                    TextOrNull(arrow.target_table_full_name), Value::String(update_id),
                    Value::Timestamp(update_time_micros)});
  }
  std::vector<sql::ExprPtr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < Columns().size(); ++i) {
    exprs.push_back(ColumnOf(Columns(), i));
    names.push_back(Columns()[i].name);
  }
  const sql::BoundQuery query = QueryFlatRows(Columns(), std::move(exprs), names);
  const FlatRows flat(Columns(), std::move(rows));
  SystemTableAppend append;
  append.name = kTable;
  append.description = "Which table or path each table was made from, per update that wrote it";
  append.query = &query;
  append.rows = &flat;
  ASSIGN_OR_RETURN(delta::SnapshotPtr existing, SystemTableSnapshot(writer, kTable));
  return AppendToSystemTable(writer, append, std::move(existing));
}

}  // namespace medallion::pipeline
