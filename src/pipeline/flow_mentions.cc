#include "flow_mentions.h"

#include <algorithm>
#include <utility>

namespace medallion::pipeline {
namespace {

Diagnostic UnknownName(const FlowDeclaration& flow, const TableMention& mention,
                       const UnknownTable& unknown) {
  return Diagnostic::At(flow.source, mention.span, "TABLE_OR_VIEW_NOT_FOUND",
                        fmt::format("unknown table or view: {}", mention.name.ToString()),
                        "not found", unknown.hints);
}

// A materialized view is overwritten as a whole, the table of a REPLACE WHERE flow in part, so
// their Delta logs have changes that no stream can follow (Delta, "Table streaming reads": updates
// and deletes of a source).
Diagnostic StreamOverReplaced(const FlowDeclaration& flow, const TableMention& mention,
                              const DatasetDeclaration& dataset) {
  const bool view = dataset.statement.kind == sql::DatasetKind::kMaterializedView;
  std::vector<std::string> hints = {"make the reader a MATERIALIZED VIEW and remove STREAM"};
  if (view) {
    hints.push_back(fmt::format(
        "or, if rows of `{}` are only ever added, make it a STREAMING TABLE ({})",
        mention.name.ToString(), dataset.source->ShowPlace(dataset.statement.name.span)));
  }
  return Diagnostic::At(
      flow.source, mention.span, "INVALID_STREAMING_SOURCE",
      fmt::format("`{}` is {}: its rows are replaced at each update, a stream of them would repeat "
                  "or miss rows",
                  mention.name.ToString(),
                  view ? "a materialized view" : "filled by a REPLACE WHERE flow"),
      "read as a stream", std::move(hints));
}

class MentionReader {
 public:
  MentionReader(const Declarations& declarations, NameResolution& names,
                std::vector<Diagnostic>& findings)
      : declarations_(declarations), names_(names), findings_(findings) {}

  FlowMentions Read(const FlowDeclaration& flow) {
    FlowMentions result;
    for (TableMention& mention : FindTableReferences(*flow.query)) {
      Result<NameMeaning> meaning = names_.Resolve(mention.name, flow.where, mention.live);
      if (!meaning) {
        findings_.push_back(
            Diagnostic::At(flow.source, mention.span, meaning.error().condition(),
                           fmt::format("cannot read table {}: {}", mention.name.ToString(),
                                       meaning.error().message()),
                           "this table", {}));
        result.broken = true;
        continue;
      }
      result.broken = !IsReadable(flow, mention, *meaning) || result.broken;
      result.tables.push_back({std::move(mention), *std::move(meaning)});
    }
    return result;
  }

 private:
  bool IsReadable(const FlowDeclaration& flow, const TableMention& mention,
                  const NameMeaning& meaning) {
    if (const auto* unknown = std::get_if<UnknownTable>(&meaning)) {
      if (!declarations_.MayBeDeclared(mention.name.last())) {
        findings_.push_back(UnknownName(flow, mention, *unknown));
      }
      return false;
    }
    const auto* dataset = std::get_if<size_t>(&meaning);
    if (dataset == nullptr || !mention.streaming) {
      return true;
    }
    const DatasetDeclaration& declaration = declarations_.datasets[*dataset];
    if (declaration.statement.kind != sql::DatasetKind::kMaterializedView &&
        !declarations_.IsReplaced(*dataset)) {
      return true;
    }
    findings_.push_back(StreamOverReplaced(flow, mention, declaration));
    return false;
  }

  const Declarations& declarations_;
  NameResolution& names_;
  std::vector<Diagnostic>& findings_;
};

// Where a flow of dataset `from` names dataset `to`.
struct Step {
  const FlowDeclaration* flow = nullptr;
  Span span;
};

Step FindStep(const Declarations& declarations, const std::vector<FlowMentions>& mentions,
              size_t from, size_t to) {
  for (size_t i = 0; i < mentions.size(); ++i) {
    if (declarations.flows[i].target != from) {
      continue;
    }
    for (const ResolvedMention& table : mentions[i].tables) {
      const auto* dataset = std::get_if<size_t>(&table.meaning);
      if (dataset != nullptr && *dataset == to) {
        return {&declarations.flows[i], table.mention.span};
      }
    }
  }
  return {};
}

}  // namespace

std::vector<FlowMentions> ResolveMentions(const Declarations& declarations, NameResolution& names,
                                          std::vector<Diagnostic>& findings) {
  MentionReader reader(declarations, names, findings);
  std::vector<FlowMentions> mentions;
  for (const FlowDeclaration& flow : declarations.flows) {
    mentions.push_back(reader.Read(flow));
  }
  return mentions;
}

Dependencies DatasetDependencies(const Declarations& declarations,
                                 const std::vector<FlowMentions>& mentions) {
  Dependencies needs(declarations.datasets.size());
  for (size_t i = 0; i < mentions.size(); ++i) {
    for (const ResolvedMention& table : mentions[i].tables) {
      const auto* dataset = std::get_if<size_t>(&table.meaning);
      const FlowDeclaration& flow = declarations.flows[i];
      // A REPLACE WHERE flow may build on what its table held before.
      if (dataset != nullptr && !(flow.replace_where && *dataset == flow.target)) {
        needs[flow.target].push_back(*dataset);
      }
    }
  }
  for (std::vector<size_t>& list : needs) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return needs;
}

void ReportCycles(const Declarations& declarations, const std::vector<FlowMentions>& mentions,
                  const std::vector<std::vector<size_t>>& cycles,
                  std::vector<Diagnostic>& findings) {
  for (const std::vector<size_t>& cycle : cycles) {
    std::string path = declarations.datasets[cycle.front()].name.table;
    std::vector<std::string> hints;
    for (size_t i = 0; i < cycle.size(); ++i) {
      const size_t next = cycle[(i + 1) % cycle.size()];
      const Step step = FindStep(declarations, mentions, cycle[i], next);
      path += " → " + declarations.datasets[next].name.table;
      hints.push_back(fmt::format(
          "`{}` reads `{}` at {}", declarations.datasets[cycle[i]].name.table,
          declarations.datasets[next].name.table, step.flow->source->ShowPlace(step.span)));
    }
    hints.push_back("remove one of these reads, or read a table outside the pipeline instead");
    const Step first = FindStep(declarations, mentions, cycle.front(), cycle[1 % cycle.size()]);
    const bool itself = cycle.size() == 1;
    findings.push_back(
        Diagnostic::At(first.flow->source, first.span, "PIPELINE_CYCLE",
                       itself ? fmt::format("`{}` reads itself", path.substr(0, path.find(' ')))
                              : fmt::format("tables read each other in a circle: {}", path),
                       itself ? "reads itself" : "the circle starts here", std::move(hints)));
  }
}

}  // namespace medallion::pipeline
