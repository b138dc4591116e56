#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Spark's rules for dates and times as text, without DuckDB. Days and microseconds count from
// 1970-01-01. Sources: Spark 4 `SparkDateTimeUtils.stringToDate`, `parseTimestampString`, and
// "Datetime Patterns for Formatting and Parsing".

namespace medallion::duckdb {

// Takes `2025`, `2025-3`, `2025-03-01`, and anything after a blank or `T` following a whole date.
std::optional<int32_t> ParseDate(std::string_view text);

struct ParsedTimestamp {
  int64_t local_micros = 0;
  std::optional<int64_t> offset_micros;  // east of UTC; nothing if the text has no zone
};
// Takes a date as above, optionally with a time of day and a zone given as offset, `Z`, `UTC` or
// `GMT±h`. Texts that Spark reads and we do not, a region's zone (`Europe/Paris`) and a time alone,
// yield nothing and say in `unreadable` what they are.
std::optional<ParsedTimestamp> ParseTimestamp(std::string_view text, std::string_view* unreadable);

// A compiled pattern of Java's DateTimeFormatter: letters y M d H h K k m s S a E D Q q and quoted
// text.
class DateTimePattern {
 public:
  // kUnsupported names the first letter outside the subset.
  static Result<DateTimePattern> Compile(std::string_view pattern);

  std::string Format(int64_t local_micros) const;
  // Nothing unless the whole text fits, as Java's strict resolver wants it. Missing fields are
  // those of 1970-01-01T00:00:00.
  std::optional<int64_t> Parse(std::string_view text) const;

 private:
  struct Piece {
    char letter = 0;  // 0: literal
    int count = 0;
    std::string literal;
  };
  std::vector<Piece> pieces_;
};

// Whole months from the first reading to the second, as java.time counts them: January 31 to
// February 28 is none.
int64_t WholeMonths(int64_t start_micros, int64_t end_micros);

// months_between with Spark's 31-day months; `round` to eight digits.
double MonthsBetween(int64_t local_micros1, int64_t local_micros2, bool round);

}  // namespace medallion::duckdb
