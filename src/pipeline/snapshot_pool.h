#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/result.h"
#include "catalog/catalog.h"
#include "delta/snapshot.h"

namespace medallion::pipeline {

// The newest state of each table that this update knows of: read once, then moved on by the
// update's own commits, so that planning and every flow see one state without reading logs again.
// Thread-safe.
class SnapshotPool {
 public:
  // `catalog` outlives the pool.
  explicit SnapshotPool(const Catalog& catalog) : catalog_(catalog) {}

  // Null if there is no such table.
  Result<delta::SnapshotPtr> Get(const TableName& name);
  // As Get; kNotFound if there is no such table.
  Result<delta::SnapshotPtr> Require(const TableName& name);
  void Put(const TableName& name, delta::SnapshotPtr snapshot);
  // Reads what others have committed since.
  Result<delta::SnapshotPtr> Refresh(const TableName& name);

 private:
  const Catalog& catalog_;
  std::mutex mutex_;
  std::map<std::string, delta::SnapshotPtr>
      snapshots_;  // guarded by mutex_; by lower-case full name
};

// The table's latest snapshot, null if there is no table.
Result<delta::SnapshotPtr> LatestOrNull(const delta::Table& table);

}  // namespace medallion::pipeline
