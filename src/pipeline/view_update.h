#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "delta/table.h"
#include "flat_rows.h"
#include "ingest/file_source.h"
#include "kmeans_split.h"
#include "pipeline/update.h"
#include "pipeline/view_record.h"
#include "quarantine.h"
#include "run_context.h"
#include "table_writer.h"

namespace medallion::pipeline {

// One materialized view during one update: skipped if nothing it is made of changed, else evaluated
// over pinned snapshots and replaced in one serializable commit. That commit carries what the view
// was built from (pipeline/view_record.h) and the build's number, under which the quarantine
// follows.
class ViewUpdate {
 public:
  // `context` and `result` outlive it.
  ViewUpdate(RunContext& context, size_t flow, FlowResult& result);

  Status Run();

 private:
  struct Build {
    ViewRecord record;
    int64_t number = 0;
    std::optional<int64_t> model_version;  // of a view with kmeans
  };

  Status PinInputs();
  SkipDecision Decide(const ViewRecord& now) const;
  Status FinishLastBuild();
  Status TellDeadBuild(const BatchRecord& record);
  Status Rebuild(const ViewRecord& now);
  Result<BoundInputs> BindInputs();
  Result<int64_t> ClusterInputs(BoundInputs& inputs);
  std::optional<int64_t> LastModel() const;
  Result<delta::CommitResult> Commit(const Build& build, const Evaluation& evaluation);
  Result<delta::CommitResult> CommitOrRetry(const Build& build, const Evaluation& evaluation);
  int64_t LastBuild() const;

  RunContext& context_;
  size_t flow_index_;
  const Flow& flow_;
  const FlowPlan& plan_;
  const Dataset& dataset_;
  FlowResult& result_;
  delta::Table table_;
  delta::SnapshotPtr snapshot_;             // of the view; null if it was never built
  std::vector<delta::SnapshotPtr> inputs_;  // by index as Flow::tables
  std::vector<std::unique_ptr<ingest::CsvSource>> files_;
  ExecutableQuery query_;
  std::optional<KMeansSplit> kmeans_;  // then `query_` is its `rest`
  std::unique_ptr<FlatRows> clustered_;
};

}  // namespace medallion::pipeline
