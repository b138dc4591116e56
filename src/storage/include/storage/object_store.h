#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace medallion {

// What a store knows about one object. `path` is relative to the store's root, with `/` between
// parts, no leading slash, no `.` or `..` part.
struct ObjectMeta {
  std::string path;
  uint64_t size_bytes = 0;
  int64_t modified_micros = 0;
  // Changes whenever the bytes may have: S3's ETag; inode, size and mtime on disk.
  std::string version_tag;
};

enum class PutMode {
  kOverwrite,
  kCreate,  // atomic put-if-absent: exactly one of any number of racing writers wins
};

// Losing the race is an expected outcome, not a failure. An answer that never came is an Error with
// code kCommitUnknown: the caller reads the object back. kNotDurable: it is written and visible,
// but its folder could not be synced.
enum class PutOutcome { kWritten, kAlreadyExists };

// A file that an engine writes in the store's own way and that becomes an object on Publish. Its
// local name is never a name that readers see. Destroyed unpublished, it is removed.
class StagedFile {
 public:
  virtual ~StagedFile() = default;
  // An absolute path on this machine where the file is to be written; its folder exists.
  virtual const std::string& local_path() const = 0;
  // Makes it durable (file and folder synced) under its object path. The name must be new.
  virtual Result<ObjectMeta> Publish() = 0;
};

// A flat namespace of immutable-once-written objects: local disk, S3, memory. Visibility is
// whole-or-nothing and listings show every finished write. Thread-safe.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // `file:///…` or `s3://bucket/prefix`, for messages.
  virtual std::string uri() const = 0;

  // kNotFound if absent.
  virtual Result<std::string> Get(std::string_view path) = 0;
  virtual Result<std::optional<ObjectMeta>> Head(std::string_view path) = 0;
  // Durable when it returns kWritten: bytes and directory entry are synced.
  virtual Result<PutOutcome> Put(std::string_view path, std::string_view body, PutMode mode) = 0;
  // Every object under `prefix` (a folder: `a/b/`, or empty) whose path sorts after `start_after`,
  // in byte order of path. The sink returns false to stop.
  virtual Status List(std::string_view prefix, std::string_view start_after,
                      const std::function<bool(const ObjectMeta&)>& sink) = 0;
  // Absent objects are no error.
  virtual Status Delete(std::string_view path) = 0;

  virtual Result<std::unique_ptr<StagedFile>> Stage(std::string_view path) = 0;
  // A path on this machine from which the object can be read as long as the store lives (the object
  // itself on disk, a cached copy for S3).
  virtual Result<std::string> LocalPath(std::string_view path) = 0;
};

}  // namespace medallion
