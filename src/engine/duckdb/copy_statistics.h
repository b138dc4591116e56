#pragma once

#include <map>
#include <optional>
#include <string>

#include "delta/stats.h"
#include "engine/engine.h"

namespace medallion::duckdb {

// What COPY … RETURN_STATS says about one leaf column, as text.
struct CopyColumn {
  std::optional<std::string> min;
  std::optional<std::string> max;
  std::optional<int64_t> null_count;
  bool has_nan = false;
};

// By the column's quoted path: `"address"."city"`.
using CopyColumnStatistics = std::map<std::string, CopyColumn>;

// `value` is MAP(VARCHAR, MAP(VARCHAR, VARCHAR)).
CopyColumnStatistics ReadCopyStatistics(const Value& value);

// Types the bounds of every leaf outside arrays and maps; partition columns have none.
delta::FileStatistics ToFileStatistics(int64_t row_count, const CopyColumnStatistics& columns,
                                       const OutputFiles& output);

}  // namespace medallion::duckdb
