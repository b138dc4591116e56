#include "expr_builder.h"
#include "expression_binder.h"
#include "type_coercion.h"

// Calls of functions that take lambdas. The lambda's parameters get their types from the other
// arguments, the call its type from the lambda's body.

namespace medallion::sql {
namespace {

ExprPtr MakeCall(const FunctionEntry& entry, DataType type, bool nullable,
                 std::vector<ExprPtr> args, Span span) {
  return std::make_shared<const Expr>(
      Expr{std::move(type), nullable, span, CallExpr{entry.name, std::move(args)}});
}

ExprPtr WithBody(const ExprPtr& lambda, const DataType& type) {
  const auto& node = std::get<LambdaExpr>(lambda->node);
  ExprPtr body = CastTo(node.body, type);
  return std::make_shared<const Expr>(
      Expr{type, lambda->nullable, lambda->span, LambdaExpr{node.parameters, body}});
}

}  // namespace

Result<ExprPtr> ExpressionBinder::BindLambda(const ast::Argument& argument,
                                             std::vector<DataType> parameters, size_t required) {
  const auto* lambda =
      argument.value == nullptr ? nullptr : std::get_if<ast::Lambda>(&argument.value->node);
  if (lambda == nullptr) {
    return analysis_.Problem(argument.span, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                             "a lambda is wanted here", "no lambda", {"write x -> expression"});
  }
  if (lambda->parameters.size() < required || lambda->parameters.size() > parameters.size()) {
    return analysis_.Problem(argument.span, "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                             fmt::format("the lambda has {} parameters, {} are given",
                                         lambda->parameters.size(), parameters.size()),
                             "wrong number of parameters");
  }
  std::vector<BoundColumn> bound;
  for (size_t i = 0; i < lambda->parameters.size(); ++i) {
    bound.push_back(analysis_.NewColumn(lambda->parameters[i].text, parameters[i], true));
  }
  scope_.PushLambda(bound);
  auto body = Bind(*lambda->body);
  scope_.PopLambda();
  if (!body) {
    return std::move(body).error();
  }
  const DataType type = (*body)->type;
  const bool nullable = (*body)->nullable;
  return std::make_shared<const Expr>(
      Expr{type, nullable, argument.span, LambdaExpr{std::move(bound), *std::move(body)}});
}

Result<ExprPtr> ExpressionBinder::BindHigherOrder(const FunctionEntry& entry,
                                                  const ast::FunctionCall& node, Span span) {
  const std::string& name = entry.name;
  const bool two_inputs = name == "zip_with" || name == "aggregate";
  const size_t least = two_inputs ? 3 : 2;
  const size_t most = name == "aggregate" ? 4 : least;
  if (node.args.size() < least || node.args.size() > most || node.args[0].value == nullptr) {
    return analysis_.Problem(
        span, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        fmt::format("wrong number of arguments for `{}`: it is {}", name, entry.signatures[0]),
        fmt::format("{} given", node.args.size()));
  }
  ASSIGN_OR_RETURN(ExprPtr input, Bind(*node.args[0].value));
  const bool map = name == "map_filter" || name == "transform_keys" || name == "transform_values";
  if (!input->type.Is(map ? TypeKind::kMap : TypeKind::kArray)) {
    return analysis_.Problem(input->span, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                             fmt::format("argument 1 of `{}` has to be {}, not {}", name,
                                         map ? "MAP" : "ARRAY", input->type.ToDdl()),
                             "this is " + input->type.ToDdl());
  }
  if (map) {
    return BindMapFunction(entry, node, std::move(input), span);
  }
  if (name == "zip_with") {
    return BindZipWith(entry, node, std::move(input), span);
  }
  return name == "aggregate" ? BindFold(entry, node, std::move(input), span)
                             : BindElementwise(entry, node, std::move(input), span);
}

Result<ExprPtr> ExpressionBinder::BindMapFunction(const FunctionEntry& entry,
                                                  const ast::FunctionCall& node, ExprPtr map,
                                                  Span span) {
  const DataType type = map->type;
  const bool nullable = map->nullable;
  ASSIGN_OR_RETURN(ExprPtr lambda, BindLambda(node.args[1], {type.key(), type.value()}, 2));
  if (entry.name == "map_filter") {
    RETURN_IF_ERROR(CheckPredicateLambda(entry, lambda));
    return MakeCall(entry, type, nullable, {std::move(map), WithBody(lambda, DataType::Boolean())},
                    span);
  }
  const DataType result = entry.name == "transform_keys" ? DataType::Map(lambda->type, type.value())
                                                         : DataType::Map(type.key(), lambda->type);
  return MakeCall(entry, result, nullable, {std::move(map), std::move(lambda)}, span);
}

