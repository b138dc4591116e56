#include "base/text.h"
#include "expr_builder.h"
#include "expression_binder.h"
#include "plan_rewrite.h"
#include "type_coercion.h"

// Calls of aggregates and window functions. They are left in the tree where they were written.

namespace medallion::sql {
namespace {

bool IsFirstLike(const std::string& name) {
  return name == "first" || name == "last" || name == "any_value";
}

// Functions that say IGNORE NULLS.
bool TakesNullTreatment(const std::string& name) {
  return IsFirstLike(name) || name == "lag" || name == "lead" || name == "nth_value";
}

class FlagGuard {
 public:
  explicit FlagGuard(bool& flag) : flag_(flag), saved_(flag) { flag_ = true; }
  ~FlagGuard() { flag_ = saved_; }
  FlagGuard(const FlagGuard&) = delete;
  FlagGuard& operator=(const FlagGuard&) = delete;

 private:
  bool& flag_;
  bool saved_;
};

}  // namespace

// percentile_cont(p) WITHIN GROUP (ORDER BY v) → percentile(v, p), percentile(v, 1 - p) for DESC;
// percentile_disc keeps its order; both values as DOUBLE, as in Spark.
Result<ExpressionBinder::BoundAggregate> ExpressionBinder::BindPercentile(
    const std::string& name, const ast::FunctionCall& node, Span span) {
  if (node.within_group.size() != 1 || node.args.size() != 1) {
    return analysis_.Problem(
        span, "INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING",
        fmt::format("`{}` is written {}(fraction) WITHIN GROUP (ORDER BY value)", name, name),
        "incomplete");
  }
  ASSIGN_OR_RETURN(ExprList args, BindArguments(node));
  ASSIGN_OR_RETURN(SortKey key, BindSortKey(node.within_group[0]));
  const FunctionEntry& percentile = *FindFunction("percentile");
  std::vector<ArgumentInfo> infos = {{key.expr->type, true, nullptr},
                                     {args[0]->type, args[0]->nullable, nullptr}};
  auto types = ResolveCall(percentile, infos);
  if (!types) {
    return analysis_.Place(std::move(types).error(), span);
  }
  BoundAggregate bound;
  bound.type = types->result;
  key.expr = CastTo(std::move(key.expr), types->arguments[0]);
  ExprPtr fraction = CastTo(std::move(args[0]), types->arguments[1]);
  if (name == "percentile_disc") {
    if (!fraction->type.Is(TypeKind::kDouble)) {
      return analysis_.Unsupported(span, "percentile_disc of an array of fractions");
    }
    bound.call.function = name;
    bound.call.args = {std::move(fraction)};
    bound.call.order_by = {std::move(key)};
    return bound;
  }
  if (key.descending) {
    const Value* constant = ConstantOf(*fraction);
    const auto* p = constant == nullptr ? nullptr : std::get_if<double>(&constant->data);
    if (p == nullptr) {
      return analysis_.Unsupported(
          span, "percentile_cont in descending order with anything but one literal fraction");
    }
    fraction = LiteralOf(Value::Double(1.0 - *p), fraction->span);
  }
  bound.call.function = "percentile";
  bound.call.args = {std::move(key.expr), std::move(fraction)};
  return bound;
}

// The arguments as written, and those that other syntax stands for: IGNORE NULLS of first and its
// like, the order of mode() WITHIN GROUP.
Result<ExpressionBinder::ExprList> ExpressionBinder::BindAggregateArguments(
    const FunctionEntry& entry, const ast::FunctionCall& node, Span span) {
  const bool star = node.args.size() == 1 && node.args[0].value != nullptr &&
                    std::holds_alternative<ast::Star>(node.args[0].value->node) &&
                    entry.name == "count";
  if (star) {
    return ExprList();
  }
  ASSIGN_OR_RETURN(ExprList args, BindArguments(node));
  if (args.empty() && entry.name == "count") {
    return analysis_.Problem(span, "WRONG_NUM_ARGS.WITH_SUGGESTION", "`count` needs an argument",
                             "none given", {"write count(*) to count rows"});
  }
  if (node.null_treatment == ast::NullTreatment::kIgnore && IsFirstLike(entry.name) && !node.over) {
    args.push_back(LiteralOf(Value::Boolean(true), span));
  }
  if (entry.name == "mode" && args.empty() && node.within_group.size() == 1) {
    ASSIGN_OR_RETURN(SortKey key, BindSortKey(node.within_group[0]));
    args.push_back(std::move(key.expr));
  }
  return args;
}

Status ExpressionBinder::BindWithinGroup(const FunctionEntry& entry, const ast::FunctionCall& node,
                                         std::vector<SortKey>& keys) {
  if (entry.name == "mode") {
    return OkStatus();  // an argument, see above
  }
  for (const ast::SortItem& item : node.within_group) {
    if (entry.name != "listagg") {
      return analysis_.Problem(item.span,
                               "INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_NOT_ALLOWED",
                               fmt::format("`{}` takes no WITHIN GROUP", entry.name), "not here");
    }
    ASSIGN_OR_RETURN(SortKey key, BindSortKey(item));
    keys.push_back(std::move(key));
  }
  return OkStatus();
}

Status ExpressionBinder::CheckModifiers(const FunctionEntry& entry, const ast::FunctionCall& node,
                                        Span span) const {
  if (entry.kind == FunctionKind::kWindow && (node.distinct || node.filter != nullptr)) {
    return analysis_.Problem(
        span, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
        fmt::format("`{}` is no aggregate: DISTINCT and FILTER do not apply", entry.name),
        "not an aggregate");
  }
  if (node.null_treatment != ast::NullTreatment::kDefault && !TakesNullTreatment(entry.name)) {
    return analysis_.Problem(span, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                             fmt::format("`{}` takes no IGNORE NULLS", entry.name), "not here");
  }
  return OkStatus();
}

Result<ExpressionBinder::BoundAggregate> ExpressionBinder::BindPlainAggregate(
    const FunctionEntry& entry, const ast::FunctionCall& node, Span span) {
  BoundAggregate bound;
  bound.call.function = entry.name;
  ASSIGN_OR_RETURN(bound.call.args, BindAggregateArguments(entry, node, span));
  RETURN_IF_ERROR(BindWithinGroup(entry, node, bound.call.order_by));
  std::vector<ArgumentInfo> infos;
  for (const ExprPtr& arg : bound.call.args) {
    infos.push_back({arg->type, arg->nullable, ConstantOf(*arg)});
  }
  auto types = ResolveCall(entry, infos);
  if (!types) {
    return analysis_.Place(std::move(types).error(), span);
  }
  for (size_t i = 0; i < bound.call.args.size(); ++i) {
    bound.call.args[i] = CastTo(std::move(bound.call.args[i]), types->arguments[i]);
  }
  bound.type = std::move(types->result);
  bound.nullable = types->nullable;
  return bound;
}

Result<ExpressionBinder::BoundAggregate> ExpressionBinder::BindAggregateParts(
    const FunctionEntry& entry, const ast::FunctionCall& node, Span span) {
  RETURN_IF_ERROR(CheckModifiers(entry, node, span));
  const std::string written = ToLower(node.name[0].text);
  const bool percentile = written == "percentile_cont" || written == "percentile_disc";
  ASSIGN_OR_RETURN(BoundAggregate bound, percentile ? BindPercentile(written, node, span)
                                                    : BindPlainAggregate(entry, node, span));
  bound.call.distinct = node.distinct;
  if (node.filter != nullptr) {
    ExpressionRules rules = rules_;
    rules.clause = "FILTER";
    ExpressionBinder filter(analysis_, queries_, scope_, std::move(rules));
    filter.inside_aggregate_ = true;
    ASSIGN_OR_RETURN(bound.call.filter, filter.BindCondition(*node.filter));
  }
  return bound;
}

Result<ExprPtr> ExpressionBinder::BindAggregateCall(const FunctionEntry& entry,
                                                    const ast::FunctionCall& node, Span span) {
  if (inside_aggregate_) {
    return analysis_.Problem(span, "NESTED_AGGREGATE_FUNCTION", "an aggregate inside an aggregate",
                             "nested here", {"compute the inner one in a subquery"});
  }
  if (!rules_.aggregates) {
    return analysis_.Problem(span, "INVALID_WHERE_CONDITION",
                             fmt::format("`{}` is an aggregate, which {} cannot use",
                                         ToLower(node.name[0].text), rules_.clause),
                             "aggregate", {"filter groups with HAVING"});
  }
  // Arguments see columns before aliases: sum(x) AS x … HAVING sum(x) > 0.
  ExpressionRules saved = rules_;
  if (rules_.aliases == Scope::AliasOrder::kBeforeColumns) {
    rules_.aliases = Scope::AliasOrder::kAfterColumns;
  }
  Result<BoundAggregate> bound = [&] {
    const FlagGuard guard(inside_aggregate_);
    return BindAggregateParts(entry, node, span);
  }();
  rules_ = std::move(saved);
  if (!bound) {
    return std::move(bound).error();
  }
  return std::make_shared<const Expr>(
      Expr{bound->type, bound->nullable, span, std::move(bound->call)});
}

Result<const ast::WindowSpec*> ExpressionBinder::FindWindow(const ast::Over& over, Span span) {
  if (const auto* spec = std::get_if<ast::WindowSpec>(&over)) {
    return spec;
  }
  const Identifier& name = std::get<Identifier>(over);
  if (rules_.named_windows != nullptr) {
    const auto found = rules_.named_windows->find(ToLower(name.text));
    if (found != rules_.named_windows->end()) {
      return &found->second;
    }
  }
  return analysis_.Problem(name.span.end > name.span.begin ? name.span : span,
                           "MISSING_WINDOW_SPECIFICATION",
                           fmt::format("no window named `{}`", name.text), "no such window",
                           {"define it in the WINDOW clause"});
}

Result<FrameBound> ExpressionBinder::BindFrameBound(const ast::FrameBound& bound, FrameUnit unit,
                                                    const WindowExpr& window, Span span) {
  FrameBound result;
  result.kind = static_cast<FrameBound::Kind>(bound.kind);
  if (bound.offset == nullptr) {
    return result;
  }
  ASSIGN_OR_RETURN(result.offset, Bind(*bound.offset));
  if (unit == FrameUnit::kRows) {
    const Value* value = ConstantOf(*result.offset);
    if (value == nullptr || !value->type.IsIntegral()) {
      return analysis_.Problem(
          bound.offset->span, "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
          "a ROWS frame counts rows: its offset has to be an integer literal", "no integer");
    }
    result.offset = CastTo(std::move(result.offset), DataType::Integer());
    return result;
  }
  if (window.order_by.size() != 1) {
    return analysis_.Problem(span, "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
                             "a RANGE frame with an offset needs exactly one ORDER BY expression",
                             "here");
  }
  const DataType& key = window.order_by[0].expr->type;
  if (key.IsNumeric() && result.offset->type.IsNumeric()) {
    result.offset = CastTo(std::move(result.offset), key);
  } else if (!(IsDateTime(key) &&
               (IsInterval(result.offset->type) || result.offset->type.IsIntegral()))) {
    return analysis_.Problem(bound.offset->span, "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
                             fmt::format("a RANGE frame over {} cannot have an offset of {}",
                                         key.ToDdl(), result.offset->type.ToDdl()),
                             "wrong type");
  }
  return result;
}

Status ExpressionBinder::BindWindowSpec(const ast::WindowSpec& spec, const FunctionEntry& entry,
                                        Span span, WindowExpr& window) {
  for (const ast::ExpressionPtr& expression : spec.partition_by) {
    ASSIGN_OR_RETURN(ExprPtr expr, Bind(*expression));
    window.partition_by.push_back(std::move(expr));
  }
  for (const ast::SortItem& item : spec.order_by) {
    ASSIGN_OR_RETURN(SortKey key, BindSortKey(item));
    window.order_by.push_back(std::move(key));
  }
  const bool needs_order = entry.kind == FunctionKind::kWindow && entry.name != "nth_value";
  if (needs_order && window.order_by.empty()) {
    return analysis_.Problem(span, "WINDOW_FUNCTION_WITHOUT_ORDER_BY",
                             fmt::format("`{}` needs ORDER BY in its window", entry.name),
                             "no order",
                             {fmt::format("write {}(…) OVER (… ORDER BY …)", entry.name)});
  }
  if (!entry.has_frame) {
    if (spec.frame) {
      return analysis_.Problem(spec.frame->span, "DATATYPE_MISMATCH.UNSPECIFIED_FRAME",
                               fmt::format("`{}` takes no frame", entry.name), "not here");
    }
    return OkStatus();
  }
  WindowFrame frame;
  if (!spec.frame) {
    // Spark: with an order up to the current row and its peers, else the whole partition.
    frame.unit = window.order_by.empty() ? FrameUnit::kRows : FrameUnit::kRange;
    frame.start.kind = FrameBound::Kind::kUnboundedPreceding;
    frame.end.kind = window.order_by.empty() ? FrameBound::Kind::kUnboundedFollowing
                                             : FrameBound::Kind::kCurrentRow;
  } else {
    frame.unit = static_cast<FrameUnit>(spec.frame->unit);
    ASSIGN_OR_RETURN(frame.start,
                     BindFrameBound(spec.frame->start, frame.unit, window, spec.frame->span));
    ASSIGN_OR_RETURN(frame.end,
                     BindFrameBound(spec.frame->end, frame.unit, window, spec.frame->span));
    if (frame.start.kind > frame.end.kind) {
      return analysis_.Problem(spec.frame->span,
                               "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
                               "the frame ends before it starts", "here");
    }
  }
  window.frame = std::move(frame);
  return OkStatus();
}

Result<ExprPtr> ExpressionBinder::BindWindowCall(const FunctionEntry& entry,
                                                 const ast::FunctionCall& node, Span span) {
  if (entry.kind != FunctionKind::kAggregate && entry.kind != FunctionKind::kWindow) {
    return analysis_.Problem(span, "UNSUPPORTED_EXPR_FOR_WINDOW",
                             fmt::format("`{}` is no window function", entry.name),
                             "cannot have OVER");
  }
  if (!rules_.windows || inside_window_ || inside_aggregate_) {
    return analysis_.Problem(
        span, "WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE",
        fmt::format("a window function cannot stand in {}",
                    inside_window_ || inside_aggregate_ ? "another function" : rules_.clause),
        "window function", {"compute it in a subquery, or filter with QUALIFY"});
  }
  if (node.distinct) {
    return analysis_.Problem(span, "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
                             "DISTINCT in a window function is not supported", "DISTINCT");
  }
  if (node.filter != nullptr) {  // Spark refuses it too
    return analysis_.Unsupported(span, "FILTER in a window function",
                                 {"use CASE WHEN … THEN … END in the argument"});
  }
  const FlagGuard guard(inside_window_);
  WindowExpr window;
  ASSIGN_OR_RETURN(BoundAggregate bound, BindAggregateParts(entry, node, span));
  window.function = std::move(bound.call);
  window.ignore_nulls = node.null_treatment == ast::NullTreatment::kIgnore;
  if (IsFirstLike(window.function.function) && window.function.args.size() == 2) {
    const Value* ignore = ConstantOf(*window.function.args[1]);
    window.ignore_nulls =
        window.ignore_nulls || (ignore != nullptr && ignore->data == Value::Boolean(true).data);
    window.function.args.pop_back();
  }
  ASSIGN_OR_RETURN(const ast::WindowSpec* spec, FindWindow(*node.over, span));
  RETURN_IF_ERROR(BindWindowSpec(*spec, entry, span, window));
  return std::make_shared<const Expr>(Expr{bound.type, bound.nullable, span, std::move(window)});
}

}  // namespace medallion::sql
