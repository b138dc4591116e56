#include <algorithm>

#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "plan_copy.h"
#include "query_binder.h"
#include "type_coercion.h"

// What stands in FROM: tables, views, subqueries, VALUES. Joins: join_binder.cc; functions:
// table_function_binder.cc.

namespace medallion::sql {
namespace {

RelationScope ScopeOf(const RelationPtr& relation, const std::vector<std::string>& qualifier) {
  RelationScope scope;
  for (const BoundColumn& column : relation->columns) {
    scope.columns.push_back({column, qualifier, false});
  }
  return scope;
}

bool ReadsStream(const BoundQuery& query) {
  return std::any_of(query.tables.begin(), query.tables.end(),
                     [](const TableInput& t) { return t.streaming; }) ||
         std::any_of(query.files.begin(), query.files.end(),
                     [](const FileInput& f) { return f.streaming; });
}

}  // namespace

Result<BoundFrom> QueryBinder::BindFrom(const ast::Relation& relation, const Scope* outer) {
  auto from = std::visit([&](const auto& node) { return BindRelation(node, relation, outer); },
                         relation.node);
  // LATERAL VIEW uses its alias itself: it names the new columns only.
  if (!from || !relation.alias || std::holds_alternative<ast::LateralView>(relation.node)) {
    return from;
  }
  return Rename(*std::move(from), *relation.alias);
}

// `AS t (a, b)`: the columns are known as t.a and t.b, and no longer under the table's own name.
Result<BoundFrom> QueryBinder::Rename(BoundFrom from, const ast::TableAlias& alias) {
  std::vector<std::string> qualifier;
  if (alias.name) {
    qualifier.push_back(alias.name->text);
  }
  std::vector<ScopeColumn*> visible;
  for (ScopeColumn& column : from.scope.columns) {
    column.qualifier = qualifier;
    if (!column.qualified_only) {
      visible.push_back(&column);
    }
  }
  std::erase_if(from.scope.columns,
                [](const ScopeColumn& column) { return column.qualified_only; });
  for (ScopeFiles& files : from.scope.files) {
    files.qualifier = qualifier;
  }
  if (alias.columns.empty()) {
    return from;
  }
  if (alias.columns.size() != from.scope.columns.size()) {
    return analysis_.Problem(
        alias.span, "ASSIGNMENT_ARITY_MISMATCH",
        fmt::format("{} names for {} columns", alias.columns.size(), from.scope.columns.size()),
        "numbers differ");
  }
  for (size_t i = 0; i < alias.columns.size(); ++i) {
    from.scope.columns[i].column.name = alias.columns[i].text;
  }
  return from;
}

Result<BoundFrom> QueryBinder::BindRelation(const ast::TableReference& node, const ast::Relation&,
                                            const Scope*) {
  std::vector<std::string> qualifier;
  ASSIGN_OR_RETURN(RelationPtr relation, BindTable(node, qualifier));
  RelationScope scope = ScopeOf(relation, qualifier);
  return BoundFrom{std::move(relation), std::move(scope)};
}

Result<RelationPtr> QueryBinder::BindTable(const ast::TableReference& node,
                                           std::vector<std::string>& qualifier) {
  if (CommonTable* table = node.live || node.streaming ? nullptr : FindCommonTable(node.name)) {
    if (table->query == nullptr) {
      return analysis_.Failure();
    }
    qualifier = {table->name};
    return UseCommonTable(*table);
  }
  if (node.timestamp != nullptr) {
    return analysis_.Unsupported(node.timestamp->span, "TIMESTAMP AS OF", {"use VERSION AS OF"});
  }
  ASSIGN_OR_RETURN(const auto version, ConstantCount(node.version, "VERSION AS OF"));
  auto resolved = analysis_.context().resolver->ResolveTable(node.name, node.streaming);
  if (!resolved) {
    return analysis_.Place(std::move(resolved).error(), node.name_span);
  }
  if (const auto* view = std::get_if<ResolvedView>(&*resolved)) {
    if (version) {
      return analysis_.Unsupported(node.version->span, "VERSION AS OF a view");
    }
    if (node.streaming && !ReadsStream(*view->query)) {
      return analysis_.Problem(
          node.name_span, "UNSUPPORTED_STREAMING_VIEW",
          fmt::format("STREAM of the view `{}`, which reads no stream", node.name.ToString()),
          "not a stream", {"write STREAM inside the view"});
    }
    qualifier = node.name.parts;
    return InlineQuery(*view->query, analysis_);
  }
  auto& table = std::get<ResolvedTable>(*resolved);
  qualifier = table.name.parts;
  std::vector<BoundColumn> columns;
  for (const Field& field : table.schema.fields()) {
    columns.push_back(analysis_.NewColumn(field.name, field.type, field.nullable));
  }
  analysis_.tables.push_back(
      {std::move(table.name), std::move(table.schema), node.streaming, node.name_span, version});
  return MakeRelation(std::move(columns), TableScan{analysis_.tables.size() - 1});
}

Result<BoundFrom> QueryBinder::BindRelation(const ast::SubqueryRelation& node, const ast::Relation&,
                                            const Scope* outer) {
  // Without LATERAL a subquery in FROM sees the enclosing query, not its neighbours: JoinRelation
  // says which of the two `outer` is.
  ASSIGN_OR_RETURN(RelationPtr relation, BindQuery(*node.query, outer));
  RelationScope scope = ScopeOf(relation, {});
  return BoundFrom{std::move(relation), std::move(scope)};
}

Result<BoundFrom> QueryBinder::BindRelation(const ast::ValuesRelation& node,
                                            const ast::Relation& relation, const Scope* outer) {
  Scope scope(analysis_, {}, outer);
  ExpressionRules rules;
  rules.clause = "VALUES";
  ExpressionBinder binder(analysis_, *this, scope, std::move(rules));
  ValuesRelation values;
  for (const auto& row : node.rows) {
    std::vector<ExprPtr>& bound = values.rows.emplace_back();
    for (const ast::ExpressionPtr& expression : row) {
      ASSIGN_OR_RETURN(ExprPtr expr, binder.Bind(*expression));
      bound.push_back(std::move(expr));
    }
    if (bound.size() != values.rows[0].size()) {
      return analysis_.Problem(
          row.empty() ? relation.span : row[0]->span, "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
          fmt::format("a row of {} values among rows of {}", bound.size(), values.rows[0].size()),
          "numbers differ");
    }
  }
  std::vector<BoundColumn> columns;
  for (size_t i = 0; !values.rows.empty() && i < values.rows[0].size(); ++i) {
    std::vector<DataType> types;
    bool nullable = false;
    for (const auto& row : values.rows) {
      types.push_back(row[i]->type);
      nullable = nullable || row[i]->nullable;
    }
    const auto common = CommonType(types);
    if (!common) {
      return analysis_.Problem(
          relation.span, "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
          fmt::format("the values of column {} have no common type", i + 1), "types differ");
    }
    for (auto& row : values.rows) {
      row[i] = CastTo(std::move(row[i]), *common);
    }
    columns.push_back(analysis_.NewColumn("col" + std::to_string(i + 1), *common, nullable));
  }
  RelationPtr made = MakeRelation(std::move(columns), std::move(values));
  RelationScope names = ScopeOf(made, {});
  return BoundFrom{std::move(made), std::move(names)};
}

}  // namespace medallion::sql
