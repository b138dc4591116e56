#include "refresh_selection.h"

#include <utility>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

constexpr std::string_view kResetAllowed = "pipelines.reset.allowed";

bool MayReset(const Dataset& dataset) {
  for (const auto& [key, value] : dataset.properties) {
    if (EqualsIgnoreCase(key, kResetAllowed)) {
      return !EqualsIgnoreCase(value, "false");
    }
  }
  return true;
}

class SelectionReader {
 public:
  explicit SelectionReader(const Graph& graph) : graph_(graph), choices_(graph.datasets.size()) {}

  Result<std::vector<RefreshChoice>> Read(const Selection& selection) {
    const bool names_given = !selection.refresh.empty() || !selection.full_refresh.empty();
    if (selection.full_refresh_all && names_given) {
      return Error(ErrorCode::kSpecification,
                   {Diagnostic::Unplaced(
                       "CONFLICTING_PIPELINE_REFRESH_OPTIONS",
                       "--full-refresh-all cannot be combined with --refresh or --full-refresh",
                       {"--full-refresh-all covers every dataset: leave the others out"})})
          .WithCondition("CONFLICTING_PIPELINE_REFRESH_OPTIONS");
    }
    if (selection.full_refresh_all) {
      ResetAll();
    } else if (names_given) {
      for (size_t i = 0; i < choices_.size(); ++i) {
        choices_[i].selected = !graph_.datasets[i].IsStored();
      }
      Select(selection.refresh, false);
      Select(selection.full_refresh, true);
    }
    if (!findings_.empty()) {
      return Error(ErrorCode::kSpecification, std::move(findings_));
    }
    return std::move(choices_);
  }

 private:
  void ResetAll() {
    for (size_t i = 0; i < choices_.size(); ++i) {
      const bool stored = graph_.datasets[i].IsStored();
      choices_[i].full_refresh = stored && MayReset(graph_.datasets[i]);
      choices_[i].kept_from_reset = stored && !choices_[i].full_refresh;
    }
  }

  void Select(const std::vector<std::string>& names, bool full) {
    for (const std::string& name : names) {
      const std::optional<size_t> dataset = Find(name);
      if (!dataset || !CheckReset(*dataset, name, full)) {
        continue;
      }
      choices_[*dataset].selected = true;
      choices_[*dataset].full_refresh = choices_[*dataset].full_refresh || full;
    }
  }

  std::optional<size_t> Find(const std::string& name) {
    const std::vector<size_t> found = graph_.FindDatasets(name);
    if (found.size() != 1) {
      found.empty() ? ReportUnknown(name) : ReportAmbiguous(name, found);
      return std::nullopt;
    }
    const size_t dataset = found.front();
    if (!graph_.datasets[dataset].IsStored()) {
      findings_.push_back(
          Diagnostic::Unplaced("PIPELINE_DATASET_NOT_REFRESHABLE",
                               fmt::format("a temporary view has nothing to refresh: {}", name),
                               {"name the tables that read it"}));
      return std::nullopt;
    }
    return dataset;
  }

  void ReportAmbiguous(const std::string& name, const std::vector<size_t>& found) {
    std::vector<std::string> full_names;
    for (const size_t dataset : found) {
      full_names.push_back(graph_.datasets[dataset].DisplayName());
    }
    findings_.push_back(Diagnostic::Unplaced(
        "AMBIGUOUS_DATASET_NAME", fmt::format("several datasets are named `{}`", name),
        {fmt::format("write one of {}", Join(full_names, ", "))}));
  }

  void ReportUnknown(const std::string& name) {
    std::vector<std::string> candidates;
    const bool qualified = name.find('.') != std::string::npos;
    for (const Dataset& dataset : graph_.datasets) {
      if (dataset.IsStored()) {
        candidates.push_back(qualified ? dataset.DisplayName() : dataset.name.table);
      }
    }
    const std::optional<std::string> nearest = NearestName(name, candidates);
    findings_.push_back(Diagnostic::Unplaced(
        "PIPELINE_DATASET_NOT_FOUND", fmt::format("the pipeline has no dataset `{}`", name),
        {nearest ? fmt::format("did you mean `{}`?", *nearest)
                 : fmt::format("datasets: {}", Join(candidates, ", "))}));
  }

  bool CheckReset(size_t dataset, const std::string& name, bool full) {
    if (!full || MayReset(graph_.datasets[dataset])) {
      return true;
    }
    Diagnostic finding = Diagnostic::Unplaced(
        "PIPELINE_RESET_NOT_ALLOWED",
        fmt::format("`{}` has {} = false and cannot be refreshed in full", name, kResetAllowed),
        {"use --refresh for it, or remove the property"});
    finding.source = graph_.datasets[dataset].place.source;
    finding.span = graph_.datasets[dataset].place.span;
    findings_.push_back(std::move(finding));
    return false;
  }

  const Graph& graph_;
  std::vector<RefreshChoice> choices_;
  std::vector<Diagnostic> findings_;
};

}  // namespace

Result<std::vector<RefreshChoice>> ResolveSelection(const Graph& graph,
                                                    const Selection& selection) {
  return SelectionReader(graph).Read(selection);
}

}  // namespace medallion::pipeline
