#include <algorithm>
#include <set>

#include "plan_rewrite.h"
#include "sql/plan.h"

namespace medallion::sql {
namespace {

using Origins = std::set<ColumnOrigin>;

// Follows columns from the scans up. Only what a value is made of counts: conditions, groups that
// are not selected and sort keys choose rows, they are no origin.
class Tracer {
 public:
  explicit Tracer(const BoundQuery& query) : query_(query) {}

  std::vector<std::vector<ColumnOrigin>> Trace() {
    Visit(*query_.root);
    std::vector<std::vector<ColumnOrigin>> lineage;
    for (const BoundColumn& column : query_.root->columns) {
      const Origins& origins = origins_[column.id];
      lineage.emplace_back(origins.begin(), origins.end());
    }
    return lineage;
  }

 private:
  void Visit(const Relation& relation) {
    ForEachInput(relation, [&](const RelationPtr& input) {
      Visit(*input);
      if (const auto* with = std::get_if<With>(&relation.node)) {
        for (const With::Definition& definition : with->definitions) {
          if (definition.query == input) {
            definitions_[definition.id] = &definition;
          }
        }
      }
    });
    std::visit([&](const auto& node) { Define(node, relation); }, relation.node);
  }

  // An expression that a projection repeats may refer to its own id: what was known stays known.
  void Add(ColumnId id, const Origins& origins) {
    origins_[id].insert(origins.begin(), origins.end());
  }

  Origins Of(const Expr& root) {
    Origins origins;
    VisitExpr(root, [&](const Expr& expr) {
      if (const auto* column = std::get_if<ColumnExpr>(&expr.node)) {
        const Origins& known = origins_[column->id];
        origins.insert(known.begin(), known.end());
      } else if (const auto* subquery = std::get_if<SubqueryExpr>(&expr.node);
                 subquery != nullptr && subquery->kind == SubqueryExpr::Kind::kScalar) {
        Visit(*subquery->query);
        const Origins& value = origins_[subquery->query->columns[0].id];
        origins.insert(value.begin(), value.end());
      }
    });
    return origins;
  }

  void Define(const TableScan& node, const Relation& relation) {
    for (const BoundColumn& column : relation.columns) {
      Add(column.id, {{false, node.input, column.name}});
    }
  }
  void Define(const FileScan& node, const Relation& relation) {
    const size_t base = query_.files[node.input].schema.size();
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      const std::string prefix = i < base ? "" : "_metadata.";
      Add(relation.columns[i].id, {{true, node.input, prefix + relation.columns[i].name}});
    }
  }
  void Define(const Project& node, const Relation& relation) {
    for (size_t i = 0; i < node.exprs.size(); ++i) {
      Add(relation.columns[i].id, Of(*node.exprs[i]));
    }
  }
  void Define(const Aggregate& node, const Relation& relation) {
    for (size_t i = 0; i < node.groups.size(); ++i) {
      Add(relation.columns[i].id, Of(*node.groups[i]));
    }
    for (size_t i = 0; i < node.aggregates.size(); ++i) {
      Add(relation.columns[node.groups.size() + i].id, Of(*node.aggregates[i]));
    }
  }
  void Define(const Window& node, const Relation& relation) {
    const size_t first = relation.columns.size() - node.windows.size();
    for (size_t i = 0; i < node.windows.size(); ++i) {
      Add(relation.columns[first + i].id, Of(*node.windows[i]));
    }
  }
  void Define(const Generate& node, const Relation& relation) {
    Origins origins;
    for (const ExprPtr& arg : node.args) {
      origins.merge(Of(*arg));
    }
    for (size_t i = node.input->columns.size(); i < relation.columns.size(); ++i) {
      Add(relation.columns[i].id, origins);
    }
  }
  void Define(const SetOperation& node, const Relation& relation) {
    for (const RelationPtr& input : node.inputs) {
      for (size_t i = 0; i < relation.columns.size(); ++i) {
        Add(relation.columns[i].id, Origins(origins_[input->columns[i].id]));
      }
    }
  }
  void Define(const ValuesRelation& node, const Relation& relation) {
    for (const auto& row : node.rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        Add(relation.columns[i].id, Of(*row[i]));
      }
    }
  }
  void Define(const CteScan& node, const Relation& relation) {
    const auto found = definitions_.find(node.id);
    if (found == definitions_.end()) {
      return;
    }
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      Add(relation.columns[i].id, Origins(origins_[found->second->query->columns[i].id]));
    }
  }
  // A row's cluster comes of its features, and so do its distances.
  void Define(const KMeans& node, const Relation& relation) {
    Origins origins;
    for (const BoundColumn& column : node.input->columns) {
      const auto& features = node.call.features;
      if (std::find(features.begin(), features.end(), column.name) != features.end()) {
        const Origins& known = origins_[column.id];
        origins.insert(known.begin(), known.end());
      }
    }
    for (size_t i = node.input->columns.size(); i < relation.columns.size(); ++i) {
      if (relation.columns[i].name != kUpdateDateColumn) {
        Add(relation.columns[i].id, origins);
      }
    }
  }
  // Relations that pass their inputs' columns on, and range().
  template <class Node>
  void Define(const Node&, const Relation&) {}

  const BoundQuery& query_;
  std::map<ColumnId, Origins> origins_;
  std::map<int64_t, const With::Definition*> definitions_;
};

}  // namespace

std::vector<std::vector<ColumnOrigin>> ColumnLineage(const BoundQuery& query) {
  return Tracer(query).Trace();
}

}  // namespace medallion::sql
