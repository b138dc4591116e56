#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "event_stream.h"
#include "pipeline/graph.h"
#include "pipeline/project.h"
#include "pipeline/update_plan.h"
#include "snapshot_pool.h"

namespace medallion::pipeline {

// Updates that ended without closing their journal, with the ids of the events that the journal
// holds.
using DeadUpdates = std::map<std::string, std::set<std::string>>;

// What the flows of one update share. Everything outlives them; all of it is thread-safe.
struct RunContext {
  const UpdatePlan& plan;
  const Settings& settings;
  Catalog& catalog;
  Engine& engine;
  Clock& clock;
  Random& random;
  CancellationToken& cancellation;
  EventStream& events;
  SnapshotPool& snapshots;
  const DeadUpdates& dead_updates;
  std::string update_id;
  int64_t update_time_micros = 0;
  std::map<std::string, std::string> parameters;

  const Graph& graph() const { return *plan.graph; }
};

}  // namespace medallion::pipeline
