#include "table_properties.h"

#include <charconv>

#include "base/text.h"

namespace medallion::delta {
namespace {

constexpr int64_t kDefaultCheckpointInterval = 10;
constexpr std::chrono::milliseconds kDefaultDeletedFileRetention = std::chrono::hours(7 * 24);

struct Unit {
  std::string_view name;
  int64_t millis;
};

constexpr Unit kUnits[] = {
    {"millisecond", 1},  {"second", 1000},    {"minute", 60'000},
    {"hour", 3'600'000}, {"day", 86'400'000}, {"week", 7 * int64_t{86'400'000}},
};

const std::string* Find(const Configuration& configuration, const std::string& name) {
  const auto found = configuration.find(name);
  return found == configuration.end() ? nullptr : &found->second;
}

std::optional<int64_t> ParseNumber(std::string_view text) {
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && stop == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<int64_t> UnitMillis(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (name == unit.name ||
        (name.ends_with('s') && name.substr(0, name.size() - 1) == unit.name)) {
      return unit.millis;
    }
  }
  return std::nullopt;
}

// Words between blanks, in lower case.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string& word : Split(ToLower(text), ' ')) {
    if (!Trim(word).empty()) {
      words.emplace_back(Trim(word));
    }
  }
  return words;
}

Error BadInterval(std::string_view text) {
  return Error(
      ErrorCode::kInvalidArgument,
      fmt::format("not an interval of weeks, days, hours, minutes, seconds or milliseconds, "
                  "as in 'interval 7 days': '{}'",
                  text));
}

Result<std::chrono::milliseconds> IntervalProperty(const Configuration& configuration,
                                                   const std::string& name,
                                                   std::chrono::milliseconds fallback) {
  const std::string* text = Find(configuration, name);
  if (text == nullptr) {
    return fallback;
  }
  Result<std::chrono::milliseconds> interval = ParseInterval(*text);
  if (!interval) {
    return std::move(interval).error().Context("table property " + name);
  }
  return interval;
}

}  // namespace

bool IsEnabled(const Configuration& configuration, const std::string& name) {
  const std::string* text = Find(configuration, name);
  return text != nullptr && EqualsIgnoreCase(*text, "true");
}

Result<int64_t> CheckpointInterval(const Configuration& configuration) {
  const std::string name = "delta.checkpointInterval";
  const std::string* text = Find(configuration, name);
  if (text == nullptr) {
    return kDefaultCheckpointInterval;
  }
  const std::optional<int64_t> number = ParseNumber(*text);
  if (!number || *number == 0) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("table property {} is not a positive number: '{}'", name, *text));
  }
  return *number;
}

Result<std::chrono::milliseconds> DeletedFileRetention(const Configuration& configuration) {
  return IntervalProperty(configuration, "delta.deletedFileRetentionDuration",
                          kDefaultDeletedFileRetention);
}

Result<std::optional<std::chrono::milliseconds>> TransactionRetention(
    const Configuration& configuration) {
  const std::string name = "delta.setTransactionRetentionDuration";
  if (Find(configuration, name) == nullptr) {
    return std::optional<std::chrono::milliseconds>();
  }
  ASSIGN_OR_RETURN(const auto interval, IntervalProperty(configuration, name, {}));
  return std::optional(interval);
}

Result<std::chrono::milliseconds> ParseInterval(std::string_view text) {
  std::vector<std::string> words = Words(text);
  if (!words.empty() && words.front() == "interval") {
    words.erase(words.begin());
  }
  if (words.empty() || words.size() % 2 != 0) {
    return BadInterval(text);
  }
  int64_t total = 0;
  for (size_t i = 0; i < words.size(); i += 2) {
    const std::optional<int64_t> number = ParseNumber(words[i]);
    const std::optional<int64_t> unit = UnitMillis(words[i + 1]);
    int64_t part = 0;
    if (!number || !unit || __builtin_mul_overflow(*number, *unit, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return BadInterval(text);
    }
  }
  return std::chrono::milliseconds(total);
}

}  // namespace medallion::delta
