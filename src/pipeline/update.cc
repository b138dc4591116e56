#include "pipeline/update.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "checkpoint_world.h"
#include "digest.h"
#include "event_journal.h"
#include "event_log.h"
#include "event_stream.h"
#include "flow_events.h"
#include "kmeans_split.h"
#include "lineage_log.h"
#include "pipeline/journal_files.h"
#include "pipeline/update_lock.h"
#include "run_context.h"
#include "snapshot_pool.h"
#include "update_loop.h"

namespace medallion::pipeline {
namespace {

std::map<std::string, std::string> ConfigurationOf(const Project& project) {
  std::map<std::string, std::string> configuration;
  for (const auto& [key, parameter] : project.configuration) {
    configuration[key] = parameter.value;
  }
  return configuration;
}

Result<UpdatePlan> PlanIn(const Project& project, const Selection& selection,
                          const Catalog& catalog, SnapshotPool& snapshots, int64_t now_micros) {
  CheckpointWorld world(catalog, snapshots, selection);
  ASSIGN_OR_RETURN(GraphPtr graph, BuildGraph(project, world));
  return PlanUpdate(std::move(graph), selection, world, now_micros);
}

int ThreadsOf(const UpdateOptions& options) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return std::clamp(options.concurrent_datasets > 0 ? options.concurrent_datasets : cores, 1,
                    kConcurrentDatasetsMax);
}

// One update while it runs: the lock, the stream of events and what is written at its end.
class UpdateRun {
 public:
  UpdateRun(const Project& project, const UpdateOptions& options,
            const UpdateEnvironment& environment)
      : project_(project),
        options_(options),
        environment_(environment),
        snapshots_(environment.catalog),
        now_micros_(environment.clock.NowMicros()),
        started_(environment.clock.MonotonicMicros()) {
    result_.update_id = options.update_id.empty() ? environment.random.Uuid() : options.update_id;
  }

  Result<UpdateResult> Run() {
    RETURN_IF_ERROR(Begin());
    auto plan = Plan();
    if (!plan) {
      TellState(UpdateState::kFailed, EventLevel::kError, &plan.error());
      Close();
      return std::move(plan).error();
    }
    TellPlan(*plan);
    RunPlan(*plan);
    End(*plan);
    Close();
    result_.seconds = static_cast<double>(environment_.clock.MonotonicMicros() - started_) / 1e6;
    return std::move(result_);
  }

 private:
  std::string JournalFolder() const {
    return fmt::format("{}/{}", options_.state_folder, kJournalFolder);
  }

  // Takes the lock and opens the stream. Nothing has happened yet if it fails.
  Status Begin() {
    ASSIGN_OR_RETURN(lock_,
                     UpdateLock::Acquire(fmt::format("{}/{}", options_.state_folder, kLockFolder),
                                         project_.name, result_.update_id, environment_.clock));
    RETURN_IF_ERROR(environment_.catalog.CheckFormat());
    ASSIGN_OR_RETURN(dead_journals_, FindOpenJournals(JournalFolder()));
    for (const OpenJournal& journal : dead_journals_) {
      ASSIGN_OR_RETURN(const auto ids, EventIds(journal.lines));
      dead_updates_[journal.update_id].insert(ids.begin(), ids.end());
    }
    ASSIGN_OR_RETURN(journal_, EventJournal::Create(JournalFolder(), result_.update_id));
    std::vector<EventSink*> sinks = {journal_.get(), &buffer_};
    sinks.insert(sinks.end(), environment_.sinks.begin(), environment_.sinks.end());
    events_ = std::make_unique<EventStream>(Origin(), environment_.clock, std::move(sinks));
    TellStart();
    return OkStatus();
  }

  EventOrigin Origin() const {
    EventOrigin origin;
    origin.pipeline_id = UuidOf("pipeline/" + project_.name);
    origin.pipeline_name = project_.name;
    origin.update_id = result_.update_id;
    origin.host = options_.host;
    return origin;
  }

  void Tell(std::string message, EventDetails details) {
    Event event;
    event.message = std::move(message);
    event.details = std::move(details);
    events_->Emit(std::move(event));
  }

  void TellStart() {
    Tell(fmt::format("User {} started an update.", options_.user_name),
         UserAction{"START", options_.user_name});
    CreateUpdate create;
    create.cause = options_.cause;
    create.full_refresh = options_.selection.full_refresh_all;
    create.refresh_selection = options_.selection.refresh;
    create.full_refresh_selection = options_.selection.full_refresh;
    create.configuration = ConfigurationOf(project_);
    create.engine = environment_.engine.name();
    Tell(fmt::format("Update {} of '{}' started.", result_.update_id, project_.name),
         std::move(create));
    TellState(UpdateState::kInitializing, EventLevel::kInfo, nullptr);
  }

  void TellState(UpdateState state, EventLevel level, const Error* error) {
    Event event;
    event.message = fmt::format("Update {} is {}.", result_.update_id, ToString(state));
    event.level = level;
    if (error != nullptr) {
      event.error = ToEventError(*error, true);
    }
    event.details = UpdateProgress{state};
    events_->Emit(std::move(event));
  }

  Result<UpdatePlan> Plan() {
    ASSIGN_OR_RETURN(UpdatePlan plan, PlanIn(project_, options_.selection, environment_.catalog,
                                             snapshots_, now_micros_));
    RETURN_IF_ERROR(CheckQueries(plan));
    return plan;
  }

  // Finds what the engine cannot do before anything is written.
  Status CheckQueries(const UpdatePlan& plan) {
    for (const FlowPlan& flow : plan.flows) {
      if (flow.action == FlowAction::kRun || flow.action == FlowAction::kRunIfChanged) {
        RETURN_IF_ERROR(CheckFlow(plan.graph->flows[flow.flow], environment_.engine));
      }
    }
    return OkStatus();
  }

