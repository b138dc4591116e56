#include <algorithm>

#include "expr_builder.h"
#include "query_binder.h"
#include "sql/plan.h"

namespace medallion::sql {
namespace {

// The scan at the bottom if only projections and filters stand above it.
const Relation* OnlyScan(const Relation& relation) {
  if (const auto* project = std::get_if<Project>(&relation.node)) {
    return OnlyScan(*project->input);
  }
  if (const auto* filter = std::get_if<Filter>(&relation.node)) {
    return OnlyScan(*filter->input);
  }
  const bool scan = std::holds_alternative<TableScan>(relation.node) ||
                    std::holds_alternative<FileScan>(relation.node);
  return scan ? &relation : nullptr;
}

// The relation with every column of `scan` visible at its top under the scan's ids. Columns that a
// projection already passes on under their id stay where they are.
RelationPtr Expose(const RelationPtr& relation, const Relation& scan) {
  if (const auto* filter = std::get_if<Filter>(&relation->node)) {
    RelationPtr input = Expose(filter->input, scan);
    std::vector<BoundColumn> columns = input->columns;
    return MakeRelation(std::move(columns), Filter{std::move(input), filter->condition});
  }
  const auto* project = std::get_if<Project>(&relation->node);
  if (project == nullptr) {
    return relation;
  }
  Project extended{Expose(project->input, scan), project->exprs};
  std::vector<BoundColumn> columns = relation->columns;
  for (const BoundColumn& column : scan.columns) {
    const bool passed = std::any_of(relation->columns.begin(), relation->columns.end(),
                                    [&](const BoundColumn& c) { return c.id == column.id; });
    if (!passed) {
      extended.exprs.push_back(ColumnOf(column, {}));
      columns.push_back(column);
    }
  }
  return MakeRelation(std::move(columns), std::move(extended));
}

int64_t LargestIdIn(const Relation& relation) {
  int64_t largest = 0;
  for (const BoundColumn& column : relation.columns) {
    largest = std::max(largest, column.id.value);
  }
  for (const RelationPtr& child : Children(relation)) {
    largest = std::max(largest, LargestIdIn(*child));
  }
  return largest;
}

}  // namespace

std::optional<AppendedInput> AppendInputColumns(const BoundQuery& query) {
  const Relation* scan = OnlyScan(*query.root);
  if (scan == nullptr) {
    return std::nullopt;
  }
  const RelationPtr exposed = Expose(query.root, *scan);
  const std::vector<BoundColumn>& original = query.root->columns;
  // A last projection puts the columns in order. A column passed on twice gets an id of its own.
  int64_t next_id = LargestIdIn(*exposed) + 1;
  Project project{exposed, {}};
  std::vector<BoundColumn> columns;
  for (const BoundColumn& column : original) {
    project.exprs.push_back(ColumnOf(column, {}));
    columns.push_back(column);
  }
  for (const BoundColumn& column : scan->columns) {
    const bool taken = std::any_of(original.begin(), original.end(),
                                   [&](const BoundColumn& c) { return c.id == column.id; });
    project.exprs.push_back(ColumnOf(column, {}));
    columns.push_back(
        {taken ? ColumnId{next_id++} : column.id, column.name, column.type, column.nullable});
  }
  BoundQuery result = query;
  result.root = MakeRelation(std::move(columns), std::move(project));
  return AppendedInput{std::make_shared<const BoundQuery>(std::move(result)), original.size()};
}

}  // namespace medallion::sql
