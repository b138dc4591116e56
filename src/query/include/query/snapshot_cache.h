#pragma once

#include <map>
#include <mutex>
#include <string>

#include "delta/table.h"

namespace medallion::query {

// Remembers a snapshot of each table, so that all who ask between two refreshes see the same
// versions without a look at the storage. Thread-safe.
class SnapshotCache {
 public:
  // The snapshot that is known; the table's newest if none is. `key` names the table, always the
  // same way.
  Result<delta::SnapshotPtr> Known(const std::string& key, const delta::Table& table);
  // The table's newest, which is known from now on; only the commits since the known one are read.
  Result<delta::SnapshotPtr> Refresh(const std::string& key, const delta::Table& table);

 private:
  delta::SnapshotPtr Find(const std::string& key);

  std::mutex mutex_;
  std::map<std::string, delta::SnapshotPtr> snapshots_;  // guarded by mutex_
};

}  // namespace medallion::query
