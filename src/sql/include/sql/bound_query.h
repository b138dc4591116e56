#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/schema.h"
#include "base/source_text.h"
#include "base/value.h"
#include "sql/kmeans_call.h"
#include "sql/qualified_name.h"

// The typed plan that the analyser makes of a query. Names are resolved, types are Spark's, every
// implicit cast is explicit, every operand has the type its function wants. Immutable and shared:
// printers, lineage, incremental refresh and expectations all read this one value.

namespace medallion::sql {

// Identity of a column within one BoundQuery. Unique: two scans of one table have different ids.
struct ColumnId {
  int64_t value = 0;
  friend auto operator<=>(const ColumnId&, const ColumnId&) = default;
};

struct BoundColumn {
  ColumnId id;
  std::string name;
  DataType type;
  bool nullable = true;
};

struct Expr;
struct Relation;
using ExprPtr = std::shared_ptr<const Expr>;
using RelationPtr = std::shared_ptr<const Relation>;

// --- Expressions ---------------------------------------------------------------------------------

struct LiteralExpr {
  Value value;
};

// A column of an input relation, or, in a correlated subquery, of an enclosing query.
struct ColumnExpr {
  ColumnId id;
  std::string name;  // for printing and messages
  bool outer = false;
};

// A scalar function or operator by its canonical Spark name in lower case (see sql/functions.h):
// `upper`, `+`, `=`, `and`, `rlike`, `isnull`, `in` (value, candidates…), `getfield` (struct, name
// literal), `element_at`, `getitem` (array[i]), `struct`/`named_struct`, `array`, `map`.
struct CallExpr {
  std::string function;
  std::vector<ExprPtr> args;
};

enum class CastMode {
  kAnsi,  // CAST: raises CAST_INVALID_INPUT, CAST_OVERFLOW …
  kTry,   // TRY_CAST: NULL instead
};
// To Expr::type.
struct CastExpr {
  ExprPtr child;
  CastMode mode = CastMode::kAnsi;
};

// Searched CASE; `CASE x WHEN v` is analysed to comparisons. IF, COALESCE, NULLIF stay calls.
struct CaseExpr {
  struct Branch {
    ExprPtr condition;
    ExprPtr result;
  };
  std::vector<Branch> branches;
  ExprPtr otherwise;  // null pointer: NULL
};

struct SortKey {
  ExprPtr expr;
  bool descending = false;
  bool nulls_first = true;  // always decided: Spark puts NULLs first when ascending
};

// Only inside Aggregate::aggregates and WindowExpr.
struct AggregateExpr {
  std::string function;  // `count` with no args is count(*)
  std::vector<ExprPtr> args;
  bool distinct = false;
  ExprPtr filter;                 // FILTER (WHERE …), or null
  std::vector<SortKey> order_by;  // WITHIN GROUP (ORDER BY …)
};

enum class FrameUnit { kRows, kRange };
struct FrameBound {
  enum class Kind { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
  Kind kind = Kind::kCurrentRow;
  ExprPtr offset;  // for kPreceding and kFollowing
};
struct WindowFrame {
  FrameUnit unit = FrameUnit::kRange;
  FrameBound start;
  FrameBound end;
};
// Only inside Window::windows.
struct WindowExpr {
  AggregateExpr function;  // an aggregate, or `row_number`, `rank`, `lag`, `first_value`, …
  bool ignore_nulls = false;
  std::vector<ExprPtr> partition_by;
  std::vector<SortKey> order_by;
  std::optional<WindowFrame> frame;  // always set for functions that have a frame
};

struct SubqueryExpr {
  enum class Kind { kScalar, kExists, kIn };
  Kind kind = Kind::kScalar;
  RelationPtr query;
  std::vector<ExprPtr> needles;  // kIn: compared with the query's columns in order
};

// `(a, b) -> …` as an argument of a higher-order function.
struct LambdaExpr {
  std::vector<BoundColumn> parameters;
  ExprPtr body;
};

struct Expr {
  DataType type;
  bool nullable = true;
  Span span;
  std::variant<LiteralExpr, ColumnExpr, CallExpr, CastExpr, CaseExpr, AggregateExpr, WindowExpr,
               SubqueryExpr, LambdaExpr>
      node;
};

// --- Relations -----------------------------------------------------------------------------------

// Rows of a table. Relation::columns correspond to the table's schema by name, all of them, in
// order.
struct TableScan {
  size_t input = 0;  // index into BoundQuery::tables
};

// Rows of files. Relation::columns are FileInput::schema's columns in order, followed by the
// columns of FileInput::metadata_fields.
struct FileScan {
  size_t input = 0;  // index into BoundQuery::files
};

struct ValuesRelation {  // also SELECT without FROM: one row, no columns
  std::vector<std::vector<ExprPtr>> rows;
};

// columns[i] is exprs[i]. A column passed through keeps its id: then exprs[i] is a ColumnExpr of
// it.
struct Project {
  RelationPtr input;
  std::vector<ExprPtr> exprs;
};

struct Filter {
  RelationPtr input;
  ExprPtr condition;
};

// columns = one per group expression, then one per aggregate. With grouping sets, `sets` holds
// indices into `groups`, and `grouping_id` calls are resolved to a last column if used.
struct Aggregate {
  RelationPtr input;
  std::vector<ExprPtr> groups;
  std::vector<std::vector<size_t>> sets;  // empty: plain GROUP BY
  std::vector<ExprPtr> aggregates;        // AggregateExpr each
  bool has_grouping_id = false;           // then one more LONG column at the end
};

// columns = input's, then one per window expression.
struct Window {
  RelationPtr input;
  std::vector<ExprPtr> windows;  // WindowExpr each
};

enum class JoinKind { kInner, kLeft, kRight, kFull, kCross, kLeftSemi, kLeftAnti };
// columns = left's then right's (left's only for semi and anti). USING is analysed to a condition
// with a Project above. `lateral`: the right side may refer to the left's columns as outer.
struct Join {
  JoinKind kind = JoinKind::kInner;
  RelationPtr left;
  RelationPtr right;
  ExprPtr condition;  // null for cross
  bool lateral = false;
};

enum class SetOperator { kUnion, kIntersect, kExcept };
// Columns by position; inputs are projected to equal types already.
struct SetOperation {
  SetOperator op = SetOperator::kUnion;
  bool all = false;
  std::vector<RelationPtr> inputs;  // two or more
};

struct Sort {
  RelationPtr input;
  std::vector<SortKey> keys;
};

struct Limit {
  RelationPtr input;
  std::optional<int64_t> limit;
  int64_t offset = 0;
};

struct Distinct {
  RelationPtr input;
};

// LATERAL VIEW and table-valued generators in the select list: `explode`, `posexplode`, `inline`,
// `stack`. columns = input's then the generator's.
struct Generate {
  RelationPtr input;
  std::string function;
  std::vector<ExprPtr> args;
  bool outer = false;
};

// A common table expression that is used more than once. Used once, it is inlined.
struct With {
  struct Definition {
    int64_t id = 0;
    std::string name;
    RelationPtr query;
  };
  std::vector<Definition> definitions;
  RelationPtr body;
};
// columns correspond by position to the definition's, with ids of their own.
struct CteScan {
  int64_t id = 0;
};

// `range(…)`.
struct TableFunction {
  std::string function;
  std::vector<ExprPtr> args;
};

// `kmeans(TABLE(t), …)`. columns = input's then those that kmeans adds (sql/kmeans_call.h). No
// engine evaluates it: the pipeline fits the model and puts the rows in its place.
struct KMeans {
  RelationPtr input;
  KMeansCall call;
  Span span;
};

// `kmeans_model(TABLE(t))`: one row about the model that the rows of `t` come from, none if there
// is no model. columns = KMeansModelFields(). `input` is a TableScan. As KMeans, for the pipeline
// alone.
struct KMeansModel {
  RelationPtr input;
  Span span;
};

struct Relation {
  std::vector<BoundColumn> columns;
  std::variant<TableScan, FileScan, ValuesRelation, Project, Filter, Aggregate, Window, Join,
               SetOperation, Sort, Limit, Distinct, Generate, With, CteScan, TableFunction, KMeans,
               KMeansModel>
      node;
};

// --- The whole query -----------------------------------------------------------------------------

// A table that the query reads. One entry per place of use.
struct TableInput {
  QualifiedName name;  // full: catalog.schema.table
  Schema schema;
  bool streaming = false;
  Span span;
  // For scans with a pinned version, `VERSION AS OF`; nothing otherwise.
  std::optional<int64_t> version;
};

// A `read_files` call. One entry per place of use.
struct FileInput {
  std::string path;  // folder, file or glob, as written after substitution
  std::map<std::string, std::string> options;  // canonical option name → text
  Schema schema;  // as described by the resolver, `_rescued_data` included
  std::vector<std::string>
      metadata_fields;  // used members of `_metadata`: file_path, record_number …
  bool streaming = false;
  Span span;
};

struct BoundQuery {
  RelationPtr root;
  std::vector<TableInput> tables;
  std::vector<FileInput> files;
  // False if a result may differ on equal inputs at one instant: rand(), uuid().
  bool deterministic = true;
  // Which of `current_date`, `current_timestamp` (and their synonyms) it reads.
  bool uses_current_date = false;
  bool uses_current_timestamp = false;
  SourceTextPtr source;

  // Column names and types of the result.
  Schema OutputSchema() const;
};

using BoundQueryPtr = std::shared_ptr<const BoundQuery>;

}  // namespace medallion::sql
