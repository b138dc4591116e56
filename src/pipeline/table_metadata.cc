#include "table_metadata.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

Error TypeChanged(std::string_view table, const Field& before, const Field& after) {
  return Error(ErrorCode::kSpecification,
               fmt::format("column `{}` of `{}` is {} in the table and {} in the pipeline; a "
                           "streaming table keeps "
                           "the types of its columns, use --full-refresh {} to build it again",
                           before.name, table, before.type.ToDdl(), after.type.ToDdl(), table))
      .WithCondition("DELTA_FAILED_TO_MERGE_FIELDS");
}

Status RequireSamePartitioning(const Dataset& dataset, const delta::Metadata& existing) {
  const bool same =
      std::equal(existing.partition_columns.begin(), existing.partition_columns.end(),
                 dataset.partition_by.begin(), dataset.partition_by.end(), EqualsIgnoreCase);
  if (same) {
    return OkStatus();
  }
  return Error(ErrorCode::kSpecification,
               fmt::format("`{}` is partitioned by ({}) and the pipeline says ({}); use "
                           "--full-refresh {} to build it "
                           "again",
                           dataset.DisplayName(), Join(existing.partition_columns, ", "),
                           Join(dataset.partition_by, ", "), dataset.DisplayName()));
}

}  // namespace

delta::Metadata DeclaredMetadata(const Dataset& dataset, const delta::SnapshotPtr& existing,
                                 int64_t now_micros, Random& random) {
  delta::Metadata metadata;
  metadata.id = existing ? existing->metadata().id : random.Uuid();
  metadata.created_time_ms = existing ? existing->metadata().created_time_ms : now_micros / 1000;
  metadata.name = existing ? existing->metadata().name : std::nullopt;
  if (!dataset.comment.empty()) {
    metadata.description = dataset.comment;
  }
  metadata.schema = dataset.schema;
  metadata.partition_columns = dataset.partition_by;
  metadata.configuration = dataset.properties;
  return metadata;
}

Result<delta::Metadata> EvolvedMetadata(const Dataset& dataset, const delta::Metadata& existing) {
  RETURN_IF_ERROR(RequireSamePartitioning(dataset, existing));
  Schema schema;
  for (const Field& field : existing.schema.fields()) {
    const auto index = dataset.schema.IndexOf(field.name);
    Field kept = index ? dataset.schema[*index] : field;
    if (index && !(kept.type == field.type)) {
      return TypeChanged(dataset.DisplayName(), field, kept);
    }
    // Parquet files know the column by the name it was created with.
    kept.name = field.name;
    kept.nullable = !index || kept.nullable || field.nullable;
    schema.Append(std::move(kept));
  }
  for (const Field& field : dataset.schema.fields()) {
    if (!existing.schema.IndexOf(field.name)) {
      Field added = field;
      added.nullable = true;  // the rows so far have none
      schema.Append(std::move(added));
    }
  }
  delta::Metadata evolved = existing;
  evolved.schema = std::move(schema);
  evolved.description = dataset.comment.empty() ? std::nullopt : std::optional(dataset.comment);
  evolved.configuration = dataset.properties;
  return evolved;
}

Schema StoredColumns(const Dataset& dataset, const delta::SnapshotPtr& existing) {
  Schema columns;
  for (Field field : dataset.schema.fields()) {
    const auto index = existing ? existing->schema().IndexOf(field.name) : std::nullopt;
    field.name = index ? existing->schema()[*index].name : field.name;
    columns.Append(std::move(field));
  }
  return columns;
}

std::vector<std::string> AddedColumns(const Schema& before, const Schema& after) {
  std::vector<std::string> added;
  for (const Field& field : after.fields()) {
    if (!before.IndexOf(field.name)) {
      added.push_back(field.name);
    }
  }
  return added;
}

Result<Schema> UnionOfColumns(const Schema& existing, const Schema& added, std::string_view table) {
  Schema schema = existing;
  for (const Field& field : added.fields()) {
    const auto index = existing.IndexOf(field.name);
    if (index && !(existing[*index].type == field.type)) {
      return TypeChanged(table, existing[*index], field);
    }
    if (!index) {
      Field nullable = field;
      nullable.nullable = true;
      schema.Append(std::move(nullable));
    }
  }
  return schema;
}

}  // namespace medallion::pipeline
