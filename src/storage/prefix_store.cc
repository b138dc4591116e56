#include "storage/prefix_store.h"

#include "base/check.h"
#include "object_path.h"

namespace medallion {
namespace {

// A path of the outer store, as the inner one's users know it.
ObjectMeta Inside(ObjectMeta meta, size_t prefix_bytes) {
  meta.path.erase(0, prefix_bytes);
  return meta;
}

class PrefixStagedFile final : public StagedFile {
 public:
  PrefixStagedFile(std::unique_ptr<StagedFile> file, size_t prefix_bytes)
      : file_(std::move(file)), prefix_bytes_(prefix_bytes) {}

  const std::string& local_path() const override { return file_->local_path(); }

  Result<ObjectMeta> Publish() override {
    ASSIGN_OR_RETURN(ObjectMeta meta, file_->Publish());
    return Inside(std::move(meta), prefix_bytes_);
  }

 private:
  std::unique_ptr<StagedFile> file_;
  size_t prefix_bytes_;
};

class PrefixStore final : public ObjectStore {
 public:
  // `prefix` is empty or ends with `/`.
  PrefixStore(std::shared_ptr<ObjectStore> store, std::string prefix)
      : store_(std::move(store)), prefix_(std::move(prefix)) {}

  std::string uri() const override {
    return prefix_.empty()
               ? store_->uri()
               : fmt::format("{}/{}", store_->uri(), prefix_.substr(0, prefix_.size() - 1));
  }

  Result<std::string> Get(std::string_view path) override {
    ASSIGN_OR_RETURN(const std::string full, Full(path));
    return store_->Get(full);
  }

  Result<std::optional<ObjectMeta>> Head(std::string_view path) override {
    ASSIGN_OR_RETURN(const std::string full, Full(path));
    ASSIGN_OR_RETURN(std::optional<ObjectMeta> meta, store_->Head(full));
    if (!meta) {
      return meta;
    }
    return std::optional(Inside(*std::move(meta), prefix_.size()));
  }

  Result<PutOutcome> Put(std::string_view path, std::string_view body, PutMode mode) override {
    ASSIGN_OR_RETURN(const std::string full, Full(path));
    return store_->Put(full, body, mode);
  }

  Status List(std::string_view prefix, std::string_view start_after,
              const std::function<bool(const ObjectMeta&)>& sink) override {
    RETURN_IF_ERROR(CheckFolderPrefix(prefix));
    const std::string start = start_after.empty() ? "" : prefix_ + std::string(start_after);
    return store_->List(prefix_ + std::string(prefix), start,
                        [&](const ObjectMeta& meta) { return sink(Inside(meta, prefix_.size())); });
  }

  Status Delete(std::string_view path) override {
    ASSIGN_OR_RETURN(const std::string full, Full(path));
    return store_->Delete(full);
  }

  Result<std::unique_ptr<StagedFile>> Stage(std::string_view path) override {
    ASSIGN_OR_RETURN(const std::string full, Full(path));
    ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> file, store_->Stage(full));
    return std::unique_ptr<StagedFile>(
        std::make_unique<PrefixStagedFile>(std::move(file), prefix_.size()));
  }

  Result<std::string> LocalPath(std::string_view path) override {
    ASSIGN_OR_RETURN(const std::string full, Full(path));
    return store_->LocalPath(full);
  }

 private:
  Result<std::string> Full(std::string_view path) const {
    RETURN_IF_ERROR(CheckObjectPath(path));
    return prefix_ + std::string(path);
  }

  std::shared_ptr<ObjectStore> store_;
  std::string prefix_;
};

}  // namespace

std::shared_ptr<ObjectStore> MakePrefixStore(std::shared_ptr<ObjectStore> store,
                                             std::string prefix) {
  if (!prefix.empty() && !prefix.ends_with('/')) {
    prefix += '/';
  }
  CHECK(CheckFolderPrefix(prefix).has_value());
  return std::make_shared<PrefixStore>(std::move(store), std::move(prefix));
}

}  // namespace medallion
