#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "delta/table.h"
#include "engine/flat_rows.h"
#include "ingest/file_source.h"
#include "kmeans_split.h"
#include "pipeline/update.h"
#include "pipeline/view_record.h"
#include "quarantine.h"
#include "replaced_files.h"
#include "run_context.h"
#include "table_writer.h"

namespace medallion::pipeline {

// A flow that is evaluated over all rows of its inputs, during one update: that of a materialized
// view, or a REPLACE WHERE flow of a streaming table. Skipped if nothing it is made of changed,
// else evaluated over pinned snapshots, and its rows put in the place of the view's or of those
// that the predicate names, in one serializable commit. That commit carries what the rows were
// built from (pipeline/view_record.h) and the build's number, under which the quarantine follows.
//
// A table that keeps rows is created, or gets new columns, in a commit of its own before: the flow
// may read it.
class BatchFlow {
 public:
  // `context` and `result` outlive it.
  BatchFlow(RunContext& context, size_t flow, FlowResult& result);

  Status Run();

 private:
  struct Build {
    ViewRecord record;
    int64_t number = 0;
    std::optional<int64_t> model_version;  // of a flow with kmeans
    ReplacedFiles replaced;                // if the table keeps rows
  };

  Status PinInputs();
  SkipDecision Decide(const ViewRecord& now) const;
  Status FinishLastBuild();
  Status TellDeadBuild(const BatchRecord& record);
  Status Rebuild(const ViewRecord& now);
  bool KeepsRows() const;
  Status PrepareTable();
  Result<ReplacedFiles> KeepOutside(Evaluation& evaluation);
  Result<BoundInputs> BindInputs();
  Result<int64_t> ClusterInputs(BoundInputs& inputs);
  Status DescribeModel(BoundInputs& inputs);
  std::optional<int64_t> LastModel() const;
  Result<delta::CommitResult> Commit(const Build& build, const Evaluation& evaluation);
  Status ReplaceRows(const Build& build, delta::Transaction& transaction) const;
  Result<delta::CommitResult> CommitOrRetry(const Build& build, const Evaluation& evaluation);
  int64_t LastBuild() const;

  RunContext& context_;
  size_t flow_index_;
  const Flow& flow_;
  const FlowPlan& plan_;
  const Dataset& dataset_;
  FlowResult& result_;
  delta::Table table_;
  delta::SnapshotPtr snapshot_;             // of the target; null if it was never built
  std::vector<delta::SnapshotPtr> inputs_;  // by index as Flow::tables
  std::vector<std::unique_ptr<ingest::CsvSource>> files_;
  ExecutableQuery query_;
  // If the query has one, `query_` is its `rest`, and its rows are `made_rows_`.
  std::optional<KMeansSplit> kmeans_;
  std::optional<KMeansModelSplit> model_;
  std::unique_ptr<FlatRows> made_rows_;
};

}  // namespace medallion::pipeline
