#include "query_builder.h"

#include "base/check.h"
#include "base/civil_time.h"

namespace medallion::duckdb::testing {

using sql::ExprPtr;

namespace {

ExprPtr Make(DataType type, decltype(sql::Expr::node) node) {
  auto expression = std::make_shared<sql::Expr>();
  expression->type = std::move(type);
  expression->node = std::move(node);
  return expression;
}

}  // namespace

ExprPtr Lit(Value value) {
  DataType type = value.type;
  return Make(std::move(type), sql::LiteralExpr{std::move(value)});
}
ExprPtr Str(std::string text) { return Lit(Value::String(std::move(text))); }
ExprPtr Int(int32_t value) { return Lit(Value::Integer(value)); }
ExprPtr Long(int64_t value) { return Lit(Value::Long(value)); }
ExprPtr Real(double value) { return Lit(Value::Double(value)); }
ExprPtr Dec(std::string text, int precision, int scale) {
  const auto decimal = Decimal::Parse(text)->Rescale(precision, scale);
  CHECK(decimal.has_value());
  return Lit({DataType::Decimal(precision, scale), *decimal});
}
ExprPtr Date(std::string iso) { return Lit(Value::Date(*ParseIsoDate(iso))); }
ExprPtr Time(std::string iso) { return Lit(Value::Timestamp(*ParseIsoTimestamp(iso))); }
ExprPtr Null(DataType type) { return Lit(Value::Null(std::move(type))); }
ExprPtr Col(const sql::BoundColumn& column) {
  return Make(column.type, sql::ColumnExpr{.id = column.id, .name = column.name});
}
ExprPtr Call(std::string function, DataType type, std::vector<ExprPtr> args) {
  return Make(std::move(type), sql::CallExpr{std::move(function), std::move(args)});
}
ExprPtr CastTo(DataType type, ExprPtr child) {
  return Make(std::move(type), sql::CastExpr{std::move(child), sql::CastMode::kAnsi});
}
ExprPtr TryCastTo(DataType type, ExprPtr child) {
  return Make(std::move(type), sql::CastExpr{std::move(child), sql::CastMode::kTry});
}
ExprPtr Agg(std::string function, DataType type, std::vector<ExprPtr> args) {
  sql::AggregateExpr aggregate;
  aggregate.function = std::move(function);
  aggregate.args = std::move(args);
  return Make(std::move(type), std::move(aggregate));
}

sql::BoundColumn Column(int64_t id, std::string name, DataType type) {
  return {.id = {id}, .name = std::move(name), .type = std::move(type)};
}

sql::RelationPtr Rel(std::vector<sql::BoundColumn> columns, decltype(sql::Relation::node) node) {
  auto relation = std::make_shared<sql::Relation>();
  relation->columns = std::move(columns);
  relation->node = std::move(node);
  return relation;
}

sql::RelationPtr OneRow() { return Rel({}, sql::ValuesRelation{{{}}}); }

sql::RelationPtr Values(std::vector<sql::BoundColumn> columns,
                        std::vector<std::vector<ExprPtr>> rows) {
  return Rel(std::move(columns), sql::ValuesRelation{std::move(rows)});
}

sql::BoundQuery Query(sql::RelationPtr root) {
  sql::BoundQuery query;
  query.root = std::move(root);
  return query;
}

sql::BoundQuery QueryOf(ExprPtr expression) {
  sql::Project project;
  project.input = OneRow();
  project.exprs = {expression};
  return Query(Rel({Column(1, "x", expression->type)}, std::move(project)));
}

Result<std::vector<std::string>> RunQuery(DuckDbEngine& engine, const sql::BoundQuery& query,
                                          BoundInputs inputs, QueryContext context) {
  ASSIGN_OR_RETURN(const auto rows, engine.Query(query, inputs, context));
  std::vector<std::vector<Value>> cells;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, rows->Next(cells));
    if (!more) {
      break;
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : cells) {
    std::string line;
    for (const Value& cell : row) {
      line += (line.empty() ? "" : "|") + ToDisplayString(cell);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Eval(DuckDbEngine& engine, ExprPtr expression, QueryContext context) {
  const Result<std::vector<std::string>> rows =
      RunQuery(engine, QueryOf(std::move(expression)), {}, context);
  if (!rows) {
    const Error& error = rows.error();
    const std::string& condition =
        error.diagnostics().empty() ? error.condition() : error.diagnostics().front().condition;
    return "ERROR " + (condition.empty()
                           ? std::string(ErrorCodeName(error.code())) + ": " + error.message()
                           : condition);
  }
  CHECK_EQ(rows->size(), size_t{1});
  return rows->front();
}

}  // namespace medallion::duckdb::testing
