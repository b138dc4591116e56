#include "query/snapshot_cache.h"

namespace medallion::query {

delta::SnapshotPtr SnapshotCache::Find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = snapshots_.find(key);
  return found == snapshots_.end() ? nullptr : found->second;
}

Result<delta::SnapshotPtr> SnapshotCache::Known(const std::string& key, const delta::Table& table) {
  const delta::SnapshotPtr known = Find(key);
  return known ? Result<delta::SnapshotPtr>(known) : Refresh(key, table);
}

Result<delta::SnapshotPtr> SnapshotCache::Refresh(const std::string& key,
                                                  const delta::Table& table) {
  const delta::SnapshotPtr known = Find(key);
  Result<delta::SnapshotPtr> latest = known ? table.Refresh(known) : table.Latest();
  if (!latest && known) {
    latest = table.Latest();  // the table may be another one by now
  }
  const std::lock_guard lock(mutex_);
  if (latest) {
    snapshots_[key] = *latest;
  } else {
    snapshots_.erase(key);
  }
  return latest;
}

}  // namespace medallion::query
