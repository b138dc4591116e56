#pragma once

#include <map>
#include <string>
#include <vector>

#include "scope.h"
#include "sql/functions.h"

namespace medallion::sql {

class QueryBinder;

// What may stand in an expression, and how its names are looked up.
struct ExpressionRules {
  std::string clause;  // "WHERE", for messages
  bool aggregates = false;
  bool windows = false;
  bool subqueries = true;
  Scope::AliasOrder aliases = Scope::AliasOrder::kIgnored;
  // WINDOW clause of the SELECT; may be null.
  const std::map<std::string, ast::WindowSpec>* named_windows = nullptr;
};

// Binds expressions over one scope. Aggregate and window functions stay where they were written, as
// AggregateExpr and WindowExpr inside the tree; SelectBinder takes them out.
class ExpressionBinder {
 public:
  // `queries` binds subqueries and outlives the binder, as do the others.
  ExpressionBinder(Analysis& analysis, QueryBinder& queries, Scope& scope, ExpressionRules rules)
      : analysis_(analysis), queries_(queries), scope_(scope), rules_(std::move(rules)) {}

  Result<ExprPtr> Bind(const ast::Expression& expression);
  // For conditions: BOOLEAN, or NULL.
  Result<ExprPtr> BindCondition(const ast::Expression& expression);
  Result<SortKey> BindSortKey(const ast::SortItem& item);

 private:
  using ExprList = std::vector<ExprPtr>;

  Result<ExprPtr> BindNode(const ast::Literal& node, Span span);
  Result<ExprPtr> BindNode(const ast::IntervalLiteral& node, Span span);
  Result<ExprPtr> BindNode(const ast::TimestampLiteral& node, Span span);
  Result<ExprPtr> BindNode(const ast::ColumnReference& node, Span span);
  Result<ExprPtr> BindNode(const ast::Star& node, Span span);
  Result<ExprPtr> BindNode(const ast::Unary& node, Span span);
  Result<ExprPtr> BindNode(const ast::Binary& node, Span span);
  Result<ExprPtr> BindNode(const ast::Between& node, Span span);
  Result<ExprPtr> BindNode(const ast::InList& node, Span span);
  Result<ExprPtr> BindNode(const ast::InSubquery& node, Span span);
  Result<ExprPtr> BindNode(const ast::Like& node, Span span);
  Result<ExprPtr> BindNode(const ast::IsTest& node, Span span);
  Result<ExprPtr> BindNode(const ast::IsDistinctFrom& node, Span span);
  Result<ExprPtr> BindNode(const ast::Exists& node, Span span);
  Result<ExprPtr> BindNode(const ast::ScalarSubquery& node, Span span);
  Result<ExprPtr> BindNode(const ast::Case& node, Span span);
  Result<ExprPtr> BindNode(const ast::Cast& node, Span span);
  Result<ExprPtr> BindNode(const ast::FunctionCall& node, Span span);
  Result<ExprPtr> BindNode(const ast::Lambda& node, Span span);
  Result<ExprPtr> BindNode(const ast::Subscript& node, Span span);
  Result<ExprPtr> BindNode(const ast::FieldAccess& node, Span span);
  Result<ExprPtr> BindNode(const ast::RowConstructor& node, Span span);

  // CallOf with the place of the call in errors.
  Result<ExprPtr> Call(std::string_view function, ExprList args, Span span);
  Result<ExprPtr> Negate(Result<ExprPtr> expr, bool negated, Span span);
  Result<ExprList> BindAll(std::span<const ast::ExpressionPtr> expressions);
  Result<ExprPtr> BindCaseCondition(const ast::Case::Branch& branch, const ExprPtr& operand);
  // date_binder.cc: + and - on dates, timestamps and intervals; nothing if neither side is one.
  Result<std::optional<ExprPtr>> BindDateArithmetic(const ast::Binary& node, ExprPtr left,
                                                    ExprPtr right, Span span);

  // call_binder.cc
  Result<ExprPtr> BindScalarCall(const FunctionEntry& entry, const ast::FunctionCall& node,
                                 Span span);
  Result<std::optional<ExprPtr>> BindSpecialCall(const std::string& name,
                                                 const ast::FunctionCall& node, Span span);
  Result<ExprPtr> BindExtract(const ast::FunctionCall& node, Span span);
  Result<ExprPtr> BindStruct(const ast::FunctionCall& node, Span span);
  Result<ExprPtr> BindConversion(const DataType& type, const ast::FunctionCall& node, Span span);
  Result<ExprPtr> BindHigherOrder(const FunctionEntry& entry, const ast::FunctionCall& node,
                                  Span span);
  Result<ExprPtr> BindMapFunction(const FunctionEntry& entry, const ast::FunctionCall& node,
                                  ExprPtr map, Span span);
  Result<ExprPtr> BindZipWith(const FunctionEntry& entry, const ast::FunctionCall& node,
                              ExprPtr array, Span span);
  Result<ExprPtr> BindFold(const FunctionEntry& entry, const ast::FunctionCall& node, ExprPtr array,
                           Span span);
  Result<ExprPtr> BindElementwise(const FunctionEntry& entry, const ast::FunctionCall& node,
                                  ExprPtr array, Span span);
  Status CheckPredicateLambda(const FunctionEntry& entry, const ExprPtr& lambda) const;
  Result<ExprPtr> BindLambda(const ast::Argument& argument, std::vector<DataType> parameters,
                             size_t required);
  Result<ExprList> BindArguments(const ast::FunctionCall& node);
  Error UnknownFunction(const std::string& name, Span span) const;

  // aggregate_binder.cc
  Result<ExprPtr> BindAggregateCall(const FunctionEntry& entry, const ast::FunctionCall& node,
                                    Span span);
  struct BoundAggregate {
    AggregateExpr call;
    DataType type;
    bool nullable = true;
  };
  Result<BoundAggregate> BindAggregateParts(const FunctionEntry& entry,
                                            const ast::FunctionCall& node, Span span);
  Result<BoundAggregate> BindPlainAggregate(const FunctionEntry& entry,
                                            const ast::FunctionCall& node, Span span);
  Result<ExprList> BindAggregateArguments(const FunctionEntry& entry, const ast::FunctionCall& node,
                                          Span span);
  Status BindWithinGroup(const FunctionEntry& entry, const ast::FunctionCall& node,
                         std::vector<SortKey>& keys);
  Status CheckModifiers(const FunctionEntry& entry, const ast::FunctionCall& node, Span span) const;
  Result<BoundAggregate> BindPercentile(const std::string& name, const ast::FunctionCall& node,
                                        Span span);
  Result<ExprPtr> BindWindowCall(const FunctionEntry& entry, const ast::FunctionCall& node,
                                 Span span);
  Result<const ast::WindowSpec*> FindWindow(const ast::Over& over, Span span);
  Status BindWindowSpec(const ast::WindowSpec& spec, const FunctionEntry& entry, Span span,
                        WindowExpr& window);
  Result<FrameBound> BindFrameBound(const ast::FrameBound& bound, FrameUnit unit,
                                    const WindowExpr& window, Span span);

  // subquery_binder.cc
  Status AllowSubquery(Span span) const;

  Analysis& analysis_;
  QueryBinder& queries_;
  Scope& scope_;
  ExpressionRules rules_;
  bool inside_aggregate_ = false;
  bool inside_window_ = false;
};

// Spark's default: NULLs are least.
bool NullsFirst(const ast::SortItem& item);

}  // namespace medallion::sql
