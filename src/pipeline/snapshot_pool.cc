#include "snapshot_pool.h"

#include <utility>

#include "base/text.h"

namespace medallion::pipeline {

Result<delta::SnapshotPtr> LatestOrNull(const delta::Table& table) {
  auto snapshot = table.Latest();
  if (!snapshot && snapshot.error().code() == ErrorCode::kNotFound) {
    return delta::SnapshotPtr();
  }
  return snapshot;
}

Result<delta::SnapshotPtr> SnapshotPool::Get(const TableName& name) {
  const std::string key = ToLower(name.ToString());
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = snapshots_.find(key); known != snapshots_.end()) {
      return known->second;
    }
  }
  ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, LatestOrNull(catalog_.Table(name)));
  const std::lock_guard lock(mutex_);
  return snapshots_.emplace(key, std::move(snapshot)).first->second;
}

Result<delta::SnapshotPtr> SnapshotPool::Require(const TableName& name) {
  ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, Get(name));
  if (!snapshot) {
    return Error(ErrorCode::kNotFound,
                 "table does not exist yet, refresh it first: " + name.ToString())
        .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
  }
  return snapshot;
}

void SnapshotPool::Put(const TableName& name, delta::SnapshotPtr snapshot) {
  const std::lock_guard lock(mutex_);
  snapshots_[ToLower(name.ToString())] = std::move(snapshot);
}

Result<delta::SnapshotPtr> SnapshotPool::Refresh(const TableName& name) {
  ASSIGN_OR_RETURN(const delta::SnapshotPtr known, Get(name));
  const delta::Table table = catalog_.Table(name);
  ASSIGN_OR_RETURN(delta::SnapshotPtr fresh, known ? table.Refresh(known) : LatestOrNull(table));
  Put(name, fresh);
  return fresh;
}

}  // namespace medallion::pipeline
