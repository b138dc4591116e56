#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/update_plan.h"
#include "pipeline/world.h"
#include "snapshot_pool.h"

namespace medallion::pipeline {

// The world as the executor knows it: tables from the pool that the flows will use, and the memory
// of file sources from their checkpoints. Not thread-safe.
class CheckpointWorld final : public CatalogWorld {
 public:
  // Both outlive the world. Flows into tables that `selection` refreshes in full remember nothing.
  CheckpointWorld(const Catalog& catalog, SnapshotPool& snapshots, Selection selection);

  Result<delta::SnapshotPtr> FindTable(const TableName& name) override;
  // Files that cannot be read do not keep the others from being planned: the batch sets them aside.
  Result<Schema> InferSchema(const std::vector<ingest::LandedFile>& files,
                             const ingest::FileSourceOptions& options,
                             const std::optional<Schema>& known,
                             ingest::FileContents& contents) override;
  Result<std::optional<KnownFiles>> FindKnownFiles(const TableName& target, const std::string& flow,
                                                   size_t source_index) override;

 private:
  bool IsRefreshedInFull(const TableName& target) const;

  const Catalog& catalog_;
  SnapshotPool& snapshots_;
  Selection selection_;
};

}  // namespace medallion::pipeline
