#pragma once

#include <vector>

#include "base/diagnostic.h"

namespace medallion::pipeline {

// Orders findings as a person reads: those without a place first, then file by file in the order in
// which the files first occur, within a file from top to bottom. Exact repetitions are removed.
void SortByPlace(std::vector<Diagnostic>& findings);

}  // namespace medallion::pipeline
