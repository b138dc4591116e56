#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace medallion::pipeline {

// At most one update of a pipeline in a storage at a time on this machine. It spares people a
// conflict; correctness rests on the commits alone. The kernel drops it when the process ends,
// however it ends.
class UpdateLock {
 public:
  // Locks `<folder>/<pipeline>.lock`; the folder is made if it is missing. kPreconditionFailed if
  // another process holds it: the message says which process, update and since when.
  static Result<std::unique_ptr<UpdateLock>> Acquire(const std::string& folder,
                                                     std::string_view pipeline,
                                                     std::string_view update_id, Clock& clock);
  ~UpdateLock();
  UpdateLock(const UpdateLock&) = delete;
  UpdateLock& operator=(const UpdateLock&) = delete;

 private:
  explicit UpdateLock(int fd) : fd_(fd) {}

  int fd_;
};

// The process that runs an update of a pipeline.
struct UpdateHolder {
  int64_t process = 0;
  std::string host;
  std::string update_id;
};

// As the lock file in `folder` says; nothing if nobody holds it. A process that was killed may
// still stand there: IsBeingWritten of its journal (pipeline/journal_files.h) tells.
std::optional<UpdateHolder> FindUpdateHolder(const std::string& folder, std::string_view pipeline);

}  // namespace medallion::pipeline
