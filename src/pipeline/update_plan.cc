#include "pipeline/update_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "definition_hash.h"
#include "file_sources.h"
#include "finding_order.h"
#include "lineage.h"
#include "pipeline/session_date.h"
#include "refresh_selection.h"
#include "table_change.h"

namespace medallion::pipeline {
namespace {

// Txn versions are signed.
int64_t Positive(uint64_t hash) { return static_cast<int64_t>(hash & 0x7FFF'FFFF'FFFF'FFFFULL); }

int64_t HashListing(const ingest::Listing& listing) {
  std::vector<std::string> parts;
  for (const ingest::LandedFile& file : listing.files) {
    parts.push_back(file.path);
    parts.push_back(fmt::format("{} {}", file.size_bytes, file.modified_micros));
  }
  std::sort(parts.begin(), parts.end());
  return Positive(StableHash(parts));
}

std::string HashPath(const std::string& path) {
  const std::vector<std::string> parts = {path};
  return fmt::format("{:016x}", StableHash(parts));
}

std::vector<PlannedFiles> PlanFiles(const Flow& flow) {
  std::vector<PlannedFiles> planned;
  for (const FlowFiles& files : flow.files) {
    PlannedFiles entry;
    entry.path = files.path;
    entry.files_total = static_cast<int64_t>(files.listing.files.size());
    for (const ingest::LandedFile& file : NewFiles(files)) {
      ++entry.files_new;
      entry.bytes_new += file.size_bytes;
    }
    planned.push_back(std::move(entry));
  }
  return planned;
}

// Decides flow by flow, in topological order.
class Planner {
 public:
  Planner(GraphPtr graph, World& world, int64_t now_micros)
      : graph_(std::move(graph)), world_(world), now_micros_(now_micros) {}

  Result<UpdatePlan> Plan(const Selection& selection) {
    ASSIGN_OR_RETURN(const std::vector<RefreshChoice> choices,
                     ResolveSelection(*graph_, selection));
    RETURN_IF_ERROR(PlanDatasets(choices));
    plan_.flows.resize(graph_->flows.size());
    for (size_t i = 0; i < graph_->flows.size(); ++i) {
      RETURN_IF_ERROR(PlanFlow(i));
    }
    plan_.table_lineage = FindTableLineage(*graph_);
    plan_.column_lineage = FindColumnLineage(*graph_);
    plan_.graph = std::move(graph_);
    return std::move(plan_);
  }

 private:
  Status PlanDatasets(const std::vector<RefreshChoice>& choices) {
    std::vector<Diagnostic> findings;
    for (size_t i = 0; i < graph_->datasets.size(); ++i) {
      DatasetPlan dataset;
      dataset.selected = choices[i].selected;
      dataset.full_refresh = choices[i].full_refresh;
      if (graph_->datasets[i].IsStored()) {
        ASSIGN_OR_RETURN(const delta::SnapshotPtr snapshot,
                         world_.FindTable(graph_->datasets[i].name));
        PlanTableChange(graph_->datasets[i], snapshot, dataset, findings);
      }
      plan_.datasets.push_back(std::move(dataset));
    }
    if (!findings.empty()) {
      SortByPlace(findings);
      return Error(ErrorCode::kSpecification, std::move(findings));
    }
    return OkStatus();
  }

  Status PlanFlow(size_t index) {
    const Flow& flow = graph_->flows[index];
    FlowPlan& planned = plan_.flows[index];
    planned.flow = index;
    planned.full_refresh = plan_.datasets[flow.target].full_refresh;
    planned.files = PlanFiles(flow);
    planned.after = FlowsBefore(flow);
    const Dataset& target = graph_->target(flow);
    if (!target.IsStored()) {
      planned.reason = "computed by its readers";
      planned.action = FlowAction::kExclude;
    } else if (!plan_.datasets[flow.target].selected) {
      planned.reason = "not selected";
      planned.action = FlowAction::kExclude;
    } else if (target.kind == sql::DatasetKind::kMaterializedView || flow.outside != nullptr) {
      return PlanView(flow, planned);
    } else {
      planned.reason = StreamReason(planned);
    }
    return OkStatus();
  }

  std::vector<size_t> FlowsBefore(const Flow& flow) const {
    std::vector<size_t> before;
    for (const size_t dataset : flow.upstream) {
      const std::vector<size_t>& flows = graph_->datasets[dataset].flows;
      before.insert(before.end(), flows.begin(), flows.end());
    }
    std::sort(before.begin(), before.end());
    return before;
  }

  static std::string StreamReason(const FlowPlan& planned) {
    if (planned.full_refresh) {
      return "full refresh";
    }
    int64_t files = 0;
    for (const PlannedFiles& entry : planned.files) {
      files += entry.files_new;
    }
    if (planned.files.empty()) {
      return "new rows of its sources";
    }
    return files == 0 ? "no new files" : fmt::format("{} new files", files);
  }

  Status PlanView(const Flow& flow, FlowPlan& planned) {
    if (planned.full_refresh) {
      planned.reason = "full refresh";
      return OkStatus();
    }
    const delta::SnapshotPtr& table = plan_.datasets[flow.target].snapshot;
    const std::optional<ViewRecord> last = table != nullptr ? ReadViewRecord(*table) : std::nullopt;
    if (plan_.datasets[flow.target].change == TableChange::kReplace) {
      planned.reason = "its columns changed";
      return OkStatus();
    }
    ASSIGN_OR_RETURN(const std::vector<delta::SnapshotPtr> inputs, InputSnapshots(flow));
    ViewRecord now = CurrentViewRecord(*graph_, flow, inputs, now_micros_);
    const bool inputs_may_change = MayChange(planned.after);
    if (inputs_may_change && last) {
      now.tables = last->tables;  // not known before their flows have run
    }
    const SkipDecision decision =
        DecideSkip(last, now, flow.query->deterministic, TableNames(flow, inputs));
    planned.reason = decision.skip && inputs_may_change ? "if an input changes" : decision.reason;
    if (decision.skip) {
      planned.action = inputs_may_change ? FlowAction::kRunIfChanged : FlowAction::kSkip;
    }
    return OkStatus();
  }

  bool MayChange(const std::vector<size_t>& flows) const {
    return std::any_of(flows.begin(), flows.end(), [&](size_t flow) {
      const FlowAction action = plan_.flows[flow].action;
      return action == FlowAction::kRun || action == FlowAction::kRunIfChanged;
    });
  }

  Result<std::vector<delta::SnapshotPtr>> InputSnapshots(const Flow& flow) {
    std::vector<delta::SnapshotPtr> snapshots;
    for (const FlowTable& table : flow.tables) {
      ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, world_.FindTable(table.name));
      snapshots.push_back(std::move(snapshot));
    }
    return snapshots;
  }

  static std::map<std::string, std::string> TableNames(
      const Flow& flow, const std::vector<delta::SnapshotPtr>& inputs) {
    std::map<std::string, std::string> names;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i] != nullptr) {
        names[inputs[i]->metadata().id] = flow.tables[i].name.table;
      }
    }
    return names;
  }

  GraphPtr graph_;
  World& world_;
  int64_t now_micros_;
  UpdatePlan plan_;
};

}  // namespace

Result<UpdatePlan> PlanUpdate(GraphPtr graph, const Selection& selection, World& world,
                              int64_t now_micros) {
  CHECK(graph != nullptr);
  return Planner(std::move(graph), world, now_micros).Plan(selection);
}

ViewRecord CurrentViewRecord(const Graph& graph, const Flow& flow,
                             const std::vector<delta::SnapshotPtr>& inputs, int64_t now_micros) {
  CHECK_EQ(inputs.size(), flow.tables.size());
  ViewRecord record;
  record.definition = Positive(flow.definition_hash);
  if (flow.query->uses_current_date) {
    const Result<int32_t> date = DateInZone(now_micros, graph.session_time_zone);
    CHECK(date.has_value());  // BuildGraph refuses unknown zones
    record.update_date = *date;
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != nullptr && !Graph::ReadsItself(flow, i)) {
      record.tables[inputs[i]->metadata().id] = inputs[i]->version();
    }
  }
  for (const FlowFiles& files : flow.files) {
    record.files[HashPath(files.path)] = HashListing(files.listing);
  }
  return record;
}

}  // namespace medallion::pipeline
