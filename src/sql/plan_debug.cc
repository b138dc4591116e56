#include <fmt/format.h>

#include "base/text.h"
#include "sql/plan.h"

// Plans as text: one line per relation, columns as name#id.

namespace medallion::sql {
namespace {

const char* NameOf(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner: return "Inner";
    case JoinKind::kLeft: return "Left";
    case JoinKind::kRight: return "Right";
    case JoinKind::kFull: return "Full";
    case JoinKind::kCross: return "Cross";
    case JoinKind::kLeftSemi: return "LeftSemi";
    case JoinKind::kLeftAnti: return "LeftAnti";
  }
  return "?";
}

const char* NameOf(SetOperator op) {
  switch (op) {
    case SetOperator::kUnion: return "Union";
    case SetOperator::kIntersect: return "Intersect";
    case SetOperator::kExcept: return "Except";
  }
  return "?";
}

std::string Text(const Expr& expr);

std::string Texts(const std::vector<ExprPtr>& exprs) {
  std::vector<std::string> texts;
  for (const ExprPtr& expr : exprs) {
    texts.push_back(Text(*expr));
  }
  return medallion::Join(texts, ", ");
}

std::string KeysText(const std::vector<SortKey>& keys) {
  std::vector<std::string> texts;
  for (const SortKey& key : keys) {
    texts.push_back(Text(*key.expr) + (key.descending ? " DESC" : " ASC") +
                    (key.nulls_first ? " NULLS FIRST" : " NULLS LAST"));
  }
  return medallion::Join(texts, ", ");
}

std::string BoundText(const FrameBound& bound) {
  switch (bound.kind) {
    case FrameBound::Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case FrameBound::Kind::kPreceding: return Text(*bound.offset) + " PRECEDING";
    case FrameBound::Kind::kCurrentRow: return "CURRENT ROW";
    case FrameBound::Kind::kFollowing: return Text(*bound.offset) + " FOLLOWING";
    case FrameBound::Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  return "?";
}

std::string NodeText(const LiteralExpr& node, const Expr& expr) {
  const std::string text = ToDisplayString(node.value);
  if (node.value.is_null()) {
    return expr.type.Is(TypeKind::kVoid) ? "NULL" : "NULL:" + expr.type.ToDdl();
  }
  return expr.type.Is(TypeKind::kString)    ? "'" + text + "'"
         : expr.type.Is(TypeKind::kInteger) ? text
                                            : text + ":" + expr.type.ToDdl();
}
std::string NodeText(const ColumnExpr& node, const Expr&) {
  return fmt::format("{}{}#{}", node.outer ? "outer " : "", node.name, node.id.value);
}
std::string NodeText(const CallExpr& node, const Expr&) {
  return node.function + "(" + Texts(node.args) + ")";
}
std::string NodeText(const CastExpr& node, const Expr& expr) {
  return fmt::format("{}({} AS {})", node.mode == CastMode::kTry ? "try_cast" : "cast",
                     Text(*node.child), expr.type.ToDdl());
}
std::string NodeText(const CaseExpr& node, const Expr&) {
  std::string text = "case";
  for (const CaseExpr::Branch& branch : node.branches) {
    text += " when " + Text(*branch.condition) + " then " + Text(*branch.result);
  }
  return text + (node.otherwise == nullptr ? " end" : " else " + Text(*node.otherwise) + " end");
}
std::string NodeText(const AggregateExpr& node, const Expr&) {
  std::string text =
      node.function + "(" + (node.distinct ? "distinct " : "") + Texts(node.args) + ")";
  if (!node.order_by.empty()) {
    text += " within group (" + KeysText(node.order_by) + ")";
  }
  return node.filter == nullptr ? text : text + " filter (" + Text(*node.filter) + ")";
}
std::string NodeText(const WindowExpr& node, const Expr& expr) {
  std::string text = NodeText(node.function, expr) + (node.ignore_nulls ? " ignore nulls" : "") +
                     " over (partition [" + Texts(node.partition_by) + "] order [" +
                     KeysText(node.order_by) + "]";
  if (node.frame) {
    text += fmt::format(" {} {} to {}", node.frame->unit == FrameUnit::kRows ? "rows" : "range",
                        BoundText(node.frame->start), BoundText(node.frame->end));
  }
  return text + ")";
}
std::string NodeText(const SubqueryExpr& node, const Expr&) {
  switch (node.kind) {
    case SubqueryExpr::Kind::kScalar: return "subquery";
    case SubqueryExpr::Kind::kExists: return "exists subquery";
    case SubqueryExpr::Kind::kIn: break;
  }
  return "(" + Texts(node.needles) + ") in subquery";
}
std::string NodeText(const LambdaExpr& node, const Expr&) {
  std::vector<std::string> names;
  for (const BoundColumn& parameter : node.parameters) {
    names.push_back(fmt::format("{}#{}", parameter.name, parameter.id.value));
  }
  return "(" + medallion::Join(names, ", ") + ") -> " + Text(*node.body);
}

std::string Text(const Expr& expr) {
  return std::visit([&](const auto& node) { return NodeText(node, expr); }, expr.node);
}

class Printer {
 public:
  explicit Printer(const BoundQuery& query) : query_(query) {}

  std::string Print() {
    PrintRelation(*query_.root, 0);
    return std::move(text_);
  }

 private:
  void PrintRelation(const Relation& relation, size_t depth) {
    text_ += std::string(depth * 2, ' ') +
             std::visit([&](const auto& node) { return Line(node, relation); }, relation.node) +
             "  [" + Columns(relation) + "]\n";
    for (const RelationPtr& child : Children(relation)) {
      PrintRelation(*child, depth + 1);
    }
  }

  static std::string Columns(const Relation& relation) {
    std::vector<std::string> texts;
    for (const BoundColumn& column : relation.columns) {
      texts.push_back(fmt::format("{}#{} {}{}", column.name, column.id.value, column.type.ToDdl(),
                                  column.nullable ? "" : "!"));
    }
    return medallion::Join(texts, ", ");
  }

  std::string Line(const TableScan& node, const Relation&) const {
    const TableInput& input = query_.tables[node.input];
    return fmt::format("TableScan {}{}{}", input.streaming ? "stream " : "", input.name.ToString(),
                       input.version ? fmt::format(" version {}", *input.version) : "");
  }
  std::string Line(const FileScan& node, const Relation&) const {
    const FileInput& input = query_.files[node.input];
    return fmt::format("FileScan {}'{}'", input.streaming ? "stream " : "", input.path);
  }
  std::string Line(const ValuesRelation& node, const Relation&) const {
    std::vector<std::string> rows;
    for (const auto& row : node.rows) {
      rows.push_back("(" + Texts(row) + ")");
    }
    return "Values " + medallion::Join(rows, ", ");
  }
  std::string Line(const Project& node, const Relation&) const {
    return "Project " + Texts(node.exprs);
  }
  std::string Line(const Filter& node, const Relation&) const {
    return "Filter " + Text(*node.condition);
  }
  std::string Line(const Aggregate& node, const Relation&) const {
    std::string text = "Aggregate groups [" + Texts(node.groups) + "]";
    if (!node.sets.empty()) {
      std::vector<std::string> sets;
      for (const auto& set : node.sets) {
        sets.push_back(fmt::format("({})", fmt::join(set, ", ")));
      }
      text += " sets " + medallion::Join(sets, " ");
    }
    return text + " aggregates [" + Texts(node.aggregates) + "]";
  }
  std::string Line(const Window& node, const Relation&) const {
    return "Window " + Texts(node.windows);
  }
  std::string Line(const sql::Join& node, const Relation&) const {
    return fmt::format("Join {}{}{}", NameOf(node.kind), node.lateral ? " lateral" : "",
                       node.condition == nullptr ? "" : " on " + Text(*node.condition));
  }
  std::string Line(const SetOperation& node, const Relation&) const {
    return fmt::format("{}{}", NameOf(node.op), node.all ? " all" : "");
  }
  std::string Line(const Sort& node, const Relation&) const {
    return "Sort " + KeysText(node.keys);
  }
  std::string Line(const Limit& node, const Relation&) const {
    return fmt::format("Limit {}{}", node.limit ? std::to_string(*node.limit) : "all",
                       node.offset == 0 ? "" : fmt::format(" offset {}", node.offset));
  }
  std::string Line(const Distinct&, const Relation&) const { return "Distinct"; }
  std::string Line(const Generate& node, const Relation&) const {
    return fmt::format("Generate {}{}({})", node.outer ? "outer " : "", node.function,
                       Texts(node.args));
  }
  std::string Line(const With& node, const Relation&) const {
    std::vector<std::string> names;
    for (const With::Definition& definition : node.definitions) {
      names.push_back(fmt::format("{}@{}", definition.name, definition.id));
    }
    return "With " + medallion::Join(names, ", ");
  }
  std::string Line(const CteScan& node, const Relation&) const {
    return fmt::format("CteScan @{}", node.id);
  }
  std::string Line(const TableFunction& node, const Relation&) const {
    return fmt::format("TableFunction {}({})", node.function, Texts(node.args));
  }
  std::string Line(const KMeans& node, const Relation&) const {
    return fmt::format("KMeans by {} of {}", node.call.key,
                       medallion::Join(node.call.features, ", "));
  }
  std::string Line(const KMeansModel&, const Relation&) const { return "KMeansModel"; }

  const BoundQuery& query_;
  std::string text_;
};

}  // namespace

std::string ToDebugString(const BoundQuery& query) { return Printer(query).Print(); }

}  // namespace medallion::sql
