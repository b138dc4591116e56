#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace medallion {

// `system/format.json`: the version of the storage layout and the oldest programs that may use it.
//
//   {"layout": 1, "leastReader": 1, "leastWriter": 1}
//
// A change that old programs can ignore raises `layout` alone; one that would mislead their reading
// or writing raises the others too.
struct StorageFormat {
  int layout = 1;
  int least_reader = 1;
  int least_writer = 1;
};

// What this program knows.
inline constexpr int kStorageVersion = 1;

std::string StorageFormatToJson(const StorageFormat& format);
// kCorruption if it is none.
Result<StorageFormat> StorageFormatFromJson(std::string_view json);

// kUnsupported if `format` asks for a newer program than one that knows `known_version`.
Status CheckSupported(const StorageFormat& format, int known_version);

}  // namespace medallion
