#pragma once

#include <memory>
#include <string>

#include "storage/object_store.h"

namespace medallion {

// A folder of the local disk. Creation is atomic by link(2) of a synced temporary file, never by
// rename; temporaries are dot files ending in `.tmp`, which List does not show.
class LocalStore final : public ObjectStore {
 public:
  // Makes the folder if it is missing. `root` may be relative; it is made absolute.
  static Result<std::unique_ptr<LocalStore>> Open(const std::string& root);

  // Absolute, without a trailing slash.
  const std::string& root() const { return root_; }

  std::string uri() const override;
  Result<std::string> Get(std::string_view path) override;
  Result<std::optional<ObjectMeta>> Head(std::string_view path) override;
  Result<PutOutcome> Put(std::string_view path, std::string_view body, PutMode mode) override;
  Status List(std::string_view prefix, std::string_view start_after,
              const std::function<bool(const ObjectMeta&)>& sink) override;
  Status Delete(std::string_view path) override;
  Result<std::unique_ptr<StagedFile>> Stage(std::string_view path) override;
  Result<std::string> LocalPath(std::string_view path) override;

 private:
  explicit LocalStore(std::string root);

  std::string root_;
};

}  // namespace medallion
