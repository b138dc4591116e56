#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_type.h"
#include "base/result.h"
#include "base/value.h"

// The functions and operators of the dialect: names, kinds, argument types and result types as
// Spark 4 has them in ANSI mode. One table for the analyser (names, coercion, typing) and for
// engines, whose translation tables are keyed by the same canonical names.
//
// What an engine may rely on: the analyser has cast every argument to the type that the chosen
// signature wants, has filled in no defaults (an optional argument that was left out is absent),
// and has set Expr::type to the result type. An engine has to yield exactly that type.
//
// Contracts of operators (arguments are listed after coercion):
//   +  -  *      both operands of the result's kind. Integral and interval overflow raises
//                ARITHMETIC_OVERFLOW. DECIMAL operands keep their own precision and scale; the
//                result is rounded half up to Expr::type and raises NUMERIC_VALUE_OUT_OF_RANGE
//                beyond it.
//   /            both DOUBLE, or both DECIMAL (own precision and scale each). A zero divisor raises
//                DIVIDE_BY_ZERO, for DOUBLE too. DECIMAL rounds half up.
//   div          both LONG or both DECIMAL; BIGINT, truncated toward zero; zero raises
//   DIVIDE_BY_ZERO. %            equal types, or DECIMAL with own precision each; sign of the
//   dividend; zero raises
//                REMAINDER_BY_ZERO. `pmod` is the same with a result of the divisor's sign.
//   =  <>  <  <=  >  >=   equal types on both sides (DECIMAL widened to a common type). NaN = NaN
//   is
//                true and NaN is greater than any number. Strings compare by UTF-8 bytes.
//   <=>          as `=`, but NULL-safe: never NULL. `IS [NOT] DISTINCT FROM`, `IS [NOT] TRUE` and
//                `IS [NOT] FALSE` are analysed to it.
//   and or not   three-valued.  BETWEEN is analysed to `and` of `>=` and `<=`.
//   in           (value, candidate…) of one type; NULL if none equal and any is NULL. Subqueries
//   are
//                SubqueryExpr. NOT IN is `not` of it.
//   like ilike   (text, pattern[, escape]); escape is `\` by default.  rlike: (text, regex),
//   *find*.
//   ||           analysed to `concat`.
//   getfield     (struct, name literal).    getitem: (array, INT), counted from 0, raises
//                INVALID_ARRAY_INDEX outside.   element_at: counted from 1 or, negative, from the
//                end; also (map, key), NULL if absent. `map[key]` is analysed to element_at.
//   nullif       (value of its own type, candidate of the type both are compared in): the value, or
//   NULL if
//                equal.   coalesce, if, greatest, least: one type throughout.
//   first last   also as window functions; there without the second argument, see
//   WindowExpr::ignore_nulls.
//                `first_value`, `last_value` are their aliases: canonical names are the ones in
//                plans.
//   date + n, date - n        → date_add, date_sub.     date - date → subtract_dates.
//   timestamp - timestamp     → subtract_timestamps (DATE operands are cast).
//   x ± interval              → add_interval(x, interval), with `negative` of the interval for
//   minus;
//                months add as add_months does: the day is clamped to the month's last.

namespace medallion::sql {

enum class FunctionKind {
  kScalar,
  kHigherOrder,  // takes LambdaExpr arguments
  kAggregate,    // AggregateExpr; may also stand in a WindowExpr
  kWindow,       // only in a WindowExpr
  kGenerator,    // only in Generate
};

enum class ClockUse { kNone, kDate, kTimestamp };

// What typing needs to know of one argument.
struct ArgumentInfo {
  DataType type;
  bool nullable = true;
  const Value* literal = nullptr;  // set if the argument is a constant; valid for the call
};

// The chosen types of one call.
struct CallTypes {
  std::vector<DataType> arguments;  // each argument is cast to this type if it has another
  DataType result;
  bool nullable = true;
};

struct FunctionEntry {
  std::string name;  // canonical, lower case
  std::vector<std::string> aliases;
  FunctionKind kind = FunctionKind::kScalar;
  // Signatures as `(string, int, int?) -> string`, for people and, unless `rule` is set, for
  // typing; the language is in signature.h.
  std::vector<std::string> signatures;
  bool deterministic = true;
  // Depends on the order in which rows arrive: first, collect_list …
  bool order_dependent = false;
  ClockUse clock = ClockUse::kNone;
  // For windows: whether an explicit or default frame applies (ranking functions and offsets have
  // none).
  bool has_frame = true;
  // Typing that signatures cannot say (decimals, structs, rounding by a literal); may be null.
  Result<CallTypes> (*rule)(std::span<const ArgumentInfo> arguments) = nullptr;
};

// By canonical name or alias, any letter case; null if there is none. The table is immutable.
const FunctionEntry* FindFunction(std::string_view name);

// All entries, sorted by name.
std::span<const FunctionEntry> AllFunctions();

// The nearest known names first, for UNRESOLVED_ROUTINE.
std::vector<std::string> NearestFunctionNames(std::string_view name);

// Types a call, lambdas excluded. kSpecification with condition WRONG_NUM_ARGS or
// DATATYPE_MISMATCH.* and no place otherwise.
Result<CallTypes> ResolveCall(const FunctionEntry& function,
                              std::span<const ArgumentInfo> arguments);

}  // namespace medallion::sql
