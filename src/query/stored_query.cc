#include "query/stored_query.h"

#include "sql/analyzer.h"

namespace medallion::query {

Result<PreparedQuery> PrepareQuery(const sql::ast::Query& query, const SourceTextPtr& source,
                                   StorageResolver& resolver, const QueryContext& context) {
  const sql::AnalyzerContext analysis{
      .source = source, .resolver = &resolver, .session_time_zone = context.session_time_zone};
  PreparedQuery prepared{.context = context};
  ASSIGN_OR_RETURN(prepared.query, sql::Analyze(query, analysis));
  ASSIGN_OR_RETURN(prepared.inputs.tables, resolver.Bind(*prepared.query));
  return prepared;
}

}  // namespace medallion::query
