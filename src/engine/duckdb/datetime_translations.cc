#include "base/civil_time.h"
#include "base/text.h"
#include "spark_time.h"
#include "sql_text.h"
#include "translation.h"

// Dates, times and intervals. DATE operands need no zone; TIMESTAMP operands are read in the
// session's.

namespace medallion::duckdb {
namespace {

bool IsNtz(const DataType& type) { return type.Is(TypeKind::kTimestampNtz); }

std::string LocalOf(const Printer& printer, const PrintedCall& call, size_t index) {
  return IsNtz(call.type_of(index)) ? call.args[index] : printer.ToLocal(call.args[index]);
}

Result<std::string> CurrentTimestamp(Printer& printer, const PrintedCall&) {
  return Literal(Value::Timestamp(printer.context().now_micros));
}

Result<std::string> CurrentDate(Printer& printer, const PrintedCall&) {
  return fmt::format("CAST({} AS DATE)",
                     printer.ToLocal(Literal(Value::Timestamp(printer.context().now_micros))));
}

Result<std::string> LocalTimestamp(Printer& printer, const PrintedCall&) {
  return printer.ToLocal(Literal(Value::Timestamp(printer.context().now_micros)));
}

Result<std::string> CurrentTimezone(Printer& printer, const PrintedCall&) {
  return QuoteString(printer.context().session_time_zone);
}

Result<std::string> ClockField(Printer& printer, const PrintedCall& call) {
  return fmt::format("CAST({}({}) AS INTEGER)", call.function, LocalOf(printer, call, 0));
}

Result<std::string> SecondWithFraction(Printer& printer, const PrintedCall& call) {
  return fmt::format(
      "CAST(CAST(microsecond({}) AS DECIMAL(18,0)) * CAST('0.000001' AS DECIMAL(7,6)) AS "
      "DECIMAL(8,6))",
      LocalOf(printer, call, 0));
}

// The pattern must be a constant, so that what it asks for is known before anything runs.
Result<std::string> ConstantPattern(Printer& printer, const PrintedCall& call, size_t index) {
  const Value* pattern = call.literal(index);
  if (pattern == nullptr || pattern->is_null()) {
    return printer.Unsupported(call.operands[index]->span,
                               "a datetime pattern that is not a constant is not supported");
  }
  const std::string& text = std::get<std::string>(pattern->data);
  if (const Result<DateTimePattern> compiled = DateTimePattern::Compile(text); !compiled) {
    return printer.Unsupported(call.operands[index]->span, compiled.error().message());
  }
  return QuoteString(text);
}

Result<std::string> DateFormat(Printer& printer, const PrintedCall& call) {
  ASSIGN_OR_RETURN(const std::string pattern, ConstantPattern(printer, call, 1));
  return fmt::format("spark_date_format({}, {})", LocalOf(printer, call, 0), pattern);
}

// to_date, to_timestamp and their try_ forms: without a pattern a cast.
Result<std::string> Parse(Printer& printer, const PrintedCall& call) {
  const bool is_try = call.function.starts_with("try_");
  const sql::CastMode mode = is_try ? sql::CastMode::kTry : sql::CastMode::kAnsi;
  if (call.args.size() == 1 || !call.type_of(0).Is(TypeKind::kString)) {
    return printer.PrintCast(call.args[0], call.type_of(0), call.type(), mode,
                             call.expression.span);
  }
  ASSIGN_OR_RETURN(const std::string pattern, ConstantPattern(printer, call, 1));
  const std::string local =
      fmt::format("spark_{}parse_timestamp({}, {})", is_try ? "try_" : "", call.args[0], pattern);
  switch (call.type().kind()) {
    case TypeKind::kDate: return Cast(local, call.type());
    case TypeKind::kTimestamp: return printer.ToInstant(local);
    default: return local;
  }
}

Result<std::string> UnixTimestamp(Printer& printer, const PrintedCall& call) {
  std::string instant;
  if (call.args.empty()) {
    instant = Literal(Value::Timestamp(printer.context().now_micros));
  } else if (call.type_of(0).Is(TypeKind::kTimestamp)) {
    instant = call.args[0];
  } else {
    std::string pattern = QuoteString("yyyy-MM-dd HH:mm:ss");
    if (call.args.size() > 1) {
      ASSIGN_OR_RETURN(pattern, ConstantPattern(printer, call, 1));
    }
    instant =
        printer.ToInstant(fmt::format("spark_parse_timestamp({}, {})", call.args[0], pattern));
  }
  return fmt::format("CAST(floor(epoch_us({}) / 1000000) AS BIGINT)", instant);
}

Result<std::string> FromUnixtime(Printer& printer, const PrintedCall& call) {
  std::string pattern = QuoteString("yyyy-MM-dd HH:mm:ss");
  if (call.args.size() > 1) {
    ASSIGN_OR_RETURN(pattern, ConstantPattern(printer, call, 1));
  }
  const std::string instant = fmt::format("make_timestamptz({} * 1000000)", call.args[0]);
  return fmt::format("spark_date_format({}, {})", printer.ToLocal(instant), pattern);
}

// DuckDB's part for one of Spark's units; empty if the unit is unknown, which yields NULL.
std::string_view TruncationUnit(std::string_view spark_unit) {
  const std::string unit = ToLower(spark_unit);
  if (unit == "year" || unit == "yyyy" || unit == "yy") return "year";
  if (unit == "month" || unit == "mon" || unit == "mm") return "month";
  if (unit == "day" || unit == "dd") return "day";
  for (const std::string_view same :
       {"quarter", "week", "hour", "minute", "second", "millisecond", "microsecond"}) {
    if (unit == same) return same;
  }
  return "";
}

Result<std::string> TruncateDate(Printer& printer, const PrintedCall& call) {
  const Value* unit = call.literal(1);
  if (unit == nullptr || unit->is_null()) {
    return printer.Unsupported(call.operands[1]->span,
                               "a truncation unit that is not a constant is not supported");
  }
  const std::string_view part = TruncationUnit(std::get<std::string>(unit->data));
  if (part != "year" && part != "quarter" && part != "month" && part != "week") {
    return Cast("NULL", call.type());
  }
  return fmt::format("CAST(date_trunc('{}', {}) AS DATE)", part, call.args[0]);
}

Result<std::string> TruncateTimestamp(Printer& printer, const PrintedCall& call) {
  const Value* unit = call.literal(0);
  if (unit == nullptr || unit->is_null()) {
    return printer.Unsupported(call.operands[0]->span,
                               "a truncation unit that is not a constant is not supported");
  }
  const std::string_view part = TruncationUnit(std::get<std::string>(unit->data));
  if (part.empty()) {
    return Cast("NULL", call.type());
  }
  const std::string local = fmt::format("date_trunc('{}', {})", part, LocalOf(printer, call, 1));
  return IsNtz(call.type()) ? local : printer.ToInstant(local);
}

Result<std::string> AddMonths(Printer&, const PrintedCall& call) {
  return fmt::format("CAST({} + to_months({}) AS DATE)", call.args[0], call.args[1]);
}

Result<std::string> MonthsBetweenCall(Printer& printer, const PrintedCall& call) {
  return fmt::format("spark_months_between({}, {}, {})", LocalOf(printer, call, 0),
                     LocalOf(printer, call, 1), call.args.size() > 2 ? call.args[2] : "true");
}

// The following day of that name; NULL for a name Spark does not know.
Result<std::string> NextDay(Printer& printer, const PrintedCall& call) {
  const Value* name = call.literal(1);
  if (name == nullptr || name->is_null()) {
    return printer.Unsupported(call.operands[1]->span,
                               "a day of the week that is not a constant is not supported");
  }
  constexpr std::string_view kDays[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                        "FRIDAY", "SATURDAY", "SUNDAY"};
  const std::string wanted = ToUpper(Trim(std::get<std::string>(name->data)));
  for (int i = 0; i < 7; ++i) {
    if (wanted == kDays[i] || wanted == kDays[i].substr(0, 3) || wanted == kDays[i].substr(0, 2)) {
      return fmt::format("({0} + CAST((({1} - isodow({0}) + 6) % 7) + 1 AS INTEGER))", call.args[0],
                         i + 1);
    }
  }
  return printer.Unsupported(call.operands[1]->span, "unknown day of the week");
}

Result<std::string> AddInterval(Printer& printer, const PrintedCall& call) {
  const DataType& interval = call.type_of(1);
  const std::string sum = fmt::format("({} + {})", call.args[0], call.args[1]);
  if (call.type().Is(TypeKind::kDate)) {
    return Cast(sum, call.type());
  }
  // Months are a matter of the calendar, so of the zone; days and less are fixed lengths.
  if (call.type().Is(TypeKind::kTimestamp) && interval.Is(TypeKind::kYearMonthInterval)) {
    return printer.ToInstant(fmt::format("({} + {})", printer.ToLocal(call.args[0]), call.args[1]));
  }
  return sum;
}

Result<std::string> SubtractTimestamps(Printer&, const PrintedCall& call) {
  return fmt::format("to_microseconds(epoch_us({}) - epoch_us({}))", call.args[0], call.args[1]);
}

// Length of a fixed unit in microseconds; 0 for months and longer.
int64_t UnitMicros(std::string_view unit) {
  if (unit == "MICROSECOND") return 1;
  if (unit == "MILLISECOND") return 1'000;
  if (unit == "SECOND") return 1'000'000;
  if (unit == "MINUTE") return 60'000'000;
  if (unit == "HOUR") return 3'600'000'000;
  if (unit == "DAY" || unit == "DAYOFYEAR") return kMicrosPerDay;
  if (unit == "WEEK") return 7 * kMicrosPerDay;
  return 0;
}
int UnitMonths(std::string_view unit) {
  return unit == "MONTH" ? 1 : unit == "QUARTER" ? 3 : unit == "YEAR" ? 12 : 0;
}

Result<std::string> TimestampAdd(Printer& printer, const PrintedCall& call) {
  const Value* literal = call.literal(0);
  const std::string unit = literal == nullptr ? "" : std::get<std::string>(literal->data);
  const std::string local = printer.ToLocal(call.args[2]);
  if (const int months = UnitMonths(unit); months > 0) {
    return printer.ToInstant(
        fmt::format("({} + to_months(CAST({} * {} AS INTEGER)))", local, call.args[1], months));
  }
  const int64_t micros = UnitMicros(unit);
  if (micros >= kMicrosPerDay) {  // whole days keep the clock reading
    return printer.ToInstant(fmt::format("({} + to_days(CAST({} * {} AS INTEGER)))", local,
                                         call.args[1], micros / kMicrosPerDay));
  }
  if (micros > 0) {
    return fmt::format("make_timestamptz(epoch_us({}) + {} * {})", call.args[2], call.args[1],
                       micros);
  }
  return printer.Unsupported(call.expression.span, "unknown unit of `timestampadd`: " + unit);
}

Result<std::string> TimestampDiff(Printer& printer, const PrintedCall& call) {
  const Value* literal = call.literal(0);
  const std::string unit = literal == nullptr ? "" : std::get<std::string>(literal->data);
  const std::string start = printer.ToLocal(call.args[1]);
  const std::string end = printer.ToLocal(call.args[2]);
  if (const int months = UnitMonths(unit); months > 0) {
    return fmt::format("(spark_whole_months({}, {}) // {})", start, end, months);
  }
  const int64_t micros = UnitMicros(unit);
  if (micros > 0) {
    return micros >= kMicrosPerDay
               ? fmt::format("((epoch_us({}) - epoch_us({})) // {})", end, start, micros)
               : fmt::format("((epoch_us({}) - epoch_us({})) // {})", call.args[2], call.args[1],
                             micros);
  }
  return printer.Unsupported(call.expression.span, "unknown unit of `timestampdiff`: " + unit);
}

Result<std::string> ShiftZone(Printer& printer, const PrintedCall& call) {
  // Spark moves the instant by the zone's offset, whatever the session's zone is.
  const std::string reading = fmt::format("make_timestamp(epoch_us({}))", call.args[0]);
  static_cast<void>(printer);
  return call.function == "from_utc_timestamp"
             ? fmt::format("make_timestamptz(epoch_us(timezone({}, {})))", call.args[1],
                           call.args[0])
             : fmt::format("timezone({}, {})", call.args[1], reading);
}

}  // namespace

Translations DateTimeTranslations() {
  return {
      {"current_date", {{}, CurrentDate}},
      {"current_timestamp", {{}, CurrentTimestamp}},
      {"localtimestamp", {{}, LocalTimestamp}},
      {"current_timezone", {{}, CurrentTimezone}},
      {"year", {{"CAST(year({0}) AS INTEGER)"}}},
      {"quarter", {{"CAST(quarter({0}) AS INTEGER)"}}},
      {"month", {{"CAST(month({0}) AS INTEGER)"}}},
      {"day", {{"CAST(day({0}) AS INTEGER)"}}},
      {"dayofyear", {{"CAST(dayofyear({0}) AS INTEGER)"}}},
      {"weekofyear", {{"CAST(weekofyear({0}) AS INTEGER)"}}},
      {"yearofweek", {{"CAST(isoyear({0}) AS INTEGER)"}}},
      {"dayofweek", {{"CAST(dayofweek({0}) + 1 AS INTEGER)"}}},
      {"dayofweek_iso", {{"CAST(isodow({0}) AS INTEGER)"}}},
      {"weekday", {{"CAST(isodow({0}) - 1 AS INTEGER)"}}},
      {"dayname", {{"spark_date_format(CAST({0} AS TIMESTAMP), 'E')"}}},
      {"monthname", {{"spark_date_format(CAST({0} AS TIMESTAMP), 'MMM')"}}},
      {"hour", {{}, ClockField}},
      {"minute", {{}, ClockField}},
      {"second", {{}, ClockField}},
      {"second_with_fraction", {{}, SecondWithFraction}},
      {"date_add", {{"({0} + CAST({1} AS INTEGER))"}}},
      {"date_sub", {{"({0} - CAST({1} AS INTEGER))"}}},
      {"datediff", {{"CAST({0} - {1} AS INTEGER)"}}},
      {"add_months", {{}, AddMonths}},
      {"months_between", {{}, MonthsBetweenCall}},
      {"last_day", {{"last_day({0})"}}},
      {"next_day", {{}, NextDay}},
      {"trunc", {{}, TruncateDate}},
      {"date_trunc", {{}, TruncateTimestamp}},
      {"subtract_dates", {{"to_microseconds(CAST({0} - {1} AS BIGINT) * 86400000000)"}}},
      {"subtract_timestamps", {{}, SubtractTimestamps}},
      {"add_interval", {{}, AddInterval}},
      {"timestampadd", {{}, TimestampAdd}},
      {"timestampdiff", {{}, TimestampDiff}},
      {"to_date", {{}, Parse}},
      {"try_to_date", {{}, Parse}},
      {"to_timestamp", {{}, Parse}},
      {"try_to_timestamp", {{}, Parse}},
      {"to_timestamp_ntz", {{}, Parse}},
      {"date_format", {{}, DateFormat}},
      {"from_unixtime", {{}, FromUnixtime}},
      {"unix_timestamp", {{}, UnixTimestamp}},
      {"to_unix_timestamp", {{}, UnixTimestamp}},
      {"unix_date", {{"CAST({0} - DATE '1970-01-01' AS INTEGER)"}}},
      {"date_from_unix_date", {{"(DATE '1970-01-01' + {0})"}}},
      {"timestamp_seconds", {{"make_timestamptz(CAST({0} * 1000000 AS BIGINT))"}}},
      {"timestamp_millis", {{"make_timestamptz({0} * 1000)"}}},
      {"timestamp_micros", {{"make_timestamptz({0})"}}},
      {"unix_seconds", {{"CAST(floor(epoch_us({0}) / 1000000) AS BIGINT)"}}},
      {"unix_millis", {{"CAST(floor(epoch_us({0}) / 1000) AS BIGINT)"}}},
      {"unix_micros", {{"epoch_us({0})"}}},
      {"make_date", {{"make_date({0}, {1}, {2})"}}},
      {"from_utc_timestamp", {{}, ShiftZone}},
      {"to_utc_timestamp", {{}, ShiftZone}},
  };
}

}  // namespace medallion::duckdb
