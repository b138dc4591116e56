#include "table_change.h"

#include <utility>

#include "base/text.h"
#include "delta/table.h"
#include "stored_kind.h"

namespace medallion::pipeline {
namespace {

// Compares a streaming table's declaration with the rows it already holds.
class TableComparison {
 public:
  TableComparison(const Dataset& dataset, const delta::Snapshot& snapshot,
                  std::vector<Diagnostic>& findings)
      : dataset_(dataset), existing_(snapshot.schema()), snapshot_(snapshot), findings_(findings) {}

  Schema Merge() {
    Schema merged = existing_;
    if (StoredKind(snapshot_) == sql::DatasetKind::kMaterializedView) {
      Report("DELTA_DATASET_KIND_CHANGED",
             fmt::format("`{}` was a materialized view and is a streaming table now, which would "
                         "add the rows of its sources to those of the view",
                         dataset_.DisplayName()),
             "leave it a MATERIALIZED VIEW, or give the streaming table another name");
      return merged;
    }
    for (const Field& field : existing_.fields()) {
      CompareColumn(field);
    }
    for (const Field& field : dataset_.schema.fields()) {
      if (!existing_.IndexOf(field.name)) {
        merged.Append(field);
      }
    }
    ComparePartitions();
    return merged;
  }

 private:
  void CompareColumn(const Field& before) {
    const std::optional<size_t> index = dataset_.schema.IndexOf(before.name);
    if (!index) {
      Report("DELTA_COLUMN_REMOVED",
             fmt::format("column `{}` of the table is no longer produced", before.name),
             fmt::format("select it, if only as CAST(NULL AS {}) AS {}", before.type.ToDdl(),
                         before.name));
      return;
    }
    const Field& now = dataset_.schema[*index];
    if (now.name != before.name) {
      Report("DELTA_COLUMN_RENAMED",
             fmt::format("column `{}` of the table is spelt `{}` now", before.name, now.name),
             fmt::format("spell it `{}`", before.name));
    } else if (!(now.type == before.type)) {
      Report("DELTA_FAILED_TO_MERGE_FIELDS",
             fmt::format("column `{}` is {} in the table and {} now", before.name,
                         before.type.ToDdl(), now.type.ToDdl()),
             fmt::format("cast it: CAST({0} AS {1}) AS {0}", before.name, before.type.ToDdl()));
    }
  }

  void ComparePartitions() {
    if (snapshot_.metadata().partition_columns != dataset_.partition_by) {
      Report("DELTA_PARTITIONING_CHANGED",
             fmt::format("the table is partitioned by ({}), now by ({})",
                         Join(snapshot_.metadata().partition_columns, ", "),
                         Join(dataset_.partition_by, ", ")),
             "keep PARTITIONED BY as it was");
    }
  }

  void Report(std::string_view condition, std::string message, std::string hint) {
    findings_.push_back(Diagnostic::At(
        dataset_.place.source, dataset_.place.span, condition, std::move(message),
        fmt::format("exists at version {}", snapshot_.version()),
        {std::move(hint), fmt::format("or rebuild the table from its sources: --full-refresh {}",
                                      dataset_.name.table)}));
  }

  const Dataset& dataset_;
  const Schema& existing_;
  const delta::Snapshot& snapshot_;
  std::vector<Diagnostic>& findings_;
};

// What Delta would refuse when the table is committed, told before anything is evaluated.
void CheckProperties(const Dataset& dataset, std::vector<Diagnostic>& findings) {
  delta::Metadata metadata;
  metadata.schema = dataset.schema;
  metadata.configuration = dataset.properties;
  if (const Status creatable = delta::CheckCreatable(metadata); !creatable) {
    findings.push_back(Diagnostic::At(
        dataset.place.source, dataset.place.span, "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE",
        fmt::format("`{}`: {}", dataset.DisplayName(), creatable.error().message()),
        "declared here", {"leave them out of TBLPROPERTIES and of the columns"}));
  }
}

bool SameTable(const Dataset& dataset, const delta::Snapshot& snapshot) {
  return dataset.schema == snapshot.schema() &&
         snapshot.metadata().partition_columns == dataset.partition_by;
}

}  // namespace

void PlanTableChange(const Dataset& dataset, const delta::SnapshotPtr& snapshot, DatasetPlan& plan,
                     std::vector<Diagnostic>& findings) {
  CheckProperties(dataset, findings);
  plan.snapshot = snapshot;
  plan.table_schema = dataset.schema;
  if (snapshot == nullptr) {
    plan.change = TableChange::kCreate;
    return;
  }
  if (plan.full_refresh || dataset.kind == sql::DatasetKind::kMaterializedView) {
    const bool kept = !plan.full_refresh && SameTable(dataset, *snapshot) &&
                      StoredKind(*snapshot).value_or(dataset.kind) == dataset.kind;
    plan.change = kept ? TableChange::kKeep : TableChange::kReplace;
    return;
  }
  if (!plan.selected) {
    plan.change = TableChange::kKeep;
    plan.table_schema = snapshot->schema();
    return;
  }
  plan.table_schema = TableComparison(dataset, *snapshot, findings).Merge();
  plan.change = plan.table_schema.size() > snapshot->schema().size() ? TableChange::kAddColumns
                                                                     : TableChange::kKeep;
}

}  // namespace medallion::pipeline
