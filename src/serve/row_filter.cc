#include "row_filter.h"

#include <map>

#include <fmt/format.h>

#include "base/identifier.h"
#include "base/text.h"

namespace medallion::serve {
namespace {

Error BadFilter(std::string_view filter, std::string_view why) {
  return Error(ErrorCode::kInvalidArgument, fmt::format("filter `{}`: {}", filter, why));
}

const Field* FindColumn(std::string_view filter, const Schema& schema) {
  const Field* found = nullptr;
  for (const Field& field : schema.fields()) {
    const bool fits = filter.size() > field.name.size() && filter[field.name.size()] == ':' &&
                      EqualsIgnoreCase(filter.substr(0, field.name.size()), field.name);
    if (fits && (found == nullptr || field.name.size() > found->name.size())) {
      found = &field;
    }
  }
  return found;
}

bool IsNested(const DataType& type) {
  return type.Is(TypeKind::kArray) || type.Is(TypeKind::kMap) || type.Is(TypeKind::kStruct);
}

}  // namespace

Result<RowFilter> ParseRowFilter(const std::vector<std::string>& filters, const Schema& schema) {
  static const std::map<std::string, std::string, std::less<>> kComparisons = {
      {"eq", "="}, {"ne", "<>"}, {"lt", "<"}, {"le", "<="}, {"gt", ">"}, {"ge", ">="}};
  RowFilter result;
  std::vector<std::string> conditions;
  for (const std::string& filter : filters) {
    const Field* field = FindColumn(filter, schema);
    if (field == nullptr) {
      return BadFilter(filter, "the table has no such column");
    }
    const std::string_view rest = std::string_view(filter).substr(field->name.size() + 1);
    const size_t colon = std::min(rest.find(':'), rest.size());
    const std::string_view test = rest.substr(0, colon);
    const std::string value(colon < rest.size() ? rest.substr(colon + 1) : "");
    const std::string column = QuoteSparkIdentifier(field->name);
    if (test == "null" || test == "notnull") {
      conditions.push_back(column + (test == "null" ? " IS NULL" : " IS NOT NULL"));
      continue;
    }
    if (IsNested(field->type)) {
      return BadFilter(filter, "a column of this type can only be tested for null and notnull");
    }
    const std::string name = fmt::format("value{}", result.parameters.size());
    result.parameters[name] = value;
    const auto comparison = kComparisons.find(test);
    if (test == "contains") {
      conditions.push_back(
          fmt::format("contains(lower(CAST({} AS STRING)), lower(:{}))", column, name));
    } else if (comparison != kComparisons.end()) {
      conditions.push_back(fmt::format("{} {} CAST(:{} AS {})", column, comparison->second, name,
                                       field->type.ToDdl()));
    } else {
      return BadFilter(filter, fmt::format("there is no operator `{}`", test));
    }
  }
  result.condition = conditions.empty() ? "true" : Join(conditions, " AND ");
  return result;
}

}  // namespace medallion::serve
