#include "printer.h"
#include "sql_text.h"

// The translation of aggregate and window functions. Spark's types: sums of integers are BIGINT and
// of decimals ten digits wider, averages of decimals are exact.

namespace medallion::duckdb {
namespace {

// `name([DISTINCT] args [ORDER BY …]) FILTER … OVER …`.
std::string Call(std::string_view name, const PrintedAggregate& aggregate, std::string_view args,
                 std::string_view order = {}) {
  return fmt::format("{}({}{}{}{}{}){}{}", name, aggregate.distinct ? "DISTINCT " : "", args,
                     order.empty() ? "" : " ORDER BY ", order,
                     aggregate.ignore_nulls ? " IGNORE NULLS" : "", aggregate.filter,
                     aggregate.over);
}

std::string AllArgs(const PrintedAggregate& aggregate) {
  return fmt::format("{}", fmt::join(aggregate.call.args, ", "));
}

using Translate = Result<std::string> (*)(Printer& printer, const PrintedAggregate& aggregate);

Result<std::string> Plain(Printer&, const PrintedAggregate& aggregate) {
  return Cast(Call(aggregate.call.function, aggregate, AllArgs(aggregate)), aggregate.call.type());
}

Result<std::string> Count(Printer&, const PrintedAggregate& aggregate) {
  const auto& args = aggregate.call.args;
  if (args.empty()) {
    return Call("count", aggregate, "*");
  }
  if (args.size() == 1) {
    return Call("count", aggregate, args.front());
  }
  // Rows in which none is NULL, and of these, if DISTINCT, the different ones.
  return Call("count", aggregate,
              fmt::format("CASE WHEN {} IS NOT NULL THEN row({}) END",
                          fmt::join(args, " IS NOT NULL AND "), fmt::join(args, ", ")));
}

Result<std::string> Sum(Printer& printer, const PrintedAggregate& aggregate) {
  const bool is_try = aggregate.call.function == "try_sum";
  const DataType& type = aggregate.call.type();
  if (!type.IsNumeric()) {
    return printer.Unsupported(aggregate.call.expression.span,
                               "the sum of intervals is not supported");
  }
  // DuckDB sums integers in 128 bits and decimals at 38 digits; the cast says whether the sum fits.
  return fmt::format("{}({} AS {})", is_try ? "TRY_CAST" : "CAST",
                     Call("sum", aggregate, aggregate.call.args.front()), TypeName(type));
}

Result<std::string> Average(Printer& printer, const PrintedAggregate& aggregate) {
  const std::string& value = aggregate.call.args.front();
  const DataType& from = aggregate.call.type_of(0);
  if (from.Is(TypeKind::kDecimal)) {
    const DataType sum = DataType::Decimal(DataType::kDecimalPrecisionMax, from.scale());
    const DataType count = DataType::Decimal(20, 0);
    const std::string name =
        printer.Need({DecimalOperation::kDivide, sum, count, aggregate.call.type()});
    return fmt::format("{}({}, CAST(nullif({}, 0) AS DECIMAL(20,0)))", name,
                       Call("sum", aggregate, value), Call("count", aggregate, value));
  }
  if (!from.IsNumeric()) {
    return printer.Unsupported(aggregate.call.expression.span,
                               "the average of intervals is not supported");
  }
  return Cast(Call("avg", aggregate, value), aggregate.call.type());
}

Result<std::string> CountIf(Printer&, const PrintedAggregate& aggregate) {
  return Call("count", aggregate,
              fmt::format("CASE WHEN {} THEN 1 END", aggregate.call.args.front()));
}

Result<std::string> Percentile(Printer& printer, const PrintedAggregate& aggregate) {
  const bool is_median = aggregate.call.function == "median";
  if (!aggregate.call.type().Is(TypeKind::kDouble)) {
    return printer.Unsupported(aggregate.call.expression.span,
                               "several percentiles at once are not supported");
  }
  if (!is_median && aggregate.call.args.size() != 2) {
    return printer.Unsupported(aggregate.call.expression.span,
                               "`percentile` with frequencies is not supported");
  }
  const std::string value = fmt::format("CAST({} AS DOUBLE)", aggregate.call.args.front());
  return fmt::format("spark_percentile({}, {})", Call("list", aggregate, value),
                     is_median ? "CAST(0.5 AS DOUBLE)" : aggregate.call.args[1]);
}

// percentile_disc(fraction) WITHIN GROUP (ORDER BY value): the smallest value whose share reaches
// it.
Result<std::string> DiscretePercentile(Printer& printer, const PrintedAggregate& aggregate) {
  const auto* node = std::get_if<sql::AggregateExpr>(&aggregate.call.expression.node);
  if (node == nullptr || node->order_by.size() != 1 || node->order_by.front().descending) {
    return printer.Unsupported(
        aggregate.call.expression.span,
        "`percentile_disc` needs one ascending key and is no window function here");
  }
  ASSIGN_OR_RETURN(const std::string value, printer.PrintExpression(*node->order_by.front().expr));
  return Cast(Call("quantile_disc", aggregate,
                   fmt::format("CAST({} AS DOUBLE), {}", value, aggregate.call.args.front())),
              aggregate.call.type());
}

// DuckDB's first and last take NULLs along, as Spark's do unless told otherwise.
Result<std::string> FirstOrLast(Printer& printer, const PrintedAggregate& aggregate) {
  const bool is_last = aggregate.call.function == "last";
  const std::string& value = aggregate.call.args.front();
  bool ignore_nulls = aggregate.ignore_nulls;
  if (aggregate.call.args.size() > 1) {
    const Value* flag = aggregate.call.literal(1);
    if (flag == nullptr || flag->is_null()) {
      return printer.Unsupported(aggregate.call.operands[1]->span,
                                 "the flag for NULLs must be a constant");
    }
    ignore_nulls = std::get<bool>(flag->data);
  }
  if (aggregate.in_window) {
    return Call(is_last ? "last_value" : "first_value", aggregate, value);
  }
  PrintedAggregate filtered = aggregate;
  if (ignore_nulls) {
    const std::string condition = value + " IS NOT NULL";
    filtered.filter =
        aggregate.filter.empty()
            ? " FILTER (WHERE " + condition + ")"
            : aggregate.filter.substr(0, aggregate.filter.size() - 1) + " AND " + condition + ")";
  }
  return Call(is_last ? "last" : "first", filtered, value);
}

// Without NULLs; an empty list rather than NULL.
Result<std::string> Collect(Printer&, const PrintedAggregate& aggregate) {
  PrintedAggregate collected = aggregate;
  collected.distinct = aggregate.distinct || aggregate.call.function == "collect_set";
  const std::string& value = aggregate.call.args.front();
  const std::string list = Call("list", collected, value, aggregate.order);
  return fmt::format("list_filter(coalesce({}, CAST([] AS {})), lambda e: e IS NOT NULL)", list,
                     TypeName(aggregate.call.type()));
}

Result<std::string> ListAgg(Printer& printer, const PrintedAggregate& aggregate) {
  const std::string separator = aggregate.call.args.size() > 1 ? aggregate.call.args[1] : "''";
  if (aggregate.distinct) {
    return printer.Unsupported(aggregate.call.expression.span,
                               "`listagg` with DISTINCT is not supported");
  }
  return Call("string_agg", aggregate, aggregate.call.args.front() + ", " + separator,
              aggregate.order);
}

// (value, ordering): rows whose ordering is NULL do not count; the value may be NULL.
Result<std::string> ByExtreme(Printer&, const PrintedAggregate& aggregate) {
  const std::string_view name =
      aggregate.call.function == "min_by" ? "arg_min_null" : "arg_max_null";
  return Call(name, aggregate, AllArgs(aggregate));
}

Result<std::string> ApproximateCount(Printer&, const PrintedAggregate& aggregate) {
  // An exact answer is within every bound that the caller may have asked for.
  PrintedAggregate exact = aggregate;
  exact.distinct = true;
  return Call("count", exact, aggregate.call.args.front());
}

Result<std::string> StandardDeviation(Printer&, const PrintedAggregate& aggregate) {
  return Call(aggregate.call.function, aggregate, AllArgs(aggregate));
}

Result<std::string> RankingFunction(Printer&, const PrintedAggregate& aggregate) {
  return Cast(Call(aggregate.call.function, aggregate, AllArgs(aggregate)), aggregate.call.type());
}

Translate Find(std::string_view function) {
  struct Entry {
    std::string_view name;
    Translate translate;
  };
  static constexpr Entry kEntries[] = {
      {"count", Count},
      {"count_if", CountIf},
      {"sum", Sum},
      {"try_sum", Sum},
      {"avg", Average},
      {"min", Plain},
      {"max", Plain},
      {"bool_and", Plain},
      {"bool_or", Plain},
      {"bit_and", Plain},
      {"bit_or", Plain},
      {"bit_xor", Plain},
      {"min_by", ByExtreme},
      {"max_by", ByExtreme},
      {"first", FirstOrLast},
      {"last", FirstOrLast},
      {"any_value", FirstOrLast},
      {"collect_list", Collect},
      {"collect_set", Collect},
      {"listagg", ListAgg},
      {"median", Percentile},
      {"percentile", Percentile},
      {"percentile_disc", DiscretePercentile},
      {"mode", Plain},
      {"stddev_samp", StandardDeviation},
      {"stddev_pop", StandardDeviation},
      {"var_samp", StandardDeviation},
      {"var_pop", StandardDeviation},
      {"corr", StandardDeviation},
      {"covar_pop", StandardDeviation},
      {"covar_samp", StandardDeviation},
      {"approx_count_distinct", ApproximateCount},
      {"row_number", RankingFunction},
      {"rank", RankingFunction},
      {"dense_rank", RankingFunction},
      {"percent_rank", RankingFunction},
      {"cume_dist", RankingFunction},
      {"ntile", RankingFunction},
      {"lag", RankingFunction},
      {"lead", RankingFunction},
      {"nth_value", RankingFunction},
  };
  for (const Entry& entry : kEntries) {
    if (entry.name == function) {
      return entry.translate;
    }
  }
  return nullptr;
}

}  // namespace

Result<std::string> TranslateAggregate(Printer& printer, const PrintedAggregate& aggregate) {
  const Translate translate = Find(aggregate.call.function);
  if (translate == nullptr) {
    return printer.Unsupported(
        aggregate.call.expression.span,
        fmt::format("the aggregate function `{}` is not supported", aggregate.call.function));
  }
  return translate(printer, aggregate);
}

}  // namespace medallion::duckdb
