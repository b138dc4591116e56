#include "base/civil_time.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "type_coercion.h"

// Sums and differences of dates, timestamps and intervals.

namespace medallion::sql {
namespace {

bool IsMoment(const ExprPtr& expr) { return IsDateTime(expr->type); }

// Whether the interval is a literal of whole days, in its own spelling: INTERVAL 7 DAYS, not 168
// HOURS.
const ast::IntervalLiteral* DaysOf(const ast::Expression& expression) {
  const auto* literal = std::get_if<ast::IntervalLiteral>(&expression.node);
  const bool days = literal != nullptr && literal->start == ast::IntervalField::kDay &&
                    literal->end == ast::IntervalField::kDay && !literal->value.is_null();
  return days ? literal : nullptr;
}

}  // namespace

// Spark's BinaryArithmeticWithDatetimeResolver.
Result<std::optional<ExprPtr>> ExpressionBinder::BindDateArithmetic(const ast::Binary& node,
                                                                    ExprPtr left, ExprPtr right,
                                                                    Span span) {
  const auto some = [](Result<ExprPtr> expr) -> Result<std::optional<ExprPtr>> {
    ASSIGN_OR_RETURN(ExprPtr value, std::move(expr));
    return std::optional<ExprPtr>(std::move(value));
  };
  const bool minus = node.op == "-";
  const ast::Expression* right_ast = node.right.get();
  if (!minus && !IsMoment(left) && IsMoment(right)) {  // interval + date, n + date
    std::swap(left, right);
    right_ast = node.left.get();
  }
  if (minus && (IsMoment(left) || IsMoment(right)) && !IsInterval(right->type)) {
    const bool dates = (left->type.Is(TypeKind::kDate) || left->type.Is(TypeKind::kString)) &&
                       (right->type.Is(TypeKind::kDate) || right->type.Is(TypeKind::kString));
    if (dates) {
      return some(Call("subtract_dates", {std::move(left), std::move(right)}, span));
    }
    if (!right->type.IsNumeric()) {
      return some(Call("subtract_timestamps", {std::move(left), std::move(right)}, span));
    }
  }
  if (!IsMoment(left)) {
    return std::optional<ExprPtr>();
  }
  if (!IsInterval(right->type)) {
    return some(Call(minus ? "date_sub" : "date_add", {std::move(left), std::move(right)}, span));
  }
  if (left->type.Is(TypeKind::kDate) && right->type.Is(TypeKind::kDayTimeInterval)) {
    if (const ast::IntervalLiteral* days = DaysOf(*right_ast)) {
      const int64_t count = std::get<int64_t>(days->value.data) / kMicrosPerDay;
      ExprPtr n = LiteralOf(Value::Integer(static_cast<int32_t>(count)), right_ast->span);
      return some(Call(minus ? "date_sub" : "date_add", {std::move(left), std::move(n)}, span));
    }
    left = CastTo(std::move(left), DataType::Timestamp());
  }
  if (minus) {
    const Span right_span = right->span;
    ASSIGN_OR_RETURN(right, Call("negative", {std::move(right)}, right_span));
  }
  return some(Call("add_interval", {std::move(left), std::move(right)}, span));
}

}  // namespace medallion::sql
