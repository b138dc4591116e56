#include <limits>

#include "spark_functions.h"
#include "spark_number.h"
#include "spark_time.h"

namespace medallion::duckdb {
namespace {

std::nullopt_t RaiseMalformed(Failure& failure, std::string_view text, std::string_view type) {
  return failure.Raise(
      "CAST_INVALID_INPUT",
      fmt::format("the value '{}' of the type \"STRING\" cannot be cast to \"{}\" because it is "
                  "malformed; use `try_cast` to get NULL instead",
                  text, type));
}

template <class T>
std::string_view IntegerName() {
  return sizeof(T) == 1   ? "TINYINT"
         : sizeof(T) == 2 ? "SMALLINT"
         : sizeof(T) == 4 ? "INT"
                          : "BIGINT";
}

template <class T>
std::optional<T> TryCastInteger(Failure&, std::string_view text) {
  const auto value =
      ParseInteger(text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  return value ? std::optional(static_cast<T>(*value)) : std::nullopt;
}

template <class T>
std::optional<T> CastInteger(Failure& failure, std::string_view text) {
  const std::optional<T> value = TryCastInteger<T>(failure, text);
  return value ? value : RaiseMalformed(failure, text, IntegerName<T>());
}

std::optional<double> TryCastDouble(Failure&, std::string_view text) { return ParseDouble(text); }
std::optional<double> CastDouble(Failure& failure, std::string_view text) {
  const std::optional<double> value = ParseDouble(text);
  return value ? value : RaiseMalformed(failure, text, "DOUBLE");
}

std::optional<float> TryCastFloat(Failure&, std::string_view text) {
  const std::optional<double> value = ParseDouble(text);
  return value ? std::optional(static_cast<float>(*value)) : std::nullopt;
}
std::optional<float> CastFloat(Failure& failure, std::string_view text) {
  const std::optional<float> value = TryCastFloat(failure, text);
  return value ? value : RaiseMalformed(failure, text, "FLOAT");
}

std::optional<bool> TryCastBoolean(Failure&, std::string_view text) { return ParseBoolean(text); }
std::optional<bool> CastBoolean(Failure& failure, std::string_view text) {
  const std::optional<bool> value = ParseBoolean(text);
  return value ? value : RaiseMalformed(failure, text, "BOOLEAN");
}

std::optional<int32_t> TryCastDate(Failure&, std::string_view text) { return ParseDate(text); }
std::optional<int32_t> CastDate(Failure& failure, std::string_view text) {
  const std::optional<int32_t> value = ParseDate(text);
  return value ? value : RaiseMalformed(failure, text, "DATE");
}

// Nothing, with `failure` raised if the text is one that Spark could read.
std::optional<ParsedTimestamp> ParseOrRefuse(Failure& failure, std::string_view text) {
  std::string_view unreadable;
  const std::optional<ParsedTimestamp> parsed = ParseTimestamp(text, &unreadable);
  if (!unreadable.empty()) {
    failure.Raise("UNSUPPORTED",
                  fmt::format("timestamp text {} is not supported: '{}'", unreadable, text));
  }
  return parsed;
}

// The instant of a text without a zone is its UTC reading.
std::optional<int64_t> TryCastTimestamp(Failure& failure, std::string_view text) {
  const std::optional<ParsedTimestamp> parsed = ParseOrRefuse(failure, text);
  return parsed ? std::optional(parsed->local_micros - parsed->offset_micros.value_or(0))
                : std::nullopt;
}
std::optional<int64_t> CastTimestamp(Failure& failure, std::string_view text) {
  const std::optional<int64_t> value = TryCastTimestamp(failure, text);
  return value ? value : RaiseMalformed(failure, text, "TIMESTAMP");
}

// NULL for texts without a zone: their instant depends on the session.
std::optional<int64_t> InstantOf(Failure& failure, std::string_view text) {
  const std::optional<ParsedTimestamp> parsed = ParseOrRefuse(failure, text);
  return parsed && parsed->offset_micros
             ? std::optional(parsed->local_micros - *parsed->offset_micros)
             : std::nullopt;
}

std::optional<int64_t> TryCastTimestampNtz(Failure& failure, std::string_view text) {
  const std::optional<ParsedTimestamp> parsed = ParseOrRefuse(failure, text);
  return parsed ? std::optional(parsed->local_micros) : std::nullopt;
}
std::optional<int64_t> CastTimestampNtz(Failure& failure, std::string_view text) {
  const std::optional<int64_t> value = TryCastTimestampNtz(failure, text);
  return value ? value : RaiseMalformed(failure, text, "TIMESTAMP");
}

std::optional<std::string> StringOfDouble(Failure&, double value) { return FormatDouble(value); }
std::optional<std::string> StringOfFloat(Failure&, float value) { return FormatFloat(value); }

template <class T>
void AddIntegerCasts(std::vector<ScalarFunction>& functions, std::string_view type) {
  functions.push_back(RowWise(fmt::format("spark_cast_{}", type), &CastInteger<T>));
  functions.push_back(RowWise(fmt::format("spark_try_cast_{}", type), &TryCastInteger<T>));
}

}  // namespace

std::vector<ScalarFunction> CastFunctions() {
  const std::vector<duckdb_type> text = {DUCKDB_TYPE_VARCHAR};
  std::vector<ScalarFunction> functions;
  AddIntegerCasts<int8_t>(functions, "tinyint");
  AddIntegerCasts<int16_t>(functions, "smallint");
  AddIntegerCasts<int32_t>(functions, "integer");
  AddIntegerCasts<int64_t>(functions, "bigint");
  functions.push_back(RowWise("spark_cast_double", &CastDouble));
  functions.push_back(RowWise("spark_try_cast_double", &TryCastDouble));
  functions.push_back(RowWise("spark_cast_float", &CastFloat));
  functions.push_back(RowWise("spark_try_cast_float", &TryCastFloat));
  functions.push_back(RowWise("spark_cast_boolean", &CastBoolean));
  functions.push_back(RowWise("spark_try_cast_boolean", &TryCastBoolean));
  functions.push_back(RowWise("spark_cast_date", text, DUCKDB_TYPE_DATE, &CastDate));
  functions.push_back(RowWise("spark_try_cast_date", text, DUCKDB_TYPE_DATE, &TryCastDate));
  functions.push_back(
      RowWise("spark_cast_timestamp", text, DUCKDB_TYPE_TIMESTAMP_TZ, &CastTimestamp));
  functions.push_back(
      RowWise("spark_try_cast_timestamp", text, DUCKDB_TYPE_TIMESTAMP_TZ, &TryCastTimestamp));
  functions.push_back(
      RowWise("spark_timestamp_instant", text, DUCKDB_TYPE_TIMESTAMP_TZ, &InstantOf));
  functions.push_back(
      RowWise("spark_cast_timestamp_ntz", text, DUCKDB_TYPE_TIMESTAMP, &CastTimestampNtz));
  functions.push_back(
      RowWise("spark_try_cast_timestamp_ntz", text, DUCKDB_TYPE_TIMESTAMP, &TryCastTimestampNtz));
  functions.push_back(RowWise("spark_string_of_double", &StringOfDouble));
  functions.push_back(RowWise("spark_string_of_float", &StringOfFloat));
  return functions;
}

}  // namespace medallion::duckdb
