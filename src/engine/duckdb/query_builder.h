#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine_duckdb/duckdb_engine.h"
#include "sql/bound_query.h"

// For tests: bound queries built by hand, as the analyser would make them.

namespace medallion::duckdb::testing {

sql::ExprPtr Lit(Value value);
sql::ExprPtr Str(std::string text);
sql::ExprPtr Int(int32_t value);
sql::ExprPtr Long(int64_t value);
sql::ExprPtr Real(double value);
sql::ExprPtr Dec(std::string text, int precision, int scale);
sql::ExprPtr Date(std::string iso);
sql::ExprPtr Time(std::string iso);
sql::ExprPtr Null(DataType type);
sql::ExprPtr Col(const sql::BoundColumn& column);
sql::ExprPtr Call(std::string function, DataType type, std::vector<sql::ExprPtr> args);
sql::ExprPtr CastTo(DataType type, sql::ExprPtr child);
sql::ExprPtr TryCastTo(DataType type, sql::ExprPtr child);
sql::ExprPtr Agg(std::string function, DataType type, std::vector<sql::ExprPtr> args);

sql::BoundColumn Column(int64_t id, std::string name, DataType type);
sql::RelationPtr Rel(std::vector<sql::BoundColumn> columns, decltype(sql::Relation::node) node);
// SELECT of constants: one row.
sql::RelationPtr OneRow();
sql::RelationPtr Values(std::vector<sql::BoundColumn> columns,
                        std::vector<std::vector<sql::ExprPtr>> rows);

sql::BoundQuery Query(sql::RelationPtr root);
// `SELECT expression`.
sql::BoundQuery QueryOf(sql::ExprPtr expression);

// Runs the query; each row as Spark prints its cells, joined by `|`.
Result<std::vector<std::string>> RunQuery(DuckDbEngine& engine, const sql::BoundQuery& query,
                                          BoundInputs inputs = {}, QueryContext context = {});
// The only cell of `SELECT expression`, or `ERROR <condition>` (the error's code name without one).
std::string Eval(DuckDbEngine& engine, sql::ExprPtr expression, QueryContext context = {});

}  // namespace medallion::duckdb::testing
