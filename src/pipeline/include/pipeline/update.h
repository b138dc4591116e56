#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "pipeline/event.h"
#include "pipeline/graph.h"
#include "pipeline/project.h"
#include "pipeline/update_plan.h"

// One update of a pipeline, from the lock to the last event. ARCHITECTURE.md, "The life of an
// update".

namespace medallion::pipeline {

// What an update works with. Everything outlives the call. Only the catalogue's store and the state
// folder are written to.
struct UpdateEnvironment {
  Catalog& catalog;
  Engine& engine;
  Clock& clock;
  Random& random;
  CancellationToken& cancellation;
  // Every event, in order; beside the journal and the event-log table, which need no sink.
  std::vector<EventSink*> sinks;
};

struct UpdateOptions {
  Selection selection;
  // A folder of this machine for the update lock and the journals: `<storage>/system` where the
  // storage is a local folder.
  std::string state_folder;
  std::string update_id;  // empty: a new uuid
  std::string cause = "USER_ACTION";
  std::string user_name;
  std::string host;
  // Datasets updated at once; 0: as many as the machine has cores, at most kConcurrentDatasetsMax.
  int concurrent_datasets = 0;
};

// More would only share the engine's memory into pieces too small to work with.
inline constexpr int kConcurrentDatasetsMax = 8;

enum class FlowOutcome {
  kCompleted,  // ran; may have found nothing new
  kSkipped,    // a view whose inputs did not change
  kExcluded,   // not selected
  kFailed,
  kUpstreamFailed,  // not run: something it reads failed
  kCanceled,
};

struct FlowResult {
  size_t flow = 0;  // index into Graph::flows
  std::string name;
  std::string dataset;  // DisplayName of the target
  FlowOutcome outcome = FlowOutcome::kCompleted;
  std::string reason;  // why it was skipped, excluded or not run; one clause
  int64_t batches = 0;
  int64_t input_files = 0;
  int64_t rows_read = 0;
  int64_t rows_written = 0;
  int64_t rows_dropped = 0;
  std::vector<RuleCount> rules;  // summed over the batches
  int64_t files_set_aside = 0;   // in this update
  double seconds = 0;
  std::optional<int64_t> version;  // the target's newest commit made by this flow
  std::optional<Error> error;
};

struct UpdateResult {
  std::string update_id;
  UpdateState state = UpdateState::kCompleted;  // kCompleted, kFailed or kCanceled
  std::vector<FlowResult> flows;                // by index as Graph::flows
  // Remarks that fail nothing: files set aside, encodings guessed, an event log that could not be
  // written (its events are in the journal).
  std::vector<std::string> warnings;
  int64_t files_set_aside = 0;
  double seconds = 0;
  GraphPtr graph;
};

// Plans as an update of now would, from the checkpoints' memory of files, and changes nothing: what
// `dry-run` prints. `now_micros` is the update's time.
Result<UpdatePlan> PlanProject(const Project& project, const Selection& selection,
                               const Catalog& catalog, int64_t now_micros);

// Whether the engine can evaluate the flow's query, around the model if it has one, without running
// it: what it has no translation for is refused with its place.
Status CheckFlow(const Flow& flow, Engine& engine);

// Takes the lock, finishes what a killed update left behind, plans, runs every flow in dependency
// order, and writes the events. A failed flow fails its dependants only and is told by the result,
// with state kFailed. The error is for what prevents the update as a whole: a specification that
// does not hold, the lock held by another process, a storage that cannot be read.
Result<UpdateResult> RunUpdate(const Project& project, const UpdateOptions& options,
                               const UpdateEnvironment& environment);

}  // namespace medallion::pipeline
