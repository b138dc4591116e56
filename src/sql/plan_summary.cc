#include "plan_summary.h"

#include <map>

#include "plan_rewrite.h"
#include "sql/functions.h"

namespace medallion::sql {
namespace {

void NoteFunction(const std::string& name, size_t argument_count, BoundQuery& query) {
  const FunctionEntry* entry = FindFunction(name);
  if (entry == nullptr) {
    return;
  }
  query.deterministic = query.deterministic && entry->deterministic;
  const bool reads_clock = entry->name != "unix_timestamp" || argument_count == 0;
  query.uses_current_date =
      query.uses_current_date || (reads_clock && entry->clock == ClockUse::kDate);
  query.uses_current_timestamp =
      query.uses_current_timestamp || (reads_clock && entry->clock == ClockUse::kTimestamp);
}

void NoteFunctions(const Relation& relation, BoundQuery& query) {
  // UpdateDate is the update's date.
  query.uses_current_date =
      query.uses_current_date || std::holds_alternative<KMeans>(relation.node);
  ForEachExpression(relation, [&](const ExprPtr& root) {
    VisitExpr(*root, [&](const Expr& expr) {
      if (const auto* call = std::get_if<CallExpr>(&expr.node)) {
        NoteFunction(call->function, call->args.size(), query);
      }
    });
  });
}

// Old index → new index of the inputs that are read.
struct Renumbering {
  std::map<size_t, size_t> tables;
  std::map<size_t, size_t> files;
};

Renumbering NumberInputs(const BoundQuery& query) {
  Renumbering numbers;
  VisitPlan(query.root, [&](const Relation& relation) {
    if (const auto* table = std::get_if<TableScan>(&relation.node)) {
      numbers.tables.emplace(table->input, 0);
    } else if (const auto* files = std::get_if<FileScan>(&relation.node)) {
      numbers.files.emplace(files->input, 0);
    }
  });
  size_t next = 0;
  for (auto& [old_index, new_index] : numbers.tables) {
    new_index = next++;
  }
  next = 0;
  for (auto& [old_index, new_index] : numbers.files) {
    new_index = next++;
  }
  return numbers;
}

RelationPtr Renumber(const RelationPtr& relation, const Renumbering& numbers) {
  Relation copy = *MapRelation(
      relation, [&](const RelationPtr& input) { return Renumber(input, numbers); },
      [](const ExprPtr& expr) { return expr; });
  if (auto* table = std::get_if<TableScan>(&copy.node)) {
    table->input = numbers.tables.at(table->input);
  } else if (auto* files = std::get_if<FileScan>(&copy.node)) {
    files->input = numbers.files.at(files->input);
  }
  return std::make_shared<const Relation>(std::move(copy));
}

}  // namespace

void VisitPlan(const RelationPtr& root, const std::function<void(const Relation&)>& visit) {
  visit(*root);
  ForEachInput(*root, [&](const RelationPtr& input) { VisitPlan(input, visit); });
  ForEachExpression(*root, [&](const ExprPtr& expr) {
    VisitExpr(*expr, [&](const Expr& e) {
      if (const auto* subquery = std::get_if<SubqueryExpr>(&e.node)) {
        VisitPlan(subquery->query, visit);
      }
    });
  });
}

BoundQuery Summarize(BoundQuery query) {
  VisitPlan(query.root, [&](const Relation& relation) { NoteFunctions(relation, query); });
  const Renumbering numbers = NumberInputs(query);
  if (numbers.tables.size() == query.tables.size() && numbers.files.size() == query.files.size()) {
    return query;
  }
  query.root = Renumber(query.root, numbers);
  std::vector<TableInput> tables;
  for (const auto& [old_index, new_index] : numbers.tables) {
    tables.push_back(std::move(query.tables[old_index]));
  }
  std::vector<FileInput> files;
  for (const auto& [old_index, new_index] : numbers.files) {
    files.push_back(std::move(query.files[old_index]));
  }
  query.tables = std::move(tables);
  query.files = std::move(files);
  return query;
}

}  // namespace medallion::sql
