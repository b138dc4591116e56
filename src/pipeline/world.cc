#include "pipeline/world.h"

#include "base/text.h"

namespace medallion::pipeline {

Result<delta::SnapshotPtr> CatalogWorld::FindTable(const TableName& name) {
  const std::string key = ToLower(name.ToString());
  const auto known = snapshots_.find(key);
  if (known != snapshots_.end()) {
    return known->second;
  }
  const delta::Table table = catalog_.Table(name);
  ASSIGN_OR_RETURN(const bool exists, table.Exists());
  delta::SnapshotPtr snapshot;
  if (exists) {
    ASSIGN_OR_RETURN(snapshot, table.Latest());
  }
  snapshots_[key] = snapshot;
  return snapshot;
}

Result<std::vector<TableName>> CatalogWorld::ListTables() { return catalog_.List(); }

Result<ingest::Listing> CatalogWorld::ListFiles(const std::string& path,
                                                const ingest::FileSourceOptions& options) {
  return ingest::ListFiles(path, options);
}

Result<Schema> CatalogWorld::InferSchema(const std::vector<ingest::LandedFile>& files,
                                         const ingest::FileSourceOptions& options,
                                         const std::optional<Schema>& known,
                                         ingest::FileContents& contents) {
  return ingest::InferSchema(files, options, known, &contents);
}

Result<std::optional<KnownFiles>> CatalogWorld::FindKnownFiles(const TableName& /*target*/,
                                                               const std::string& /*flow*/,
                                                               size_t /*source_index*/) {
  return std::optional<KnownFiles>();
}

}  // namespace medallion::pipeline
