#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <duckdb.h>

#include "base/cancellation.h"
#include "base/row_source.h"

namespace medallion::duckdb {

// One RowSource as a query sees it, with what its threads report back. DuckDB passes only text on
// failure, so the error itself is kept here.
struct SourceScan {
  const RowSource* source = nullptr;
  CancellationToken* cancellation = nullptr;
  int threads_max = 1;
  std::atomic<int64_t> rows_read = 0;

  // The first failure wins.
  void Fail(Error error);
  std::optional<Error> failure() const;

 private:
  mutable std::mutex mutex_;
  std::optional<Error> failure_;  // guarded by mutex_
};

// The scans that running queries may name by number: `medallion_rows(17)`. Thread-safe; one per
// database, which it must outlive.
class SourceScans {
 public:
  // Keeps the scan nameable until it is destroyed.
  class Lease {
   public:
    Lease(SourceScans& scans, std::shared_ptr<SourceScan> scan);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    // `medallion_rows(17)`; its columns are `f0`, `f1` … in the order of the source's schema.
    std::string sql() const;
    SourceScan& scan() const { return *scan_; }

   private:
    SourceScans& scans_;
    std::shared_ptr<SourceScan> scan_;
    int64_t id_;
  };

  Status Register(duckdb_connection connection);
  std::shared_ptr<SourceScan> Find(int64_t id) const;

 private:
  mutable std::mutex mutex_;
  int64_t next_id_ = 1;                                   // guarded by mutex_
  std::map<int64_t, std::shared_ptr<SourceScan>> scans_;  // guarded by mutex_
};

}  // namespace medallion::duckdb
