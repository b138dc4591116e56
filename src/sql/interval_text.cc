#include "interval_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/text.h"

namespace medallion::sql {
namespace {

struct UnitEntry {
  std::string_view name;
  IntervalUnit unit;
  ast::IntervalField field;
  int64_t factor;  // months, or microseconds
};
constexpr int64_t kSecond = 1'000'000;
constexpr std::array<UnitEntry, 9> kUnits = {{
    {"year", IntervalUnit::kYear, ast::IntervalField::kYear, 12},
    {"month", IntervalUnit::kMonth, ast::IntervalField::kMonth, 1},
    {"week", IntervalUnit::kWeek, ast::IntervalField::kDay, 7 * 86'400 * kSecond},
    {"day", IntervalUnit::kDay, ast::IntervalField::kDay, 86'400 * kSecond},
    {"hour", IntervalUnit::kHour, ast::IntervalField::kHour, 3'600 * kSecond},
    {"minute", IntervalUnit::kMinute, ast::IntervalField::kMinute, 60 * kSecond},
    {"second", IntervalUnit::kSecond, ast::IntervalField::kSecond, kSecond},
    {"millisecond", IntervalUnit::kMillisecond, ast::IntervalField::kSecond, 1'000},
    {"microsecond", IntervalUnit::kMicrosecond, ast::IntervalField::kSecond, 1},
}};

const UnitEntry& EntryOf(IntervalUnit unit) { return kUnits[static_cast<size_t>(unit)]; }
bool IsYearMonth(IntervalUnit unit) {
  return unit == IntervalUnit::kYear || unit == IntervalUnit::kMonth;
}

std::optional<int64_t> ParseCount(std::string_view digits) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  return whole && !digits.empty() && IsDigit(digits.front()) ? std::optional(value) : std::nullopt;
}

std::optional<int64_t> Scale(int64_t count, int64_t factor) {
  int64_t result = 0;
  return __builtin_mul_overflow(count, factor, &result) ? std::nullopt : std::optional(result);
}

// Removes a leading sign; -1 or 1.
int64_t TakeSign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return 1;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative ? -1 : 1;
}

// `4`, `4.5`, `.5`; up to nine digits of fraction, of which six count.
std::optional<int64_t> ParseSeconds(std::string_view text) {
  const size_t point = text.find('.');
  const std::string_view whole_text = text.substr(0, point);
  const auto whole =
      whole_text.empty() && point != std::string_view::npos ? 0 : ParseCount(whole_text);
  if (!whole) return std::nullopt;
  const auto whole_micros = Scale(*whole, kSecond);
  if (!whole_micros || point == std::string_view::npos) return whole_micros;
  std::string fraction(text.substr(point + 1));
  if (fraction.size() > 9 || !std::ranges::all_of(fraction, IsDigit)) return std::nullopt;
  fraction.resize(6, '0');
  int64_t result = 0;
  if (__builtin_add_overflow(*whole_micros, *ParseCount(fraction), &result)) return std::nullopt;
  return result;
}

std::optional<int64_t> ParseAmount(const IntervalPart& part) {
  std::string_view text = Trim(part.amount);
  const int64_t sign = TakeSign(text);
  if (part.unit == IntervalUnit::kSecond) {
    const auto micros = ParseSeconds(text);
    return micros ? std::optional(sign * *micros) : std::nullopt;
  }
  const auto count = ParseCount(text);
  return count ? Scale(sign * *count, EntryOf(part.unit).factor) : std::nullopt;
}

ast::IntervalLiteral Literal(int64_t value, bool year_month, ast::IntervalField start,
                             ast::IntervalField end) {
  const DataType type = year_month ? DataType::YearMonthInterval() : DataType::DayTimeInterval();
  return {Value{type, value}, start, end};
}

// The separator before each field of DAY TO SECOND text.
char SeparatorBefore(ast::IntervalField field) {
  return field == ast::IntervalField::kHour ? ' ' : ':';
}

}  // namespace

std::optional<IntervalUnit> ParseIntervalUnit(std::string_view word) {
  std::string name = ToLower(word);
  if (!name.empty() && name.back() == 's') name.pop_back();
  const auto found = std::ranges::find(kUnits, name, &UnitEntry::name);
  return found == kUnits.end() ? std::nullopt : std::optional(found->unit);
}

std::optional<ast::IntervalLiteral> MakeInterval(const std::vector<IntervalPart>& parts) {
  if (parts.empty()) return std::nullopt;
  const bool year_month = IsYearMonth(parts.front().unit);
  ast::IntervalField start = EntryOf(parts.front().unit).field;
  ast::IntervalField end = start;
  int64_t total = 0;
  for (const IntervalPart& part : parts) {
    const auto amount = ParseAmount(part);
    if (IsYearMonth(part.unit) != year_month || !amount) return std::nullopt;
    if (__builtin_add_overflow(total, *amount, &total)) return std::nullopt;
    start = std::min(start, EntryOf(part.unit).field);
    end = std::max(end, EntryOf(part.unit).field);
  }
  const bool fits = !year_month || (total >= INT32_MIN && total <= INT32_MAX);
  return fits ? std::optional(Literal(total, year_month, start, end)) : std::nullopt;
}

std::optional<std::vector<IntervalPart>> SplitIntervalText(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = Trim(text)).empty()) {
    const size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!words.empty() && EqualsIgnoreCase(words.front(), "interval")) words.erase(words.begin());
  if (words.empty() || words.size() % 2 != 0) return std::nullopt;
  std::vector<IntervalPart> parts;
  for (size_t i = 0; i < words.size(); i += 2) {
    const auto unit = ParseIntervalUnit(words[i + 1]);
    if (!unit) return std::nullopt;
    parts.push_back({words[i], *unit});
  }
  return parts;
}

std::optional<ast::IntervalLiteral> ParseIntervalRange(std::string_view text, IntervalUnit from,
                                                       IntervalUnit to) {
  using Field = ast::IntervalField;
  const Field start = EntryOf(from).field;
  const Field end = EntryOf(to).field;
  text = Trim(text);
  const int64_t sign = TakeSign(text);
  if (from == IntervalUnit::kYear && to == IntervalUnit::kMonth) {
    const size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto years = ParseCount(text.substr(0, dash));
    const auto months = ParseCount(text.substr(dash + 1));
    if (!years || !months || *months > 11 || *years > INT32_MAX / 12) return std::nullopt;
    const int64_t total = sign * (*years * 12 + *months);
    if (total < INT32_MIN || total > INT32_MAX) return std::nullopt;
    return Literal(total, true, start, end);
  }
  if (IsYearMonth(from) || IsYearMonth(to) || start >= end) return std::nullopt;
  int64_t total = 0;
  for (Field field = start; field <= end; field = static_cast<Field>(static_cast<int>(field) + 1)) {
    const char next_separator = SeparatorBefore(static_cast<Field>(static_cast<int>(field) + 1));
    const size_t size = field == end ? text.size() : text.find(next_separator);
    if (size == std::string_view::npos) return std::nullopt;
    const std::string_view digits = text.substr(0, size);
    text.remove_prefix(std::min(text.size(), size + 1));
    const auto unit = *ParseIntervalUnit(
        kUnits[static_cast<size_t>(field) + (field >= Field::kDay ? 1 : 0)].name);
    const auto count = ParseCount(digits.substr(0, digits.find('.')));
    // Only the first field may exceed its clock range.
    const int64_t limit = field == start ? INT64_MAX : field == Field::kHour ? 23 : 59;
    const auto amount = ParseAmount({digits, unit});
    if (!amount || !count || *count > limit || __builtin_add_overflow(total, *amount, &total))
      return std::nullopt;
  }
  return Literal(sign * total, false, start, end);
}

}  // namespace medallion::sql
