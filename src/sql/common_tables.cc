#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "expr_builder.h"
#include "plan_rewrite.h"
#include "query_binder.h"

// Common table expressions. Each is bound once, where it is defined; a use is a CteScan until it is
// known how often it is used.

namespace medallion::sql {

void QueryBinder::PushCommonTables(const ast::Query& query, const Scope* outer) {
  // Tables used once are put into each other: the plan gets as deep as there are tables, and
  // visitors recurse.
  constexpr size_t kCommonTablesMax = 500;
  const size_t first = common_tables_.size();
  for (const ast::CommonTable& definition : query.with) {
    for (size_t i = first; i < common_tables_.size(); ++i) {
      if (EqualsIgnoreCase(common_tables_[i].name, definition.name.text)) {
        analysis_.Report(analysis_.Problem(
            definition.name.span, "DUPLICATED_CTE_NAMES",
            fmt::format("`{}` is defined twice in WITH", definition.name.text), "again here"));
      }
    }
    const int64_t id = analysis_.NewCteId();
    if (common_tables_.size() - first == kCommonTablesMax) {
      analysis_.Report(analysis_.Unsupported(
          definition.name.span, fmt::format("WITH of more than {} tables", kCommonTablesMax)));
    }
    if (common_tables_.size() - first >= kCommonTablesMax) {
      common_tables_.push_back({definition.name.text, id, 0, nullptr});
      continue;
    }
    auto relation = Keep(analysis_, BindQuery(*definition.query, outer));
    if (relation && !definition.columns.empty()) {
      relation = Keep(analysis_, RenameColumns(*std::move(relation), definition));
    }
    common_tables_.push_back({definition.name.text, id, 0, relation.value_or(nullptr)});
  }
}

// `name (a, b) AS (…)`
Result<RelationPtr> QueryBinder::RenameColumns(RelationPtr relation,
                                               const ast::CommonTable& definition) {
  if (definition.columns.size() != relation->columns.size()) {
    return analysis_.Problem(
        definition.name.span, "ASSIGNMENT_ARITY_MISMATCH",
        fmt::format("`{}` names {} columns, its query has {}", definition.name.text,
                    definition.columns.size(), relation->columns.size()),
        "numbers differ");
  }
  std::vector<ExprPtr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < definition.columns.size(); ++i) {
    exprs.push_back(ColumnOf(relation->columns[i], definition.columns[i].span));
    names.push_back(definition.columns[i].text);
  }
  return MakeProject(analysis_, std::move(relation), std::move(exprs), names);
}

QueryBinder::CommonTable* QueryBinder::FindCommonTable(const QualifiedName& name) {
  if (name.parts.size() != 1) {
    return nullptr;
  }
  const auto found = std::find_if(
      common_tables_.rbegin(), common_tables_.rend(),
      [&](const CommonTable& table) { return EqualsIgnoreCase(table.name, name.parts[0]); });
  return found == common_tables_.rend() ? nullptr : &*found;
}

RelationPtr QueryBinder::UseCommonTable(CommonTable& table) {
  ++table.uses;
  std::vector<BoundColumn> columns;
  for (const BoundColumn& column : table.query->columns) {
    columns.push_back(analysis_.NewColumn(column.name, column.type, column.nullable));
  }
  return MakeRelation(std::move(columns), CteScan{table.id});
}

namespace {

// `query` with its columns under the ids of `scan`.
RelationPtr InPlaceOf(const Relation& scan, const RelationPtr& query) {
  std::vector<ExprPtr> exprs;
  for (const BoundColumn& column : query->columns) {
    exprs.push_back(ColumnOf(column, {}));
  }
  return MakeRelation(scan.columns, Project{query, std::move(exprs)});
}

RelationPtr ReplaceScan(const RelationPtr& relation, int64_t id, const RelationPtr& query) {
  if (const auto* scan = std::get_if<CteScan>(&relation->node)) {
    return scan->id == id ? InPlaceOf(*relation, query) : relation;
  }
  return MapRelation(
      relation, [&](const RelationPtr& input) { return ReplaceScan(input, id, query); },
      [](const ExprPtr& expr) { return expr; });
}

}  // namespace

RelationPtr QueryBinder::PopCommonTables(size_t count, RelationPtr body) {
  CHECK(count <= common_tables_.size());
  const auto first = common_tables_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<CommonTable> tables(std::make_move_iterator(first),
                                  std::make_move_iterator(common_tables_.end()));
  common_tables_.erase(first, common_tables_.end());
  if (body == nullptr) {
    return body;
  }
  With with;
  // Later definitions may use earlier ones, so those used once are put in place from the last to
  // the first.
  for (size_t i = tables.size(); i-- > 0;) {
    if (tables[i].query == nullptr || tables[i].uses == 0) {
      continue;
    }
    if (tables[i].uses > 1) {
      with.definitions.insert(with.definitions.begin(),
                              {tables[i].id, tables[i].name, tables[i].query});
      continue;
    }
    body = ReplaceScan(body, tables[i].id, tables[i].query);
    for (With::Definition& definition : with.definitions) {
      definition.query = ReplaceScan(definition.query, tables[i].id, tables[i].query);
    }
  }
  if (with.definitions.empty()) {
    return body;
  }
  std::vector<BoundColumn> columns = body->columns;
  with.body = std::move(body);
  return MakeRelation(std::move(columns), std::move(with));
}

}  // namespace medallion::sql
