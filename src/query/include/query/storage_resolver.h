#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "engine/engine.h"
#include "query/storage_view.h"
#include "sql/analyzer.h"
#include "sql/qualified_name.h"

namespace medallion::query {

// The tables of a storage as `medallion sql` and `medallion table` name them:
//   catalog.schema.table, or its last parts as long as they are unique (the project's own catalog
//   and schema come first); system.event_log, system.table_lineage, with or without `system`;
//   quarantine.table or quarantine.schema.table: the rows that the table's rules rejected.
// Letter case is ignored. The tables that there are and their snapshots stay the same for the
// resolver's life. Not thread-safe.
class StorageResolver final : public sql::Resolver {
 public:
  struct Entry {
    sql::QualifiedName name;  // full
    delta::Table table;
  };

  // `default_catalog` and `default_schema` may be empty. `catalog` outlives it. With a view its
  // tables are read and the storage is not looked at, else the newest.
  StorageResolver(const Catalog& catalog, std::string default_catalog, std::string default_schema,
                  StorageViewPtr view = nullptr);

  // kNotFound (TABLE_OR_VIEW_NOT_FOUND) with the nearest name; kSpecification if several fit.
  Result<Entry> Find(const sql::QualifiedName& name);

  // The tables of pipelines, by name.
  Result<std::vector<Entry>> Tables();
  // The quarantine and system tables that exist.
  Result<std::vector<Entry>> OwnTables();

  Result<sql::ResolvedName> ResolveTable(const sql::QualifiedName& name, bool streaming) override;
  Result<sql::FileDescription> DescribeFiles(const std::string& path,
                                             const std::vector<sql::FileOption>& options,
                                             bool streaming) override;

  // What the query's tables stand for, in their order.
  Result<std::vector<TableBinding>> Bind(const sql::BoundQuery& query);

  // The snapshot that queries of this resolver read.
  Result<delta::SnapshotPtr> Latest(const Entry& entry);
  // Those that were read, by Key() of the full name.
  const std::map<std::string, delta::SnapshotPtr>& snapshots() const { return snapshots_; }

 private:
  Result<Entry> Choose(const sql::QualifiedName& name);
  // kNotFound if a quarantine or system table was never written.
  Status CheckWritten(const Entry& entry) const;
  Result<bool> Exists(const Entry& entry) const;
  Result<delta::SnapshotPtr> Look(const Entry& entry) const;
  Result<std::vector<Entry>> Candidates(const sql::QualifiedName& name);
  // Fills tables_ once.
  Status ListTables();

  const Catalog& catalog_;
  std::string default_catalog_;
  std::string default_schema_;
  StorageViewPtr view_;
  std::optional<std::vector<TableName>> tables_;
  std::map<std::string, delta::SnapshotPtr> snapshots_;  // by Key() of the full name
};

// `a.b.c` as typed on the command line; parts may be back-quoted.
Result<sql::QualifiedName> ParseTableName(std::string_view text);

}  // namespace medallion::query
