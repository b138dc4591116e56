#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delta/table.h"
#include "engine/engine.h"
#include "pipeline/batch_record.h"
#include "pipeline/graph.h"
#include "quarantine.h"
#include "run_context.h"

// Evaluating a flow's query once and bringing its rows into tables: the steps that streaming
// batches and view builds share.

namespace medallion::pipeline {

// A finished evaluation: files are durable and no table knows of them yet.
struct Evaluation {
  WriteResult result;
  BatchRecord record;  // counts and rules filled in; who and which batch is the caller's
};

struct EvaluationRequest {
  const Flow* flow = nullptr;
  const ExecutableQuery* query = nullptr;
  size_t flow_index = 0;
  BoundInputs inputs;
  Schema output_schema;   // the table's columns, in the order of the query's
  std::string update_id;  // of quarantined rows
  int64_t now_micros = 0;
  std::string session_time_zone;
};

// The flow's query for the engine; rejected rows are kept if a rule drops rows and the settings
// want it.
ExecutableQuery PrepareFlowQuery(const RunContext& context, const Flow& flow);

// Evaluates once; counts, writes and quarantines from that evaluation. A broken FAIL UPDATE rule is
// kData with condition EXPECTATION_VIOLATION. After an error nothing was published.
Result<Evaluation> Evaluate(RunContext& context, const EvaluationRequest& request);

// Removes published files that no table refers to. Best effort: what stays is an orphan for vacuum.
void RemoveOrphans(RunContext& context, const Dataset& dataset, const Evaluation& evaluation);

// Tells what went wrong after a commit without harming it (a Delta checkpoint that was not
// written).
void TellCommitWarning(RunContext& context, const Dataset& dataset,
                       const delta::CommitResult& committed);

// How a quarantine table takes the rows of a commit of its table.
enum class QuarantineMode {
  kAppend,
  kReplace,  // the table was emptied or built again with this commit
};

// Commits the record's quarantine files under the record's own txn, unless that was done already.
// Creates the table on the first rejection. `extra` are more txns of that commit.
Status CommitQuarantine(RunContext& context, const Dataset& dataset, const BatchRecord& record,
                        QuarantineMode mode, const std::vector<delta::Txn>& extra);

}  // namespace medallion::pipeline
