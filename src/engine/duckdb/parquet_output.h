#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "connection.h"
#include "engine/engine.h"

namespace medallion::duckdb {

// Data files of one COPY, staged: they exist on this machine under names that no reader sees, and
// become objects on Publish. Destroyed unpublished, they are removed.
class StagedFiles {
 public:
  // Runs `select`, whose columns are `output.schema`'s in order and exact types, and writes its
  // rows. Partition values go to the actions and not into the files.
  static Result<StagedFiles> Copy(Connection& connection, const std::string& select,
                                  const OutputFiles& output, Random& random);

  int64_t row_count() const;
  // Syncs and publishes each file; the actions are sorted by path. On failure nothing stays
  // published.
  Result<std::vector<delta::AddFile>> Publish() &&;

 private:
  struct File {
    std::unique_ptr<StagedFile> staged;
    delta::AddFile action;
    int64_t row_count = 0;
  };

  explicit StagedFiles(std::shared_ptr<ObjectStore> store) : store_(std::move(store)) {}

  std::shared_ptr<ObjectStore> store_;
  std::vector<File> files_;
};

}  // namespace medallion::duckdb
