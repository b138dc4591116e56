#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "spark_functions.h"
#include "sql/bound_query.h"

namespace medallion::duckdb {

// How the scans of a query are spelled: over real inputs, or over none to check a query.
class InputPrinter {
 public:
  virtual ~InputPrinter() = default;
  // A SELECT whose columns are named by ColumnName of `scan.columns`.
  virtual Result<std::string> PrintTable(const sql::Relation& scan, size_t input) = 0;
  virtual Result<std::string> PrintFiles(const sql::Relation& scan, size_t input) = 0;
};

// A SELECT of no rows with the columns of `scan`: an empty table.
std::string PrintEmptyRelation(const sql::Relation& scan);

// `c12`: columns are named by id, so that names never clash.
std::string ColumnName(sql::ColumnId id);

// Prints a bound query as DuckDB SQL with Spark's meaning. Each relation is one SELECT, nested;
// each expression has exactly the DuckDB type of Expr::type. What has no exact translation is
// refused with its place. Used for one query.
class Printer {
 public:
  // All arguments outlive the printer.
  Printer(const sql::BoundQuery& query, const QueryContext& context, InputPrinter& inputs)
      : query_(query), context_(context), inputs_(inputs) {}

  // The whole query, its columns named by id in the root's order.
  Result<std::string> PrintQuery() { return PrintRelation(*query_.root); }
  Result<std::string> PrintRelation(const sql::Relation& relation);
  Result<std::string> PrintExpression(const sql::Expr& expression);

  // Functions over decimals that the printed text calls, by name.
  const std::map<std::string, DecimalFunction>& decimal_functions() const {
    return decimal_functions_;
  }

  // --- For the translations of functions and casts -----------------------------------------------

  const QueryContext& context() const { return context_; }
  Error Unsupported(Span span, std::string message) const;
  // Remembers that the function is needed; returns its name.
  std::string Need(const DecimalFunction& function);
  Result<std::string> PrintCast(const std::string& sql, const DataType& from, const DataType& to,
                                sql::CastMode mode, Span span);
  Result<std::vector<std::string>> PrintAll(const std::vector<sql::ExprPtr>& expressions);
  // TIMESTAMP WITH TIME ZONE → the clock reading in the session zone, and back.
  std::string ToLocal(std::string_view sql) const;
  std::string ToInstant(std::string_view local_sql) const;
  // A name that occurs nowhere else in the query, for lambda parameters.
  std::string FreshName() { return "x" + std::to_string(next_name_++); }
  Result<std::string> PrintSortKeys(const std::vector<sql::SortKey>& keys);

 private:
  // relation_printer.cc
  Result<std::string> From(const sql::RelationPtr& input);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::TableScan& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::FileScan& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::ValuesRelation& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Project& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Filter& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Aggregate& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Window& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Join& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::SetOperation& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Sort& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Limit& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Distinct& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::Generate& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::With& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::CteScan& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::TableFunction& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::KMeans& node);
  Result<std::string> PrintNode(const sql::Relation& relation, const sql::KMeansModel& node);

  // expression_printer.cc
  Result<std::string> PrintCase(const sql::CaseExpr& node);
  Result<std::string> PrintWindow(const sql::Expr& expression, const sql::WindowExpr& node);
  Result<std::string> PrintSubquery(const sql::Expr& expression, const sql::SubqueryExpr& node);
  Result<std::string> PrintLambda(const sql::LambdaExpr& node);
  // Notes the lambda parameter of `transform` and `filter` that is the element's index.
  void RememberElementIndex(const sql::CallExpr& call);

  // cast_printer.cc
  Result<std::string> PrintCastToDecimal(const std::string& sql, const DataType& from,
                                         const DataType& to, sql::CastMode mode, Span span);
  Result<std::string> PrintCastToTime(const std::string& sql, const DataType& from,
                                      const DataType& to, sql::CastMode mode, Span span);
  Result<std::string> PrintCastToString(const std::string& sql, const DataType& from, Span span);
  Result<std::string> PrintCastOfNested(const std::string& sql, const DataType& from,
                                        const DataType& to, sql::CastMode mode, Span span);

  const sql::BoundQuery& query_;
  const QueryContext& context_;
  InputPrinter& inputs_;
  std::map<std::string, DecimalFunction> decimal_functions_;
  std::map<int64_t, std::vector<sql::BoundColumn>> cte_columns_;
  std::set<sql::ColumnId> element_indices_;
  int64_t next_name_ = 0;
};

// --- Translation tables --------------------------------------------------------------------------

// A call with its arguments already printed.
struct PrintedCall {
  const sql::Expr& expression;
  std::string_view function;
  const std::vector<sql::ExprPtr>& operands;
  std::vector<std::string> args;

  const DataType& type() const { return expression.type; }
  const DataType& type_of(size_t index) const { return operands[index]->type; }
  // The value of a literal operand; null if it is none or is missing.
  const Value* literal(size_t index) const;
  // The same of a text; null for other types and for NULL.
  const std::string* literal_text(size_t index) const;
};

// scalar_translations.cc; kUnsupported if there is no entry.
Result<std::string> TranslateScalar(Printer& printer, const PrintedCall& call);

// aggregate_translations.cc. `suffix` is what follows every aggregate call in the text (FILTER,
// OVER); `order` is printed for WITHIN GROUP or empty.
struct PrintedAggregate {
  PrintedCall call;
  bool distinct = false;
  bool ignore_nulls = false;
  bool in_window = false;
  std::string order;   // keys of WITHIN GROUP
  std::string filter;  // ` FILTER (WHERE …)` or empty
  std::string over;    // ` OVER (…)` or empty
};
Result<std::string> TranslateAggregate(Printer& printer, const PrintedAggregate& aggregate);

}  // namespace medallion::duckdb
