#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/clock.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "query/row_set.h"
#include "query/snapshot_cache.h"
#include "query/storage_resolver.h"
#include "query_cache.h"

namespace medallion::serve {

class TableReader;

// How short names are completed and times are read.
struct TableNaming {
  std::string default_catalog;
  std::string default_schema;
  std::string session_time_zone = "UTC";
};

// The tables of the served storage, as the last Poll saw them: all answers between two polls are of
// the same versions. Thread-safe. What it borrows outlives it.
class StoredTables {
 public:
  StoredTables(const Catalog& catalog, Engine& engine, Clock& clock, TableNaming naming);

  // For the queries of one request.
  TableReader Read();

  // A table that exists, with its newest version.
  struct Version {
    std::string name;  // full
    int64_t version = 0;
    friend bool operator==(const Version& a, const Version& b) = default;
  };
  // Looks at every table; returns those that are new or have another version than the last time.
  // Tables that cannot be read are passed over.
  Result<std::vector<Version>> Poll();
  // kIo while the storage, which was there, cannot be read: its folder is gone, its disk failed.
  Status CheckStorage() const;
  // As the last Poll saw it; nothing if there was no such table.
  std::optional<int64_t> VersionOf(const std::string& key) const;

  // Ends every query that runs; later ones fail.
  void Cancel() { cancellation_.Cancel(); }

  const Catalog& catalog() const { return catalog_; }

 private:
  friend class TableReader;

  const Catalog& catalog_;
  Engine& engine_;
  Clock& clock_;
  const TableNaming naming_;
  Result<std::vector<Version>> LookAtTables();

  query::SnapshotCache snapshots_;
  QueryCache answers_;
  CancellationToken cancellation_;
  mutable std::mutex mutex_;
  std::map<std::string, int64_t> versions_;  // guarded by mutex_; by key of the full name
  std::optional<Error> lost_;                // guarded by mutex_
};

// How a query names the table. Queries take three parts at most, so a quarantine table goes without
// its catalogue; where two catalogues have one of the same name, the query is refused as ambiguous.
std::string QueryName(const query::StorageResolver::Entry& entry);

// Reads tables for one request and notes which. Used by one thread.
class TableReader {
 public:
  using Parameters = std::map<std::string, std::string>;

  explicit TableReader(StoredTables& tables);

  // One query of ours, in Spark's dialect; `:name` stands for a text. kNotFound
  // (TABLE_OR_VIEW_NOT_FOUND) if a table of it does not exist. Rows that were read before are given
  // while their tables are as the last Poll saw them.
  Result<query::RowSet> Query(std::string_view sql, const Parameters& parameters = {});
  // As Query, for results that do not fit in memory.
  Result<std::unique_ptr<ResultRows>> Start(std::string_view sql,
                                            const Parameters& parameters = {});

  // By full or short name; nothing if there is no such table.
  Result<std::optional<query::StorageResolver::Entry>> Find(std::string_view name);
  Result<bool> Has(std::string_view name);
  // The snapshot that queries of this reader see.
  Result<delta::SnapshotPtr> Latest(const query::StorageResolver::Entry& entry);

  query::StorageResolver& resolver() { return resolver_; }
  StoredTables& tables() { return tables_; }
  // Key of every table that was read, or looked for in vain (nothing), with its version.
  const std::map<std::string, std::optional<int64_t>>& used() const { return used_; }

 private:
  Result<QueryAnswer> Evaluate(std::string_view sql, const Parameters& parameters);

  StoredTables& tables_;
  query::StorageResolver resolver_;
  std::map<std::string, std::optional<int64_t>> used_;
};

}  // namespace medallion::serve
