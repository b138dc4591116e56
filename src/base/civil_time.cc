#include "base/civil_time.h"

#include <chrono>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

// Reads exactly `count` digits at the front and removes them.
std::optional<int> TakeDigits(std::string_view& text, size_t count) {
  if (text.size() < count) {
    return std::nullopt;
  }
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// Reads `yyyy-mm-dd` at the front.
std::optional<int32_t> TakeDate(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !TakeChar(text, '-')) {
    return std::nullopt;
  }
  const auto month = TakeDigits(text, 2);
  if (!month || !TakeChar(text, '-')) {
    return std::nullopt;
  }
  const auto day = TakeDigits(text, 2);
  if (!day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return DaysFromCivil(*year, *month, *day);
}

// Reads the digits after the point as microseconds; at least one, at most six.
std::optional<int64_t> TakeFraction(std::string_view& text) {
  int64_t micros = 0;
  int64_t unit = kMicrosPerSecond;
  while (!text.empty() && IsDigit(text.front())) {
    unit /= 10;
    if (unit == 0) {
      return std::nullopt;
    }
    micros += (text.front() - '0') * unit;
    text.remove_prefix(1);
  }
  return unit == kMicrosPerSecond ? std::nullopt : std::optional<int64_t>(micros);
}

// Reads `hh:mm:ss[.ffffff]` at the front.
std::optional<int64_t> TakeTime(std::string_view& text) {
  const auto hour = TakeDigits(text, 2);
  if (!hour || !TakeChar(text, ':')) {
    return std::nullopt;
  }
  const auto minute = TakeDigits(text, 2);
  if (!minute || !TakeChar(text, ':')) {
    return std::nullopt;
  }
  const auto second = TakeDigits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  int64_t micros = ((*hour * 60 + *minute) * 60 + *second) * kMicrosPerSecond;
  if (TakeChar(text, '.')) {
    const auto fraction = TakeFraction(text);
    if (!fraction) {
      return std::nullopt;
    }
    micros += *fraction;
  }
  return micros;
}

// Day and microseconds within it, for instants before the epoch too.
struct DayAndMicros {
  int32_t days;
  int64_t micros;
};
DayAndMicros SplitDay(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  if (micros % kMicrosPerDay < 0) {
    --days;
  }
  return {static_cast<int32_t>(days), micros - days * kMicrosPerDay};
}

std::string FormatSeconds(int64_t micros_of_day) {
  const int64_t seconds = micros_of_day / kMicrosPerSecond;
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

int32_t DaysFromCivil(int year, int month, int day) {
  const std::chrono::sys_days days{std::chrono::year{year} / month / day};
  return static_cast<int32_t>(days.time_since_epoch().count());
}

CivilDate CivilFromDays(int32_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::optional<int32_t> ParseIsoDate(std::string_view text) {
  const auto days = TakeDate(text);
  return text.empty() ? days : std::nullopt;
}

std::string FormatIsoDate(int32_t days) {
  const CivilDate date = CivilFromDays(days);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

std::string FormatIsoTimestampMillis(int64_t micros) {
  const DayAndMicros split = SplitDay(micros);
  return fmt::format("{}T{}.{:03}Z", FormatIsoDate(split.days), FormatSeconds(split.micros),
                     split.micros % kMicrosPerSecond / 1000);
}

std::string FormatIsoTimestampMicros(int64_t micros) {
  const DayAndMicros split = SplitDay(micros);
  return fmt::format("{}T{}.{:06}Z", FormatIsoDate(split.days), FormatSeconds(split.micros),
                     split.micros % kMicrosPerSecond);
}

std::optional<int64_t> ParseIsoTimestamp(std::string_view text) {
  const auto days = TakeDate(text);
  if (!days || (!TakeChar(text, 'T') && !TakeChar(text, ' '))) {
    return std::nullopt;
  }
  const auto time = TakeTime(text);
  if (!time) {
    return std::nullopt;
  }
  TakeChar(text, 'Z');
  return text.empty() ? std::optional<int64_t>(*days * kMicrosPerDay + *time) : std::nullopt;
}

}  // namespace medallion