  void TellPlan(const UpdatePlan& plan) {
    const Graph& graph = *plan.graph;
    for (const Dataset& dataset : graph.datasets) {
      events_->Emit(DatasetDefinitionEvent(dataset));
    }
    for (const Flow& flow : graph.flows) {
      events_->Emit(FlowDefinitionEvent(graph, flow));
    }
    const bool resets =
        std::any_of(plan.datasets.begin(), plan.datasets.end(),
                    [](const DatasetPlan& dataset) { return dataset.full_refresh; });
    if (resets) {
      TellState(UpdateState::kResetting, EventLevel::kInfo, nullptr);
    }
    TellState(UpdateState::kSettingUpTables, EventLevel::kInfo, nullptr);
  }

  void RunPlan(const UpdatePlan& plan) {
    RunContext context{.plan = plan,
                       .settings = project_.settings,
                       .catalog = environment_.catalog,
                       .engine = environment_.engine,
                       .clock = environment_.clock,
                       .random = environment_.random,
                       .cancellation = environment_.cancellation,
                       .events = *events_,
                       .snapshots = snapshots_,
                       .dead_updates = dead_updates_,
                       .update_id = result_.update_id,
                       .update_time_micros = now_micros_,
                       .parameters = ConfigurationOf(project_)};
    TellState(UpdateState::kRunning, EventLevel::kInfo, nullptr);
    result_.graph = plan.graph;
    result_.flows = RunFlows(context, ThreadsOf(options_));
  }

  static UpdateState StateOf(const std::vector<FlowResult>& flows) {
    UpdateState state = UpdateState::kCompleted;
    for (const FlowResult& flow : flows) {
      if (flow.outcome == FlowOutcome::kCanceled) {
        return UpdateState::kCanceled;
      }
      if (flow.outcome == FlowOutcome::kFailed) {
        state = UpdateState::kFailed;
      }
    }
    return state;
  }

  SystemTableWriter Writer() const {
    return {environment_.catalog, environment_.engine, environment_.clock};
  }

  void End(const UpdatePlan& plan) {
    for (const FlowResult& flow : result_.flows) {
      result_.files_set_aside += flow.files_set_aside;
    }
    if (const Status lineage = RecordLineage(plan); !lineage) {
      result_.warnings.push_back("the table lineage was not written: " + lineage.error().message());
    }
    result_.state = StateOf(result_.flows);
    if (result_.state == UpdateState::kCanceled) {
      TellState(UpdateState::kStopping, EventLevel::kInfo, nullptr);
    }
    TellState(result_.state,
              result_.state == UpdateState::kFailed ? EventLevel::kError : EventLevel::kInfo,
              nullptr);
  }

  // The arrows of the tables that this update wrote, or of all if a killed one may have written
  // some.
  Status RecordLineage(const UpdatePlan& plan) {
    std::set<std::string> written;
    for (const FlowResult& flow : result_.flows) {
      if (flow.version) {
        written.insert(plan.graph->target(plan.graph->flows[flow.flow]).DisplayName());
      }
    }
    std::vector<TableLineage> arrows;
    for (const TableLineage& arrow : plan.table_lineage) {
      if (!dead_updates_.empty() || written.contains(arrow.target_table_full_name)) {
        arrows.push_back(arrow);
      }
    }
    return WriteLineage(Writer(), arrows, result_.update_id, now_micros_);
  }

  // Writes the event-log table. What fails here is in the journals and is written by the next
  // update.
  void Close() {
    std::vector<UpdateEvents> updates;
    for (OpenJournal& journal : dead_journals_) {
      updates.push_back({journal.update_id, std::move(journal.lines)});
    }
    updates.push_back({result_.update_id, buffer_.lines()});
    Status status = WriteEventLog(Writer(), updates);
    for (const OpenJournal& journal : dead_journals_) {
      if (status) {
        status = CloseJournal(journal);
      }
    }
    if (status) {
      status = journal_->Close();
    }
    if (!status) {
      result_.warnings.push_back("the event log was not written, its events are in " +
                                 journal_->path() + ": " + status.error().message());
    }
  }

  const Project& project_;
  const UpdateOptions& options_;
  const UpdateEnvironment& environment_;
  SnapshotPool snapshots_;
  const int64_t now_micros_;
  const int64_t started_;
  UpdateResult result_;
  std::unique_ptr<UpdateLock> lock_;
  std::vector<OpenJournal> dead_journals_;
  DeadUpdates dead_updates_;
  std::unique_ptr<EventJournal> journal_;
  EventBuffer buffer_;
  std::unique_ptr<EventStream> events_;
};

}  // namespace

Result<UpdatePlan> PlanProject(const Project& project, const Selection& selection,
                               const Catalog& catalog, int64_t now_micros) {
  SnapshotPool snapshots(catalog);
  return PlanIn(project, selection, catalog, snapshots, now_micros);
}

Status CheckFlow(const Flow& flow, Engine& engine) {
  if (flow.outside != nullptr) {
    RETURN_IF_ERROR(engine.Check(*flow.outside));
  }
  if (const std::optional<KMeansModelSplit> model = SplitKMeansModel(*flow.query)) {
    return engine.Check(model->rest);
  }
  const std::optional<KMeansSplit> kmeans = SplitKMeans(*flow.query);
  if (!kmeans) {
    return engine.Check(*flow.query);
  }
  RETURN_IF_ERROR(engine.Check(kmeans->training));
  return engine.Check(kmeans->rest);
}

Result<UpdateResult> RunUpdate(const Project& project, const UpdateOptions& options,
                               const UpdateEnvironment& environment) {
  return UpdateRun(project, options, environment).Run();
}

}  // namespace medallion::pipeline
