#include "spark_functions.h"
#include "spark_time.h"

namespace medallion::duckdb {
namespace {

// Runs `body` with the pattern of each row compiled; patterns are constants in practice, so the
// last one is kept.
template <class Body>
void WithPattern(const InputVector& patterns, idx_t rows, OutputVector& output, Failure& failure,
                 const InputVector& values, Body body) {
  std::string compiled_from;
  std::optional<DateTimePattern> pattern;
  for (idx_t row = 0; row < rows && !failure.raised(); ++row) {
    if (values.IsNull(row) || patterns.IsNull(row)) {
      output.SetNull(row);
      continue;
    }
    const auto text = patterns.Get<std::string_view>(row);
    if (!pattern || text != compiled_from) {
      Result<DateTimePattern> compiled = DateTimePattern::Compile(text);
      if (!compiled) {
        failure.Raise("UNSUPPORTED", compiled.error().message());
        return;
      }
      pattern = *std::move(compiled);
      compiled_from = text;
    }
    body(row, *pattern);
  }
}

void RunFormat(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure) {
  const InputVector values(input, 0);
  WithPattern(InputVector(input, 1), rows, output, failure, values,
              [&](idx_t row, const DateTimePattern& pattern) {
                output.Set(row, pattern.Format(values.Get<int64_t>(row)));
              });
}

template <bool is_try>
void RunParse(duckdb_data_chunk input, idx_t rows, OutputVector& output, Failure& failure) {
  const InputVector values(input, 0);
  WithPattern(
      InputVector(input, 1), rows, output, failure, values,
      [&](idx_t row, const DateTimePattern& pattern) {
        const auto text = values.Get<std::string_view>(row);
        if (const std::optional<int64_t> micros = pattern.Parse(text)) {
          output.Set(row, *micros);
        } else if (is_try) {
          output.SetNull(row);
        } else {
          failure.Raise(
              "CANNOT_PARSE_TIMESTAMP",
              fmt::format(
                  "the text '{}' does not fit the pattern; use `try_to_timestamp` or `try_to_date` "
                  "to get NULL instead",
                  text));
        }
      });
}

ScalarFunction PatternFunction(std::string name, duckdb_type value, duckdb_type result,
                               void (*run)(duckdb_data_chunk, idx_t, OutputVector&, Failure&)) {
  ScalarFunction function;
  function.name = std::move(name);
  function.parameters.push_back(MakeType(value));
  function.parameters.push_back(MakeType(DUCKDB_TYPE_VARCHAR));
  function.result = MakeType(result);
  function.run = run;
  return function;
}

std::optional<double> RunMonthsBetween(Failure&, int64_t a, int64_t b, bool round) {
  return MonthsBetween(a, b, round);
}

std::optional<int64_t> RunWholeMonths(Failure&, int64_t start, int64_t end) {
  return WholeMonths(start, end);
}

}  // namespace

std::vector<ScalarFunction> TimeFunctions() {
  std::vector<ScalarFunction> functions;
  functions.push_back(
      PatternFunction("spark_date_format", DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_VARCHAR, RunFormat));
  functions.push_back(PatternFunction("spark_parse_timestamp", DUCKDB_TYPE_VARCHAR,
                                      DUCKDB_TYPE_TIMESTAMP, RunParse<false>));
  functions.push_back(PatternFunction("spark_try_parse_timestamp", DUCKDB_TYPE_VARCHAR,
                                      DUCKDB_TYPE_TIMESTAMP, RunParse<true>));
  functions.push_back(RowWise("spark_months_between",
                              {DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_BOOLEAN},
                              DUCKDB_TYPE_DOUBLE, &RunMonthsBetween));
  functions.push_back(RowWise("spark_whole_months", {DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_TIMESTAMP},
                              DUCKDB_TYPE_BIGINT, &RunWholeMonths));
  return functions;
}

}  // namespace medallion::duckdb
