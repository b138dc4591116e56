#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {
namespace {

FunctionEntry Clock(std::string name, std::string result, ClockUse use,
                    std::vector<std::string> aliases = {}) {
  FunctionEntry entry = Scalar(std::move(name), {"() -> " + result + "!"}, std::move(aliases));
  entry.clock = use;
  return entry;
}

void AddFields(FunctionTable& table) {
  for (const char* name : {"year", "quarter", "month", "weekofyear", "dayofyear"}) {
    table.push_back(Scalar(name, {"(date) -> int"}));
  }
  table.push_back(Scalar("day", {"(date) -> int"}, {"dayofmonth"}));
  table.push_back(Scalar("dayofweek", {"(date) -> int"}));  // 1 is Sunday
  table.push_back(Scalar("weekday", {"(date) -> int"}));    // 0 is Monday
  for (const char* name : {"hour", "minute", "second"}) {
    table.push_back(Scalar(name, {"(timestamp) -> int", "(timestamp_ntz) -> int"}));
  }
  table.push_back(Scalar("dayname", {"(date) -> string"}));    // Mon
  table.push_back(Scalar("monthname", {"(date) -> string"}));  // Jan
  // What extract(SECOND FROM x) gives: seconds with their fraction. Other fields of extract and
  // date_part are analysed to the functions above, `dayofweek_iso` and `yearofweek`.
  table.push_back(Scalar("second_with_fraction", {"(timestamp) -> decimal(8,6)"}));
  table.push_back(Scalar("dayofweek_iso", {"(date) -> int"}));  // 1 is Monday
  table.push_back(Scalar("yearofweek", {"(date) -> int"}));
}

void AddDateArithmetic(FunctionTable& table) {
  table.push_back(Scalar("date_add", {"(date, small) -> date"}));
  table.push_back(Scalar("date_sub", {"(date, small) -> date"}));
  // (end, start): days between, not the start first as elsewhere.
  table.push_back(Scalar("datediff", {"(date, date) -> int"}, {"date_diff"}));
  table.push_back(Scalar("add_months", {"(date, int) -> date"}));
  table.push_back(Scalar("months_between", {"(timestamp, timestamp, boolean?) -> double"}));
  table.push_back(Scalar("last_day", {"(date) -> date"}));
  table.push_back(Scalar("next_day", {"(date, string) -> date?"}));
  table.push_back(Scalar("trunc", {"(date, string) -> date?"}));
  table.push_back(Scalar("date_trunc", {"(string, timestamp) -> timestamp?",
                                        "(string, timestamp_ntz) -> timestamp_ntz?"}));
  table.push_back(Scalar("subtract_dates", {"(date, date) -> interval_dt"}));
  table.push_back(Scalar("subtract_timestamps", {"(timestamp, timestamp) -> interval_dt",
                                                 "(timestamp_ntz, timestamp_ntz) -> interval_dt"}));
  // A DATE plus whole days is a DATE (date_add); the analyser casts DATE to TIMESTAMP for other
  // DAY-TIME intervals.
  table.push_back(Scalar(
      "add_interval",
      {"(date, interval_ym) -> date", "(timestamp, interval_ym) -> timestamp",
       "(timestamp_ntz, interval_ym) -> timestamp_ntz", "(timestamp, interval_dt) -> timestamp",
       "(timestamp_ntz, interval_dt) -> timestamp_ntz"}));
  // (unit in upper case, n, x): DATE becomes TIMESTAMP, as in Spark.
  table.push_back(Scalar("timestampadd", {"(string, bigint, timestamp) -> timestamp"}));
  table.push_back(Scalar("timestampdiff", {"(string, timestamp, timestamp) -> bigint"}));
}

void AddConversion(FunctionTable& table) {
  // Without a format as a cast. Formats are Java's DateTimeFormatter patterns. A text that does not
  // match raises CANNOT_PARSE_TIMESTAMP, or gives NULL with try_.
  table.push_back(
      Scalar("to_date", {"(date) -> date", "(string, string?) -> date?", "(timestamp) -> date"}));
  table.push_back(Scalar("try_to_date",
                         {"(date) -> date", "(string, string?) -> date?", "(timestamp) -> date"}));
  table.push_back(
      Scalar("to_timestamp",
             {"(timestamp) -> timestamp", "(string, string?) -> timestamp?", "(date) -> timestamp"},
             {"to_timestamp_ltz"}));
  table.push_back(Scalar(
      "try_to_timestamp",
      {"(timestamp) -> timestamp", "(string, string?) -> timestamp?", "(date) -> timestamp"}));
  table.push_back(Scalar("to_timestamp_ntz", {"(timestamp_ntz) -> timestamp_ntz",
                                              "(string, string?) -> timestamp_ntz?"}));
  table.push_back(Scalar("date_format", {"(timestamp, string) -> string"}));
  table.push_back(Scalar("from_unixtime", {"(bigint, string?) -> string?"}));
  FunctionEntry unix_timestamp = Scalar(
      "unix_timestamp", {"() -> bigint!", "(timestamp) -> bigint", "(string, string?) -> bigint"});
  unix_timestamp.clock = ClockUse::kTimestamp;  // without arguments
  table.push_back(std::move(unix_timestamp));
  table.push_back(
      Scalar("to_unix_timestamp", {"(timestamp) -> bigint", "(string, string?) -> bigint"}));
  table.push_back(Scalar("unix_date", {"(date) -> int"}));
  table.push_back(Scalar("date_from_unix_date", {"(int) -> date"}));
  table.push_back(Scalar("timestamp_seconds", {"(bigint) -> timestamp", "(double) -> timestamp?"}));
  table.push_back(Scalar("timestamp_millis", {"(bigint) -> timestamp"}));
  table.push_back(Scalar("timestamp_micros", {"(bigint) -> timestamp"}));
  table.push_back(Scalar("unix_seconds", {"(timestamp) -> bigint"}));
  table.push_back(Scalar("unix_millis", {"(timestamp) -> bigint"}));
  table.push_back(Scalar("unix_micros", {"(timestamp) -> bigint"}));
  table.push_back(Scalar("make_date", {"(int, int, int) -> date"}));
  table.push_back(
      Scalar("make_timestamp", {"(int, int, int, int, int, decimal(16,6)) -> timestamp"}));
  table.push_back(Scalar("from_utc_timestamp", {"(timestamp, string) -> timestamp"}));
  table.push_back(Scalar("to_utc_timestamp", {"(timestamp, string) -> timestamp"}));
}

}  // namespace

void AddDateTimeFunctions(FunctionTable& table) {
  table.push_back(Clock("current_date", "date", ClockUse::kDate, {"curdate"}));
  table.push_back(Clock("current_timestamp", "timestamp", ClockUse::kTimestamp, {"now"}));
  table.push_back(Clock("localtimestamp", "timestamp_ntz", ClockUse::kTimestamp));
  table.push_back(Scalar("current_timezone", {"() -> string!"}));
  AddFields(table);
  AddDateArithmetic(table);
  AddConversion(table);
}

}  // namespace medallion::sql
