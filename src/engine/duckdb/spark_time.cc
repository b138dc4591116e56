#include "spark_time.h"

#include <array>
#include <cmath>

#include "base/civil_time.h"
#include "base/text.h"
#include "spark_number.h"

namespace medallion::duckdb {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

std::optional<int32_t> DateOf(int year, int month, int day) {
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return std::nullopt;
  }
  return DaysFromCivil(year, month, day);
}

// Reads up to `digits_max` digits at the front of `text`; nothing if there are fewer than
// `digits_min`.
std::optional<int> TakeNumber(std::string_view& text, size_t digits_min, size_t digits_max) {
  size_t count = 0;
  int value = 0;
  while (count < text.size() && count < digits_max && IsDigit(text[count])) {
    value = value * 10 + (text[count] - '0');
    ++count;
  }
  if (count < digits_min) {
    return std::nullopt;
  }
  text.remove_prefix(count);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// The date at the front of `text`; sets `whole` if it has a day.
std::optional<int32_t> TakeDate(std::string_view& text, bool& whole) {
  constexpr size_t kYearDigitsMin = 4;
  constexpr size_t kYearDigitsMax = 7;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const std::optional<int> year = TakeNumber(text, kYearDigitsMin, kYearDigitsMax);
  if (!year) {
    return std::nullopt;
  }
  int month = 1;
  int day = 1;
  whole = false;
  if (TakeChar(text, '-')) {
    const std::optional<int> taken = TakeNumber(text, 1, 2);
    if (!taken) {
      return std::nullopt;
    }
    month = *taken;
    if (TakeChar(text, '-')) {
      const std::optional<int> taken_day = TakeNumber(text, 1, 2);
      if (!taken_day) {
        return std::nullopt;
      }
      day = *taken_day;
      whole = true;
    }
  }
  return DateOf(negative ? -*year : *year, month, day);
}

// `10`, `10:11`, `10:11:12`, `10:11:12.123456789` (digits past microseconds are cut).
std::optional<int64_t> TakeTimeOfDay(std::string_view& text) {
  const std::optional<int> hour = TakeNumber(text, 1, 2);
  int minute = 0;
  int second = 0;
  int64_t micros = 0;
  if (!hour || *hour > 23) {
    return std::nullopt;
  }
  if (TakeChar(text, ':')) {
    const std::optional<int> taken = TakeNumber(text, 1, 2);
    if (!taken || *taken > 59) {
      return std::nullopt;
    }
    minute = *taken;
    if (TakeChar(text, ':')) {
      const std::optional<int> taken_second = TakeNumber(text, 1, 2);
      if (!taken_second || *taken_second > 59) {
        return std::nullopt;
      }
      second = *taken_second;
      if (TakeChar(text, '.')) {
        int64_t unit = kMicrosPerSecond / 10;
        while (!text.empty() && IsDigit(text.front())) {
          micros += unit * (text.front() - '0');
          unit /= 10;
          text.remove_prefix(1);
        }
      }
    }
  }
  return *hour * kMicrosPerHour + minute * kMicrosPerMinute + second * kMicrosPerSecond + micros;
}

enum class ZoneKind { kOffset, kRegion, kInvalid };

ZoneKind ParseZone(std::string_view zone, int64_t& offset_micros) {
  offset_micros = 0;
  if (zone == "Z") {
    return ZoneKind::kOffset;
  }
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (zone == prefix) {
      return ZoneKind::kOffset;
    }
    if (zone.starts_with(prefix)) {
      zone.remove_prefix(prefix.size());
      break;
    }
  }
  if (zone.empty() || (zone.front() != '+' && zone.front() != '-')) {
    return zone.find('/') != std::string_view::npos ? ZoneKind::kRegion : ZoneKind::kInvalid;
  }
  const bool negative = zone.front() == '-';
  zone.remove_prefix(1);
  const bool colon = zone.find(':') != std::string_view::npos;
  const std::optional<int> hours = TakeNumber(zone, 1, 2);
  int minutes = 0;
  if (!hours || *hours > 18) {
    return ZoneKind::kInvalid;
  }
  if (!zone.empty()) {
    if (colon && !TakeChar(zone, ':')) {
      return ZoneKind::kInvalid;
    }
    const std::optional<int> taken = TakeNumber(zone, 1, 2);
    if (!taken || *taken > 59 || !zone.empty()) {
      return ZoneKind::kInvalid;
    }
    minutes = *taken;
  }
  offset_micros = *hours * kMicrosPerHour + minutes * kMicrosPerMinute;
  if (negative) {
    offset_micros = -offset_micros;
  }
  return ZoneKind::kOffset;
}

}  // namespace

