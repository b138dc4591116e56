#include "update_loop.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "batch_flow.h"
#include "flow_events.h"
#include "stream_flow.h"
#include "streaming_table.h"

namespace medallion::pipeline {
namespace {

bool Blocks(FlowOutcome outcome) {
  return outcome == FlowOutcome::kFailed || outcome == FlowOutcome::kUpstreamFailed ||
         outcome == FlowOutcome::kCanceled;
}

// The datasets of an update as work to be handed to threads, each after those it waits for.
class Schedule {
 public:
  Schedule(const Graph& graph, const UpdatePlan& plan) : waits_for_(graph.datasets.size()) {
    for (size_t dataset = 0; dataset < graph.datasets.size(); ++dataset) {
      for (const size_t flow : graph.datasets[dataset].flows) {
        for (const size_t upstream : plan.flows[flow].after) {
          waits_for_[dataset].insert(graph.flows[upstream].target);
        }
      }
      waits_for_[dataset].erase(dataset);
      todo_.insert(dataset);
    }
  }

  // The next dataset whose turn has come, in the order of the graph; waits for one, nothing at the
  // end.
  std::optional<size_t> Take() {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (todo_.empty()) {
        return std::nullopt;
      }
      const auto ready = std::find_if(todo_.begin(), todo_.end(),
                                      [&](size_t dataset) { return waits_for_[dataset].empty(); });
      if (ready != todo_.end()) {
        return todo_.extract(ready).value();
      }
      changed_.wait(lock);
    }
  }

