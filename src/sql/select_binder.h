#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "aggregation.h"
#include "expression_binder.h"
#include "query_binder.h"

namespace medallion::sql {

// Binds one SELECT with the ORDER BY of its query, which may use columns that it does not output:
//
//   FROM → WHERE → [generator] → GROUP BY → HAVING → windows → QUALIFY → select list → DISTINCT →
//   ORDER BY
class SelectBinder {
 public:
  SelectBinder(Analysis& analysis, QueryBinder& queries, const ast::Select& select,
               const ast::OrderBy& order_by, const Scope* outer)
      : analysis_(analysis),
        queries_(queries),
        select_(select),
        order_by_(order_by),
        outer_(outer) {}

  Result<RelationPtr> Bind();

 private:
  // One output column.
  struct Item {
    ExprPtr expr;
    std::string name;
    Span span;
  };

  Status BindFrom();
  Status CollectWindows();
  void BindWhere();
  void BindItems();
  Status BindItem(const ast::SelectItem& item);
  Status BindStar(const ast::Star& star, Span span);
  Status BindStructStar(const ast::Star& star, Span span);
  Result<std::vector<bool>> BindExcept(const ast::Star& star,
                                       const std::vector<ScopeColumn>& columns);
  Status BindGenerator(const ast::SelectItem& item, const ast::FunctionCall& call);
  void AddItem(ExprPtr expr, std::string name, Span span);
  void AddPlaceholder(const ast::SelectItem& item);
  std::string DefaultName(const ast::Expression& expression) const;

  void BindGroupBy();
  Status BindGroupByAll();
  Result<ExprPtr> BindGroupExpr(const ast::Expression& expression);
  size_t AddGroup(const ExprPtr& expr);
  Result<std::vector<std::vector<size_t>>> BindGroupingElement(const ast::GroupingElement& element);
  void BindHavingAndQualify();
  void BindOrderBy();
  Result<SortKey> BindOrderKey(const ast::SortItem& item);
  Result<std::optional<size_t>> Ordinal(const ast::Expression& expression,
                                        const char* clause) const;

  bool IsAggregated() const;
  void RewriteOverGroups(Aggregation& aggregation);
  Result<RelationPtr> Build();
  RelationPtr BuildProjection(RelationPtr input);
  RelationPtr SortProjected(RelationPtr input);
  ExpressionRules Rules(std::string clause, Scope::AliasOrder aliases, bool aggregates,
                        bool windows) const;

  Analysis& analysis_;
  QueryBinder& queries_;
  const ast::Select& select_;
  const ast::OrderBy& order_by_;
  const Scope* outer_;

  RelationPtr input_;
  std::optional<Scope> scope_;
  std::set<ColumnId> input_ids_;
  std::map<std::string, ast::WindowSpec> windows_;
  ExprPtr where_;
  std::vector<Item> items_;
  std::vector<ExprPtr> groups_;
  std::vector<std::vector<size_t>> sets_;
  ExprPtr having_;
  ExprPtr qualify_;
  std::vector<SortKey> keys_;
  bool has_generator_ = false;
};

}  // namespace medallion::sql