std::optional<int32_t> ParseDate(std::string_view text) {
  text = TrimForCast(text);
  bool whole = false;
  const std::optional<int32_t> days = TakeDate(text, whole);
  const bool ends = text.empty() || (whole && (text.front() == ' ' || text.front() == 'T'));
  return ends ? days : std::nullopt;
}

std::optional<ParsedTimestamp> ParseTimestamp(std::string_view text, std::string_view* unreadable) {
  text = TrimForCast(text);
  const size_t colon = text.find(':');
  if (text.starts_with('T') || (colon != std::string_view::npos && colon <= 2)) {
    *unreadable = "without a date";  // Spark takes the day of the query
    return std::nullopt;
  }
  bool whole = false;
  const std::optional<int32_t> days = TakeDate(text, whole);
  if (!days) {
    return std::nullopt;
  }
  ParsedTimestamp parsed;
  parsed.local_micros = *days * kMicrosPerDay;
  if (text.empty()) {
    return parsed;
  }
  if (!whole || (!TakeChar(text, ' ') && !TakeChar(text, 'T'))) {
    return std::nullopt;
  }
  const std::optional<int64_t> time = TakeTimeOfDay(text);
  if (!time) {
    return std::nullopt;
  }
  parsed.local_micros += *time;
  text = TrimForCast(text);
  if (text.empty()) {
    return parsed;
  }
  int64_t offset = 0;
  switch (ParseZone(text, offset)) {
    case ZoneKind::kOffset: parsed.offset_micros = offset; return parsed;
    case ZoneKind::kRegion: *unreadable = "with a region's time zone"; return std::nullopt;
    case ZoneKind::kInvalid: return std::nullopt;
  }
  return std::nullopt;
}

namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
// Index 0 is Thursday, the day of week of 1970-01-01.
constexpr std::array<std::string_view, 7> kWeekdays = {"Thursday", "Friday",  "Saturday", "Sunday",
                                                       "Monday",   "Tuesday", "Wednesday"};
constexpr size_t kShortName = 3;

// How many letters of each kind are understood.
bool IsKnownPiece(char letter, int count) {
  switch (letter) {
    case 'y': return count <= 6 && count != 5;
    case 'M':
    case 'E': return count <= 4;
    case 'd':
    case 'H':
    case 'h':
    case 'K':
    case 'k':
    case 'm':
    case 's': return count <= 2;
    case 'S': return count <= 9;
    case 'D': return count <= 3;
    case 'Q':
    case 'q': return count <= 2;
    case 'a': return count == 1;
    default: return false;
  }
}

struct Fields {
  int year = 1970;
  int month = 1;
  int day = 1;
  int day_of_year = 0;
  int hour = -1;
  int hour_of_half = -1;  // 0 to 11
  int half = -1;          // 0: AM, 1: PM
  int minute = 0;
  int second = 0;
  int64_t micros = 0;
};

bool TakeName(std::string_view& text, std::span<const std::string_view> names, bool full,
              int& index) {
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = full ? names[i] : names[i].substr(0, kShortName);
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      index = static_cast<int>(i);
      return true;
    }
  }
  return false;
}

// One letter stands for a number of any usual width, more letters for exactly so many digits.
std::optional<int> TakeField(std::string_view& text, int count, size_t digits_max) {
  const auto width = static_cast<size_t>(count);
  return count == 1 ? TakeNumber(text, 1, digits_max) : TakeNumber(text, width, width);
}

bool InRange(const std::optional<int>& value, int min, int max) {
  return value && *value >= min && *value <= max;
}

