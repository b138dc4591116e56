#include "query/snapshot_cache.h"

namespace medallion::query {

Result<delta::SnapshotPtr> SnapshotCache::Latest(const std::string& key,
                                                 const delta::Table& table) {
  delta::SnapshotPtr known;
  {
    const std::lock_guard lock(mutex_);
    const auto found = snapshots_.find(key);
    known = found == snapshots_.end() ? nullptr : found->second;
  }
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
