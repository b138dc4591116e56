#include "pipeline/session_date.h"

#include <chrono>
#include <exception>
#include <optional>

#include <date/tz.h>
#include <re2/re2.h>

#include "base/civil_time.h"

namespace medallion::pipeline {
namespace {

constexpr int64_t kMicrosPerMinute = 60'000'000;

int32_t DayOf(int64_t micros) {
  const int64_t day = micros / kMicrosPerDay;
  return static_cast<int32_t>(micros % kMicrosPerDay < 0 ? day - 1 : day);
}

// `+HH:MM`, `-H:MM`, also after `UTC` or `GMT`; `UTC` and `Z` alone.
std::optional<int64_t> FixedOffsetMicros(const std::string& zone) {
  if (zone == "UTC" || zone == "Z" || zone == "GMT") {
    return 0;
  }
  std::string sign;
  int hours = 0;
  int minutes = 0;
  if (!RE2::FullMatch(zone, "(?:UTC|GMT)?([+-])([0-9]{1,2}):([0-5][0-9])", &sign, &hours,
                      &minutes) ||
      hours > 18) {
    return std::nullopt;
  }
  const int64_t offset = (int64_t{hours} * 60 + minutes) * kMicrosPerMinute;
  return sign == "-" ? -offset : offset;
}

}  // namespace

Result<int32_t> DateInZone(int64_t micros, const std::string& zone) {
  if (const std::optional<int64_t> offset = FixedOffsetMicros(zone)) {
    return DayOf(micros + *offset);
  }
  try {
    const std::chrono::sys_time<std::chrono::microseconds> instant{
        std::chrono::microseconds(micros)};
    const auto local = date::locate_zone(zone)->to_local(instant);
    return DayOf(local.time_since_epoch().count());
  } catch (const std::exception&) {
    return Error(ErrorCode::kSpecification, "unknown time zone: " + zone)
        .WithCondition("INVALID_TIMEZONE");
  }
}

}  // namespace medallion::pipeline
