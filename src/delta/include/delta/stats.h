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
  // Absent if unknown or if the column holds NaN. Bounds of strings may be cut already (the max
  // raised): what bounds the values is enough.
  std::optional<Value> min;
  std::optional<Value> max;
  std::optional<int64_t> null_count;
};

struct FileStatistics {
  int64_t record_count = 0;
  std::vector<ColumnStatistics> columns;
};

// Delta protocol, "Per-file Statistics": the JSON of `add.stats`. Strings are cut to 32 characters
// with a max that sorts after; timestamps floored to milliseconds, a max that loses digits raised;
// decimals at full digits; no infinities, no NaN; only the first 32 leaf columns of `schema`.
std::string StatisticsToJson(const FileStatistics& statistics, const Schema& schema);

// numRecords of a stats JSON; nothing if absent or unreadable (foreign stats are hostile).
std::optional<int64_t> RecordCount(const std::optional<std::string>& stats_json);

}  // namespace medallion::delta
