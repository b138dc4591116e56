#include "pipeline/graph.h"

#include "base/check.h"
#include "base/text.h"

namespace medallion::pipeline {
namespace {

RuleAction ToRuleAction(sql::ViolationAction action) {
  switch (action) {
    case sql::ViolationAction::kWarn: return RuleAction::kWarn;
    case sql::ViolationAction::kDropRow: return RuleAction::kDropRow;
    case sql::ViolationAction::kFailUpdate: return RuleAction::kFailUpdate;
  }
  return RuleAction::kWarn;
}

// Whether `name` is the dataset's full name or an end of it that begins at a dot.
bool Names(std::string_view name, const Dataset& dataset) {
  const std::string full = ToLower(dataset.DisplayName());
  const std::string wanted = ToLower(name);
  return full == wanted || full.ends_with("." + wanted);
}

}  // namespace

bool Dataset::IsStored() const {
  return kind == sql::DatasetKind::kStreamingTable || kind == sql::DatasetKind::kMaterializedView;
}

std::string Dataset::DisplayName() const {
  return name.catalog.empty() ? name.table : name.ToString();
}

std::optional<size_t> Graph::FindDataset(std::string_view name) const {
  const std::vector<size_t> found = FindDatasets(name);
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

std::vector<size_t> Graph::FindDatasets(std::string_view name) const {
  std::vector<size_t> found;
  for (size_t i = 0; i < datasets.size(); ++i) {
    if (Names(name, datasets[i])) {
      found.push_back(i);
    }
  }
  return found;
}

std::vector<Rule> FlowRules(const Graph& graph, size_t flow) {
  const Dataset& target = graph.target(graph.flows[flow]);
  size_t place = 0;
  while (place < target.flows.size() && target.flows[place] != flow) {
    ++place;
  }
  CHECK(place < target.flows.size());
  std::vector<Rule> rules;
  for (const Expectation& expectation : target.expectations) {
    rules.push_back(
        {expectation.name, expectation.predicates[place], ToRuleAction(expectation.action)});
  }
  return rules;
}

}  // namespace medallion::pipeline
