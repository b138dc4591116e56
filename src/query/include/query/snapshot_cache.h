#pragma once

#include <map>
#include <mutex>
#include <string>

#include "delta/table.h"

namespace medallion::query {

// Remembers the newest snapshot of each table, so that asking again reads only the commits since.
// Thread-safe.
class SnapshotCache {
 public:
  // As Table::Latest. `key` names the table, always the same way.
  Result<delta::SnapshotPtr> Latest(const std::string& key, const delta::Table& table);

 private:
  std::mutex mutex_;
  std::map<std::string, delta::SnapshotPtr> snapshots_;  // guarded by mutex_
};

}  // namespace medallion::query
