#include "plan_copy.h"

#include "plan_rewrite.h"

namespace medallion::sql {
namespace {

class Copier {
 public:
  Copier(Analysis& analysis, size_t first_table, size_t first_file)
      : analysis_(analysis), first_table_(first_table), first_file_(first_file) {}

  RelationPtr Copy(const RelationPtr& relation) {
    const RelationPtr mapped = MapRelation(
        relation, [&](const RelationPtr& input) { return Copy(input); },
        [&](const ExprPtr& expr) { return CopyExpr(expr); });
    Relation copy = *mapped;
    for (BoundColumn& column : copy.columns) {
      column.id = Fresh(column.id);
    }
    if (auto* table = std::get_if<TableScan>(&copy.node)) {
      table->input += first_table_;
    } else if (auto* files = std::get_if<FileScan>(&copy.node)) {
      files->input += first_file_;
    } else if (auto* scan = std::get_if<CteScan>(&copy.node)) {
      scan->id = FreshCte(scan->id);
    } else if (auto* with = std::get_if<With>(&copy.node)) {
      for (With::Definition& definition : with->definitions) {
        definition.id = FreshCte(definition.id);
      }
    }
    return std::make_shared<const Relation>(std::move(copy));
  }

 private:
  ExprPtr CopyExpr(const ExprPtr& expr) {
    return Rewrite(expr, [&](const ExprPtr& e) -> ExprPtr {
      if (const auto* column = std::get_if<ColumnExpr>(&e->node)) {
        Expr copy = *e;
        std::get<ColumnExpr>(copy.node).id = Fresh(column->id);
        return std::make_shared<const Expr>(std::move(copy));
      }
      if (const auto* lambda = std::get_if<LambdaExpr>(&e->node)) {
        Expr copy = *e;
        auto& node = std::get<LambdaExpr>(copy.node);
        for (BoundColumn& parameter : node.parameters) {
          parameter.id = Fresh(parameter.id);
        }
        node.body = CopyExpr(lambda->body);
        return std::make_shared<const Expr>(std::move(copy));
      }
      return nullptr;
    });
  }

  ColumnId Fresh(ColumnId id) {
    const auto [found, added] = columns_.try_emplace(id);
    if (added) {
      found->second = analysis_.NewId();
    }
    return found->second;
  }

  int64_t FreshCte(int64_t id) {
    const auto [found, added] = ctes_.try_emplace(id);
    if (added) {
      found->second = analysis_.NewCteId();
    }
    return found->second;
  }

  Analysis& analysis_;
  size_t first_table_;
  size_t first_file_;
  std::map<ColumnId, ColumnId> columns_;
  std::map<int64_t, int64_t> ctes_;
};

}  // namespace

RelationPtr InlineQuery(const BoundQuery& view, Analysis& analysis) {
  Copier copier(analysis, analysis.tables.size(), analysis.files.size());
  analysis.tables.insert(analysis.tables.end(), view.tables.begin(), view.tables.end());
  analysis.files.insert(analysis.files.end(), view.files.begin(), view.files.end());
  return copier.Copy(view.root);
}

}  // namespace medallion::sql
