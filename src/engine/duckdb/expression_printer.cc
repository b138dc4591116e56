#include "base/check.h"
#include "printer.h"
#include "sql_text.h"

namespace medallion::duckdb {

using sql::ExprPtr;

const Value* PrintedCall::literal(size_t index) const {
  if (index >= operands.size()) {
    return nullptr;
  }
  const auto* literal = std::get_if<sql::LiteralExpr>(&operands[index]->node);
  return literal == nullptr ? nullptr : &literal->value;
}

const std::string* PrintedCall::literal_text(size_t index) const {
  const Value* value = literal(index);
  return value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
}

std::string ColumnName(sql::ColumnId id) { return "c" + std::to_string(id.value); }

Error Printer::Unsupported(Span span, std::string message) const {
  return Error(ErrorCode::kUnsupported, {Diagnostic::At(query_.source, span, "UNSUPPORTED_FEATURE",
                                                        std::move(message), "", {})});
}

std::string Printer::Need(const DecimalFunction& function) {
  std::string name = function.Name();
  decimal_functions_.emplace(name, function);
  return name;
}

std::string Printer::ToLocal(std::string_view sql) const {
  if (context_.session_time_zone == "UTC") {
    return fmt::format("make_timestamp(epoch_us({}))", sql);
  }
  return fmt::format("timezone({}, {})", QuoteString(context_.session_time_zone), sql);
}

std::string Printer::ToInstant(std::string_view local_sql) const {
  if (context_.session_time_zone == "UTC") {
    return fmt::format("make_timestamptz(epoch_us({}))", local_sql);
  }
  return fmt::format("timezone({}, {})", QuoteString(context_.session_time_zone), local_sql);
}

Result<std::vector<std::string>> Printer::PrintAll(const std::vector<ExprPtr>& expressions) {
  std::vector<std::string> printed;
  printed.reserve(expressions.size());
  for (const ExprPtr& expression : expressions) {
    ASSIGN_OR_RETURN(std::string text, PrintExpression(*expression));
    printed.push_back(std::move(text));
  }
  return printed;
}

Result<std::string> Printer::PrintExpression(const sql::Expr& expression) {
  if (const auto* literal = std::get_if<sql::LiteralExpr>(&expression.node)) {
    return Literal(literal->value);
  }
  if (const auto* column = std::get_if<sql::ColumnExpr>(&expression.node)) {
    // DuckDB counts the elements of a list from 1, Spark from 0.
    return element_indices_.contains(column->id)
               ? fmt::format("(CAST({} AS INTEGER) - 1)", ColumnName(column->id))
               : ColumnName(column->id);
  }
  if (const auto* call = std::get_if<sql::CallExpr>(&expression.node)) {
    RememberElementIndex(*call);
    ASSIGN_OR_RETURN(std::vector<std::string> args, PrintAll(call->args));
    return TranslateScalar(*this, {expression, call->function, call->args, std::move(args)});
  }
  if (const auto* cast = std::get_if<sql::CastExpr>(&expression.node)) {
    ASSIGN_OR_RETURN(const std::string child, PrintExpression(*cast->child));
    return PrintCast(child, cast->child->type, expression.type, cast->mode, expression.span);
  }
  if (const auto* branches = std::get_if<sql::CaseExpr>(&expression.node)) {
    return PrintCase(*branches);
  }
  if (const auto* window = std::get_if<sql::WindowExpr>(&expression.node)) {
    return PrintWindow(expression, *window);
  }
  if (const auto* subquery = std::get_if<sql::SubqueryExpr>(&expression.node)) {
    return PrintSubquery(expression, *subquery);
  }
  if (const auto* lambda = std::get_if<sql::LambdaExpr>(&expression.node)) {
    return PrintLambda(*lambda);
  }
  const auto& aggregate = std::get<sql::AggregateExpr>(expression.node);
  ASSIGN_OR_RETURN(std::vector<std::string> args, PrintAll(aggregate.args));
  PrintedAggregate printed{
      .call = {expression, aggregate.function, aggregate.args, std::move(args)}};
  printed.distinct = aggregate.distinct;
  if (!aggregate.order_by.empty()) {
    ASSIGN_OR_RETURN(printed.order, PrintSortKeys(aggregate.order_by));
  }
  if (aggregate.filter != nullptr) {
    ASSIGN_OR_RETURN(const std::string filter, PrintExpression(*aggregate.filter));
    printed.filter = " FILTER (WHERE " + filter + ")";
  }
  return TranslateAggregate(*this, printed);
}

Result<std::string> Printer::PrintCase(const sql::CaseExpr& node) {
  std::string text = "(CASE";
  for (const auto& branch : node.branches) {
    ASSIGN_OR_RETURN(const std::string condition, PrintExpression(*branch.condition));
    ASSIGN_OR_RETURN(const std::string result, PrintExpression(*branch.result));
    text += " WHEN " + condition + " THEN " + result;
  }
  if (node.otherwise != nullptr) {
    ASSIGN_OR_RETURN(const std::string result, PrintExpression(*node.otherwise));
    text += " ELSE " + result;
  }
  return text + " END)";
}

Result<std::string> Printer::PrintSortKeys(const std::vector<sql::SortKey>& keys) {
  std::string text;
  for (const sql::SortKey& key : keys) {
    ASSIGN_OR_RETURN(const std::string expression, PrintExpression(*key.expr));
    // Parentheses: a bare number would be a column's position.
    text += fmt::format("{}({}) {} NULLS {}", text.empty() ? "" : ", ", expression,
                        key.descending ? "DESC" : "ASC", key.nulls_first ? "FIRST" : "LAST");
  }
  return text;
}

namespace {

std::string_view BoundName(sql::FrameBound::Kind kind) {
  switch (kind) {
    case sql::FrameBound::Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case sql::FrameBound::Kind::kPreceding: return "PRECEDING";
    case sql::FrameBound::Kind::kCurrentRow: return "CURRENT ROW";
    case sql::FrameBound::Kind::kFollowing: return "FOLLOWING";
    case sql::FrameBound::Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  CHECK(false);
}

}  // namespace

Result<std::string> Printer::PrintWindow(const sql::Expr& expression, const sql::WindowExpr& node) {
  const auto print_bound = [this](const sql::FrameBound& bound) -> Result<std::string> {
    std::string text;
    if (bound.offset != nullptr) {
      ASSIGN_OR_RETURN(text, PrintExpression(*bound.offset));
      text += " ";
    }
    return text + std::string(BoundName(bound.kind));
  };
  std::string over = " OVER (";
  if (!node.partition_by.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> keys, PrintAll(node.partition_by));
    over += fmt::format("PARTITION BY {} ", fmt::join(keys, ", "));
  }
  if (!node.order_by.empty()) {
    ASSIGN_OR_RETURN(const std::string keys, PrintSortKeys(node.order_by));
    over += "ORDER BY " + keys + " ";
  }
  if (node.frame) {
    ASSIGN_OR_RETURN(const std::string start, print_bound(node.frame->start));
    ASSIGN_OR_RETURN(const std::string end, print_bound(node.frame->end));
    over += fmt::format("{} BETWEEN {} AND {}",
                        node.frame->unit == sql::FrameUnit::kRows ? "ROWS" : "RANGE", start, end);
  }
  over += ")";

