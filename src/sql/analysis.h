#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "sql/analyzer.h"

namespace medallion::sql {

// What one run of the analyser collects: inputs, identities, findings. The binders of expressions,
// relations and queries share it.
class Analysis {
 public:
  explicit Analysis(const AnalyzerContext& context) : context_(context) {}

  const AnalyzerContext& context() const { return context_; }

  ColumnId NewId() { return {next_id_++}; }
  int64_t NewCteId() { return next_id_++; }
  BoundColumn NewColumn(std::string name, const Expr& expr);
  BoundColumn NewColumn(std::string name, DataType type, bool nullable);

  // Findings with a place. `label` stands under the caret, hints below.
  Error Problem(Span span, std::string condition, std::string message, std::string label = "",
                std::vector<std::string> hints = {}) const;
  Error Unsupported(Span span, std::string what, std::vector<std::string> hints = {}) const;
  // Gives an error that has no place this one.
  Error Place(Error error, Span span) const;

  // Allows one more copy of `expr`, as aliases, BETWEEN and CASE make. Copies of copies grow beyond
  // all bounds: `SELECT a + a AS b, b + b AS c, …` doubles with every item.
  Status AllowCopy(const Expr& expr, Span span);

  // Keeps an error so that the rest can still be looked at. What was reported already is not
  // repeated.
  void Report(const Error& error);
  bool failed() const { return !diagnostics_.empty(); }
  Error Failure() const;

  std::vector<TableInput> tables;
  std::vector<FileInput> files;
  // By index into `files`: the columns of FileInput::metadata_fields.
  std::map<size_t, std::vector<BoundColumn>> metadata_columns;

 private:
  const AnalyzerContext& context_;
  int64_t next_id_ = 1;
  size_t copied_nodes_ = 0;
  std::vector<Diagnostic> diagnostics_;
  ErrorCode first_code_ = ErrorCode::kSpecification;
};

// The value, or null after the error was reported.
template <class T>
std::optional<T> Keep(Analysis& analysis, Result<T> result) {
  if (!result) {
    analysis.Report(result.error());
    return std::nullopt;
  }
  return *std::move(result);
}

}  // namespace medallion::sql
