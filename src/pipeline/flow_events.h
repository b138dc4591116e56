#pragma once

#include <map>
#include <string>

#include "base/error.h"
#include "pipeline/batch_record.h"
#include "pipeline/event.h"
#include "pipeline/graph.h"
#include "pipeline/update.h"

// How the things that happen to flows are told. Pure.

namespace medallion::pipeline {

EventOrigin OriginOf(const Dataset& dataset, const std::string& flow_name);

// One batch or build, told from its record; backlog members are ours to know only while it runs.
struct Backlog {
  int64_t files = 0;
  int64_t bytes = 0;
};
Event BatchEvent(const Dataset& dataset, const BatchRecord& record,
                 const std::optional<Backlog>& backlog);
// Makes the event of a batch the same whoever tells it.
std::string BatchEventKey(const BatchRecord& record);

Event StatusEvent(const Dataset& dataset, const std::string& flow_name, FlowStatus status,
                  std::string message, std::string reason = {});
Event FailureEvent(const Dataset& dataset, const std::string& flow_name, const Error& error);
Event OperationEvent(const Dataset& dataset, const std::string& flow_name, EventLevel level,
                     std::string message, OperationProgress operation);

Event FlowDefinitionEvent(const Graph& graph, const Flow& flow);
Event DatasetDefinitionEvent(const Dataset& dataset);

// Adds a finished batch to what the flow did in this update.
void AddToResult(const BatchRecord& record, int64_t version, FlowResult& result);

EventError ToEventError(const Error& error, bool fatal);

}  // namespace medallion::pipeline
