#include "file_metadata.h"

#include <array>

#include "base/text.h"
#include "expr_builder.h"
#include "plan_rewrite.h"

namespace medallion::sql {
namespace {

struct Member {
  std::string_view name;
  TypeKind type;
  bool nullable;
};

// Spark's members in Spark's order, then ours: the number of the record in its file, from 1; NULL
// for formats without records in order.
constexpr std::array kMembers = {
    Member{"file_path", TypeKind::kString, false},
    Member{"file_name", TypeKind::kString, false},
    Member{"file_size", TypeKind::kLong, false},
    Member{"file_block_start", TypeKind::kLong, false},
    Member{"file_block_length", TypeKind::kLong, false},
    Member{"file_modification_time", TypeKind::kTimestamp, false},
    Member{"record_number", TypeKind::kLong, true},
};

DataType TypeOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kString: return DataType::String();
    case TypeKind::kTimestamp: return DataType::Timestamp();
    default: return DataType::Long();
  }
}

void AppendColumns(std::vector<BoundColumn>& columns, const Relation& input) {
  columns.insert(columns.end(), input.columns.begin(), input.columns.end());
}

// The columns of a relation that passes its inputs' columns on, then `own` columns of its own.
void Recompute(Relation& relation, size_t own) {
  std::vector<BoundColumn> columns;
  if (const auto* join = std::get_if<Join>(&relation.node)) {
    columns = JoinedColumns(join->kind, *join->left, *join->right);
  } else if (const auto* filter = std::get_if<Filter>(&relation.node)) {
    AppendColumns(columns, *filter->input);
  } else if (const auto* window = std::get_if<Window>(&relation.node)) {
    AppendColumns(columns, *window->input);
  } else if (const auto* generate = std::get_if<Generate>(&relation.node)) {
    AppendColumns(columns, *generate->input);
  }
  columns.insert(columns.end(), relation.columns.end() - static_cast<std::ptrdiff_t>(own),
                 relation.columns.end());
  relation.columns = std::move(columns);
}

RelationPtr Extend(const RelationPtr& relation, size_t own, const Analysis& analysis) {
  Relation copy = *MapRelation(
      relation, [&](const RelationPtr& input) { return WithMetadataColumns(input, analysis); },
      [](const ExprPtr& expr) { return expr; });
  Recompute(copy, own);
  return std::make_shared<const Relation>(std::move(copy));
}

RelationPtr ExtendScan(const RelationPtr& relation, size_t input, const Analysis& analysis) {
  const auto wanted = analysis.metadata_columns.find(input);
  const size_t base = analysis.files[input].schema.size();
  if (wanted == analysis.metadata_columns.end()) {
    return relation;
  }
  Relation copy = *relation;
  copy.columns.resize(base);
  copy.columns.insert(copy.columns.end(), wanted->second.begin(), wanted->second.end());
  return std::make_shared<const Relation>(std::move(copy));
}

}  // namespace

std::vector<std::string> FileMetadataNames() {
  std::vector<std::string> names;
  for (const Member& member : kMembers) {
    names.emplace_back(member.name);
  }
  return names;
}

std::optional<BoundColumn> FileMetadataColumn(Analysis& analysis, size_t input,
                                              std::string_view member) {
  std::vector<BoundColumn>& columns = analysis.metadata_columns[input];
  for (const BoundColumn& column : columns) {
    if (EqualsIgnoreCase(column.name, member)) {
      return column;
    }
  }
  for (const Member& known : kMembers) {
    if (EqualsIgnoreCase(known.name, member)) {
      columns.push_back(
          analysis.NewColumn(std::string(known.name), TypeOf(known.type), known.nullable));
      analysis.files[input].metadata_fields.emplace_back(known.name);
      return columns.back();
    }
  }
  return std::nullopt;
}

RelationPtr WithMetadataColumns(const RelationPtr& relation, const Analysis& analysis) {
  if (analysis.metadata_columns.empty()) {
    return relation;
  }
  if (const auto* scan = std::get_if<FileScan>(&relation->node)) {
    return ExtendScan(relation, scan->input, analysis);
  }
  if (std::holds_alternative<Join>(relation->node) ||
      std::holds_alternative<Filter>(relation->node)) {
    return Extend(relation, 0, analysis);
  }
  if (const auto* window = std::get_if<Window>(&relation->node)) {
    return Extend(relation, window->windows.size(), analysis);
  }
  if (const auto* generate = std::get_if<Generate>(&relation->node)) {
    return Extend(relation, relation->columns.size() - generate->input->columns.size(), analysis);
  }
  if (const auto* aggregate = std::get_if<Aggregate>(&relation->node)) {
    Relation copy = *relation;
    std::get<Aggregate>(copy.node).input = WithMetadataColumns(aggregate->input, analysis);
    return std::make_shared<const Relation>(std::move(copy));
  }
  return relation;  // its columns are chosen: nothing below is visible above
}

}  // namespace medallion::sql
