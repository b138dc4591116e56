#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "storage/object_store.h"

// What `medallion doctor` looks at, one function per check.

namespace medallion::cli {

enum class CheckState { kOk, kWarning, kFailed };

struct CheckResult {
  std::string name;
  CheckState state = CheckState::kOk;
  std::string detail;
  std::string advice;  // what to do; empty if there is nothing to do
};

// Puts one object twice with put-if-absent: the first must win, the second must lose. On a local
// disk this is link(2), on which every commit rests. The object is removed again.
CheckResult CheckPutIfAbsent(ObjectStore& store, Random& random);

// Whether `folder`, or the nearest existing one above it, can be written and linked in. Nothing is
// left behind, and a storage that does not exist yet is not made.
std::vector<CheckResult> CheckStorageFolder(const std::string& folder, Random& random);

// Free space where `folder` is or would be.
CheckResult CheckDiskSpace(const std::string& folder);
CheckResult CheckSpace(uint64_t free_bytes, const std::string& folder);

// Cores and memory.
CheckResult CheckProcessor();
CheckResult CheckMemory();

}  // namespace medallion::cli
