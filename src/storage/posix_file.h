#pragma once

#include <string>
#include <string_view>

#include <sys/stat.h>

#include "base/result.h"
#include "storage/object_store.h"

// The system calls that make files durable, each finished in full: EINTR is repeated, short reads
// and writes are completed, errors of fsync and close are failures. Paths are absolute.
namespace medallion::posix {

// An Error for a failed call, saying what was done to which file and, where there is a remedy, what
// to do. kNotFound for ENOENT and ENOTDIR; retryable when the machine is only short of something.
Error SystemError(std::string_view action, std::string_view path, int error_number);

// Owns a descriptor. The destructor closes without looking at the answer: for reading, and for
// files that are thrown away. A written file is closed by Close().
class File {
 public:
  static Result<File> Open(const std::string& path, int flags, mode_t mode = 0);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  Result<std::string> ReadAll() const;
  Status WriteAll(std::string_view bytes) const;
  // A failure means that the bytes may be lost for ever: the file is to be thrown away, and fsync
  // is not to be repeated (the kernel may have dropped the dirty pages and answer success next
  // time).
  Status Sync() const;
  Result<struct stat> Stat() const;
  Status Close();

 private:
  File(int descriptor, std::string path);

  int descriptor_ = -1;
  std::string path_;
};

// Makes the entries of a folder durable.
Status SyncFolder(const std::string& path);

// Makes the folder and its missing parents, each synced in its own parent.
Status MakeFolders(const std::string& path);

// Gives the synced file `temporary` its final name, which must be new, and removes the temporary
// name. Exactly one of several racing callers gets kWritten. Not durable before the folder is
// synced.
Result<PutOutcome> LinkNew(const std::string& temporary, const std::string& final_path);

// The folder part of an absolute path.
std::string ParentFolder(const std::string& path);

ObjectMeta MetaOf(std::string path, const struct stat& info);

}  // namespace medallion::posix
