#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {

void AddMathFunctions(FunctionTable& table) {
  table.push_back(Scalar("abs", {"(numeric) -> #1", "(interval) -> #1"}));
  // Half away from zero; bround: half to even. The number of digits is an INT literal, 0 by
  // default.
  table.push_back(
      ScalarByRule("round", "(numeric, int literal?) -> see RoundedDecimal", RoundRule));
  table.push_back(
      ScalarByRule("bround", "(numeric, int literal?) -> see RoundedDecimal", RoundRule));
  table.push_back(ScalarByRule("ceil",
                               "(bigint or double) -> bigint; (decimal, int literal?) -> decimal",
                               CeilingRule, {"ceiling"}));
  table.push_back(ScalarByRule(
      "floor", "(bigint or double) -> bigint; (decimal, int literal?) -> decimal", CeilingRule));
  table.push_back(Scalar("sign", {"(double) -> double"}, {"signum"}));
  table.push_back(Scalar("power", {"(double, double) -> double"}, {"pow"}));
  // NULL where the logarithm is not defined; sqrt of a negative number is NaN.
  for (const char* name : {"ln", "log10", "log2", "log1p"}) {
    table.push_back(Scalar(name, {"(double) -> double?"}));
  }
  table.push_back(Scalar("log", {"(double, double?) -> double?"}));  // (base, x)
  for (const char* name : {"sqrt", "cbrt", "exp", "expm1", "sin", "cos", "tan", "cot", "sinh",
                           "cosh", "tanh", "asin", "acos", "atan", "degrees", "radians", "rint"}) {
    table.push_back(Scalar(name, {"(double) -> double"}));
  }
  table.push_back(Scalar("atan2", {"(double, double) -> double"}));
  table.push_back(Scalar("hypot", {"(double, double) -> double"}));
  table.push_back(Scalar("pi", {"() -> double!"}));
  table.push_back(Scalar("e", {"() -> double!"}));
  table.push_back(Scalar("factorial", {"(int) -> bigint?"}));
  table.push_back(Scalar("width_bucket", {"(double, double, double, bigint) -> bigint?"}));
  for (const char* name : {"rand", "randn"}) {
    FunctionEntry entry = Scalar(name, {"(bigint?) -> double!"});
    entry.deterministic = false;  // with a seed too: it counts rows of a partition
    table.push_back(std::move(entry));
  }
}

}  // namespace medallion::sql
