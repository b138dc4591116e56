#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/file_source.h"
#include "storage/object_store.h"

namespace medallion::ingest {

// The durable memory of one file source: which files belong to which batch. One object per batch under
// the folder `sources/0/` of a checkpoint (docs/formats/checkpoint.md), compacted every 10 batches.
// Not thread-safe; one owner.
class FileLedger {
 public:
  // `store` is rooted at the source's folder.
  static Result<FileLedger> Open(std::shared_ptr<ObjectStore> store);

  // Null if the path was never recorded.
  const LandedFile* Find(const std::string& path) const;
  size_t size() const { return files_.size(); }
  // The batch's files as recorded; nothing if there is no such batch.
  Result<std::optional<std::vector<LandedFile>>> Batch(int64_t batch_id) const;
  // Durable before the batch is evaluated; put-if-absent: recording another list under a recorded id is
  // kAlreadyExists.
  Status Record(int64_t batch_id, const std::vector<LandedFile>& files);

 private:
  explicit FileLedger(std::shared_ptr<ObjectStore> store);

  std::shared_ptr<ObjectStore> store_;
  std::map<std::string, LandedFile> files_;
};

// What to ingest next. Pure.
struct FileBatch {
  std::vector<LandedFile> files;
  int64_t backlog_files = 0;  // left for the next batch
  uint64_t backlog_bytes = 0;
  std::vector<std::string> unstable;  // changed too recently, wait for the next update
  // Recorded files whose bytes changed afterwards: reported, not read again (unless allowOverwrites).
  std::vector<std::string> changed;
};

// A file modified less than this before `now_micros` may still be growing and waits, unless two
// listings this far apart agree on size and time.
inline constexpr int64_t kStabilityMicros = 2'000'000;

FileBatch PlanFileBatch(const Listing& listing, const FileLedger& ledger, const FileSourceOptions& options,
                        int64_t now_micros);

}  // namespace medallion::ingest
