#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/data_type.h"
#include "base/source_text.h"
#include "base/value.h"
#include "sql/statement.h"

// Queries and expressions as written: names are not resolved, types not known. Spellings that mean
// the same are one node: `==` is `=`, `!=` is `<>`, `!x` is `NOT x`, `SUBSTRING(x FROM a FOR b)` is
// the call `substring(x, a, b)`. Parentheses leave no trace but in spans. Immutable and shared. The
// tree is at most kNestingDepthMax (sql/parser.h) levels deep, so recursive visitors need no guard
// of their own.

namespace medallion::sql::ast {

struct Expression;
struct Query;
struct Relation;
using ExpressionPtr = std::shared_ptr<const Expression>;
using QueryPtr = std::shared_ptr<const Query>;
using RelationPtr = std::shared_ptr<const Relation>;

// --- Parts shared by several nodes ---------------------------------------------------------------

struct SortItem {
  ExpressionPtr expr;
  bool descending = false;
  std::optional<bool> nulls_first;  // nothing: Spark's default for the direction
  Span span;
};

// ORDER BY of a query. `ALL` sorts by every column of the select list in order.
struct OrderBy {
  std::vector<SortItem> items;  // empty and !all: no ORDER BY
  bool all = false;
  SortItem all_item;  // direction of ALL; its `expr` is null
};

enum class FrameUnit { kRows, kRange };
struct FrameBound {
  enum class Kind { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
  Kind kind = Kind::kCurrentRow;
  ExpressionPtr offset;  // for kPreceding and kFollowing
};
// `ROWS x` without BETWEEN has its end at the current row.
struct WindowFrame {
  FrameUnit unit = FrameUnit::kRange;
  FrameBound start;
  FrameBound end;
  Span span;
};
struct WindowSpec {
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortItem> order_by;
  std::optional<WindowFrame> frame;
  Span span;
};

// An argument of a function or table-valued function. Exactly one of `value` and `table` is set.
struct Argument {
  std::optional<Identifier> name;  // `name => value`, or `value AS name` within struct(…)
  ExpressionPtr value;
  RelationPtr table;  // `TABLE(t)`, `TABLE(SELECT …)`: table-valued functions only
  Span span;
};

// --- Expressions ---------------------------------------------------------------------------------

// Numbers have the type of their spelling (`1` INT, `3000000000` BIGINT, `1.50` DECIMAL(3,2), `1e3`
// DOUBLE, `1S`, `1L` …) and their sign if one stands before them. Strings are unescaped, adjacent
// ones joined. DATE'…' is a DATE, X'…' a BINARY.
struct Literal {
  Value value;
};

// `INTERVAL '3' DAY`, `INTERVAL 1 YEAR 2 MONTHS`, `INTERVAL '1 02:03' DAY TO MINUTE`. The value is
// of YEAR-MONTH (months) or DAY-TIME (microseconds) type; `start` and `end` are the fields of
// Spark's type: DATE + INTERVAL DAY is a DATE, DATE + INTERVAL HOUR a TIMESTAMP. Weeks count as
// days, parts of seconds as seconds.
enum class IntervalField { kYear, kMonth, kDay, kHour, kMinute, kSecond };
struct IntervalLiteral {
  Value value;
  IntervalField start = IntervalField::kDay;
  IntervalField end = IntervalField::kDay;
};

// TIMESTAMP'…', TIMESTAMP_LTZ'…' or TIMESTAMP_NTZ'…' with its text: what it means may depend on the
// session zone.
struct TimestampLiteral {
  TypeKind type = TypeKind::kTimestamp;  // or kTimestampNtz
  std::string text;
};

// `a`, `t.a`, `c.s.t.a`, `t.a.field`. Which part is a table, column or field is the analyser's to
// say. A single part that is no column may be a function without parentheses: `current_date`,
// `current_timestamp`, `localtimestamp`, `current_user`, `current_catalog`, …
struct ColumnReference {
  std::vector<Identifier> parts;
};

// `*`, `t.*`, `* EXCEPT (a, t.b)`: in select lists, and as the argument of count.
struct Star {
  std::vector<Identifier> qualifier;
  std::vector<std::vector<Identifier>> except;
};

enum class UnaryOperator { kMinus, kPlus, kBitNot, kNot };
struct Unary {
  UnaryOperator op = UnaryOperator::kMinus;
  ExpressionPtr operand;
};

// `op` is Spark's canonical name in lower case: `or` `and` `=` `<=>` `<>` `<` `<=` `>` `>=` `+` `-`
// `*`
// `/` `%` `div` `||` `&` `|` `^` `<<` `>>` `>>>`.
struct Binary {
  std::string op;
  ExpressionPtr left;
  ExpressionPtr right;
  Span op_span;
};

struct Between {
  ExpressionPtr operand;
  ExpressionPtr low;
  ExpressionPtr high;
  bool negated = false;
};

struct InList {
  ExpressionPtr operand;  // may be a RowConstructor
  std::vector<ExpressionPtr> candidates;
  bool negated = false;
};

struct InSubquery {
  ExpressionPtr operand;  // a RowConstructor is compared with the query's columns in order
  QueryPtr query;
  bool negated = false;
};

// `x [NOT] LIKE [ANY|ALL (p, …)|p] [ESCAPE 'c']`, also ILIKE, RLIKE (REGEXP, REGEXP_LIKE).
struct Like {
  enum class Kind { kLike, kILike, kRLike };
  enum class Quantifier { kNone, kAny, kAll };  // SOME is kAny
  Kind kind = Kind::kLike;
  Quantifier quantifier = Quantifier::kNone;
  ExpressionPtr operand;
  std::vector<ExpressionPtr> patterns;  // one unless quantified
  std::optional<std::string> escape;    // one character
  bool negated = false;
};

struct IsTest {
  enum class What { kNull, kTrue, kFalse, kUnknown };
  ExpressionPtr operand;
  What what = What::kNull;
  bool negated = false;
};

struct IsDistinctFrom {
  ExpressionPtr left;
  ExpressionPtr right;
  bool negated = false;  // IS NOT DISTINCT FROM
};

struct Exists {
  QueryPtr query;
};

struct ScalarSubquery {
  QueryPtr query;
};

struct Case {
  struct Branch {
    ExpressionPtr condition;  // compared with `operand` if there is one
    ExpressionPtr result;
  };
  ExpressionPtr operand;  // null: searched CASE
  std::vector<Branch> branches;
  ExpressionPtr otherwise;  // null: NULL
};

// CAST(x AS t), x::t and TRY_CAST(x AS t).
struct Cast {
  ExpressionPtr operand;
  DataType type;
  Span type_span;
  bool try_cast = false;
};

enum class NullTreatment { kDefault, kRespect, kIgnore };

// `OVER name` or `OVER (…)`.
using Over = std::variant<Identifier, WindowSpec>;

// Also the forms with words between their arguments, as calls:
//   EXTRACT(f FROM x)               extract('f', x)
//   SUBSTRING|SUBSTR(x FROM a FOR b)  substring(x, a, b)
//   TRIM(x), TRIM(BOTH|c FROM x)    trim(x), btrim(x[, c])
//   TRIM(LEADING|TRAILING c FROM x) `ltrim`/`rtrim` of (x) or, in Spark's order, (c, x)
//   POSITION(a IN b)                position(a, b)
//   OVERLAY(s PLACING r FROM p FOR n) overlay(s, r, p, n)
//   TIMESTAMPADD|DATEADD(unit, n, x), TIMESTAMPDIFF|DATEDIFF(unit, a, b)
//                                   the unit is a STRING literal in upper case, as in
//                                   timestampadd('DAY', n, x); the names become `timestampadd` and
//                                   `timestampdiff`
struct FunctionCall {
  std::vector<Identifier> name;  // one part, as written, but for the forms above
  std::vector<Argument> args;    // count(*) has one Star
  bool distinct = false;
  ExpressionPtr filter;                // FILTER (WHERE …), or null
  std::vector<SortItem> within_group;  // WITHIN GROUP (ORDER BY …)
  NullTreatment null_treatment = NullTreatment::kDefault;
  std::optional<Over> over;
};

// `x -> …`, `(a, b) -> …`
struct Lambda {
  std::vector<Identifier> parameters;
  ExpressionPtr body;
};

// `a[i]` of an array or map.
struct Subscript {
  ExpressionPtr base;
  ExpressionPtr index;
};

// `expr.field`, where `expr` is no chain of names (that is one ColumnReference).
struct FieldAccess {
  ExpressionPtr base;
  Identifier field;
};

// `(a, b)`: two elements or more.
struct RowConstructor {
  std::vector<ExpressionPtr> elements;
};

struct Expression {
  Span span;
  std::variant<Literal, IntervalLiteral, TimestampLiteral, ColumnReference, Star, Unary, Binary,
               Between, InList, InSubquery, Like, IsTest, IsDistinctFrom, Exists, ScalarSubquery,
               Case, Cast, FunctionCall, Lambda, Subscript, FieldAccess, RowConstructor>
      node;
};

// --- Relations: what stands in FROM --------------------------------------------------------------

// `LIVE.t` is `t` with `live` set: a dataset of this pipeline.
struct TableReference {
  QualifiedName name;
  Span name_span;
  bool live = false;
  bool streaming = false;   // STREAM t, STREAM(t)
  ExpressionPtr version;    // VERSION AS OF n: a literal, integer or string; or null
  ExpressionPtr timestamp;  // TIMESTAMP AS OF x; or null
};

struct SubqueryRelation {
  QueryPtr query;
  bool lateral = false;
};

// VALUES (1, 'a'), (2, 'b'); a row of one value may lack its parentheses.
struct ValuesRelation {
  std::vector<std::vector<ExpressionPtr>> rows;
};

// `range(10)`, `read_files('path', format => 'csv')`, `kmeans(TABLE(t), …)`, `LATERAL explode(a)`.
struct TableFunctionCall {
  Identifier name;
  std::vector<Argument> args;
  bool streaming = false;
  bool lateral = false;
};

enum class JoinKind { kInner, kLeft, kRight, kFull, kCross, kLeftSemi, kLeftAnti };
// A comma in FROM is a kCross join without condition. A kInner join without `condition`,
// `using_columns` and `natural` is a cross join too. Whether the right side is LATERAL is said by
// its own node.
struct JoinRelation {
  JoinKind kind = JoinKind::kInner;
  bool natural = false;
  RelationPtr left;
  RelationPtr right;
  ExpressionPtr condition;                // ON, or null
  std::vector<Identifier> using_columns;  // USING (…)
};

// `input LATERAL VIEW [OUTER] explode(x) t AS a, b`. Its aliases are in Relation::alias, whose name
// may be missing here only.
struct LateralView {
  RelationPtr input;
  bool outer = false;
  Identifier function;
  std::vector<Argument> args;
};

// `AS t (a, b)`
struct TableAlias {
  std::optional<Identifier> name;  // always set but for LateralView
  std::vector<Identifier> columns;
  Span span;
};

struct Relation {
  Span span;
  std::optional<TableAlias> alias;
  std::variant<TableReference, SubqueryRelation, ValuesRelation, TableFunctionCall, JoinRelation,
               LateralView>
      node;
};

// --- Queries -------------------------------------------------------------------------------------

// `expr [AS name]`, `expr AS (a, b)` (generators).
struct SelectItem {
  ExpressionPtr expr;
  std::vector<Identifier> aliases;  // empty: no alias
  Span span;
};

// GROUP BY a, b | ALL | ROLLUP (…) | CUBE (…) | GROUPING SETS (…). Elements may be mixed: the
// grouping sets of the whole are the cross product of those of the elements.
struct GroupingElement {
  enum class Kind { kExpression, kRollup, kCube, kGroupingSets };
  Kind kind = Kind::kExpression;
  // kExpression: one set of one expression. kRollup, kCube: one set per (possibly composite)
  // element. kGroupingSets: one per set; `()` is empty.
  std::vector<std::vector<ExpressionPtr>> sets;
  Span span;
};
struct GroupBy {
  bool all = false;  // GROUP BY ALL
  std::vector<GroupingElement> elements;
  Span span;
};

struct NamedWindow {
  Identifier name;
  Over window;  // a name stands for another named window
};

struct Select {
  bool distinct = false;
  std::vector<SelectItem> items;
  RelationPtr from;  // null: one row without columns
  ExpressionPtr where;
  std::optional<GroupBy> group_by;
  ExpressionPtr having;
  ExpressionPtr qualify;
  std::vector<NamedWindow> windows;
};

struct QueryTerm;
using QueryTermPtr = std::shared_ptr<const QueryTerm>;

enum class SetOperator { kUnion, kIntersect, kExcept };  // MINUS is kExcept
struct SetOperation {
  SetOperator op = SetOperator::kUnion;
  bool all = false;
  QueryTermPtr left;
  QueryTermPtr right;
};

// `(query)`: only where it has a WITH, ORDER BY, LIMIT or OFFSET of its own.
struct NestedQuery {
  QueryPtr query;
};

// What a query is without its WITH and ORDER BY … OFFSET. `VALUES …` and `TABLE t` are SELECT *
// FROM them.
struct QueryTerm {
  Span span;
  std::variant<Select, SetOperation, NestedQuery> node;
};

// `name (columns) AS (query)`
struct CommonTable {
  Identifier name;
  std::vector<Identifier> columns;
  QueryPtr query;
};

struct Query {
  Span span;
  std::vector<CommonTable> with;  // each may use those before it
  QueryTermPtr body;
  OrderBy order_by;
  ExpressionPtr limit;  // null: none, also for LIMIT ALL
  ExpressionPtr offset;
};

}  // namespace medallion::sql::ast