Result<ExprPtr> ExpressionBinder::BindZipWith(const FunctionEntry& entry,
                                              const ast::FunctionCall& node, ExprPtr array,
                                              Span span) {
  if (node.args[1].value == nullptr) {
    return analysis_.Unsupported(node.args[1].span, "a table argument here");
  }
  ASSIGN_OR_RETURN(ExprPtr other, Bind(*node.args[1].value));
  if (!other->type.Is(TypeKind::kArray)) {
    return analysis_.Problem(other->span, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                             "argument 2 of `zip_with` has to be ARRAY, not " + other->type.ToDdl(),
                             "this is " + other->type.ToDdl());
  }
  ASSIGN_OR_RETURN(ExprPtr lambda,
                   BindLambda(node.args[2], {array->type.element(), other->type.element()}, 2));
  const DataType result = DataType::Array(lambda->type);
  const bool nullable = array->nullable || other->nullable;
  return MakeCall(entry, result, nullable, {std::move(array), std::move(other), std::move(lambda)},
                  span);
}

Result<ExprPtr> ExpressionBinder::BindFold(const FunctionEntry& entry,
                                           const ast::FunctionCall& node, ExprPtr array,
                                           Span span) {
  if (node.args[1].value == nullptr) {
    return analysis_.Unsupported(node.args[1].span, "a table argument here");
  }
  ASSIGN_OR_RETURN(ExprPtr start, Bind(*node.args[1].value));
  const DataType state = start->type;
  ASSIGN_OR_RETURN(ExprPtr merge, BindLambda(node.args[2], {state, array->type.element()}, 2));
  // The state keeps the start's type: `0` with a sum of decimals does not fit, and Spark says so
  // too.
  if (!SameTypeButNulls(merge->type, state)) {
    return analysis_.Problem(node.args[2].span, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                             fmt::format("the lambda of `aggregate` gives {}, but the state is {}",
                                         merge->type.ToDdl(), state.ToDdl()),
                             "this is " + merge->type.ToDdl(),
                             {"cast the start value to " + merge->type.ToDdl()});
  }
  ExprList args = {std::move(array), std::move(start), std::move(merge)};
  DataType result = state;
  if (node.args.size() == 4) {
    ASSIGN_OR_RETURN(ExprPtr finish, BindLambda(node.args[3], {state}, 1));
    result = finish->type;
    args.push_back(std::move(finish));
  }
  return MakeCall(entry, std::move(result), true, std::move(args), span);
}

// transform, filter, exists and forall. The first two may ask for the index, from 0.
Result<ExprPtr> ExpressionBinder::BindElementwise(const FunctionEntry& entry,
                                                  const ast::FunctionCall& node, ExprPtr array,
                                                  Span span) {
  std::vector<DataType> parameters = {array->type.element()};
  if (entry.name == "transform" || entry.name == "filter") {
    parameters.push_back(DataType::Integer());
  }
  const DataType type = array->type;
  const bool nullable = array->nullable;
  ASSIGN_OR_RETURN(ExprPtr lambda, BindLambda(node.args[1], std::move(parameters), 1));
  if (entry.name == "transform") {
    const DataType result = DataType::Array(lambda->type, lambda->nullable);
    return MakeCall(entry, result, nullable, {std::move(array), std::move(lambda)}, span);
  }
  RETURN_IF_ERROR(CheckPredicateLambda(entry, lambda));
  const DataType result = entry.name == "filter" ? type : DataType::Boolean();
  return MakeCall(entry, result, nullable,
                  {std::move(array), WithBody(lambda, DataType::Boolean())}, span);
}

Status ExpressionBinder::CheckPredicateLambda(const FunctionEntry& entry,
                                              const ExprPtr& lambda) const {
  if (lambda->type.Is(TypeKind::kBoolean) || lambda->type.Is(TypeKind::kVoid)) {
    return OkStatus();
  }
  return analysis_.Problem(
      lambda->span, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
      fmt::format("the lambda of `{}` has to be BOOLEAN, not {}", entry.name, lambda->type.ToDdl()),
      "this is " + lambda->type.ToDdl());
}

}  // namespace medallion::sql
