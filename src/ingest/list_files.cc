#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <set>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "ingest/file_source.h"
#include "path_glob.h"
#include "rescued_data.h"

namespace medallion::ingest {
namespace {

constexpr int kDepthMax = 100;
constexpr size_t kSkippedShownMax = 1000;

// Why a name is passed over: empty if it is not. Spark's hidden-file rule and unfinished uploads.
std::string_view PassedOver(std::string_view name) {
  if (name.starts_with('.') || name.starts_with('_')) {
    return "hidden name";
  }
  for (const std::string_view suffix : {".tmp", ".part", ".crc"}) {
    if (name.ends_with(suffix)) {
      return "unfinished upload or checksum file";
    }
  }
  return {};
}

std::string JoinPath(const std::string& folder, std::string_view name) {
  return folder.ends_with('/') ? folder + std::string(name) : folder + "/" + std::string(name);
}

// Collects the files of one listing.
class FileLister {
 public:
  explicit FileLister(const FileSourceOptions& options) : options_(options) {}

  // Everything under `folder`.
  Status ListTree(const std::string& folder) {
    std::vector<std::pair<std::string, int>> folders = {{folder, 0}};
    while (!folders.empty()) {
      const auto [next, depth] = std::move(folders.back());
      folders.pop_back();
      RETURN_IF_ERROR(ForEachEntry(
          next, depth == 0,
          [&](const std::string& name, const std::string& path, const struct stat& status) {
            if (!S_ISDIR(status.st_mode)) {
              AddFile(name, path, status);
            } else if (depth + 1 >= kDepthMax) {
              Skip(path, fmt::format("more than {} folders deep", kDepthMax));
            } else {
              folders.emplace_back(path, depth + 1);
            }
          }));
    }
    return OkStatus();
  }

  // What the pattern's segments from `index` on match under `folder`. A pattern that ends with `/`
  // takes whole folders.
  Status ListGlob(const std::string& folder, const std::vector<std::string>& segments,
                  size_t index) {
    if (index == segments.size() || segments[index].empty()) {
      return ListTree(folder);
    }
    std::vector<std::string> folders;
    RETURN_IF_ERROR(ForEachEntry(
        folder, false,
        [&](const std::string& name, const std::string& path, const struct stat& status) {
          if (!MatchesGlob(segments[index], name)) {
            return;
          }
          const bool last = index + 1 == segments.size();
          if (!S_ISDIR(status.st_mode)) {
            if (last) {
              AddFile(name, path, status);
            }
          } else if (last) {
            Skip(path,
                 "folder matched by the pattern: end the pattern with `/` to read what is in it");
          } else {
            folders.push_back(path);
          }
        }));
    for (const std::string& next : folders) {
      RETURN_IF_ERROR(ListGlob(next, segments, index + 1));
    }
    return OkStatus();
  }

  void AddFile(const std::string& name, const std::string& path, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) {
      Skip(path, S_ISFIFO(status.st_mode)   ? "a FIFO"
                 : S_ISSOCK(status.st_mode) ? "a socket"
                                            : "a device");
      return;
    }
    if (options_.path_glob_filter && !MatchesFilter(name)) {
      return;
    }
    if (!seen_.insert(path).second) {
      return;
    }
    const int64_t seconds = status.st_mtim.tv_sec;
    listing_.files.push_back({path, static_cast<uint64_t>(status.st_size),
                              seconds * 1'000'000 + status.st_mtim.tv_nsec / 1000,
                              fmt::format("{}-{}-{}.{:09}", status.st_ino, status.st_size, seconds,
                                          status.st_mtim.tv_nsec)});
  }

  Status UseFilter() {
    if (options_.path_glob_filter) {
      ASSIGN_OR_RETURN(filters_, ExpandBraces(*options_.path_glob_filter));
    }
    return OkStatus();
  }

  Listing Finish() && {
    std::sort(listing_.files.begin(), listing_.files.end(),
              [](const LandedFile& a, const LandedFile& b) {
                return std::tie(a.modified_micros, a.path) < std::tie(b.modified_micros, b.path);
              });
    if (skipped_count_ > kSkippedShownMax) {
      listing_.skipped.push_back(fmt::format("and {} more", skipped_count_ - kSkippedShownMax));
    }
    return std::move(listing_);
  }