  const sql::AggregateExpr& function = node.function;
  ASSIGN_OR_RETURN(std::vector<std::string> args, PrintAll(function.args));
  PrintedAggregate printed{.call = {expression, function.function, function.args, std::move(args)}};
  printed.distinct = function.distinct;
  printed.ignore_nulls = node.ignore_nulls;
  printed.in_window = true;
  printed.over = std::move(over);
  if (!function.order_by.empty()) {
    ASSIGN_OR_RETURN(printed.order, PrintSortKeys(function.order_by));
  }
  if (function.filter != nullptr) {
    ASSIGN_OR_RETURN(const std::string filter, PrintExpression(*function.filter));
    printed.filter = " FILTER (WHERE " + filter + ")";
  }
  return TranslateAggregate(*this, printed);
}

Result<std::string> Printer::PrintSubquery(const sql::Expr& expression,
                                           const sql::SubqueryExpr& node) {
  ASSIGN_OR_RETURN(const std::string query, PrintRelation(*node.query));
  switch (node.kind) {
    case sql::SubqueryExpr::Kind::kScalar: return "(" + query + ")";
    case sql::SubqueryExpr::Kind::kExists: return "EXISTS (" + query + ")";
    case sql::SubqueryExpr::Kind::kIn: break;
  }
  if (node.needles.size() != 1) {
    // DuckDB compares whole rows with NULL as a value; Spark compares member by member.
    return Unsupported(expression.span, "IN with a subquery of several columns is not supported");
  }
  ASSIGN_OR_RETURN(const std::string needle, PrintExpression(*node.needles.front()));
  return fmt::format("({} IN ({}))", needle, query);
}

void Printer::RememberElementIndex(const sql::CallExpr& call) {
  if ((call.function != "transform" && call.function != "filter") || call.args.size() != 2) {
    return;
  }
  const auto* lambda = std::get_if<sql::LambdaExpr>(&call.args[1]->node);
  if (lambda != nullptr && lambda->parameters.size() == 2) {
    element_indices_.insert(lambda->parameters[1].id);
  }
}

Result<std::string> Printer::PrintLambda(const sql::LambdaExpr& node) {
  std::string parameters;
  for (const sql::BoundColumn& parameter : node.parameters) {
    parameters += (parameters.empty() ? "" : ", ") + ColumnName(parameter.id);
  }
  ASSIGN_OR_RETURN(const std::string body, PrintExpression(*node.body));
  return fmt::format("(lambda {}: {})", parameters, body);
}

}  // namespace medallion::duckdb
