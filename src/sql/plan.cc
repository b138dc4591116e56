#include "sql/plan.h"

#include <algorithm>

#include "plan_rewrite.h"

// Questions over a plan. Debug text: plan_debug.cc; lineage: plan_lineage.cc; quarantine's rewrite:
// plan_append.cc.

namespace medallion::sql {
namespace {

void AddSubqueries(const Expr& expr, std::vector<RelationPtr>& children) {
  VisitExpr(expr, [&](const Expr& e) {
    if (const auto* subquery = std::get_if<SubqueryExpr>(&e.node)) {
      children.push_back(subquery->query);
    }
  });
}

// Where the rows of a stream meet an operator that needs all of them.
class ObstacleFinder {
 public:
  explicit ObstacleFinder(const BoundQuery& query) : query_(query) {}

  std::optional<StreamingObstacle> Find(const Relation& relation) const {
    if (!Streams(relation)) {
      return std::nullopt;
    }
    if (auto own =
            std::visit([&](const auto& node) { return Own(node, relation); }, relation.node)) {
      return own;
    }
    for (const RelationPtr& child : Children(relation)) {
      if (auto below = Find(*child)) {
        return below;
      }
    }
    return std::nullopt;
  }

 private:
  using Obstacle = std::optional<StreamingObstacle>;

  bool Streams(const Relation& relation) const {
    if (const auto* table = std::get_if<TableScan>(&relation.node)) {
      return query_.tables[table->input].streaming;
    }
    if (const auto* files = std::get_if<FileScan>(&relation.node)) {
      return query_.files[files->input].streaming;
    }
    if (const auto* scan = std::get_if<CteScan>(&relation.node)) {
      return StreamsInCte(scan->id, *query_.root);
    }
    const std::vector<RelationPtr> children = Children(relation);
    return std::any_of(children.begin(), children.end(),
                       [&](const RelationPtr& child) { return Streams(*child); });
  }

  bool StreamsInCte(int64_t id, const Relation& under) const {
    if (const auto* with = std::get_if<With>(&under.node)) {
      for (const With::Definition& definition : with->definitions) {
        if (definition.id == id) {
          return Streams(*definition.query);
        }
      }
    }
    const std::vector<RelationPtr> children = Children(under);
    return std::any_of(children.begin(), children.end(),
                       [&](const RelationPtr& child) { return StreamsInCte(id, *child); });
  }

  // The first place in the relation's own text, else that of what it reads.
  Span PlaceOf(const Relation& relation) const {
    std::optional<Span> place;
    ForEachExpression(relation, [&](const ExprPtr& expr) {
      if (!place && expr->span.end > expr->span.begin) {
        place = expr->span;
      }
    });
    if (place) {
      return *place;
    }
    if (const auto* table = std::get_if<TableScan>(&relation.node)) {
      return query_.tables[table->input].span;
    }
    if (const auto* files = std::get_if<FileScan>(&relation.node)) {
      return query_.files[files->input].span;
    }
    const std::vector<RelationPtr> children = Children(relation);
    return children.empty() ? Span() : PlaceOf(*children[0]);
  }

  Obstacle At(const Relation& relation, std::string description) const {
    return StreamingObstacle{std::move(description), PlaceOf(relation)};
  }

  Obstacle Own(const Aggregate& node, const Relation& relation) const {
    return At(relation, node.aggregates.empty() ? "GROUP BY" : "aggregation");
  }
  Obstacle Own(const Window&, const Relation& relation) const {
    return At(relation, "window function");
  }
  Obstacle Own(const Sort&, const Relation& relation) const { return At(relation, "ORDER BY"); }
  Obstacle Own(const Limit&, const Relation& relation) const { return At(relation, "LIMIT"); }
  Obstacle Own(const Distinct&, const Relation& relation) const { return At(relation, "DISTINCT"); }
  Obstacle Own(const KMeans& node, const Relation&) const {
    return StreamingObstacle{"kmeans", node.span};
  }
  Obstacle Own(const KMeansModel& node, const Relation&) const {
    return StreamingObstacle{"kmeans_model", node.span};
  }
  Obstacle Own(const SetOperation& node, const Relation& relation) const {
    const bool all_stream = std::all_of(node.inputs.begin(), node.inputs.end(),
                                        [&](const RelationPtr& input) { return Streams(*input); });
    if (node.op == SetOperator::kUnion && node.all) {
      return all_stream ? std::nullopt : At(relation, "UNION ALL of a stream and a table");
    }
    return At(relation, node.op == SetOperator::kUnion    ? "UNION without ALL"
                        : node.op == SetOperator::kExcept ? "EXCEPT"
                                                          : "INTERSECT");
  }
  Obstacle Own(const Join& node, const Relation& relation) const {
    const bool left = Streams(*node.left);
    const bool right = Streams(*node.right);
    if (left && right) {
      return At(relation, "join of two streams");
    }
    switch (node.kind) {
      case JoinKind::kInner:
      case JoinKind::kCross: return std::nullopt;
      case JoinKind::kLeft:
      case JoinKind::kLeftSemi:
      case JoinKind::kLeftAnti:
        return left ? std::nullopt
                    : At(relation, "join that keeps rows of the side that is no stream");
      case JoinKind::kRight:
        return right ? std::nullopt
                     : At(relation, "join that keeps rows of the side that is no stream");
      case JoinKind::kFull: break;
    }
    return At(relation, "FULL JOIN");
  }
  // A subquery over a stream would see one batch only.
  Obstacle OfSubqueries(const Relation& relation) const {
    Obstacle found;
    ForEachExpression(relation, [&](const ExprPtr& root) {
      VisitExpr(*root, [&](const Expr& expr) {
        const auto* subquery = std::get_if<SubqueryExpr>(&expr.node);
        if (!found && subquery != nullptr && Streams(*subquery->query)) {
          found = StreamingObstacle{"subquery over a stream", expr.span};
        }
      });
    });
    return found;
  }
  template <class Node>
  Obstacle Own(const Node&, const Relation& relation) const {
    return OfSubqueries(relation);
  }

  const BoundQuery& query_;
};

}  // namespace

std::vector<RelationPtr> Children(const Relation& relation) {
  std::vector<RelationPtr> children;
  ForEachInput(relation, [&](const RelationPtr& input) { children.push_back(input); });
  ForEachExpression(relation, [&](const ExprPtr& expr) { AddSubqueries(*expr, children); });
  return children;
}

void VisitExpressions(const Relation& relation, const std::function<void(const Expr&)>& visit) {
  ForEachExpression(relation, [&](const ExprPtr& expr) { VisitExpr(*expr, visit); });
}

std::optional<StreamingObstacle> FindStreamingObstacle(const BoundQuery& query) {
  return ObstacleFinder(query).Find(*query.root);
}

}  // namespace medallion::sql
