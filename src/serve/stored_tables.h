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
#include "query/storage_resolver.h"
#include "query/storage_view.h"
#include "query/stored_query.h"
#include "query_cache.h"

namespace medallion::serve {

class TableReader;

// How short names are completed and times are read.
struct TableNaming {
  std::string default_catalog;
  std::string default_schema;
  std::string session_time_zone = "UTC";
};

// The tables of the served storage. All answers are of one view of it, until another is switched
// to. Thread-safe. What it borrows outlives it.
class StoredTables {
 public:
  StoredTables(const Catalog& catalog, Engine& engine, Clock& clock, TableNaming naming);

  // For the queries of one request, on the current view or another.
  TableReader Read();
  TableReader Read(query::StorageViewPtr view);

  // Looks at every table as it is now; CheckStorage says the same until the next look.
  // kIo (STORAGE_NOT_AVAILABLE) while the storage, which was there, is gone.
  Result<query::StorageViewPtr> Look();
  void SwitchTo(query::StorageViewPtr view);
  // Never null; without tables before the first switch.
  query::StorageViewPtr current() const;
  Status CheckStorage() const;

  // Ends every query that runs; later ones fail.
  void Cancel() { cancellation_.Cancel(); }

  const Catalog& catalog() const { return catalog_; }

 private:
  friend class TableReader;

  Result<query::StorageViewPtr> LookAtTables() const;

  const Catalog& catalog_;
  Engine& engine_;
  Clock& clock_;
  const TableNaming naming_;
  QueryCache answers_;
  CancellationToken cancellation_;
  mutable std::mutex mutex_;
  query::StorageViewPtr current_;  // guarded by mutex_
  std::optional<Error> lost_;      // guarded by mutex_
};

// How a query names the table. Queries take three parts at most, so a quarantine table goes without
// its catalogue; where two catalogues have one of the same name, the query is refused as ambiguous.
std::string QueryName(const sql::QualifiedName& full_name);

// Reads tables for one request and notes which. Used by one thread.
class TableReader {
 public:
  using Parameters = std::map<std::string, std::string>;

  TableReader(StoredTables& tables, query::StorageViewPtr view);

  // One query of ours, in Spark's dialect; `:name` stands for a text. kNotFound
  // (TABLE_OR_VIEW_NOT_FOUND) if a table of it does not exist. Rows that were read before are given
  // if their tables are at the same versions in this reader's view.
  Result<query::RowSet> Query(std::string_view sql, const Parameters& parameters = {});
  // As Query, for results that do not fit in memory; nothing is read yet.
  Result<query::PreparedQuery> Prepare(std::string_view sql, const Parameters& parameters = {});

  // By full or short name; nothing if there is no such table.
  Result<std::optional<query::StorageResolver::Entry>> Find(std::string_view name);
  Result<bool> Has(std::string_view name);
  // The snapshot that queries of this reader see.
  Result<delta::SnapshotPtr> Latest(const query::StorageResolver::Entry& entry);

  const query::StorageView& view() const { return *view_; }
  StoredTables& tables() { return tables_; }
  // Key of every table that was read, or looked for in vain (nothing), with its version.
  const std::map<std::string, std::optional<int64_t>>& used() const { return used_; }

 private:
  Result<QueryAnswer> Evaluate(std::string_view sql, const Parameters& parameters);

  StoredTables& tables_;
  query::StorageViewPtr view_;
  query::StorageResolver resolver_;
  std::map<std::string, std::optional<int64_t>> used_;
};

}  // namespace medallion::serve
