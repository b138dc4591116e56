#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace medallion {

// Days since 1970-01-01 in the proleptic Gregorian calendar.
int32_t DaysFromCivil(int year, int month, int day);

struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
};
CivilDate CivilFromDays(int32_t days);

// Reads `2026-05-01` strictly (four-digit year, valid day). Nothing for other text.
std::optional<int32_t> ParseIsoDate(std::string_view text);
std::string FormatIsoDate(int32_t days);

// `2026-05-01T09:00:00.000Z`, rounded down to milliseconds.
std::string FormatIsoTimestampMillis(int64_t micros);
// `2026-05-01T09:00:00.000000Z`.
std::string FormatIsoTimestampMicros(int64_t micros);
// Reads ISO 8601 in UTC: date, `T` or blank, time, optional fraction up to microseconds, optional
// `Z`. Nothing for other text.
std::optional<int64_t> ParseIsoTimestamp(std::string_view text);

inline constexpr int64_t kMicrosPerDay = 86'400'000'000;

}  // namespace medallion