bool ParsePiece(char letter, int count, std::string_view& text, Fields& fields) {
  int index = 0;
  std::optional<int> value;
  switch (letter) {
    case 'y':
      if (count == 2) {
        value = TakeNumber(text, 2, 2);
        fields.year = 2000 + value.value_or(0);
        return value.has_value();
      }
      value = count == 4 ? TakeNumber(text, 4, 4) : TakeField(text, count, 7);
      fields.year = value.value_or(0);
      return value.has_value();
    case 'M':
      if (count >= 3) {
        const bool found = TakeName(text, kMonths, count == 4, index);
        fields.month = index + 1;
        return found;
      }
      value = TakeField(text, count, 2);
      fields.month = value.value_or(0);
      return InRange(value, 1, 12);
    case 'd':
      value = TakeField(text, count, 2);
      fields.day = value.value_or(0);
      return InRange(value, 1, 31);
    case 'D':
      value = TakeField(text, count, 3);
      fields.day_of_year = value.value_or(0);
      return InRange(value, 1, 366);
    case 'H':
      value = TakeField(text, count, 2);
      fields.hour = value.value_or(0);
      return InRange(value, 0, 23);
    case 'k':
      value = TakeField(text, count, 2);
      fields.hour = value.value_or(0) % 24;
      return InRange(value, 1, 24);
    case 'h':
      value = TakeField(text, count, 2);
      fields.hour_of_half = value.value_or(0) % 12;
      return InRange(value, 1, 12);
    case 'K':
      value = TakeField(text, count, 2);
      fields.hour_of_half = value.value_or(0);
      return InRange(value, 0, 11);
    case 'm':
      value = TakeField(text, count, 2);
      fields.minute = value.value_or(0);
      return InRange(value, 0, 59);
    case 's':
      value = TakeField(text, count, 2);
      fields.second = value.value_or(0);
      return InRange(value, 0, 59);
    case 'S': {
      if (text.size() < static_cast<size_t>(count)) {
        return false;
      }
      int64_t unit = kMicrosPerSecond / 10;
      for (int i = 0; i < count; ++i) {
        const char c = text[static_cast<size_t>(i)];
        if (!IsDigit(c)) {
          return false;
        }
        fields.micros += unit * (c - '0');
        unit /= 10;
      }
      text.remove_prefix(static_cast<size_t>(count));
      return true;
    }
    case 'a':
      if (text.starts_with("AM") || text.starts_with("PM")) {
        fields.half = text.front() == 'P' ? 1 : 0;
        text.remove_prefix(2);
        return true;
      }
      return false;
    default: return false;
  }
}

std::string FormatPiece(char letter, int count, int64_t local_micros) {
  int64_t days = local_micros / kMicrosPerDay;
  if (local_micros % kMicrosPerDay < 0) {
    --days;
  }
  const int64_t time = local_micros - days * kMicrosPerDay;
  const CivilDate date = CivilFromDays(static_cast<int32_t>(days));
  const int hour = static_cast<int>(time / kMicrosPerHour);
  const int64_t fraction = time % kMicrosPerSecond;
  const auto number = [count](int64_t value) { return fmt::format("{:0{}}", value, count); };
  const auto name = [count](std::string_view full) {
    return std::string(count >= 4 ? full : full.substr(0, kShortName));
  };
  switch (letter) {
    case 'y': return count == 2 ? fmt::format("{:02}", date.year % 100) : number(date.year);
    case 'M':
      return count >= 3 ? name(kMonths[static_cast<size_t>(date.month - 1)]) : number(date.month);
    case 'd': return number(date.day);
    case 'D': return number(days - DaysFromCivil(date.year, 1, 1) + 1);
    case 'Q':
    case 'q': return number((date.month - 1) / 3 + 1);
    case 'E': return name(kWeekdays[static_cast<size_t>((days % 7 + 7) % 7)]);
    case 'H': return number(hour);
    case 'k': return number(hour == 0 ? 24 : hour);
    case 'K': return number(hour % 12);
    case 'h': return number(hour % 12 == 0 ? 12 : hour % 12);
    case 'm': return number(time / kMicrosPerMinute % 60);
    case 's': return number(time / kMicrosPerSecond % 60);
    case 'a': return hour < 12 ? "AM" : "PM";
    case 'S': return fmt::format("{:06}000", fraction).substr(0, static_cast<size_t>(count));
    default: return {};
  }
}

}  // namespace

