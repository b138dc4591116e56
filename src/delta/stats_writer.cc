#include <cmath>

#include <nlohmann/json.hpp>

#include "base/civil_time.h"
#include "base/text.h"
#include "delta/stats.h"
#include "string_bounds.h"

namespace medallion::delta {
namespace {

// `delta.dataSkippingNumIndexedCols` of the reference implementation.
constexpr size_t kIndexedLeavesMax = 32;

// A JSON object that is filled by paths; leaves hold finished JSON texts. nlohmann's numbers would
// not do: decimals have up to 38 digits.
class JsonTree {
 public:
  void Set(std::span<const std::string> path, std::string json) {
    JsonTree* node = this;
    for (const std::string& name : path) {
      auto child = std::find_if(node->children_.begin(), node->children_.end(),
                                [&](const auto& entry) { return entry.first == name; });
      if (child == node->children_.end()) {
        node->children_.emplace_back(name, JsonTree());
        child = std::prev(node->children_.end());
      }
      node = &child->second;
    }
    node->json_ = std::move(json);
  }

  std::string ToString() const {
    if (children_.empty() && !json_.empty()) {
      return json_;
    }
    std::string text = "{";
    for (const auto& [name, child] : children_) {
      text += fmt::format("{}{}:{}", text.size() > 1 ? "," : "", nlohmann::json(name).dump(),
                          child.ToString());
    }
    return text + "}";
  }

 private:
  std::string json_;
  std::vector<std::pair<std::string, JsonTree>> children_;
};

// Paths of the leaves that get statistics: the first ones in the order of the schema. An array or a
// map is one leaf.
void CollectLeaves(const std::vector<Field>& fields, std::vector<std::string>& prefix,
                   std::set<std::vector<std::string>>& leaves) {
  for (const Field& field : fields) {
    if (leaves.size() == kIndexedLeavesMax) {
      return;
    }
    prefix.push_back(field.name);
    if (field.type.Is(TypeKind::kStruct)) {
      CollectLeaves(field.type.fields(), prefix, leaves);
    } else {
      leaves.insert(prefix);
    }
    prefix.pop_back();
  }
}

using Text = std::optional<std::string>;

Text FloatJson(const Value& value) {
  const double number = std::get<double>(value.data);
  if (!std::isfinite(number)) {
    return std::nullopt;  // JSON has none
  }
  if (number == 0) {
    return "0.0";  // also for -0.0, which equals it
  }
  return value.type.Is(TypeKind::kFloat) ? fmt::format("{}", static_cast<float>(number))
                                         : fmt::format("{}", number);
}

Text DateJson(int64_t days) {
  constexpr int kYearMin = 1;
  constexpr int kYearMax = 9999;
  const int year = CivilFromDays(static_cast<int32_t>(days)).year;
  if (year < kYearMin || year > kYearMax) {
    return std::nullopt;  // has no spelling of ten characters
  }
  return fmt::format("\"{}\"", FormatIsoDate(static_cast<int32_t>(days)));
}

enum class Bound { kMin, kMax };

// Floored to milliseconds as the protocol says. A max that loses digits is raised to the next
// millisecond: it stays a bound for readers that do not know that they should add one.
Text TimestampJson(int64_t micros, TypeKind kind, Bound bound) {
  constexpr int64_t kMicrosPerMilli = 1000;
  const int64_t rest = ((micros % kMicrosPerMilli) + kMicrosPerMilli) % kMicrosPerMilli;
  if (bound == Bound::kMax && rest != 0 &&
      __builtin_add_overflow(micros, kMicrosPerMilli - rest, &micros)) {
    return std::nullopt;
  }
  const int64_t days = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
  if (!DateJson(days)) {
    return std::nullopt;
  }
  std::string text = FormatIsoTimestampMillis(micros);
  if (kind == TypeKind::kTimestampNtz) {
    text.pop_back();  // no zone
  }
  return fmt::format("\"{}\"", text);
}

Text StringJson(const std::string& text, Bound bound) {
  const Text cut = bound == Bound::kMin ? LowerBoundOf(text) : UpperBoundOf(text);
  return cut ? Text(nlohmann::json(*cut).dump()) : std::nullopt;
}

// The bound as JSON text; nothing for types without bounds and values that JSON cannot say.
Text BoundJson(const Value& value, Bound bound) {
  switch (value.type.kind()) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong: return std::to_string(std::get<int64_t>(value.data));
    case TypeKind::kFloat:
    case TypeKind::kDouble: return FloatJson(value);
    case TypeKind::kDecimal: return std::get<Decimal>(value.data).ToString();
    case TypeKind::kString: return StringJson(std::get<std::string>(value.data), bound);
    case TypeKind::kDate: return DateJson(std::get<int64_t>(value.data));
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return TimestampJson(std::get<int64_t>(value.data), value.type.kind(), bound);
    default: return std::nullopt;
  }
}

bool IsNan(const std::optional<Value>& value) {
  const double* number = value ? std::get_if<double>(&value->data) : nullptr;
  return number != nullptr && std::isnan(*number);
}

void SetBound(JsonTree& bounds, const ColumnStatistics& column, const std::optional<Value>& value,
              Bound bound) {
  if (!value || value->is_null() || IsNan(column.min) || IsNan(column.max)) {
    return;
  }
  if (Text json = BoundJson(*value, bound)) {
    bounds.Set(column.path, *std::move(json));
  }
}

}  // namespace

std::string StatisticsToJson(const FileStatistics& statistics, const Schema& schema) {
  std::set<std::vector<std::string>> leaves;
  std::vector<std::string> prefix;
  CollectLeaves(schema.fields(), prefix, leaves);
  JsonTree min_values;
  JsonTree max_values;
  JsonTree null_counts;
  for (const ColumnStatistics& column : statistics.columns) {
    if (!leaves.contains(column.path)) {
      continue;
    }
    SetBound(min_values, column, column.min, Bound::kMin);
    SetBound(max_values, column, column.max, Bound::kMax);
    if (column.null_count) {
      null_counts.Set(column.path, std::to_string(*column.null_count));
    }
  }
  std::string json = fmt::format(R"({{"numRecords":{})", statistics.record_count);
  json += fmt::format(R"(,"minValues":{})", min_values.ToString());
  json += fmt::format(R"(,"maxValues":{})", max_values.ToString());
  json += fmt::format(R"(,"nullCount":{}}})", null_counts.ToString());
  return json;
}

}  // namespace medallion::delta
