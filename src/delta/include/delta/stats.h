#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/schema.h"
#include "base/value.h"

namespace medallion::delta {

// What the writer of a data file knows about one leaf column.
struct ColumnStatistics {
  std::vector<std::string> path;  // names from the root: {"address", "city"}
  std::optional<Value> min;       // absent if unknown or if the column holds NaN
  std::optional<Value> max;
  // Whether min and max of strings are the exact values and not already cut.
  bool exact = true;
  std::optional<int64_t> null_count;
};

struct FileStatistics {
  int64_t record_count = 0;
  std::vector<ColumnStatistics> columns;
};

// Delta protocol, "Per-file Statistics": the JSON of `add.stats`. Strings are cut to 32 characters
// with a max that sorts after; timestamps floored to milliseconds; decimals at full digits; only the
// first 32 leaf columns of `schema`.
std::string StatisticsToJson(const FileStatistics& statistics, const Schema& schema);

// numRecords of a stats JSON; nothing if absent or unreadable (foreign stats are hostile).
std::optional<int64_t> RecordCount(const std::optional<std::string>& stats_json);

}  // namespace medallion::delta
