#pragma once

#include <set>
#include <vector>

#include "analysis.h"

namespace medallion::sql {

// The GROUP BY of one SELECT: collects the aggregates that its expressions contain and says the
// expressions over the Aggregate's columns.
class Aggregation {
 public:
  // `inputs`: the columns of FROM. `sets` as Aggregate::sets. `grouped` is false without GROUP BY.
  Aggregation(Analysis& analysis, std::set<ColumnId> inputs, bool grouped,
              std::vector<ExprPtr> groups, std::vector<std::vector<size_t>> sets);

  // Group expressions and aggregates become columns; any other column of FROM is an error.
  Result<ExprPtr> Rewrite(const ExprPtr& expr);

  RelationPtr Build(RelationPtr input) const;

 private:
  ExprPtr Replace(const ExprPtr& expr);
  ExprPtr ReplaceAggregate(const ExprPtr& expr);
  ExprPtr ReplaceGrouping(const Expr& expr, const AggregateExpr& node);
  ExprPtr GroupingBit(const Expr& expr, const ExprPtr& column);
  void CheckSubquery(const Expr& expr, const SubqueryExpr& node);
  Error Missing(const std::string& column, Span span) const;
  void Fail(Error error);

  Analysis& analysis_;
  std::set<ColumnId> inputs_;
  bool grouped_;
  std::vector<ExprPtr> groups_;
  std::vector<std::vector<size_t>> sets_;
  std::vector<BoundColumn> group_columns_;
  std::vector<ExprPtr> aggregates_;
  std::vector<BoundColumn> aggregate_columns_;
  std::optional<BoundColumn> grouping_id_;
  std::optional<Error> error_;
};

// Takes the window functions out of `exprs`, which then refer to columns of the Window above
// `input`; `input` itself if there is none.
RelationPtr ExtractWindows(Analysis& analysis, RelationPtr input, std::vector<ExprPtr>& exprs);

}  // namespace medallion::sql