 private:
  // Calls `use(name, path, status)` for each entry that is neither passed over nor a link.
  template <class Use>
  Status ForEachEntry(const std::string& folder, bool must_open, Use use) {
    DIR* const directory = opendir(folder.c_str());
    if (directory == nullptr) {
      const int error = errno;
      if (must_open) {
        return Error(ErrorCode::kIo,
                     fmt::format("folder cannot be listed: {} (errno {})", folder, error));
      }
      Skip(folder, error == EACCES ? "permission denied"
                                   : fmt::format("cannot be listed (errno {})", error));
      return OkStatus();
    }
    while (const dirent* entry = readdir(directory)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") {
        continue;
      }
      const std::string path = JoinPath(folder, name);
      if (const std::string_view reason = PassedOver(name); !reason.empty()) {
        Skip(path, reason);
        continue;
      }
      struct stat status = {};
      if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        Skip(path, "disappeared while it was listed");
      } else if (S_ISLNK(status.st_mode)) {
        Skip(path, "a symbolic link: links are not followed");
      } else {
        use(name, path, status);
      }
    }
    closedir(directory);
    return OkStatus();
  }

  bool MatchesFilter(const std::string& name) const {
    return std::any_of(filters_.begin(), filters_.end(),
                       [&](const std::string& filter) { return MatchesGlob(filter, name); });
  }

  void Skip(const std::string& path, std::string_view reason) {
    if (++skipped_count_ <= kSkippedShownMax) {
      // Names may hold anything; shown as a URI shows them.
      listing_.skipped.push_back(fmt::format("{}: {}", PercentEncode(path), reason));
    }
  }

  const FileSourceOptions& options_;
  std::vector<std::string> filters_;
  std::set<std::string> seen_;  // alternatives of one glob may overlap
  Listing listing_;
  size_t skipped_count_ = 0;
};

// The path without symbolic links; links above the source are the machine's business.
Result<std::string> RealPath(const std::string& path) {
  char* const resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return Error(ErrorCode::kNotFound, "source path does not exist: " + path)
          .WithCondition("PATH_NOT_FOUND");
    }
    return Error(ErrorCode::kIo,
                 fmt::format("source path cannot be opened: {} (errno {})", path, errno));
  }
  std::string real = resolved;
  free(resolved);
  return real;
}

// Lists what one brace-free glob matches.
Status ListPattern(const std::string& pattern, FileLister& lister) {
  std::vector<std::string> segments = Split(pattern, '/');
  size_t fixed = 0;
  while (fixed < segments.size() && !HasGlob(segments[fixed])) {
    ++fixed;
  }
  std::string base = Join(std::span<const std::string>(segments).first(fixed), "/");
  if (base.empty()) {
    base = pattern.starts_with('/') ? "/" : ".";
  }
  if (fixed == segments.size()) {  // an alternative without wildcards
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string folder, RealPath(base));
  segments.erase(segments.begin(), segments.begin() + static_cast<ptrdiff_t>(fixed));
  return lister.ListGlob(folder, segments, 0);
}

Status ListPlain(const std::string& path, FileLister& lister) {
  ASSIGN_OR_RETURN(const std::string real, RealPath(path));
  struct stat status = {};
  if (stat(real.c_str(), &status) != 0) {
    return Error(ErrorCode::kNotFound, "source path does not exist: " + path);
  }
  if (S_ISDIR(status.st_mode)) {
    return lister.ListTree(real);
  }
  lister.AddFile(real.substr(real.rfind('/') + 1), real, status);
  return OkStatus();
}

}  // namespace

Result<Listing> ListFiles(const std::string& path, const FileSourceOptions& options) {
  std::string local = path;
  if (local.starts_with("file://")) {
    local = PercentDecode(std::string_view(local).substr(7));
  } else if (local.find("://") != std::string::npos) {
    return Error(ErrorCode::kUnsupported,
                 "source is not on the local disk: " + path + " (s3:// and others come later)");
  }
  FileLister lister(options);
  RETURN_IF_ERROR(lister.UseFilter());
  if (!HasGlob(local)) {
    RETURN_IF_ERROR(ListPlain(local, lister));
    return std::move(lister).Finish();
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> patterns, ExpandBraces(local));
  for (const std::string& pattern : patterns) {
    if (HasGlob(pattern)) {
      RETURN_IF_ERROR(ListPattern(pattern, lister));
    } else if (Status listed = ListPlain(pattern, lister);
               !listed && listed.error().code() != ErrorCode::kNotFound) {
      return std::move(listed).error();  // an alternative may be missing, a path may not
    }
  }
  return std::move(lister).Finish();
}

}  // namespace medallion::ingest
