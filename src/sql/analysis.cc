#include "analysis.h"

#include <algorithm>

#include "expr_builder.h"

namespace medallion::sql {

BoundColumn Analysis::NewColumn(std::string name, const Expr& expr) {
  return {NewId(), std::move(name), expr.type, expr.nullable};
}

BoundColumn Analysis::NewColumn(std::string name, DataType type, bool nullable) {
  return {NewId(), std::move(name), std::move(type), nullable};
}

Error Analysis::Problem(Span span, std::string condition, std::string message, std::string label,
                        std::vector<std::string> hints) const {
  return Error(ErrorCode::kSpecification,
               {Diagnostic::At(context_.source, span, condition, std::move(message),
                               std::move(label), std::move(hints))})
      .WithCondition(std::move(condition));
}

Error Analysis::Unsupported(Span span, std::string what, std::vector<std::string> hints) const {
  return Error(ErrorCode::kUnsupported,
               {Diagnostic::At(context_.source, span, "UNSUPPORTED_FEATURE",
                               what + " is not supported", "not supported", std::move(hints))})
      .WithCondition("UNSUPPORTED_FEATURE");
}

Error Analysis::Place(Error error, Span span) const {
  if (!error.diagnostics().empty()) {
    return error;
  }
  return Error(error.code(),
               {Diagnostic::At(context_.source, span, error.condition(), error.message(), "", {})})
      .WithCondition(error.condition());
}

Status Analysis::AllowCopy(const Expr& expr, Span span) {
  // A hundred times what the largest hand-written queries need; visitors of the plan recurse, so
  // the depth is limited too (the parser allows 500 levels in the text).
  constexpr size_t kCopiedNodesMax = 200'000;
  constexpr size_t kDepthMax = 2'000;
  const ExprExtent extent = ExtentOf(expr);
  copied_nodes_ += extent.nodes;
  if (copied_nodes_ <= kCopiedNodesMax && extent.depth <= kDepthMax) {
    return OkStatus();
  }
  return Problem(span, "EXPRESSION_TOO_LARGE",
                 "the query becomes too large when aliases, BETWEEN and CASE are written out",
                 "one copy too many", {"compute the repeated part in a subquery"});
}

void Analysis::Report(const Error& error) {
  if (diagnostics_.empty()) {
    first_code_ = error.code();
  }
  // An error without a place comes only from the resolver; it is kept as a finding without one.
  if (error.diagnostics().empty()) {
    diagnostics_.push_back(
        {Severity::kError, error.condition(), error.message(), nullptr, {}, "", {}});
  }
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    const auto same = [&](const Diagnostic& known) {
      return known.message == diagnostic.message && known.span.begin == diagnostic.span.begin &&
             known.span.end == diagnostic.span.end;
    };
    if (std::none_of(diagnostics_.begin(), diagnostics_.end(), same)) {
      diagnostics_.push_back(diagnostic);
    }
  }
}

Error Analysis::Failure() const {
  return Error(first_code_, diagnostics_).WithCondition(diagnostics_.front().condition);
}

}  // namespace medallion::sql
