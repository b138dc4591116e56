#include "expression_binder.h"

#include "expr_builder.h"
#include "type_coercion.h"

// Names, literals and operators. Calls: call_binder.cc; aggregates and windows:
// aggregate_binder.cc; subqueries: subquery_binder.cc.

namespace medallion::sql {

bool NullsFirst(const ast::SortItem& item) { return item.nulls_first.value_or(!item.descending); }

Result<ExprPtr> ExpressionBinder::Bind(const ast::Expression& expression) {
  return std::visit([&](const auto& node) { return BindNode(node, expression.span); },
                    expression.node);
}

Result<ExprPtr> ExpressionBinder::BindCondition(const ast::Expression& expression) {
  ASSIGN_OR_RETURN(ExprPtr condition, Bind(expression));
  if (!condition->type.Is(TypeKind::kBoolean) && !condition->type.Is(TypeKind::kVoid)) {
    return analysis_.Problem(expression.span, "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                             fmt::format("the condition of {} has to be BOOLEAN, not {}",
                                         rules_.clause, condition->type.ToDdl()),
                             "this is " + condition->type.ToDdl());
  }
  return condition;
}

Result<SortKey> ExpressionBinder::BindSortKey(const ast::SortItem& item) {
  ASSIGN_OR_RETURN(ExprPtr expr, Bind(*item.expr));
  if (!IsOrderable(expr->type)) {
    return analysis_.Problem(item.span, "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                             "cannot sort by " + expr->type.ToDdl(), "has no order");
  }
  return SortKey{std::move(expr), item.descending, NullsFirst(item)};
}

Result<ExprPtr> ExpressionBinder::Call(std::string_view function, ExprList args, Span span) {
  auto call = CallOf(function, std::move(args), span);
  if (!call) {
    return analysis_.Place(std::move(call).error(), span);
  }
  return call;
}

Result<ExprPtr> ExpressionBinder::Negate(Result<ExprPtr> expr, bool negated, Span span) {
  if (!expr || !negated) {
    return expr;
  }
  return Call("not", {*std::move(expr)}, span);
}

Result<ExpressionBinder::ExprList> ExpressionBinder::BindAll(
    std::span<const ast::ExpressionPtr> expressions) {
  ExprList bound;
  for (const ast::ExpressionPtr& expression : expressions) {
    ASSIGN_OR_RETURN(ExprPtr expr, Bind(*expression));
    bound.push_back(std::move(expr));
  }
  return bound;
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Literal& node, Span span) {
  return LiteralOf(node.value, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::IntervalLiteral& node, Span span) {
  return LiteralOf(node.value, span);
}

// What the text means may depend on the session zone, so the engine reads it, as it reads every
// cast.
Result<ExprPtr> ExpressionBinder::BindNode(const ast::TimestampLiteral& node, Span span) {
  const DataType type =
      node.type == TypeKind::kTimestampNtz ? DataType::TimestampNtz() : DataType::Timestamp();
  return CastTo(LiteralOf(Value::String(node.text), span), type);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::ColumnReference& node, Span span) {
  auto resolved = scope_.Resolve(node.parts, span, rules_.aliases);
  if (resolved || node.parts.size() != 1 || resolved.error().condition() == "AMBIGUOUS_REFERENCE") {
    return resolved;
  }
  // `current_date` and its like need no parentheses.
  const FunctionEntry* entry = FindFunction(node.parts[0].text);
  if (entry == nullptr || (entry->clock == ClockUse::kNone && entry->name != "current_timezone") ||
      entry->name == "unix_timestamp") {
    return resolved;
  }
  return Call(entry->name, {}, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Star&, Span span) {
  return analysis_.Problem(span, "INVALID_USAGE_OF_STAR_OR_REGEX",
                           "`*` cannot stand in an expression", "not here",
                           {"write it as an item of the select list, or as count(*)"});
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Unary& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr operand, Bind(*node.operand));
  switch (node.op) {
    case ast::UnaryOperator::kMinus: return Call("negative", {std::move(operand)}, span);
    case ast::UnaryOperator::kPlus: return Call("positive", {std::move(operand)}, span);
    case ast::UnaryOperator::kBitNot: return Call("~", {std::move(operand)}, span);
    case ast::UnaryOperator::kNot: break;
  }
  return Call("not", {std::move(operand)}, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Binary& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr left, Bind(*node.left));
  ASSIGN_OR_RETURN(ExprPtr right, Bind(*node.right));
  if (node.op == "+" || node.op == "-") {
    ASSIGN_OR_RETURN(auto moment, BindDateArithmetic(node, left, right, span));
    if (moment) {
      return *std::move(moment);
    }
  }
  return Call(node.op, {std::move(left), std::move(right)}, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Between& node, Span span) {
  ASSIGN_OR_RETURN(const ExprPtr operand, Bind(*node.operand));
  RETURN_IF_ERROR(analysis_.AllowCopy(*operand, span));
  ASSIGN_OR_RETURN(ExprPtr low, Bind(*node.low));
  ASSIGN_OR_RETURN(ExprPtr high, Bind(*node.high));
  ASSIGN_OR_RETURN(ExprPtr above, Call(">=", {operand, std::move(low)}, span));
  ASSIGN_OR_RETURN(ExprPtr below, Call("<=", {operand, std::move(high)}, span));
  return Negate(Call("and", {std::move(above), std::move(below)}, span), node.negated, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::InList& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr operand, Bind(*node.operand));
  ASSIGN_OR_RETURN(ExprList args, BindAll(node.candidates));
  args.insert(args.begin(), std::move(operand));
  // `x IN ((SELECT …))` compares with one value. Some engines would read it as IN (SELECT …).
  if (args.size() == 2 && std::holds_alternative<SubqueryExpr>(args[1]->node)) {
    return Negate(Call("=", std::move(args), span), node.negated, span);
  }
  return Negate(Call("in", std::move(args), span), node.negated, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Like& node, Span span) {
  constexpr std::string_view kNames[] = {"like", "ilike", "rlike"};
  const std::string_view name = kNames[static_cast<size_t>(node.kind)];
  ASSIGN_OR_RETURN(const ExprPtr operand, Bind(*node.operand));
  ExprPtr combined;
  for (const ast::ExpressionPtr& pattern : node.patterns) {
    ASSIGN_OR_RETURN(ExprPtr bound, Bind(*pattern));
    RETURN_IF_ERROR(analysis_.AllowCopy(*operand, span));
    ExprList args = {operand, std::move(bound)};
    if (node.escape) {
      args.push_back(LiteralOf(Value::String(*node.escape), span));
    }
    // NOT LIKE ANY is "some pattern does not match", NOT LIKE ALL "no pattern matches" (Spark).
    ASSIGN_OR_RETURN(ExprPtr test, Negate(Call(name, std::move(args), span), node.negated, span));
    if (combined == nullptr) {
      combined = std::move(test);
      continue;
    }
    const bool any = node.quantifier == ast::Like::Quantifier::kAny;
    ASSIGN_OR_RETURN(combined, Call(any ? "or" : "and", {combined, std::move(test)}, span));
  }
  return combined;
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::IsTest& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr operand, Bind(*node.operand));
  if (node.what == ast::IsTest::What::kNull || node.what == ast::IsTest::What::kUnknown) {
    if (node.what == ast::IsTest::What::kUnknown) {
      operand = CastTo(std::move(operand), DataType::Boolean());
    }
    return Call(node.negated ? "isnotnull" : "isnull", {std::move(operand)}, span);
  }
  ExprPtr truth = LiteralOf(Value::Boolean(node.what == ast::IsTest::What::kTrue), span);
  return Negate(Call("<=>", {std::move(operand), std::move(truth)}, span), node.negated, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::IsDistinctFrom& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr left, Bind(*node.left));
  ASSIGN_OR_RETURN(ExprPtr right, Bind(*node.right));
  return Negate(Call("<=>", {std::move(left), std::move(right)}, span), !node.negated, span);
}

// `operand` is null in a searched CASE.
Result<ExprPtr> ExpressionBinder::BindCaseCondition(const ast::Case::Branch& branch,
                                                    const ExprPtr& operand) {
  ASSIGN_OR_RETURN(ExprPtr condition, Bind(*branch.condition));
  if (operand != nullptr) {
    RETURN_IF_ERROR(analysis_.AllowCopy(*operand, branch.condition->span));
    return Call("=", {operand, std::move(condition)}, branch.condition->span);
  }
  if (!condition->type.Is(TypeKind::kBoolean)) {  // not even a bare NULL, as in Spark
    return analysis_.Problem(branch.condition->span, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                             "WHEN has to be BOOLEAN, not " + condition->type.ToDdl(),
                             "this is " + condition->type.ToDdl());
  }
  return CastTo(std::move(condition), DataType::Boolean());
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Case& node, Span span) {
  ExprPtr operand;
  if (node.operand != nullptr) {
    ASSIGN_OR_RETURN(operand, Bind(*node.operand));
  }
  CaseExpr result;
  std::vector<DataType> types;
  bool nullable = node.otherwise == nullptr;
  for (const ast::Case::Branch& branch : node.branches) {
    ASSIGN_OR_RETURN(ExprPtr condition, BindCaseCondition(branch, operand));
    ASSIGN_OR_RETURN(ExprPtr value, Bind(*branch.result));
    types.push_back(value->type);
    nullable = nullable || value->nullable;
    result.branches.push_back({std::move(condition), std::move(value)});
  }
  if (node.otherwise != nullptr) {
    ASSIGN_OR_RETURN(result.otherwise, Bind(*node.otherwise));
    types.push_back(result.otherwise->type);
    nullable = nullable || result.otherwise->nullable;
  }
  const auto common = CommonType(types);
  if (!common) {
    return analysis_.Problem(span, "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
                             "the results of CASE have no common type", "types differ",
                             {"cast them to one type"});
  }
  for (CaseExpr::Branch& branch : result.branches) {
    branch.result = CastTo(std::move(branch.result), *common);
  }
  if (result.otherwise != nullptr) {
    result.otherwise = CastTo(std::move(result.otherwise), *common);
  }
  return std::make_shared<const Expr>(Expr{*common, nullable, span, std::move(result)});
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Cast& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr operand, Bind(*node.operand));
  if (!CanCast(operand->type, node.type)) {
    return analysis_.Problem(
        span, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        fmt::format("cannot cast {} to {}", operand->type.ToDdl(), node.type.ToDdl()),
        "no such cast");
  }
  // A cast integer is no literal any more: decimal arithmetic counts the digits of its type
  // (Spark).
  const bool integer_constant = node.type.IsIntegral() && ConstantOf(*operand) != nullptr;
  if (SameTypeButNulls(operand->type, node.type) && !integer_constant) {
    return operand;
  }
  const CastMode mode = node.try_cast ? CastMode::kTry : CastMode::kAnsi;
  const bool nullable =
      operand->nullable || node.try_cast || CastMayGiveNull(operand->type, node.type);
  if (ConstantOf(*operand) != nullptr && !integer_constant) {
    ExprPtr folded = CastTo(operand, node.type, mode);
    if (ConstantOf(*folded) != nullptr) {
      return folded;
    }
  }
  return std::make_shared<const Expr>(
      Expr{node.type, nullable, span, CastExpr{std::move(operand), mode}});
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Lambda&, Span span) {
  return analysis_.Problem(
      span, "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION",
      "a lambda can only be an argument of a function that takes one", "not here",
      {"such functions are transform, filter, exists, forall, aggregate and zip_with"});
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::Subscript& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr base, Bind(*node.base));
  ASSIGN_OR_RETURN(ExprPtr index, Bind(*node.index));
  if (base->type.Is(TypeKind::kStruct)) {
    return Call("getfield", {std::move(base), std::move(index)}, span);
  }
  const bool map = base->type.Is(TypeKind::kMap);
  return Call(map ? "element_at" : "getitem", {std::move(base), std::move(index)}, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::FieldAccess& node, Span span) {
  ASSIGN_OR_RETURN(ExprPtr base, Bind(*node.base));
  const bool map = base->type.Is(TypeKind::kMap);
  ExprPtr name = LiteralOf(Value::String(node.field.text), node.field.span);
  return Call(map ? "element_at" : "getfield", {std::move(base), std::move(name)}, span);
}

Result<ExprPtr> ExpressionBinder::BindNode(const ast::RowConstructor& node, Span span) {
  ASSIGN_OR_RETURN(const ExprList elements, BindAll(node.elements));
  ExprList members;
  for (size_t i = 0; i < elements.size(); ++i) {
    members.push_back(LiteralOf(Value::String("col" + std::to_string(i + 1)), elements[i]->span));
    members.push_back(elements[i]);
  }
  return Call("named_struct", std::move(members), span);
}

}  // namespace medallion::sql
