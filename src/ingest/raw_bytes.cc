#include "raw_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace medallion::ingest {
namespace {

Error OpenError(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return Error(ErrorCode::kNotFound, fmt::format("file is gone: {}", path));
  }
  if (error == EACCES || error == EPERM) {
    return Error(ErrorCode::kEnvironment,
                 fmt::format("file is not readable, permission denied: {}", path));
  }
  return Error(ErrorCode::kIo, fmt::format("file cannot be opened: {} (errno {})", path, error));
}

// The tag by which listings tell whether a file's bytes changed: inode, size and modification time.
Result<std::string> VersionTag(int file_descriptor, const std::string& path) {
  struct stat status = {};
  if (fstat(file_descriptor, &status) != 0) {
    return Error(ErrorCode::kIo,
                 fmt::format("file cannot be examined: {} (errno {})", path, errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return Error(ErrorCode::kPreconditionFailed, fmt::format("not a regular file: {}", path));
  }
  const int64_t seconds = status.st_mtim.tv_sec;
  return fmt::format("{}-{}-{}.{:09}", status.st_ino, status.st_size, seconds,
                     status.st_mtim.tv_nsec);
}

}  // namespace

class RawBytes::StreamOver final : public ByteStream {
 public:
  explicit StreamOver(RawBytes& bytes) : bytes_(bytes) {}

  Result<size_t> Read(char* target, size_t size) override {
    ASSIGN_OR_RETURN(const size_t got, bytes_.ReadAt(offset_, target, size));
    offset_ += got;
    return got;
  }

 private:
  RawBytes& bytes_;
  uint64_t offset_ = 0;
};

Result<std::unique_ptr<RawBytes>> RawBytes::Open(const LandedFile& file, FileContents* contents,
                                                 Hold hold) {
  std::unique_ptr<RawBytes> raw(new RawBytes(file, contents));
  // O_NONBLOCK keeps a FIFO that took the file's place from hanging the run.
  raw->file_descriptor_ = open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  if (raw->file_descriptor_ < 0) {
    return OpenError(file.path, errno);
  }
  RETURN_IF_ERROR(raw->CheckUnchanged());
  raw->held_max_ = kHeadBytes;
  if (contents != nullptr) {
    raw->held_ = contents->Take(file);
    if (hold == Hold::kWhole && contents->HasRoomFor(file.size_bytes)) {
      raw->held_max_ = static_cast<size_t>(file.size_bytes);
      raw->held_.reserve(raw->held_max_);
    }
  }
  return raw;
}

RawBytes::~RawBytes() {
  if (file_descriptor_ >= 0) {
    close(file_descriptor_);
  }
}

std::unique_ptr<ByteStream> RawBytes::Stream() { return std::make_unique<StreamOver>(*this); }

Status RawBytes::CheckUnchanged() const {
  if (file_descriptor_ < 0) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string tag, VersionTag(file_descriptor_, file_.path));
  if (tag != file_.version_tag) {
    return Error(ErrorCode::kPreconditionFailed,
                 fmt::format("file changed since it was listed: {} ({} then, {} now)", file_.path,
                             file_.version_tag, tag))
        .Retryable();
  }
  return OkStatus();
}

void RawBytes::Release() && {
  if (contents_ != nullptr && CheckUnchanged()) {
    contents_->Put(file_, std::move(held_));
  }
}

Result<size_t> RawBytes::ReadAt(uint64_t offset, char* target, size_t size) {
  if (offset < held_.size()) {
    const size_t count = std::min<size_t>(size, held_.size() - offset);
    std::memcpy(target, held_.data() + offset, count);
    return count;
  }
  if (file_descriptor_ < 0) {
    return size_t{0};
  }
  ASSIGN_OR_RETURN(const size_t got, Fetch(offset, target, size));
  if (offset == held_.size() && held_.size() < held_max_) {
    held_.append(target, std::min(got, held_max_ - held_.size()));
  }
  return got;
}

// With pread, since several streams share the descriptor.
Result<size_t> RawBytes::Fetch(uint64_t offset, char* target, size_t size) {
  while (true) {
    const ssize_t got = pread(file_descriptor_, target, size, static_cast<off_t>(offset));
    if (got >= 0) {
      if (contents_ != nullptr) {
        contents_->CountFetched(static_cast<uint64_t>(got));
      }
      return static_cast<size_t>(got);
    }
    if (errno != EINTR) {
      return Error(ErrorCode::kIo, fmt::format("read failed at byte {}: errno {}", offset, errno));
    }
  }
}

}  // namespace medallion::ingest
