#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "sql/bound_query.h"
#include "sql/statement.h"

namespace medallion::sql {

// What a name in FROM stands for.
struct ResolvedTable {
  QualifiedName name;  // full
  Schema schema;
};
// A temporary view: its plan is inlined with fresh column ids.
struct ResolvedView {
  BoundQueryPtr query;
};
using ResolvedName = std::variant<ResolvedTable, ResolvedView>;

// A constant argument of `read_files`, with its place for messages.
struct FileOption {
  std::string name;  // as written, without back-quotes; `cloudFiles.` prefix removed
  Value value;
  Span span;
};

struct FileDescription {
  std::map<std::string, std::string> options;  // canonical names, defaults not filled in
  Schema schema;                               // columns of the result, `_rescued_data` included
};

// How the analyser learns about the world; implemented by `pipeline`. Errors without diagnostics
// get the place of the name or call.
class Resolver {
 public:
  virtual ~Resolver() = default;
  // kNotFound (condition TABLE_OR_VIEW_NOT_FOUND) with near names in the message's hints otherwise.
  virtual Result<ResolvedName> ResolveTable(const QualifiedName& name, bool streaming) = 0;
  // Checks options and path, infers or hints the schema. Unknown options are errors with the
  // nearest known name; a bad option's Span is the diagnostic's.
  virtual Result<FileDescription> DescribeFiles(const std::string& path,
                                                const std::vector<FileOption>& options,
                                                bool streaming) = 0;
};

struct AnalyzerContext {
  SourceTextPtr source;
  Resolver* resolver = nullptr;  // outlives the call
  std::string session_time_zone = "UTC";
};

// Resolves, types and coerces. The error carries every diagnostic that could be found.
Result<BoundQueryPtr> Analyze(const ast::Query& query, const AnalyzerContext& context);

// Projects `query` to the columns of `target`: by name for `INSERT … BY NAME` and by position for a
// declared column list, with Spark's store assignment casts (ANSI). Columns of `target` that the
// query lacks become NULL when `by_name`; a column that `target` lacks is an error.
Result<BoundQueryPtr> ProjectTo(const BoundQueryPtr& query, const Schema& target, bool by_name);

// Analyses a predicate over the output columns of `query`. Refuses aggregates, windows, generators
// and subqueries, and anything that is not boolean (Databricks, "Expectations").
Result<ExprPtr> AnalyzePredicate(const ast::Expression& predicate, const BoundQuery& query,
                                 const AnalyzerContext& context);

}  // namespace medallion::sql
