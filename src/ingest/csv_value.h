#pragma once

#include <cstdint>
#include <string_view>

#include "base/data_type.h"
#include "base/decimal.h"

namespace medallion::ingest {

// What became of a text that was to be a typed value.
enum class Parsed {
  kExact,
  kInexact,  // a value, but not all that the text says: rounded, or cut
  kInvalid,
};

// The texts that Spark's CSV reader takes for each type (UnivocityParser), in zone UTC. Where Spark
// would guess, we refuse: thousands separators (`1,234.50`, `2,55`) are no decimals, and the year
// 0000 is no year.

// `true` or `false` in any letter case.
Parsed ParseBoolean(std::string_view text, int64_t& value);
// Java's Integer.parseInt and its kin: an optional sign and digits. `kind` is kByte to kLong.
Parsed ParseInteger(std::string_view text, TypeKind kind, int64_t& value);
// Java's BigDecimal, rounded half up to the scale; inexact if digits other than zero went.
Parsed ParseDecimal(std::string_view text, int precision, int scale, int64_t& unscaled);
Parsed ParseWideDecimal(std::string_view text, int precision, int scale, int128_t& unscaled);
// Plain or scientific notation, `NaN`, `Inf`, `-Inf`, `Infinity`, `-Infinity`.
Parsed ParseDouble(std::string_view text, TypeKind kind, double& value);
// `yyyy-[M]M-[d]d`. Inexact, as Spark takes them: with a time after it, which is cut; a month or a
// year alone, for its first day. Days since the epoch.
Parsed ParseDate(std::string_view text, int64_t& days);
// A date alone or with `T` or a blank and `[h]h:[m]m[:[s]s[.fraction]]` and, for TIMESTAMP, a zone
// (`Z`, `UTC`, `+hh[:mm]`). Micros; inexact if the fraction has more than six digits that are not
// zero.
Parsed ParseTimestamp(std::string_view text, TypeKind kind, int64_t& micros);

}  // namespace medallion::ingest
