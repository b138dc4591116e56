#include "local_listing.h"

#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "object_path.h"
#include "posix_file.h"

namespace medallion {
namespace {

enum class Walk { kContinue, kStop };

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

class Walker {
 public:
  Walker(const std::string& root, std::string_view start_after,
         const std::function<bool(const ObjectMeta&)>& sink)
      : root_(root), start_after_(start_after), sink_(sink) {}

  // `folder` is empty or ends with `/`. A folder that vanished meanwhile is empty.
  Result<Walk> Visit(const std::string& folder) {
    std::vector<std::string> entries;
    RETURN_IF_ERROR(ReadEntries(folder, entries));
    // Folders carry their `/`, so this is the byte order of the full paths: `a.b` < `a/x` < `a0`.
    std::sort(entries.begin(), entries.end());
    for (const std::string& entry : entries) {
      ASSIGN_OR_RETURN(const Walk walk,
                       entry.ends_with('/') ? Visit(folder + entry) : Show(folder + entry));
      if (walk == Walk::kStop) {
        return Walk::kStop;
      }
    }
    return Walk::kContinue;
  }

 private:
  Status ReadEntries(const std::string& folder, std::vector<std::string>& entries) const {
    const std::string path = folder.empty() ? root_ : root_ + "/" + folder;
    const std::unique_ptr<DIR, CloseFolder> stream(::opendir(path.c_str()));
    if (stream == nullptr) {
      const bool vanished = errno == ENOENT && !folder.empty();
      return vanished ? OkStatus() : Status(posix::SystemError("list", path, errno));
    }
    while (true) {
      errno = 0;
      const dirent* entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe): own stream
      if (entry == nullptr) {
        return errno == 0 ? OkStatus() : Status(posix::SystemError("list", path, errno));
      }
      RETURN_IF_ERROR(Collect(folder, *entry, entries));
    }
  }

  Status Collect(const std::string& folder, const dirent& entry,
                 std::vector<std::string>& entries) const {
    std::string name = static_cast<const char*>(entry.d_name);
    if (name == "." || name == ".." || IsTemporaryName(name)) {
      return OkStatus();
    }
    ASSIGN_OR_RETURN(const bool is_folder, IsFolder(folder + name, entry.d_type));
    if (is_folder) {
      name += '/';
    }
    if (MayFollowStart(folder + name)) {
      entries.push_back(std::move(name));
    }
    return OkStatus();
  }

  // Some file systems do not tell the type in the listing.
  Result<bool> IsFolder(const std::string& path, unsigned char type) const {
    if (type != DT_UNKNOWN) {
      return type == DT_DIR;
    }
    struct stat info = {};
    const std::string full = root_ + "/" + path;
    if (::lstat(full.c_str(), &info) != 0) {
      return errno == ENOENT ? Result<bool>(false) : posix::SystemError("inspect", full, errno);
    }
    return S_ISDIR(info.st_mode);
  }

  // A folder is worth a visit unless all its paths sort before the start.
  bool MayFollowStart(std::string_view path) const {
    return path > start_after_ || (path.ends_with('/') && start_after_.starts_with(path));
  }

  Result<Walk> Show(const std::string& path) const {
    struct stat info = {};
    const std::string full = root_ + "/" + path;
    if (::stat(full.c_str(), &info) != 0) {
      // Deleted since the folder was read, or a dangling link.
      return errno == ENOENT ? Result<Walk>(Walk::kContinue)
                             : posix::SystemError("inspect", full, errno);
    }
    if (!S_ISREG(info.st_mode)) {
      return Walk::kContinue;
    }
    return sink_(posix::MetaOf(path, info)) ? Walk::kContinue : Walk::kStop;
  }

  const std::string& root_;
  std::string_view start_after_;
  const std::function<bool(const ObjectMeta&)>& sink_;
};

}  // namespace

Status ListLocalFolder(const std::string& root, std::string_view prefix,
                       std::string_view start_after,
                       const std::function<bool(const ObjectMeta&)>& sink) {
  RETURN_IF_ERROR(Walker(root, start_after, sink).Visit(std::string(prefix)));
  return OkStatus();
}

}  // namespace medallion
