#include <simdjson.h>

#include "delta/stats.h"
#include "null_counts.h"

namespace medallion::delta {

namespace dom = simdjson::dom;

std::optional<int64_t> RecordCount(const std::optional<std::string>& stats_json) {
  dom::parser parser;
  dom::element document;
  int64_t count = 0;
  if (!stats_json || parser.parse(*stats_json).get(document) != simdjson::SUCCESS ||
      document["numRecords"].get(count) != simdjson::SUCCESS || count < 0) {
    return std::nullopt;
  }
  return count;
}

std::map<std::string, int64_t> NullCounts(const std::optional<std::string>& stats_json) {
  std::map<std::string, int64_t> counts;
  dom::parser parser;
  dom::element document;
  dom::object columns;
  if (!stats_json || parser.parse(*stats_json).get(document) != simdjson::SUCCESS ||
      document["nullCount"].get(columns) != simdjson::SUCCESS) {
    return counts;
  }
  for (const auto& [name, element] : columns) {
    int64_t count = 0;
    if (element.get(count) == simdjson::SUCCESS) {
      counts.emplace(name, count);
    }
  }
  return counts;
}

}  // namespace medallion::delta
