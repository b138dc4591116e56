#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {

// Contracts: sql/functions.h.
void AddOperators(FunctionTable& table) {
  table.push_back(
      ScalarByRule("+", "(numeric, numeric) or (interval, interval) -> wider", AddRule));
  table.push_back(
      ScalarByRule("-", "(numeric, numeric) or (interval, interval) -> wider", SubtractRule));
  table.push_back(
      ScalarByRule("*", "(numeric, numeric) or (interval, numeric) -> wider", MultiplyRule));
  table.push_back(ScalarByRule("/", "(double, double) or (decimal, decimal) or (interval, numeric)",
                               DivideRule));
  table.push_back(ScalarByRule("%", "(numeric, numeric) -> wider", RemainderRule, {"mod"}));
  table.push_back(ScalarByRule("pmod", "(numeric, numeric) -> wider", RemainderRule));
  table.push_back(ScalarByRule("div", "(integral, integral) or (decimal, decimal) -> bigint",
                               IntegralDivideRule));
  table.push_back(Scalar("negative", {"(numeric) -> #1", "(interval) -> #1"}));
  table.push_back(Scalar("positive", {"(numeric) -> #1", "(interval) -> #1"}));
  // NULL instead of overflow or a zero divisor.
  table.push_back(ScalarByRule("try_add", "(numeric, numeric) -> wider?", TryAddRule));
  table.push_back(ScalarByRule("try_subtract", "(numeric, numeric) -> wider?", TrySubtractRule));
  table.push_back(ScalarByRule("try_multiply", "(numeric, numeric) -> wider?", TryMultiplyRule));
  table.push_back(
      ScalarByRule("try_divide", "(double, double) or (decimal, decimal)", TryDivideRule));
  table.push_back(ScalarByRule("try_mod", "(numeric, numeric) -> wider?", TryRemainderRule));

  table.push_back(ScalarByRule("=", "(T, T) -> boolean", EqualityRule));
  table.push_back(ScalarByRule("<>", "(T, T) -> boolean", EqualityRule));
  table.push_back(ScalarByRule("<=>", "(T, T) -> boolean!", NullSafeEqualityRule, {"equal_null"}));
  for (const char* name : {"<", "<=", ">", ">="}) {
    table.push_back(ScalarByRule(name, "(T, T) -> boolean", OrderingRule));
  }
  table.push_back(ScalarByRule("and", "(boolean, boolean) -> boolean", LogicalRule));
  table.push_back(ScalarByRule("or", "(boolean, boolean) -> boolean", LogicalRule));
  table.push_back(Scalar("not", {"(boolean) -> boolean"}));
  table.push_back(ScalarByRule("in", "(T, T...) -> boolean", InRule));

  table.push_back(ScalarByRule("&", "(integral, integral) -> wider", BitwiseRule));
  table.push_back(ScalarByRule("|", "(integral, integral) -> wider", BitwiseRule));
  table.push_back(ScalarByRule("^", "(integral, integral) -> wider", BitwiseRule));
  table.push_back(Scalar("~", {"(integral) -> #1"}));
  // The value stays INT or BIGINT; the distance counts modulo its width, as in Java.
  table.push_back(Scalar("shiftleft", {"(int, int) -> int", "(bigint, int) -> bigint"}, {"<<"}));
  table.push_back(Scalar("shiftright", {"(int, int) -> int", "(bigint, int) -> bigint"}, {">>"}));
  table.push_back(
      Scalar("shiftrightunsigned", {"(int, int) -> int", "(bigint, int) -> bigint"}, {">>>"}));

  table.push_back(Scalar("like", {"(string, string, string?) -> boolean"}));
  table.push_back(Scalar("ilike", {"(string, string, string?) -> boolean"}));
  table.push_back(Scalar("rlike", {"(string, string) -> boolean"}, {"regexp_like", "regexp"}));

  table.push_back(
      ScalarByRule("getfield", "(struct, string literal) -> type of the field", GetFieldRule));
  table.push_back(ScalarByRule("getitem", "(array<T>, int) -> T", GetItemRule));
}

void AddConditionalFunctions(FunctionTable& table) {
  table.push_back(ScalarByRule("if", "(boolean, T, T) -> T", IfRule));
  table.push_back(ScalarByRule("coalesce", "(T...) -> T, NULL only if all are", CoalesceRule,
                               {"nvl", "ifnull"}));
  table.push_back(ScalarByRule("nullif", "(T, U) -> T?", NullIfRule));
  table.push_back(
      ScalarByRule("nvl2", "(any, T, T) -> T: second if the first is not NULL", Nvl2Rule));
  table.push_back(ScalarByRule("greatest", "(T, T...) -> T, skips NULL", GreatestRule));
  table.push_back(ScalarByRule("least", "(T, T...) -> T, skips NULL", GreatestRule));
  table.push_back(ScalarByRule("decode",
                               "(value, search, result, …, default?) -> common type of results; "
                               "NULL finds NULL",
                               DecodeRule));
  table.push_back(Scalar("isnull", {"(any) -> boolean!"}));
  table.push_back(Scalar("isnotnull", {"(any) -> boolean!"}));
  table.push_back(Scalar("isnan", {"(double) -> boolean!", "(float) -> boolean!"}));
  table.push_back(Scalar("nanvl", {"(double, double) -> double", "(float, float) -> float"}));
  table.push_back(Scalar("nullifzero", {"(numeric) -> #1?"}));
  table.push_back(Scalar("zeroifnull", {"(numeric) -> #1!"}));
  // Raise USER_RAISED_EXCEPTION; assert_true if its condition is not true, else NULL.
  table.push_back(Scalar("raise_error", {"(string) -> void?"}));
  table.push_back(Scalar("assert_true", {"(boolean, string?) -> void?"}));
}

}  // namespace medallion::sql
