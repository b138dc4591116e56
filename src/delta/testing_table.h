#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "delta/table.h"
#include "storage/memory_store.h"

// What the tests of this module share: a small table, and actions for it.
namespace medallion::delta::testing {

// 2026-05-01T00:00:00Z.
inline constexpr int64_t kStartMicros = 1'777'593'600'000'000;

inline Metadata IdNameMetadata() {
  Metadata metadata;
  metadata.id = "5fba94ed-9794-4965-ba6e-6ee3c0d22af9";
  metadata.schema = Schema({{"id", DataType::Long()}, {"name", DataType::String()}});
  return metadata;
}

inline AddFile FileNamed(std::string path, PartitionValues values = {}) {
  return {.path = std::move(path),
          .partition_values = std::move(values),
          .size_bytes = 100,
          .modification_time_ms = kStartMicros / 1000,
          .stats = R"({"numRecords":3})"};
}

inline std::vector<std::string> PathsOf(const std::vector<AddFile>& files) {
  std::vector<std::string> paths;
  for (const AddFile& file : files) {
    paths.push_back(file.path);
  }
  return paths;
}

}  // namespace medallion::delta::testing
