#pragma once

#include <vector>

#include "delta/snapshot.h"
#include "engine/engine.h"
#include "pipeline/graph.h"
#include "storage/object_store.h"

// Which files of its table a REPLACE WHERE flow touches.

namespace medallion::pipeline {

struct ReplacedFiles {
  std::vector<delta::AddFile> removed;
  // Of `removed`, those that may hold rows to keep too: these rows are written again.
  std::vector<delta::AddFile> rewritten;
};

// A predicate over partition columns alone decides file by file, whatever the table's size.
// Otherwise every file is taken, so such a table grows more expensive with its history.
Result<ReplacedFiles> FindReplacedFiles(Engine& engine, const Flow& flow,
                                        const delta::Snapshot& table, const QueryContext& context);

}  // namespace medallion::pipeline
