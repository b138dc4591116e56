#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sql/ast.h"

namespace medallion::sql {

// `YEAR`, `days`, `MILLISECONDS` …, any letter case.
enum class IntervalUnit {
  kYear,
  kMonth,
  kWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond
};
std::optional<IntervalUnit> ParseIntervalUnit(std::string_view word);

// One `n unit` of an INTERVAL literal; n is `[+-]digits`, with a fraction for seconds only.
struct IntervalPart {
  std::string_view amount;
  IntervalUnit unit = IntervalUnit::kDay;
};

// The literal made of the parts, in Spark's way: years and months give a YEAR-MONTH interval, the
// others a DAY-TIME one. Nothing for malformed or overflowing amounts or a mixture of the two.
std::optional<ast::IntervalLiteral> MakeInterval(const std::vector<IntervalPart>& parts);

// `'3 days 2 hours'`: the parts of an interval written as one text. Nothing for other text. The
// parts refer to `text`.
std::optional<std::vector<IntervalPart>> SplitIntervalText(std::string_view text);

// `'1-2' YEAR TO MONTH`, `'1 02:03:04.5' DAY TO SECOND` and the ranges between. Nothing for
// malformed text or a range that does not exist.
std::optional<ast::IntervalLiteral> ParseIntervalRange(std::string_view text, IntervalUnit from,
                                                       IntervalUnit to);

}  // namespace medallion::sql
