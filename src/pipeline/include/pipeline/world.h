#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "delta/snapshot.h"
#include "ingest/file_source.h"

namespace medallion::pipeline {

// What a streaming file source has seen in earlier updates.
struct KnownFiles {
  // Its columns then; new ones go to the end.
  Schema schema;
  // path → version_tag of the files already taken. Their headers are not read again.
  std::map<std::string, std::string> taken;
};

// Everything outside the project's text that planning looks at. Answers stay the same during one
// planning: implementations cache.
class World {
 public:
  virtual ~World() = default;

  // The latest snapshot, null if there is no such table.
  virtual Result<delta::SnapshotPtr> FindTable(const TableName& name) = 0;
  // For near names in messages.
  virtual Result<std::vector<TableName>> ListTables() = 0;
  virtual Result<ingest::Listing> ListFiles(const std::string& path,
                                            const ingest::FileSourceOptions& options) = 0;
  virtual Result<Schema> InferSchema(const std::vector<ingest::LandedFile>& files,
                                     const ingest::FileSourceOptions& options,
                                     const std::optional<Schema>& known,
                                     ingest::FileContents& contents) = 0;
  // The memory of the `source_index`-th streaming `read_files` of a flow; nothing if it never ran
  // (or will be refreshed in full).
  virtual Result<std::optional<KnownFiles>> FindKnownFiles(const TableName& target,
                                                           const std::string& flow,
                                                           size_t source_index) = 0;
};

// The real one: a catalogue and the file system. `FindKnownFiles` knows nothing; the executor
// derives and answers from its checkpoints. `catalog` outlives it. Not thread-safe.
class CatalogWorld : public World {
 public:
  explicit CatalogWorld(const Catalog& catalog) : catalog_(catalog) {}

  Result<delta::SnapshotPtr> FindTable(const TableName& name) override;
  Result<std::vector<TableName>> ListTables() override;
  Result<ingest::Listing> ListFiles(const std::string& path,
                                    const ingest::FileSourceOptions& options) override;
  Result<Schema> InferSchema(const std::vector<ingest::LandedFile>& files,
                             const ingest::FileSourceOptions& options,
                             const std::optional<Schema>& known,
                             ingest::FileContents& contents) override;
  Result<std::optional<KnownFiles>> FindKnownFiles(const TableName& target, const std::string& flow,
                                                   size_t source_index) override;

 private:
  const Catalog& catalog_;
  std::map<std::string, delta::SnapshotPtr> snapshots_;  // by lower-case full name
};

}  // namespace medallion::pipeline
