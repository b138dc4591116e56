#pragma once

#include <string>
#include <vector>

#include "scope.h"

namespace medallion::sql {

// A relation with the names under which its columns are known.
struct BoundFrom {
  RelationPtr relation;
  RelationScope scope;
};

// Binds queries: WITH, set operations, ORDER BY and LIMIT here; SELECT in select_binder, FROM in
// relation_binder.
class QueryBinder {
 public:
  explicit QueryBinder(Analysis& analysis) : analysis_(analysis) {}

  // `outer` is the scope of the expression that holds the query, null at the top.
  Result<RelationPtr> BindQuery(const ast::Query& query, const Scope* outer);
  // What stands in FROM. `outer` is as above; the right side of a lateral join sees the left
  // through it.
  Result<BoundFrom> BindFrom(const ast::Relation& relation, const Scope* outer);

  // The value of a literal argument of a table function.
  Result<Value> ConstantArgument(const ast::Argument& argument);

  // A projection of the relation's columns to these types, if any differs.
  RelationPtr CastColumns(const RelationPtr& relation, const std::vector<DataType>& types);

 private:
  struct CommonTable {
    std::string name;
    int64_t id = 0;
    int uses = 0;
    RelationPtr query;  // null after an error
  };

  // query_binder.cc
  Result<RelationPtr> BindTerm(const ast::QueryTerm& term, const ast::OrderBy& order_by,
                               const Scope* outer);
  Result<RelationPtr> BindSetOperation(const ast::SetOperation& node, const Scope* outer,
                                       Span span);
  Result<RelationPtr> SortByOutput(RelationPtr relation, const ast::OrderBy& order_by,
                                   const Scope* outer);
  Result<RelationPtr> ApplyLimit(RelationPtr relation, const ast::Query& query);
  Result<std::optional<int64_t>> ConstantCount(const ast::ExpressionPtr& expression,
                                               const char* clause);

  // common_tables.cc
  void PushCommonTables(const ast::Query& query, const Scope* outer);
  Result<RelationPtr> RenameColumns(RelationPtr relation, const ast::CommonTable& definition);
  // Takes the newest `count` away: those used more than once become a With above `body`, those used
  // once are put in place.
  RelationPtr PopCommonTables(size_t count, RelationPtr body);
  CommonTable* FindCommonTable(const QualifiedName& name);
  RelationPtr UseCommonTable(CommonTable& table);

  // relation_binder.cc
  Result<BoundFrom> BindRelation(const ast::TableReference& node, const ast::Relation& relation,
                                 const Scope* outer);
  Result<BoundFrom> BindRelation(const ast::SubqueryRelation& node, const ast::Relation& relation,
                                 const Scope* outer);
  Result<BoundFrom> BindRelation(const ast::ValuesRelation& node, const ast::Relation& relation,
                                 const Scope* outer);
  Result<BoundFrom> BindRelation(const ast::TableFunctionCall& node, const ast::Relation& relation,
                                 const Scope* outer);
  Result<BoundFrom> BindRelation(const ast::JoinRelation& node, const ast::Relation& relation,
                                 const Scope* outer);
  Result<BoundFrom> BindRelation(const ast::LateralView& node, const ast::Relation& relation,
                                 const Scope* outer);
  Result<RelationPtr> BindTable(const ast::TableReference& node,
                                std::vector<std::string>& qualifier);
  Result<BoundFrom> Rename(BoundFrom from, const ast::TableAlias& alias);

  // table_function_binder.cc
  Result<BoundFrom> BindReadFiles(const ast::TableFunctionCall& node, Span span);
  Result<BoundFrom> BindRange(const ast::TableFunctionCall& node, Span span);
  Result<BoundFrom> BindGenerator(const std::string& name, const std::vector<ast::Argument>& args,
                                  bool outer_rows, BoundFrom input, const Scope* outer, Span span);

  // kmeans_binder.cc
  Result<BoundFrom> BindKMeans(const ast::TableFunctionCall& node, Span span);
  Result<BoundFrom> BindKMeansModel(const ast::TableFunctionCall& node, Span span);

  // join_binder.cc
  Result<BoundFrom> BindUsing(const ast::JoinRelation& node, std::vector<Identifier> names,
                              BoundFrom left, BoundFrom right, Span span);
  std::vector<BoundColumn> ProjectMerged(BoundFrom& joined, const std::vector<Identifier>& names,
                                         std::vector<ExprPtr> merged, Span span);

  Analysis& analysis_;
  std::vector<CommonTable> common_tables_;  // innermost last
};

RelationPtr MakeRelation(std::vector<BoundColumn> columns, decltype(Relation::node) node);

// A projection of expressions; a plain column passes on with its id the first time it is named.
RelationPtr MakeProject(Analysis& analysis, RelationPtr input, std::vector<ExprPtr> exprs,
                        const std::vector<std::string>& names);

}  // namespace medallion::sql
