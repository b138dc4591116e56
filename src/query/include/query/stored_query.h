#pragma once

#include <memory>

#include "base/source_text.h"
#include "engine/engine.h"
#include "query/storage_resolver.h"
#include "sql/ast.h"

namespace medallion::query {

// Analyses a query against the resolver's tables and starts it. The rows are those of the snapshots
// that the resolver holds; they may be read after `resolver` is gone, not after `engine`. Errors of
// the text have a place in `source`.
Result<std::unique_ptr<ResultRows>> StartQuery(const sql::ast::Query& query,
                                               const SourceTextPtr& source,
                                               StorageResolver& resolver, Engine& engine,
                                               const QueryContext& context);

}  // namespace medallion::query
