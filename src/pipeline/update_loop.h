#pragma once

#include <vector>

#include "pipeline/update.h"
#include "run_context.h"

namespace medallion::pipeline {

// Runs every flow of the plan in dependency order, datasets that do not wait for each other on up
// to `threads` threads. A failed flow keeps only those from running that read what it fills. One
// result per flow, by index; what the tables then hold does not depend on the number of threads.
std::vector<FlowResult> RunFlows(RunContext& context, int threads);

}  // namespace medallion::pipeline