  void Done(size_t dataset) {
    const std::lock_guard lock(mutex_);
    for (std::set<size_t>& upstream : waits_for_) {
      upstream.erase(dataset);
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::set<size_t>> waits_for_;  // guarded by mutex_
  std::set<size_t> todo_;                    // guarded by mutex_
};

// Whether the rows come in batches that a checkpoint remembers.
bool IsStreamed(const Graph& graph, const Dataset& dataset) {
  return dataset.kind == sql::DatasetKind::kStreamingTable &&
         graph.flows[dataset.flows.front()].outside == nullptr;
}

// Starts every full refresh of the plan before any table changes, readers before what they read:
// wherever the update is cut off, no reader is left in the middle of a table that starts over.
Status StartFullRefreshes(RunContext& context) {
  const Graph& graph = context.graph();
  for (size_t dataset = graph.datasets.size(); dataset-- > 0;) {
    if (context.plan.datasets[dataset].full_refresh && IsStreamed(graph, graph.datasets[dataset])) {
      RETURN_IF_ERROR(context.cancellation.Check());
      RETURN_IF_ERROR(StreamingTable::StartFullRefresh(context, dataset));
    }
  }
  return OkStatus();
}

// Runs the flows of one dataset. Results of upstream flows are final before it starts.
class DatasetRun {
 public:
  // `refreshes` is what StartFullRefreshes said.
  DatasetRun(RunContext& context, size_t dataset, const Status& refreshes,
             std::vector<FlowResult>& results)
      : context_(context),
        dataset_(context.graph().datasets[dataset]),
        index_(dataset),
        refreshes_(refreshes),
        results_(results) {}

  void Run() {
    std::vector<size_t> runnable;
    for (const size_t flow : dataset_.flows) {
      if (MayRun(flow)) {
        runnable.push_back(flow);
      }
    }
    if (runnable.empty()) {
      return;
    }
    if (IsStreamed(context_.graph(), dataset_)) {
      RunStreamingTable(runnable);
    } else {
      RunFlow(runnable.front(), [&](FlowResult& result) {
        return BatchFlow(context_, runnable.front(), result).Run();
      });
    }
  }

 private:
  // Whether the flow's turn has come; otherwise says in its result why not.
  bool MayRun(size_t flow) {
    FlowResult& result = results_[flow];
    const FlowPlan& plan = context_.plan.flows[flow];
    if (!dataset_.IsStored()) {
      result.outcome = FlowOutcome::kSkipped;
      result.reason = "a temporary view is part of the flows that read it";
      return false;
    }
    if (plan.action == FlowAction::kExclude) {
      result.outcome = FlowOutcome::kExcluded;
      result.reason = plan.reason;
      Tell(flow, FlowStatus::kExcluded, fmt::format("Flow '{}' is not selected.", result.name));
      return false;
    }
    for (const size_t upstream : plan.after) {
      if (Blocks(results_[upstream].outcome)) {
        result.outcome = FlowOutcome::kUpstreamFailed;
        result.reason = fmt::format("'{}' failed", results_[upstream].name);
        Tell(flow, FlowStatus::kSkipped,
             fmt::format("Flow '{}' is not run because {}.", result.name, result.reason));
        return false;
      }
    }
    return true;
  }

  void RunStreamingTable(const std::vector<size_t>& flows) {
    std::optional<Result<StreamingTable>> table;
    for (const size_t flow : flows) {
      RunFlow(flow, [&](FlowResult& result) -> Status {
        if (context_.plan.datasets[index_].full_refresh) {
          RETURN_IF_ERROR(refreshes_);
        }
        if (!table) {
          table.emplace(StreamingTable::Open(context_, index_));
        }
        if (!*table) {
          return table->error();
        }
        RETURN_IF_ERROR(StreamFlow(context_, **table, flow, result).Run());
        const bool last = flow == flows.back() && AllSucceeded();
        return last ? (*table)->Finish() : OkStatus();
      });
    }
  }

  // Whether no flow of the dataset before this one failed or was held back.
  bool AllSucceeded() const {
    return std::none_of(dataset_.flows.begin(), dataset_.flows.end(),
                        [&](size_t flow) { return Blocks(results_[flow].outcome); });
  }

  template <class Body>
  void RunFlow(size_t flow, const Body& body) {
    FlowResult& result = results_[flow];
    if (context_.cancellation.cancelled()) {
      Stop(flow);
      return;
    }
    Tell(flow, FlowStatus::kStarting, fmt::format("Flow '{}' is starting.", result.name));
    const int64_t started = context_.clock.MonotonicMicros();
    Status status = body(result);
    result.seconds = static_cast<double>(context_.clock.MonotonicMicros() - started) / 1e6;
    if (!status && status.error().code() == ErrorCode::kCancelled) {
      Stop(flow);
    } else if (!status) {
      result.outcome = FlowOutcome::kFailed;
      context_.events.Emit(FailureEvent(dataset_, result.name, status.error()));
      result.error = std::move(status).error();
    } else if (result.outcome == FlowOutcome::kSkipped) {
      Tell(flow, FlowStatus::kSkipped,
           fmt::format("Flow '{}' is up to date: {}.", result.name, result.reason));
    } else {
      Tell(flow, FlowStatus::kCompleted,
           fmt::format("Flow '{}' has completed: {} written.", result.name,
                       Counted(result.rows_written, "row", "rows")));
    }
  }

  void Stop(size_t flow) {
    results_[flow].outcome = FlowOutcome::kCanceled;
    results_[flow].reason = "the update was stopped";
    Tell(flow, FlowStatus::kStopped, fmt::format("Flow '{}' was stopped.", results_[flow].name));
  }

  void Tell(size_t flow, FlowStatus status, std::string message) {
    context_.events.Emit(StatusEvent(dataset_, results_[flow].name, status, std::move(message),
                                     results_[flow].reason));
  }

  RunContext& context_;
  const Dataset& dataset_;
  size_t index_;
  const Status& refreshes_;
  std::vector<FlowResult>& results_;
};

std::vector<FlowResult> EmptyResults(const Graph& graph) {
  std::vector<FlowResult> results(graph.flows.size());
  for (size_t i = 0; i < results.size(); ++i) {
    results[i].flow = i;
    results[i].name = graph.flows[i].name;
    results[i].dataset = graph.target(graph.flows[i]).DisplayName();
  }
  return results;
}

}  // namespace

std::vector<FlowResult> RunFlows(RunContext& context, int threads) {
  // Each element is written by the one thread that runs its dataset, and read by others only after
  // Schedule::Done handed it over.
  std::vector<FlowResult> results = EmptyResults(context.graph());
  const Status refreshes = StartFullRefreshes(context);
  Schedule schedule(context.graph(), context.plan);
  const auto work = [&] {
    while (const auto dataset = schedule.Take()) {
      DatasetRun(context, *dataset, refreshes, results).Run();
      schedule.Done(*dataset);
    }
  };
  std::vector<std::jthread> workers;
  for (int i = 1; i < threads; ++i) {
    workers.emplace_back(work);
  }
  work();
  workers.clear();
  return results;
}

}  // namespace medallion::pipeline
