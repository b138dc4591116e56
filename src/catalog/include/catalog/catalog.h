#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delta/table.h"
#include "storage/object_store.h"

namespace medallion {

// A table's full name; letter case is kept for display and ignored for identity (folders are lower
// case).
struct TableName {
  std::string catalog;
  std::string schema;
  std::string table;

  std::string ToString() const;  // catalog.schema.table
  friend bool operator==(const TableName&, const TableName&) = default;
};

// Names ↔ table locations in one storage root (DESIGN §4): tables under `tables/`, rejected rows
// under `quarantine/`, ours under `system/`. Thread-safe.
class Catalog {
 public:
  Catalog(std::shared_ptr<ObjectStore> root, delta::TableEnvironment environment);

  const std::shared_ptr<ObjectStore>& root() const { return root_; }

  // Handles; the tables need not exist.
  delta::Table Table(const TableName& name) const;
  delta::Table Quarantine(const TableName& name) const;
  delta::Table System(std::string_view name) const;  // event_log, table_lineage

  // The folder of the table, relative to the root: `tables/c/s/t/`.
  static std::string TablePath(const TableName& name);
  static std::string QuarantinePath(const TableName& name);
  // Of the models that the table's kmeans trained: `models/c/s/t/`.
  static std::string ModelPath(const TableName& name);

  // Existing tables under `tables/`, sorted by name.
  Result<std::vector<TableName>> List() const;

  // Writes `system/format.json` on first use; refuses a root of a newer layout by name
  // (kUnsupported).
  Status CheckFormat();

 private:
  std::shared_ptr<ObjectStore> root_;
  delta::TableEnvironment environment_;
};

}  // namespace medallion
