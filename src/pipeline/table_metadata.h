#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "delta/actions.h"
#include "delta/snapshot.h"
#include "pipeline/graph.h"

// What a table's Delta metadata must say for a dataset, and what may change without a full refresh.
// Pure.

namespace medallion::pipeline {

// The metadata that the dataset declares. The id is that of `existing`, which may be null, or a new
// one.
delta::Metadata DeclaredMetadata(const Dataset& dataset, const delta::SnapshotPtr& existing,
                                 int64_t now_micros, Random& random);

// The metadata of a streaming table that keeps its rows: declared columns with their comments, new
// ones at the end, and columns that are no longer declared, which become nullable. Columns that
// changed their type and other partitioning are kSpecification with the advice to refresh in full.
Result<delta::Metadata> EvolvedMetadata(const Dataset& dataset, const delta::Metadata& existing);

// The dataset's columns under the names by which the table's files know them (letter case may
// differ).
Schema StoredColumns(const Dataset& dataset, const delta::SnapshotPtr& existing);

// Names of the columns that `after` has and `before` lacks.
std::vector<std::string> AddedColumns(const Schema& before, const Schema& after);

// `existing` followed by the columns of `added` that it lacks, all nullable. A column that both
// have with different types is kSpecification; `table` names the table in the message.
Result<Schema> UnionOfColumns(const Schema& existing, const Schema& added, std::string_view table);

}  // namespace medallion::pipeline
