#include "query/stored_query.h"

#include "sql/analyzer.h"

namespace medallion::query {

Result<std::unique_ptr<ResultRows>> StartQuery(const sql::ast::Query& query,
                                               const SourceTextPtr& source,
                                               StorageResolver& resolver, Engine& engine,
                                               const QueryContext& context) {
  const sql::AnalyzerContext analysis{
      .source = source, .resolver = &resolver, .session_time_zone = context.session_time_zone};
  ASSIGN_OR_RETURN(const sql::BoundQueryPtr bound, sql::Analyze(query, analysis));
  BoundInputs inputs;
  ASSIGN_OR_RETURN(inputs.tables, resolver.Bind(*bound));
  return engine.Query(*bound, inputs, context);
}

}  // namespace medallion::query
