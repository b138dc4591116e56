#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/value.h"
#include "delta/actions.h"

namespace medallion::delta {

// Where data files lie and how their partition values are written.

// A new name for a data file: `part-00000-<uuid>-c000.zstd.parquet`, in the hive folders of its
// partition values (`day=2026-05-01/`), in the order of `partition_columns`. The folders help
// people who look; readers take the values from the action. `part` numbers the files of one commit.
std::string NewDataFilePath(const std::vector<std::string>& partition_columns,
                            const PartitionValues& values, int part, Random& random);

// Delta protocol, "Partition Value Serialization". Null and the empty string are both null.
// Timestamps are UTC with microseconds and `Z`. kUnsupported for binary and nested types.
Result<std::optional<std::string>> PartitionValueToText(const Value& value);

// The reverse, for a column of `type`. kCorruption for text that is no value of the type.
// Timestamps without a zone, as older writers leave them, are taken as UTC.
Result<Value> PartitionValueFromText(const std::optional<std::string>& text, const DataType& type);

}  // namespace medallion::delta
