#include "machine_checks.h"

#include <filesystem>
#include <thread>

#include <unistd.h>

#include "base/text.h"
#include "storage/local_store.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

namespace fs = std::filesystem;

// A first update of a year of daily files needs about a tenth of this; below it a spilling query or
// a second copy of a table may fail half way.
constexpr uint64_t kFreeBytesAdvised = uint64_t{2} << 30;
constexpr uint64_t kFreeBytesNeeded = uint64_t{200} << 20;
constexpr uint64_t kMemoryBytesAdvised = uint64_t{1} << 30;

// `folder` itself or the nearest existing folder above it.
fs::path NearestExisting(const std::string& folder) {
  std::error_code error;
  fs::path path = fs::absolute(folder, error);
  while (!fs::is_directory(path, error) && path.has_relative_path()) {
    path = path.parent_path();
  }
  return path;
}

// A folder of our own that is removed with everything in it.
class ScratchFolder {
 public:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

CheckResult CheckPutIfAbsent(ObjectStore& store, Random& random) {
  CheckResult check{.name = "put-if-absent", .detail = store.uri()};
  const auto fail = [&check](std::string detail) {
    check.state = CheckState::kFailed;
    check.detail = std::move(detail);
    check.advice =
        "Delta commits need a file system with hard links, e.g. ext4 or xfs; choose another "
        "--storage";
    return check;
  };
  const std::string path = "doctor-" + random.Uuid();
  const auto first = store.Put(path, "first", PutMode::kCreate);
  if (!first) {
    return fail(first.error().message());
  }
  const auto second = store.Put(path, "second", PutMode::kCreate);
  const auto body = store.Get(path);
  if (const Status removed = store.Delete(path); !removed) {
    return fail(removed.error().message());
  }
  if (!second) {
    return fail(second.error().message());
  }
  if (*first != PutOutcome::kWritten || *second != PutOutcome::kAlreadyExists || !body ||
      *body != "first") {
    return fail("a second writer replaced the first one's object");
  }
  check.detail = "of two writers exactly one wins";
  return check;
}

std::vector<CheckResult> CheckStorageFolder(const std::string& folder, Random& random) {
  std::error_code error;
  const bool exists = fs::is_directory(folder, error);
  const fs::path place = NearestExisting(folder);
  CheckResult writable{.name = "storage"};
  const ScratchFolder scratch(place / (".medallion-doctor-" + random.Uuid()));
  auto store = LocalStore::Open(scratch.path().string());
  if (!store) {
    writable.state = CheckState::kFailed;
    writable.detail = fmt::format("{} cannot be written", place.string());
    writable.advice = "give the user write permission there or choose another --storage";
    return {writable};
  }
  writable.detail = exists ? fmt::format("{} is writable", folder)
                           : fmt::format("{} will be made by the first run", folder);
  return {writable, CheckPutIfAbsent(**store, random)};
}

CheckResult CheckSpace(uint64_t free_bytes, const std::string& folder) {
  CheckResult check{.name = "disk space",
                    .detail = fmt::format("{} free at {}", FormatBytes(free_bytes), folder)};
  if (free_bytes < kFreeBytesAdvised) {
    check.state = free_bytes < kFreeBytesNeeded ? CheckState::kFailed : CheckState::kWarning;
    check.advice = fmt::format("make room: {} or more is advised", FormatBytes(kFreeBytesAdvised));
  }
  return check;
}

CheckResult CheckDiskSpace(const std::string& folder) {
  const fs::path place = NearestExisting(folder);
  std::error_code error;
  const fs::space_info space = fs::space(place, error);
  if (error) {
    return {"disk space", CheckState::kWarning,
            fmt::format("unknown at {}: {}", place.string(), error.message()), ""};
  }
  return CheckSpace(space.available, place.string());
}

CheckResult CheckProcessor() {
  const unsigned cores = std::thread::hardware_concurrency();
  return {"processor", CheckState::kOk, Counted(cores, "core", "cores"), ""};
}

CheckResult CheckMemory() {
  const uint64_t bytes = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                         static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE));
  CheckResult check{.name = "memory", .detail = FormatBytes(bytes)};
  if (bytes < kMemoryBytesAdvised) {
    check.state = CheckState::kWarning;
    check.advice = fmt::format("{} or more is advised; limit the engine with --memory-mb",
                               FormatBytes(kMemoryBytesAdvised));
  }
  return check;
}

}  // namespace medallion::cli
