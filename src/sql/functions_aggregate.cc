#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {
namespace {

FunctionEntry AggregateEntry(std::string name, std::vector<std::string> signatures,
                             std::vector<std::string> aliases = {}) {
  FunctionEntry entry = Scalar(std::move(name), std::move(signatures), std::move(aliases));
  entry.kind = FunctionKind::kAggregate;
  return entry;
}

FunctionEntry AggregateByRule(std::string name, std::string signature,
                              Result<CallTypes> (*rule)(std::span<const ArgumentInfo>),
                              std::vector<std::string> aliases = {}) {
  FunctionEntry entry =
      ScalarByRule(std::move(name), std::move(signature), rule, std::move(aliases));
  entry.kind = FunctionKind::kAggregate;
  return entry;
}

FunctionEntry OrderDependent(FunctionEntry entry) {
  entry.order_dependent = true;
  return entry;
}

void AddSums(FunctionTable& table) {
  // No arguments: count(*). Several: rows in which none is NULL.
  table.push_back(AggregateByRule("count", "(any…) -> bigint!", CountRule));
  table.push_back(AggregateEntry("count_if", {"(boolean) -> bigint!"}));
  // BIGINT overflow raises ARITHMETIC_OVERFLOW, DECIMAL overflow NUMERIC_VALUE_OUT_OF_RANGE.
  table.push_back(AggregateByRule(
      "sum", "(integral) -> bigint; (decimal(p,s)) -> decimal(p+10,s); (double)", SumRule));
  table.push_back(AggregateByRule("try_sum", "as sum, NULL on overflow", SumRule));
  // DECIMAL: the exact sum divided, rounded half up to the result's scale.
  table.push_back(AggregateByRule("avg", "(decimal(p,s)) -> decimal(p+4,s+4); (double) -> double",
                                  AverageRule, {"mean"}));
  table.push_back(AggregateByRule("try_avg", "as avg, NULL on overflow", AverageRule));
  table.push_back(AggregateByRule("min", "(T) -> T?", MinMaxRule));
  table.push_back(AggregateByRule("max", "(T) -> T?", MinMaxRule));
  table.push_back(AggregateByRule("min_by", "(T, U) -> T?", MinMaxByRule));
  table.push_back(AggregateByRule("max_by", "(T, U) -> T?", MinMaxByRule));
  table.push_back(AggregateEntry("bool_and", {"(boolean) -> boolean?"}, {"every"}));
  table.push_back(AggregateEntry("bool_or", {"(boolean) -> boolean?"}, {"any", "some"}));
  for (const char* name : {"bit_and", "bit_or", "bit_xor"}) {
    table.push_back(AggregateEntry(name, {"(integral) -> #1?"}));
  }
}

void AddOrderDependent(FunctionTable& table) {
  // The second argument says whether NULLs are skipped; IGNORE NULLS is analysed to it. In a
  // WindowExpr the second argument is gone and `ignore_nulls` set instead.
  table.push_back(
      OrderDependent(AggregateEntry("first", {"(T, boolean?) -> T?"}, {"first_value"})));
  table.push_back(OrderDependent(AggregateEntry("last", {"(T, boolean?) -> T?"}, {"last_value"})));
  table.push_back(OrderDependent(AggregateEntry("any_value", {"(T, boolean?) -> T?"})));
  table.push_back(OrderDependent(
      AggregateEntry("collect_list", {"(T) -> array<T>!"}, {"array_agg"})));  // without NULLs
  table.push_back(OrderDependent(AggregateEntry("collect_set", {"(T) -> array<T>!"})));
  table.push_back(
      OrderDependent(AggregateEntry("listagg", {"(string, string?) -> string?"}, {"string_agg"})));
  table.push_back(OrderDependent(AggregateEntry("mode", {"(T) -> T?"})));
}

void AddStatistics(FunctionTable& table) {
  for (const auto& [name, alias] : std::initializer_list<std::pair<const char*, const char*>>{
           {"stddev_samp", "stddev"}, {"var_samp", "variance"}}) {
    std::vector<std::string> aliases = {alias};
    if (std::string_view(name) == "stddev_samp") {
      aliases.emplace_back("std");
    }
    table.push_back(AggregateEntry(name, {"(double) -> double?"}, std::move(aliases)));
  }
  for (const char* name : {"stddev_pop", "var_pop", "skewness", "kurtosis"}) {
    table.push_back(AggregateEntry(name, {"(double) -> double?"}));
  }
  for (const char* name :
       {"corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept", "regr_r2"}) {
    table.push_back(AggregateEntry(name, {"(double, double) -> double?"}));
  }
  table.push_back(AggregateEntry("regr_count", {"(double, double) -> bigint!"}));
  table.push_back(AggregateEntry("median", {"(double) -> double?"}));
  // (value, fraction or array of fractions literal); percentile_cont(f) WITHIN GROUP (ORDER BY v)
  // is analysed to percentile(v, f), descending to percentile(v, 1 - f).
  table.push_back(AggregateByRule("percentile", "(double, double or array<double>) -> double?",
                                  PercentileRule));
  // One argument, the fraction; the values are order_by[0].
  table.push_back(AggregateEntry("percentile_disc", {"(double) -> double?"}));
  table.push_back(AggregateByRule("percentile_approx", "(T, double or array<double>, int?) -> T?",
                                  ApproximatePercentileRule, {"approx_percentile"}));
  table.push_back(AggregateEntry("approx_count_distinct", {"(any, double?) -> bigint!"}));
  table.push_back(AggregateEntry("grouping", {"(any) -> tinyint!"}));  // analysed away
  table.push_back(
      AggregateEntry("grouping_id", {"() -> bigint!", "(any...) -> bigint!"}));  // analysed away
}

}  // namespace

void AddAggregateFunctions(FunctionTable& table) {
  AddSums(table);
  AddOrderDependent(table);
  AddStatistics(table);
}

void AddWindowFunctions(FunctionTable& table) {
  const auto add = [&](FunctionEntry entry, bool has_frame = false) {
    entry.kind = FunctionKind::kWindow;
    entry.has_frame = has_frame;
    table.push_back(std::move(entry));
  };
  for (const char* name : {"row_number", "rank", "dense_rank"}) {
    add(Scalar(name, {"() -> int!"}));
  }
  add(Scalar("percent_rank", {"() -> double!"}));
  add(Scalar("cume_dist", {"() -> double!"}));
  add(Scalar("ntile", {"(int) -> int!"}));
  // (value, offset literal, default); the offset defaults to 1. The type is the value's.
  add(ScalarByRule("lag", "(T, int?, T?) -> T?", OffsetRule));
  add(ScalarByRule("lead", "(T, int?, T?) -> T?", OffsetRule));
  add(Scalar("nth_value", {"(T, int) -> T?"}), true);
}

}  // namespace medallion::sql
