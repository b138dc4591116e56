#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/graph.h"
#include "pipeline/view_record.h"
#include "pipeline/world.h"

// What an update will do, as a value: `dry-run` prints it, `run` executes it.

namespace medallion::pipeline {

// The command line's choice of datasets. All empty: everything, incrementally.
struct Selection {
  std::vector<std::string> refresh;
  std::vector<std::string> full_refresh;
  bool full_refresh_all = false;
};

enum class FlowAction {
  kRun,
  // A materialized view whose inputs may change during this update: decided by DecideSkip when its
  // turn comes.
  kRunIfChanged,
  kSkip,     // nothing changed; certain already
  kExclude,  // not selected
};

// Files that a `read_files` found, for display; what a batch takes is decided when it starts.
struct PlannedFiles {
  std::string path;
  int64_t files_new = 0;
  uint64_t bytes_new = 0;
  int64_t files_total = 0;
};

struct FlowPlan {
  size_t flow = 0;  // index into Graph::flows
  FlowAction action = FlowAction::kRun;
  std::string reason;         // why it is skipped, excluded or certain to run
  bool full_refresh = false;  // of the target
  // Flows (indices into Graph::flows) to wait for: those that fill what it reads, whatever their
  // action. Flows that wait for none of each other may run at once, except that flows into one
  // table commit in turn.
  std::vector<size_t> after;
  std::vector<PlannedFiles> files;  // by index as Flow::files
};

// What happens to a stored dataset's table.
enum class TableChange { kCreate, kKeep, kAddColumns, kReplace };

struct DatasetPlan {
  bool selected = true;
  bool full_refresh = false;
  TableChange change = TableChange::kKeep;
  // The table's columns once the update has written to it: for kAddColumns those it has, in their
  // order, and the new ones at the end; else Dataset::schema. Empty for views.
  Schema table_schema;
  // The table as planning saw it; null if it does not exist (always for views).
  delta::SnapshotPtr snapshot;
};

// One arrow of table-level lineage; the column names are those of Databricks'
// system.access.table_lineage.
struct TableLineage {
  std::string source_type;             // TABLE, STREAMING_TABLE, MATERIALIZED_VIEW, PATH
  std::string source_path;             // for PATH, else empty
  std::string source_table_full_name;  // empty for PATH
  std::string target_type;             // STREAMING_TABLE, MATERIALIZED_VIEW
  std::string target_table_full_name;
  friend auto operator<=>(const TableLineage&, const TableLineage&) = default;
};

struct ColumnLineage {
  TableLineage tables;
  std::string source_column;
  std::string target_column;
  friend auto operator<=>(const ColumnLineage&, const ColumnLineage&) = default;
};

struct UpdatePlan {
  GraphPtr graph;
  std::vector<DatasetPlan> datasets;          // by index as Graph::datasets
  std::vector<FlowPlan> flows;                // by index as Graph::flows
  std::vector<TableLineage> table_lineage;    // sorted, unique; temporary views looked through
  std::vector<ColumnLineage> column_lineage;  // sorted, unique
};

// `now_micros` is the update's time. Errors: unknown names with the nearest one
// (PIPELINE_DATASET_NOT_FOUND), CONFLICTING_PIPELINE_REFRESH_OPTIONS, a full refresh of a table
// with `pipelines.reset.allowed = false`, and changes that an existing streaming table cannot
// follow: a column's type, a column gone, other partitions (DELTA_FAILED_TO_MERGE_FIELDS …).
Result<UpdatePlan> PlanUpdate(GraphPtr graph, const Selection& selection, World& world,
                              int64_t now_micros);

// The inputs of a materialized view or REPLACE WHERE flow as they are now: the snapshots are those
// of Flow::tables in order. The flow's own target is none of them: it changes with each commit.
ViewRecord CurrentViewRecord(const Graph& graph, const Flow& flow,
                             const std::vector<delta::SnapshotPtr>& inputs, int64_t now_micros);

// For a terminal, one line each, no escape codes.
std::vector<std::string> DescribePlan(const UpdatePlan& plan);
// The same as one JSON object on one line (docs/json-output.md).
std::string DescribePlanJson(const UpdatePlan& plan);

}  // namespace medallion::pipeline
