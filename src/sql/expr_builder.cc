#include "expr_builder.h"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include "base/check.h"
#include "base/text.h"
#include "decimal_typing.h"
#include "plan_rewrite.h"
#include "sql/functions.h"

namespace medallion::sql {
namespace {

ExprPtr Make(Expr expr) { return std::make_shared<const Expr>(std::move(expr)); }

bool FitsIntegral(int64_t value, TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte: return value >= INT8_MIN && value <= INT8_MAX;
    case TypeKind::kShort: return value >= INT16_MIN && value <= INT16_MAX;
    case TypeKind::kInteger: return value >= INT32_MIN && value <= INT32_MAX;
    default: return kind == TypeKind::kLong;
  }
}

std::optional<Value> ExactDecimal(const Decimal& decimal, const DataType& type) {
  const auto rescaled = decimal.Rescale(type.precision(), type.scale());
  if (!rescaled || type.scale() < decimal.scale) {
    return std::nullopt;
  }
  return Value{type, *rescaled};
}

// The constant as `type`, if the cast's result is certain and can be said as a literal.
std::optional<Value> FoldedCast(const Value& value, const DataType& type) {
  if (value.is_null()) {
    return Value::Null(type);
  }
  if (const auto* integral = std::get_if<int64_t>(&value.data);
      integral != nullptr && value.type.IsIntegral()) {
    if (type.IsIntegral() && FitsIntegral(*integral, type.kind())) {
      return Value{type, *integral};
    }
    if (type.Is(TypeKind::kDecimal)) {
      return ExactDecimal(Decimal{*integral, 0}, type);
    }
    constexpr int64_t kExactInDouble = int64_t{1} << 53;
    if (type.Is(TypeKind::kDouble) && *integral <= kExactInDouble && *integral >= -kExactInDouble) {
      return Value{type, static_cast<double>(*integral)};
    }
  }
  if (const auto* decimal = std::get_if<Decimal>(&value.data); decimal != nullptr) {
    if (type.Is(TypeKind::kDecimal)) {
      return ExactDecimal(*decimal, type);
    }
    if (type.Is(TypeKind::kDouble)) {  // the nearest, as the cast gives
      return Value{type, std::strtod(decimal->ToString().c_str(), nullptr)};
    }
  }
  return std::nullopt;
}

bool SameFields(const DataType& a, const DataType& b) {
  return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end(),
                    [](const Field& x, const Field& y) {
                      return EqualsIgnoreCase(x.name, y.name) && SameTypeButNulls(x.type, y.type);
                    });
}

bool SameKeys(const std::vector<SortKey>& a, const std::vector<SortKey>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SortKey& x, const SortKey& y) {
    return x.descending == y.descending && x.nulls_first == y.nulls_first &&
           SameExpr(*x.expr, *y.expr);
  });
}

bool SameOptional(const ExprPtr& a, const ExprPtr& b) {
  return a == nullptr || b == nullptr ? a == b : SameExpr(*a, *b);
}

bool SameBound(const FrameBound& a, const FrameBound& b) {
  return a.kind == b.kind && SameOptional(a.offset, b.offset);
}

bool SameFrame(const std::optional<WindowFrame>& a, const std::optional<WindowFrame>& b) {
  if (!a || !b) {
    return a.has_value() == b.has_value();
  }
  return a->unit == b->unit && SameBound(a->start, b->start) && SameBound(a->end, b->end);
}

struct SameNode {
  const Expr& other;

  template <class Node>
  bool operator()(const Node& a) const {
    const Node* b = std::get_if<Node>(&other.node);
    return b != nullptr && Same(a, *b);
  }

  static bool Same(const LiteralExpr& a, const LiteralExpr& b) { return a.value == b.value; }
  static bool Same(const ColumnExpr& a, const ColumnExpr& b) { return a.id == b.id; }
  static bool Same(const CallExpr& a, const CallExpr& b) {
    return a.function == b.function && SameExprs(a.args, b.args);
  }
  static bool Same(const CastExpr& a, const CastExpr& b) {
    return a.mode == b.mode && SameExpr(*a.child, *b.child);
  }
  static bool Same(const CaseExpr& a, const CaseExpr& b) {
    return SameOptional(a.otherwise, b.otherwise) &&
           std::equal(a.branches.begin(), a.branches.end(), b.branches.begin(), b.branches.end(),
                      [](const auto& x, const auto& y) {
                        return SameExpr(*x.condition, *y.condition) &&
                               SameExpr(*x.result, *y.result);
                      });
  }
  static bool Same(const AggregateExpr& a, const AggregateExpr& b) {
    return a.function == b.function && a.distinct == b.distinct && SameExprs(a.args, b.args) &&
           SameOptional(a.filter, b.filter) && SameKeys(a.order_by, b.order_by);
  }
  static bool Same(const WindowExpr& a, const WindowExpr& b) {
    return Same(a.function, b.function) && a.ignore_nulls == b.ignore_nulls &&
           SameExprs(a.partition_by, b.partition_by) && SameKeys(a.order_by, b.order_by) &&
           SameFrame(a.frame, b.frame);
  }
  static bool Same(const SubqueryExpr& a, const SubqueryExpr& b) {
    return a.query == b.query && SameExprs(a.needles, b.needles);
  }
  static bool Same(const LambdaExpr& a, const LambdaExpr& b) { return a.body == b.body; }
};

}  // namespace

