#pragma once

#include <cstddef>
#include <vector>

#include "base/diagnostic.h"
#include "declarations.h"
#include "dependency_order.h"
#include "name_resolution.h"
#include "table_references.h"

// Who reads whom, from the text of the queries alone.

namespace medallion::pipeline {

struct ResolvedMention {
  TableMention mention;
  NameMeaning meaning;
};

struct FlowMentions {
  std::vector<ResolvedMention> tables;
  // A name is unknown or may not be read this way: the flow cannot be analysed.
  bool broken = false;
};

// By index as Declarations::flows. Appends a finding for each unknown table, unless a file that
// could not be read seems to declare it, and for each STREAM over a materialized view.
std::vector<FlowMentions> ResolveMentions(const Declarations& declarations, NameResolution& names,
                                          std::vector<Diagnostic>& findings);

// `needs` of each dataset: the datasets that its flows name, sorted and unique.
Dependencies DatasetDependencies(const Declarations& declarations,
                                 const std::vector<FlowMentions>& mentions);

// Appends one finding per cycle, listing each step with its place.
void ReportCycles(const Declarations& declarations, const std::vector<FlowMentions>& mentions,
                  const std::vector<std::vector<size_t>>& cycles,
                  std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
