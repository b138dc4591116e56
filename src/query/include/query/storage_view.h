#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "sql/qualified_name.h"

namespace medallion::query {

class StorageView;
using StorageViewPtr = std::shared_ptr<const StorageView>;

// The tables of a storage as they were at one look: which there are, and a snapshot of each.
// Immutable: whoever holds one reads the same versions for as long as it likes.
class StorageView {
 public:
  struct Table {
    sql::QualifiedName name;  // full
    delta::Table table;
    Result<delta::SnapshotPtr> snapshot;  // an error if the table cannot be read
  };

  // Looks at every table of `catalog`. Of tables that `before` knows, only newer commits are read;
  // it may be null.
  static Result<StorageViewPtr> Look(const Catalog& catalog, const StorageView* before);

  // Those of pipelines by name, then the quarantine and system tables that exist.
  const std::vector<Table>& tables() const { return tables_; }
  // Those of pipelines.
  const std::vector<TableName>& names() const { return names_; }
  // By Key() of the full name; null if there is none.
  const Table* Find(const std::string& key) const;
  // Nothing if the table does not exist or cannot be read.
  std::optional<int64_t> VersionOf(const std::string& key) const;

 private:
  std::vector<TableName> names_;
  std::vector<Table> tables_;
  std::map<std::string, size_t> places_;  // in tables_, by key
};

}  // namespace medallion::query
