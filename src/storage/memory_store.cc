#include "storage/memory_store.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "object_path.h"
#include "posix_file.h"

namespace medallion {

class MemoryStagedFile final : public StagedFile {
 public:
  MemoryStagedFile(MemoryStore& store, std::string object_path, std::string local_path)
      : store_(store), object_path_(std::move(object_path)), local_path_(std::move(local_path)) {}
  ~MemoryStagedFile() override { ::unlink(local_path_.c_str()); }

  const std::string& local_path() const override { return local_path_; }

  Result<ObjectMeta> Publish() override {
    ASSIGN_OR_RETURN(const posix::File file, posix::File::Open(local_path_, O_RDONLY));
    ASSIGN_OR_RETURN(std::string body, file.ReadAll());
    return store_.Create(object_path_, std::move(body), PutMode::kCreate);
  }

 private:
  MemoryStore& store_;
  std::string object_path_;
  std::string local_path_;
};

MemoryStore::MemoryStore(Clock& clock) : clock_(clock) {}

MemoryStore::~MemoryStore() {
  if (!scratch_folder_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(scratch_folder_, ignored);
  }
}

Result<std::string> MemoryStore::Get(std::string_view path) {
  RETURN_IF_ERROR(CheckObjectPath(path));
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(path);
  if (found == objects_.end()) {
    return Error(ErrorCode::kNotFound, fmt::format("no such object: {}", path));
  }
  return found->second.body;
}

Result<std::optional<ObjectMeta>> MemoryStore::Head(std::string_view path) {
  RETURN_IF_ERROR(CheckObjectPath(path));
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(path);
  return found == objects_.end() ? std::optional<ObjectMeta>() : found->second.meta;
}

Result<ObjectMeta> MemoryStore::Create(std::string_view path, std::string body, PutMode mode) {
  RETURN_IF_ERROR(CheckObjectPath(path));
  const std::lock_guard lock(mutex_);
  if (mode == PutMode::kCreate && objects_.contains(path)) {
    return Error(ErrorCode::kAlreadyExists, fmt::format("file already exists: {}", path));
  }
  ObjectMeta meta = {.path = std::string(path),
                     .size_bytes = body.size(),
                     .modified_micros = clock_.NowMicros(),
                     .version_tag = fmt::format("{}", next_number_++)};
  objects_[std::string(path)] = {std::move(body), meta};
  return meta;
}

Result<PutOutcome> MemoryStore::Put(std::string_view path, std::string_view body, PutMode mode) {
  const Result<ObjectMeta> created = Create(path, std::string(body), mode);
  if (created) {
    return PutOutcome::kWritten;
  }
  if (created.error().code() == ErrorCode::kAlreadyExists) {
    return PutOutcome::kAlreadyExists;
  }
  return created.error();
}

Status MemoryStore::List(std::string_view prefix, std::string_view start_after,
                         const std::function<bool(const ObjectMeta&)>& sink) {
  RETURN_IF_ERROR(CheckFolderPrefix(prefix));
  std::vector<ObjectMeta> listed;
  {
    const std::lock_guard lock(mutex_);
    for (auto entry = objects_.lower_bound(prefix);
         entry != objects_.end() && entry->first.starts_with(prefix); ++entry) {
      if (entry->first > start_after) {
        listed.push_back(entry->second.meta);
      }
    }
  }
  for (const ObjectMeta& meta : listed) {
    if (!sink(meta)) {
      break;
    }
  }
  return OkStatus();
}

Status MemoryStore::Delete(std::string_view path) {
  RETURN_IF_ERROR(CheckObjectPath(path));
  const std::lock_guard lock(mutex_);
  if (const auto found = objects_.find(path); found != objects_.end()) {
    objects_.erase(found);
  }
  return OkStatus();
}

Result<std::unique_ptr<StagedFile>> MemoryStore::Stage(std::string_view path) {
  RETURN_IF_ERROR(CheckObjectPath(path));
  ASSIGN_OR_RETURN(std::string local_path, NewScratchPath());
  return std::unique_ptr<StagedFile>(
      std::make_unique<MemoryStagedFile>(*this, std::string(path), std::move(local_path)));
}

Result<std::string> MemoryStore::LocalPath(std::string_view path) {
  ASSIGN_OR_RETURN(const std::string body, Get(path));
  ASSIGN_OR_RETURN(std::string local_path, NewScratchPath());
  ASSIGN_OR_RETURN(posix::File file,
                   posix::File::Open(local_path, O_WRONLY | O_CREAT | O_EXCL, 0600));
  RETURN_IF_ERROR(file.WriteAll(body));
  RETURN_IF_ERROR(file.Close());
  return local_path;
}

void MemoryStore::SetModifiedMicros(std::string_view path, int64_t micros) {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(path);
  CHECK(found != objects_.end());
  found->second.meta.modified_micros = micros;
}

std::vector<std::string> MemoryStore::Paths() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> paths;
  for (const auto& [path, object] : objects_) {
    paths.push_back(path);
  }
  return paths;
}

Result<std::string> MemoryStore::NewScratchPath() {
  const std::lock_guard lock(mutex_);
  if (scratch_folder_.empty()) {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "medallion-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
      return posix::SystemError("make a temporary folder", name, error ? error.value() : errno);
    }
    scratch_folder_ = std::move(name);
  }
  return fmt::format("{}/{}", scratch_folder_, next_number_++);
}

}  // namespace medallion
