#include "posix_file.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace medallion::posix {
namespace {

constexpr size_t kReadChunkBytes = size_t{1} << 16;

std::string_view Advice(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT: return "; free some space and run again";
    case EACCES:
    case EPERM: return "; check owner and permissions";
    case EROFS: return "; the file system is mounted read-only";
    case EMFILE:
    case ENFILE: return "; too many open files, raise the limit (ulimit -n)";
    case ENAMETOOLONG: return "; shorten the name";
    case ELOOP: return "; too many symbolic links";
    default: return "";
  }
}

bool IsShortage(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOMEM ||
         error_number == EAGAIN;
}

// Repeats `call` while a signal interrupts it.
template <class Call>
auto Uninterrupted(Call call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR) {
    answer = call();
  }
  return answer;
}

// For file systems without hard links. RENAME_NOREPLACE refuses an existing target as link does.
Result<PutOutcome> RenameNew(const std::string& temporary, const std::string& final_path,
                             int link_error) {
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, final_path.c_str(), RENAME_NOREPLACE) ==
      0) {
    return PutOutcome::kWritten;
  }
  if (errno == EEXIST) {
    return PutOutcome::kAlreadyExists;
  }
  return Error(
      ErrorCode::kUnsupported,
      fmt::format("the file system creates no file atomically, neither by link ({}) nor by "
                  "renameat2 ({}): {}",
                  std::generic_category().message(link_error),
                  std::generic_category().message(errno), final_path));
}

// NFS may repeat a link call whose answer was lost and then answer EEXIST to the winner.
bool LinkCountIsTwo(const std::string& temporary) {
  struct stat info = {};
  return ::stat(temporary.c_str(), &info) == 0 && info.st_nlink == 2;
}

}  // namespace

Error SystemError(std::string_view action, std::string_view path, int error_number) {
  const bool absent = error_number == ENOENT || error_number == ENOTDIR;
  Error error(
      absent ? ErrorCode::kNotFound : ErrorCode::kIo,
      fmt::format("cannot {}: {}{}: {}", action, std::generic_category().message(error_number),
                  Advice(error_number), path));
  return IsShortage(error_number) ? std::move(error).Retryable() : error;
}

File::File(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

Result<File> File::Open(const std::string& path, int flags, mode_t mode) {
  const int descriptor =
      Uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (descriptor < 0) {
    return SystemError("open", path, errno);
  }
  return File(descriptor, path);
}

Result<std::string> File::ReadAll() const {
  std::string bytes;
  size_t filled = 0;
  ASSIGN_OR_RETURN(const struct stat info, Stat());
  bytes.resize(static_cast<size_t>(info.st_size) + 1);  // one more, so that the end is seen at once
  while (true) {
    const ssize_t count = Uninterrupted(
        [&] { return ::read(descriptor_, bytes.data() + filled, bytes.size() - filled); });
    if (count < 0) {
      return SystemError("read", path_, errno);
    }
    if (count == 0) {
      bytes.resize(filled);
      return bytes;
    }
    filled += static_cast<size_t>(count);
    if (filled == bytes.size()) {
      bytes.resize(bytes.size() + kReadChunkBytes);
    }
  }
}

Status File::WriteAll(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        Uninterrupted([&] { return ::write(descriptor_, bytes.data(), bytes.size()); });
    if (count < 0) {
      return SystemError(fmt::format("write {} bytes", bytes.size()), path_, errno);
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return OkStatus();
}

Status File::Sync() const {
  if (Uninterrupted([&] { return ::fsync(descriptor_); }) != 0) {
    return SystemError("sync", path_, errno);
  }
  return OkStatus();
}

Result<struct stat> File::Stat() const {
  struct stat info = {};
  if (::fstat(descriptor_, &info) != 0) {
    return SystemError("inspect", path_, errno);
  }
  return info;
}

Status File::Close() {
  // Linux frees the descriptor whatever close answers, so it is never repeated. EINTR after a
  // successful fsync loses nothing.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) {
    return SystemError("close", path_, errno);
  }
  return OkStatus();
}

Status SyncFolder(const std::string& path) {
  ASSIGN_OR_RETURN(const File folder, File::Open(path, O_RDONLY | O_DIRECTORY));
  return folder.Sync();
}

Status MakeFolders(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) == 0) {
    return S_ISDIR(info.st_mode) ? OkStatus()
                                 : Status(SystemError("use as a folder", path, ENOTDIR));
  }
  if (errno != ENOENT) {
    return SystemError("inspect", path, errno);
  }
  const std::string parent = ParentFolder(path);
  RETURN_IF_ERROR(MakeFolders(parent));
  // Somebody else may make it at the same time; the parent is synced either way, because they may
  // not have come so far yet.
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    return SystemError("make the folder", path, errno);
  }
  return SyncFolder(parent);
}

Result<PutOutcome> LinkNew(const std::string& temporary, const std::string& final_path) {
  if (::link(temporary.c_str(), final_path.c_str()) != 0) {
    const int error_number = errno;
    switch (error_number) {
      case EEXIST:
        if (LinkCountIsTwo(temporary)) {
          break;
        }
        return PutOutcome::kAlreadyExists;
      case EPERM:
      case ENOTSUP:
      case ENOSYS:
      case EMLINK: return RenameNew(temporary, final_path, error_number);
      default: return SystemError("link", final_path, error_number);
    }
  }
  // A temporary name that stays behind is hidden from listings and harms nobody.
  ::unlink(temporary.c_str());
  return PutOutcome::kWritten;
}

std::string ParentFolder(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

ObjectMeta MetaOf(std::string path, const struct stat& info) {
  const int64_t nanos = info.st_mtim.tv_nsec;
  return {.path = std::move(path),
          .size_bytes = static_cast<uint64_t>(info.st_size),
          .modified_micros = int64_t{info.st_mtim.tv_sec} * 1'000'000 + nanos / 1000,
          .version_tag = fmt::format("{:x}-{:x}-{:x}.{:x}", info.st_ino, info.st_size,
                                     info.st_mtim.tv_sec, nanos)};
}

}  // namespace medallion::posix
