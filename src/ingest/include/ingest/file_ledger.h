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

// The durable memory of one file source: which files belong to which batch. Objects in the source's
// folder of a checkpoint, `sources/<source>/` (docs/formats/checkpoint.md, "sources"):
//
//   N           the files of batch N: a line `v1`, then one JSON object per file
//                 {"path":"/in/a%20b.csv","size":812,"modified":1761955200000000,"tag":"…"}
//               `path` is percent-encoded, `modified` in microseconds
//   N.compact   instead of N where N + 1 is a multiple of 10: the files of all batches up to N,
//   each with
//               its batch: {"batch":3,"path":…}
//
// Each batch is one put-if-absent of a whole object, so a crash leaves it recorded or not. Objects
// older than the newest N.compact are deleted after it is durable; leftovers are ignored. Not
// thread-safe; one owner.
class FileLedger {
 public:
  // `store` is rooted at the source's folder.
  static Result<FileLedger> Open(std::shared_ptr<ObjectStore> store);

  // Null if the path was never recorded.
  const LandedFile* Find(const std::string& path) const;
  size_t size() const { return files_.size(); }
  // Every recorded file by its path, in its latest state.
  const std::map<std::string, LandedFile>& files() const { return files_; }
  // The batch's files as recorded; nothing if there is no such batch or it had no files and was
  // compacted since.
  Result<std::optional<std::vector<LandedFile>>> Batch(int64_t batch_id) const;
  // Durable before the batch is evaluated; put-if-absent: recording another list under a recorded
  // id is kAlreadyExists. A file recorded again, because its bytes changed, counts with its latest
  // state.
  Status Record(int64_t batch_id, const std::vector<LandedFile>& files);

 private:
  explicit FileLedger(std::shared_ptr<ObjectStore> store);

  Status Load(const std::string& name);
  Status PutOnce(int64_t batch_id, const std::string& name, const std::string& body);
  void Remember(int64_t batch_id, const LandedFile& file);
  std::string CompactedThrough(int64_t batch_id, const std::vector<LandedFile>& files) const;
  void DeleteBefore(int64_t batch_id);

  std::shared_ptr<ObjectStore> store_;
  std::map<int64_t, std::vector<LandedFile>> batches_;
  std::map<std::string, LandedFile> files_;
};

// What to ingest next. Pure.
struct FileBatch {
  std::vector<LandedFile> files;
  int64_t backlog_files = 0;  // left for the next batch
  uint64_t backlog_bytes = 0;
  std::vector<std::string> unstable;  // changed too recently, wait for the next update
  // Recorded files whose bytes changed afterwards: reported, not read again (unless
  // allowOverwrites).
  std::vector<std::string> changed;
};

// A file modified less than this before `now_micros` may still be growing and waits, unless two
// listings this far apart agree on size and time.
inline constexpr int64_t kStabilityMicros = 2'000'000;

FileBatch PlanFileBatch(const Listing& listing, const FileLedger& ledger,
                        const FileSourceOptions& options, int64_t now_micros);

}  // namespace medallion::ingest