Result<DateTimePattern> DateTimePattern::Compile(std::string_view pattern) {
  DateTimePattern compiled;
  const auto append_literal = [&compiled](char c) {
    if (compiled.pieces_.empty() || compiled.pieces_.back().letter != 0) {
      compiled.pieces_.push_back({});
    }
    compiled.pieces_.back().literal += c;
  };
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
        append_literal('\'');
        i += 2;
        continue;
      }
      for (++i;; ++i) {
        if (i >= pattern.size()) {
          return Error(ErrorCode::kUnsupported, "the pattern has an unfinished quote");
        }
        if (pattern[i] != '\'') {
          append_literal(pattern[i]);
        } else if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
          append_literal('\'');
          ++i;
        } else {
          break;
        }
      }
      ++i;
      continue;
    }
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!is_letter) {
      if (c == '[' || c == ']' || c == '{' || c == '}' || c == '#') {
        return Error(ErrorCode::kUnsupported,
                     fmt::format("datetime pattern character `{}` is not supported", c));
      }
      append_literal(c);
      ++i;
      continue;
    }
    const size_t end = pattern.find_first_not_of(c, i);
    const int count = static_cast<int>((end == std::string_view::npos ? pattern.size() : end) - i);
    if (!IsKnownPiece(c, count)) {
      return Error(ErrorCode::kUnsupported,
                   fmt::format("datetime pattern `{}` is not supported",
                               pattern.substr(i, static_cast<size_t>(count))));
    }
    compiled.pieces_.push_back({c, count, {}});
    i += static_cast<size_t>(count);
  }
  return compiled;
}

std::string DateTimePattern::Format(int64_t local_micros) const {
  std::string text;
  for (const Piece& piece : pieces_) {
    text +=
        piece.letter == 0 ? piece.literal : FormatPiece(piece.letter, piece.count, local_micros);
  }
  return text;
}

std::optional<int64_t> DateTimePattern::Parse(std::string_view text) const {
  Fields fields;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.letter == 0) {
      if (!text.starts_with(piece.literal)) {
        return std::nullopt;
      }
      text.remove_prefix(piece.literal.size());
    } else if (!ParsePiece(piece.letter, piece.count, text, fields)) {
      return std::nullopt;
    }
  }
  if (!text.empty()) {
    return std::nullopt;
  }
  std::optional<int32_t> days = DateOf(fields.year, fields.month, fields.day);
  if (fields.day_of_year > 0) {
    days = DaysFromCivil(fields.year, 1, 1) + fields.day_of_year - 1;
    if (CivilFromDays(*days).year != fields.year) {
      return std::nullopt;
    }
  }
  if (!days) {
    return std::nullopt;
  }
  int hour = std::max(fields.hour, 0);
  if (fields.hour < 0 && fields.hour_of_half >= 0) {
    hour = fields.hour_of_half + 12 * std::max(fields.half, 0);
  }
  return *days * kMicrosPerDay + hour * kMicrosPerHour + fields.minute * kMicrosPerMinute +
         fields.second * kMicrosPerSecond + fields.micros;
}

int64_t WholeMonths(int64_t start_micros, int64_t end_micros) {
  const auto split = [](int64_t micros, CivilDate& date) {
    const int64_t days = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
    date = CivilFromDays(static_cast<int32_t>(days));
    // The place within its month, which decides whether the last month is whole.
    return date.day * kMicrosPerDay + (micros - days * kMicrosPerDay);
  };
  CivilDate start;
  CivilDate end;
  const int64_t start_place = split(start_micros, start);
  const int64_t end_place = split(end_micros, end);
  const int64_t months = (end.year - start.year) * 12 + (end.month - start.month);
  if (months > 0 && end_place < start_place) {
    return months - 1;
  }
  return months < 0 && end_place > start_place ? months + 1 : months;
}

double MonthsBetween(int64_t local_micros1, int64_t local_micros2, bool round) {
  const auto days_of = [](int64_t micros) {
    return static_cast<int32_t>(micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0));
  };
  const int32_t days1 = days_of(local_micros1);
  const int32_t days2 = days_of(local_micros2);
  const CivilDate date1 = CivilFromDays(days1);
  const CivilDate date2 = CivilFromDays(days2);
  const double months = (date1.year - date2.year) * 12 + (date1.month - date2.month);
  const bool both_last = date1.day == DaysInMonth(date1.year, date1.month) &&
                         date2.day == DaysInMonth(date2.year, date2.month);
  if (date1.day == date2.day || both_last) {
    return months;
  }
  // Spark counts whole seconds of the day.
  const int64_t seconds1 = (local_micros1 - days1 * kMicrosPerDay) / kMicrosPerSecond;
  const int64_t seconds2 = (local_micros2 - days2 * kMicrosPerDay) / kMicrosPerSecond;
  constexpr double kSecondsPerMonth = 31.0 * 86'400.0;
  const double seconds =
      (date1.day - date2.day) * 86'400.0 + static_cast<double>(seconds1 - seconds2);
  const double difference = months + seconds / kSecondsPerMonth;
  constexpr double kUnit = 1e8;
  return round ? std::round(difference * kUnit) / kUnit : difference;
}

}  // namespace medallion::duckdb
