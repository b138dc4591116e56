#pragma once

#include "base/source_text.h"
#include "engine/engine.h"
#include "query/storage_resolver.h"
#include "sql/ast.h"

namespace medallion::query {

// A query whose tables are bound to snapshots; may be run any number of times, after its resolver
// is gone too. Inputs that are no tables are borrowed.
struct PreparedQuery {
  sql::BoundQueryPtr query;
  BoundInputs inputs;
  QueryContext context;
};

// Analyses a query against the resolver's tables. Errors of the text have a place in `source`.
Result<PreparedQuery> PrepareQuery(const sql::ast::Query& query, const SourceTextPtr& source,
                                   StorageResolver& resolver, const QueryContext& context);

}  // namespace medallion::query