ExprPtr LiteralOf(Value value, Span span) {
  Expr expr;
  expr.type = value.type;
  expr.nullable = value.is_null();
  expr.span = span;
  expr.node = LiteralExpr{std::move(value)};
  return Make(std::move(expr));
}

ExprPtr ColumnOf(const BoundColumn& column, Span span, bool outer) {
  return Make({column.type, column.nullable, span, ColumnExpr{column.id, column.name, outer}});
}

bool CastMayGiveNull(const DataType& from, const DataType& to) {
  if (from.Is(TypeKind::kString)) {
    return !to.Is(TypeKind::kString) && !to.Is(TypeKind::kBinary);
  }
  if (!to.Is(TypeKind::kDecimal)) {
    return from.IsNested();
  }
  if (!from.IsIntegral() && !from.Is(TypeKind::kDecimal)) {
    return true;
  }
  const DataType exact = DecimalForIntegral(from);
  return exact.scale() > to.scale() ||
         exact.precision() - exact.scale() > to.precision() - to.scale();
}

ExprPtr CastTo(ExprPtr expr, const DataType& type, CastMode mode) {
  if (SameTypeButNulls(expr->type, type)) {
    return expr;
  }
  if (const Value* value = ConstantOf(*expr)) {
    if (auto folded = FoldedCast(*value, type)) {
      return LiteralOf(*std::move(folded), expr->span);
    }
  }
  const Span span = expr->span;
  const bool nullable =
      expr->nullable || mode == CastMode::kTry || CastMayGiveNull(expr->type, type);
  return Make({type, nullable, span, CastExpr{std::move(expr), mode}});
}

Result<ExprPtr> CallOf(std::string_view function, std::vector<ExprPtr> args, Span span) {
  const FunctionEntry* entry = FindFunction(function);
  CHECK(entry != nullptr);
  std::vector<ArgumentInfo> infos;
  infos.reserve(args.size());
  for (const ExprPtr& arg : args) {
    infos.push_back({arg->type, arg->nullable, ConstantOf(*arg)});
  }
  ASSIGN_OR_RETURN(CallTypes types, ResolveCall(*entry, infos));
  for (size_t i = 0; i < args.size(); ++i) {
    args[i] = CastTo(std::move(args[i]), types.arguments[i]);
  }
  return Make(
      {std::move(types.result), types.nullable, span, CallExpr{entry->name, std::move(args)}});
}

namespace {

constexpr size_t kNodesCountedMax = size_t{1} << 40;  // far beyond any limit, far below overflow

ExprExtent ExtentOf(const Expr& expr, std::unordered_map<const Expr*, ExprExtent>& known) {
  if (const auto found = known.find(&expr); found != known.end()) {
    return found->second;
  }
  ExprExtent extent;
  ForEachOperand(expr, [&](const ExprPtr& operand) {
    const ExprExtent inner = ExtentOf(*operand, known);
    extent.nodes = std::min(extent.nodes + inner.nodes, kNodesCountedMax);
    extent.depth = std::max(extent.depth, inner.depth + 1);
  });
  known.emplace(&expr, extent);
  return extent;
}

}  // namespace

ExprExtent ExtentOf(const Expr& expr) {
  std::unordered_map<const Expr*, ExprExtent> known;
  return ExtentOf(expr, known);
}

const Value* ConstantOf(const Expr& expr) {
  const auto* literal = std::get_if<LiteralExpr>(&expr.node);
  return literal == nullptr ? nullptr : &literal->value;
}

bool SameExpr(const Expr& a, const Expr& b) {
  return &a == &b || (SameTypeButNulls(a.type, b.type) && std::visit(SameNode{b}, a.node));
}

bool SameExprs(std::span<const ExprPtr> a, std::span<const ExprPtr> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExprPtr& x, const ExprPtr& y) { return SameExpr(*x, *y); });
}

bool SameTypeButNulls(const DataType& a, const DataType& b) {
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case TypeKind::kDecimal: return a.precision() == b.precision() && a.scale() == b.scale();
    case TypeKind::kArray: return SameTypeButNulls(a.element(), b.element());
    case TypeKind::kMap:
      return SameTypeButNulls(a.key(), b.key()) && SameTypeButNulls(a.value(), b.value());
    case TypeKind::kStruct: return SameFields(a, b);
    default: return true;
  }
}

std::vector<BoundColumn> JoinedColumns(JoinKind kind, const Relation& left, const Relation& right) {
  std::vector<BoundColumn> columns = left.columns;
  for (BoundColumn& column : columns) {
    column.nullable = column.nullable || kind == JoinKind::kRight || kind == JoinKind::kFull;
  }
  if (kind == JoinKind::kLeftSemi || kind == JoinKind::kLeftAnti) {
    return columns;
  }
  for (BoundColumn column : right.columns) {
    column.nullable = column.nullable || kind == JoinKind::kLeft || kind == JoinKind::kFull;
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace medallion::sql
