#include "storage/local_store.h"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local_listing.h"
#include "object_path.h"
#include "posix_file.h"

namespace medallion {
namespace {

// A new, empty file under a temporary name beside its final place: same folder, so that link and
// rename stay within one file system. Removed on destruction; the name may be gone by then.
class TemporaryFile {
 public:
  static Result<TemporaryFile> Create(const std::string& final_path) {
    Result<TemporaryFile> created = TryCreate(final_path);
    if (!created && created.error().code() == ErrorCode::kNotFound) {
      RETURN_IF_ERROR(posix::MakeFolders(posix::ParentFolder(final_path)));
      return TryCreate(final_path);
    }
    return created;
  }

  TemporaryFile(TemporaryFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
  }

  const std::string& path() const { return path_; }
  posix::File& file() { return file_; }

 private:
  TemporaryFile(std::string path, posix::File file)
      : path_(std::move(path)), file_(std::move(file)) {}

  // Unique among processes by pid and among threads by the counter; O_EXCL settles the rest
  // (another machine on a shared disk, a file that a killed process of the same pid left behind).
  static Result<TemporaryFile> TryCreate(const std::string& final_path) {
    static std::atomic<uint64_t> counter = 0;
    const std::string folder = posix::ParentFolder(final_path);
    // Leaves room for the suffix in a name of at most 255 bytes.
    constexpr size_t kNameBytesMax = 180;
    const std::string name = final_path.substr(folder.size() + 1).substr(0, kNameBytesMax);
    constexpr int kAttemptsMax = 10'000;
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
      std::string path = fmt::format("{}/.{}.{}-{}.tmp", folder, name, ::getpid(), counter++);
      Result<posix::File> file = posix::File::Open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
      if (file) {
        return TemporaryFile(std::move(path), *std::move(file));
      }
      if (::access(path.c_str(), F_OK) != 0) {
        return std::move(file).error();
      }
    }
    return Error(ErrorCode::kIo, fmt::format("every temporary name is taken; remove the files "
                                             "'.….tmp' of {}",
                                             folder));
  }

  std::string path_;
  posix::File file_;
};

// Once a name is visible others may build on it, so it is not taken back when syncing its folder
// fails. Reading it back settles nothing: it is there, but perhaps only in memory.
Status SyncNewName(const std::string& final_path) {
  Status synced = posix::SyncFolder(posix::ParentFolder(final_path));
  if (!synced) {
    return Error(ErrorCode::kNotDurable,
                 fmt::format("written, but perhaps not durable: {}", synced.error().message()));
  }
  return OkStatus();
}

class LocalStagedFile final : public StagedFile {
 public:
  LocalStagedFile(TemporaryFile temporary, std::string object_path, std::string final_path)
      : temporary_(std::move(temporary)),
        object_path_(std::move(object_path)),
        final_path_(std::move(final_path)) {}

  const std::string& local_path() const override { return temporary_.path(); }

  Result<ObjectMeta> Publish() override {
    // The engine may have replaced the file, so it is opened anew. It does not sync what it writes.
    ASSIGN_OR_RETURN(posix::File file, posix::File::Open(temporary_.path(), O_RDWR));
    RETURN_IF_ERROR(file.Sync());
    ASSIGN_OR_RETURN(const struct stat info, file.Stat());
    RETURN_IF_ERROR(file.Close());
    ASSIGN_OR_RETURN(const PutOutcome outcome, posix::LinkNew(temporary_.path(), final_path_));
    if (outcome == PutOutcome::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists, fmt::format("file already exists: {}", final_path_));
    }
    RETURN_IF_ERROR(SyncNewName(final_path_));
    return posix::MetaOf(object_path_, info);
  }

 private:
  TemporaryFile temporary_;
  std::string object_path_;
  std::string final_path_;
};

}  // namespace

LocalStore::LocalStore(std::string root) : root_(std::move(root)) {}

Result<std::unique_ptr<LocalStore>> LocalStore::Open(const std::string& root) {
  if (root.empty() || root.find('\0') != std::string::npos) {
    return Error(ErrorCode::kInvalidArgument, "the folder's name is empty or contains a NUL byte");
  }
  std::error_code error;
  std::string absolute = std::filesystem::absolute(root, error).lexically_normal().string();
  if (error) {
    return posix::SystemError("find the folder", root, error.value());
  }
  while (absolute.size() > 1 && absolute.ends_with('/')) {
    absolute.pop_back();
  }
  RETURN_IF_ERROR(posix::MakeFolders(absolute));
  return std::unique_ptr<LocalStore>(new LocalStore(std::move(absolute)));
}

std::string LocalStore::uri() const { return "file://" + root_; }

Result<std::string> LocalStore::Get(std::string_view path) {
  ASSIGN_OR_RETURN(const std::string full, LocalPath(path));
  ASSIGN_OR_RETURN(const posix::File file, posix::File::Open(full, O_RDONLY));
  return file.ReadAll();
}

Result<std::optional<ObjectMeta>> LocalStore::Head(std::string_view path) {
  ASSIGN_OR_RETURN(const std::string full, LocalPath(path));
  struct stat info = {};
  if (::stat(full.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::optional<ObjectMeta>();
    }
    return posix::SystemError("inspect", full, errno);
  }
  if (!S_ISREG(info.st_mode)) {
    return std::optional<ObjectMeta>();
  }
  return std::optional(posix::MetaOf(std::string(path), info));
}

Result<PutOutcome> LocalStore::Put(std::string_view path, std::string_view body, PutMode mode) {
  ASSIGN_OR_RETURN(const std::string full, LocalPath(path));
  ASSIGN_OR_RETURN(TemporaryFile temporary, TemporaryFile::Create(full));
  RETURN_IF_ERROR(temporary.file().WriteAll(body));
  RETURN_IF_ERROR(temporary.file().Sync());
  RETURN_IF_ERROR(temporary.file().Close());
  if (mode == PutMode::kCreate) {
    ASSIGN_OR_RETURN(const PutOutcome outcome, posix::LinkNew(temporary.path(), full));
    if (outcome == PutOutcome::kAlreadyExists) {
      return outcome;
    }
  } else if (::rename(temporary.path().c_str(), full.c_str()) != 0) {
    return posix::SystemError("rename", full, errno);
  }
  RETURN_IF_ERROR(SyncNewName(full));
  return PutOutcome::kWritten;
}

Status LocalStore::List(std::string_view prefix, std::string_view start_after,
                        const std::function<bool(const ObjectMeta&)>& sink) {
  RETURN_IF_ERROR(CheckFolderPrefix(prefix));
  return ListLocalFolder(root_, prefix, start_after, sink);
}

Status LocalStore::Delete(std::string_view path) {
  ASSIGN_OR_RETURN(const std::string full, LocalPath(path));
  if (::unlink(full.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) {
    return posix::SystemError("delete", full, errno);
  }
  return OkStatus();
}

Result<std::unique_ptr<StagedFile>> LocalStore::Stage(std::string_view path) {
  ASSIGN_OR_RETURN(std::string full, LocalPath(path));
  ASSIGN_OR_RETURN(TemporaryFile temporary, TemporaryFile::Create(full));
  RETURN_IF_ERROR(temporary.file().Close());
  return std::unique_ptr<StagedFile>(
      std::make_unique<LocalStagedFile>(std::move(temporary), std::string(path), std::move(full)));
}

Result<std::string> LocalStore::LocalPath(std::string_view path) {
  RETURN_IF_ERROR(CheckObjectPath(path));
  return fmt::format("{}/{}", root_, path);
}

}  // namespace medallion
