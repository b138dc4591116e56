#include "quarantine.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

constexpr std::string_view kFilePath = "file_path";
constexpr std::string_view kRecordNumber = "record_number";

int64_t GreatestColumnId(const sql::Relation& relation) {
  int64_t greatest = 0;
  for (const sql::BoundColumn& column : relation.columns) {
    greatest = std::max(greatest, column.id.value);
  }
  for (const sql::RelationPtr& child : sql::Children(relation)) {
    greatest = std::max(greatest, GreatestColumnId(*child));
  }
  return greatest;
}

// The relation with more columns at its file scan, where only projections and filters stand above
// it; null for other shapes.
sql::RelationPtr WithScanColumns(const sql::RelationPtr& relation,
                                 const std::vector<sql::BoundColumn>& added) {
  auto copy = std::make_shared<sql::Relation>(*relation);
  if (std::holds_alternative<sql::FileScan>(copy->node)) {
    copy->columns.insert(copy->columns.end(), added.begin(), added.end());
    return copy;
  }
  if (auto* project = std::get_if<sql::Project>(&copy->node)) {
    project->input = WithScanColumns(project->input, added);
    return project->input ? copy : nullptr;
  }
  if (auto* filter = std::get_if<sql::Filter>(&copy->node)) {
    filter->input = WithScanColumns(filter->input, added);
    copy->columns.insert(copy->columns.end(), added.begin(), added.end());
    return filter->input ? copy : nullptr;
  }
  return nullptr;
}

sql::BoundColumn MetadataColumn(std::string_view name, int64_t id) {
  const DataType type = name == kRecordNumber ? DataType::Long() : DataType::String();
  return {{id}, std::string(name), type, true};
}

// The query with the file and record of each row among its scan's columns, where it reads one file
// source and has that shape; else as it is.
sql::BoundQuery WithFilePlace(const sql::BoundQuery& query) {
  if (query.files.size() != 1 || !query.tables.empty()) {
    return query;
  }
  sql::BoundQuery extended = query;
  std::vector<std::string>& fields = extended.files[0].metadata_fields;
  std::vector<sql::BoundColumn> added;
  int64_t next_id = GreatestColumnId(*query.root) + 1;
  for (const std::string_view name : {kFilePath, kRecordNumber}) {
    if (std::find(fields.begin(), fields.end(), name) == fields.end()) {
      fields.emplace_back(name);
      added.push_back(MetadataColumn(name, next_id++));
    }
  }
  extended.root = WithScanColumns(query.root, added);
  return extended.root ? extended : query;
}

std::string PlainName(std::string_view name) {
  std::string plain(name);
  std::replace_if(
      plain.begin(), plain.end(),
      [](char c) { return std::string_view(" ,;{}()\n\t=").find(c) != std::string_view::npos; },
      '_');
  return plain;
}

// Which of the scan's appended columns are `_metadata` members, by position from the end of the
// scan.
std::string InputName(const sql::BoundQuery& query, size_t scan_column, const std::string& name) {
  if (query.files.size() == 1 && query.tables.empty() &&
      scan_column >= query.files[0].schema.size()) {
    if (name == kFilePath) {
      return "_source_file";
    }
    return name == kRecordNumber ? "_source_record" : fmt::format("_source_{}", name);
  }
  return PlainName(name);
}

std::string UniqueName(std::string name, std::set<std::string>& taken) {
  while (!taken.insert(ToLower(name)).second) {
    name = "_input_" + name;
  }
  return name;
}

// The scan's column that `id` passes on unchanged, if it does.
std::optional<sql::ColumnId> ReadFrom(const sql::Relation& relation, sql::ColumnId id) {
  if (const auto* filter = std::get_if<sql::Filter>(&relation.node)) {
    return ReadFrom(*filter->input, id);
  }
  const auto* project = std::get_if<sql::Project>(&relation.node);
  if (project == nullptr) {
    return id;
  }
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    const auto* read = std::get_if<sql::ColumnExpr>(&project->exprs[i]->node);
    if (relation.columns[i].id == id) {
      return read != nullptr ? ReadFrom(*project->input, read->id) : std::nullopt;
    }
  }
  return std::nullopt;
}

// The appended columns under names that the quarantine table can hold; without those that are in
// the result as they were read.
void NameAppendedColumns(sql::BoundQuery& query, size_t first) {
  const sql::Relation& appended = *query.root;
  const auto& project = std::get<sql::Project>(appended.node);
  auto root = std::make_shared<sql::Relation>();
  sql::Project kept{project.input, {}};
  std::set<std::string> names = {"_failed_expectations", "_update_id", "_quarantined_at"};
  std::set<sql::ColumnId> read;  // of the scan, by the result
  for (size_t i = 0; i < appended.columns.size(); ++i) {
    const auto source = ReadFrom(appended, appended.columns[i].id);
    if (i >= first && source && read.contains(*source)) {
      continue;
    }
    sql::BoundColumn column = appended.columns[i];
    if (i < first) {
      names.insert(ToLower(column.name));
      if (source) {
        read.insert(*source);
      }
    } else {
      column.name = UniqueName(InputName(query, i - first, column.name), names);
    }
    root->columns.push_back(std::move(column));
    kept.exprs.push_back(project.exprs[i]);
  }
  root->node = std::move(kept);
  query.root = std::move(root);
}

Schema QuarantineSchema(const sql::BoundQuery& query) {
  Schema schema;
  const Schema output = query.OutputSchema();
  for (Field field : output.fields()) {
    field.nullable = true;
    schema.Append(std::move(field));
  }
  schema.Append({"_failed_expectations", DataType::Array(DataType::String())});
  schema.Append({"_update_id", DataType::String()});
  schema.Append({"_quarantined_at", DataType::Timestamp()});
  return schema;
}

}  // namespace

ExecutableQuery PrepareQuery(const sql::BoundQuery& query, bool keep_rejected) {
  if (!keep_rejected) {
    return {query, std::nullopt};
  }
  ExecutableQuery prepared{query, std::nullopt};
  const sql::BoundQuery extended = WithFilePlace(query);
  if (auto appended = sql::AppendInputColumns(extended)) {
    prepared.query = *appended->query;
    NameAppendedColumns(prepared.query, appended->first);
  }
  prepared.quarantine_schema = QuarantineSchema(prepared.query);
  return prepared;
}

std::vector<std::pair<std::string, Value>> QuarantineConstants(std::string update_id,
                                                               int64_t now_micros) {
  return {{"_update_id", Value::String(std::move(update_id))},
          {"_quarantined_at", Value::Timestamp(now_micros)}};
}

}  // namespace medallion::pipeline
