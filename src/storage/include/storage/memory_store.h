#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/object_store.h"

namespace medallion {

// Objects in memory, for tests. Staged files and local copies live in a folder under the system's
// temporary folder, made when first needed and removed with the store. Thread-safe.
class MemoryStore final : public ObjectStore {
 public:
  // `clock` gives the modification times and outlives the store.
  explicit MemoryStore(Clock& clock = SystemClock());
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  std::string uri() const override { return "memory://"; }
  Result<std::string> Get(std::string_view path) override;
  Result<std::optional<ObjectMeta>> Head(std::string_view path) override;
  Result<PutOutcome> Put(std::string_view path, std::string_view body, PutMode mode) override;
  Status List(std::string_view prefix, std::string_view start_after,
              const std::function<bool(const ObjectMeta&)>& sink) override;
  Status Delete(std::string_view path) override;
  Result<std::unique_ptr<StagedFile>> Stage(std::string_view path) override;
  Result<std::string> LocalPath(std::string_view path) override;

  // As if the object had been written then. It must exist.
  void SetModifiedMicros(std::string_view path, int64_t micros);
  std::vector<std::string> Paths() const;

 private:
  friend class MemoryStagedFile;
  struct Object {
    std::string body;
    ObjectMeta meta;
  };

  Result<ObjectMeta> Create(std::string_view path, std::string body, PutMode mode);
  Result<std::string> NewScratchPath();

  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Object, std::less<>> objects_;  // guarded by mutex_
  std::string scratch_folder_;                          // guarded by mutex_; empty until needed
  uint64_t next_number_ = 0;                            // guarded by mutex_
};

}  // namespace medallion
