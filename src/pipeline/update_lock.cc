#include "pipeline/update_lock.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <re2/re2.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/civil_time.h"
#include "base/text.h"

namespace medallion::pipeline {
namespace {

constexpr size_t kHolderBytesMax = 1024;

std::string ErrnoText(int error) {
  return std::error_code(error, std::generic_category()).message();
}

std::string LockFileName(std::string_view pipeline) {
  std::string name;
  for (const char c : pipeline) {
    const bool plain = IsLetter(c) || IsDigit(c) || c == '_' || c == '-';
    name += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return name + ".lock";
}

// Who took the lock says so right after; a rival that comes in between waits for it this long.
constexpr int kHolderAttemptsMax = 20;
constexpr std::chrono::milliseconds kHolderWait{10};

std::string ReadHolderText(int fd) {
  std::array<char, kHolderBytesMax> buffer{};
  const ssize_t count = pread(fd, buffer.data(), buffer.size(), 0);
  std::string holder(buffer.data(), count > 0 ? static_cast<size_t>(count) : 0);
  while (!holder.empty() && holder.back() == '\n') {
    holder.pop_back();
  }
  return holder;
}

std::string ReadHolder(int fd, Clock& clock) {
  std::string holder = ReadHolderText(fd);
  for (int attempt = 1; holder.empty() && attempt < kHolderAttemptsMax; ++attempt) {
    clock.Sleep(kHolderWait);
    holder = ReadHolderText(fd);
  }
  return holder.empty() ? "an unknown process" : holder;
}

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown host";
}

// The text is for people; a failure to write it does not matter.
void WriteHolder(int fd, std::string_view update_id, const Clock& clock) {
  const std::string holder =
      fmt::format("process {} on {}, update {}, since {}\n", getpid(), HostName(), update_id,
                  FormatIsoTimestampMillis(clock.NowMicros()));
  if (ftruncate(fd, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(fd, holder.data(), holder.size(), 0);
  }
}

}  // namespace

Result<std::unique_ptr<UpdateLock>> UpdateLock::Acquire(const std::string& folder,
                                                        std::string_view pipeline,
                                                        std::string_view update_id, Clock& clock) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = folder + "/" + LockFileName(pipeline);
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return Error(ErrorCode::kIo,
                 fmt::format("the update lock cannot be opened ({}): {}", ErrnoText(errno), path));
  }
  auto lock = std::unique_ptr<UpdateLock>(new UpdateLock(fd));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error(ErrorCode::kIo,
                   fmt::format("the update lock cannot be taken ({}): {}", ErrnoText(errno), path));
    }
    return Error(ErrorCode::kPreconditionFailed,
                 fmt::format("pipeline `{}` is already being updated by {}; wait until it ends or "
                             "stop it ({})",
                             pipeline, ReadHolder(fd, clock), path))
        .WithCondition("UPDATE_ALREADY_RUNNING");
  }
  WriteHolder(fd, update_id, clock);
  return lock;
}

std::optional<UpdateHolder> FindUpdateHolder(const std::string& folder, std::string_view pipeline) {
  static const RE2 kHolder("^process ([0-9]+) on (.*), update (.*), since .*$");
  const std::string path = folder + "/" + LockFileName(pipeline);
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return std::nullopt;
  }
  const std::string text = ReadHolderText(fd);
  close(fd);
  UpdateHolder holder;
  const bool known =
      RE2::FullMatch(text, kHolder, &holder.process, &holder.host, &holder.update_id);
  return known ? std::optional(holder) : std::nullopt;
}

// The next holder starts from an empty file, so that nobody reads this one's name for its own.
UpdateLock::~UpdateLock() {
  [[maybe_unused]] const int ignored = ftruncate(fd_, 0);
  close(fd_);
}

}  // namespace medallion::pipeline
