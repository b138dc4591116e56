#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/object_store.h"

namespace medallion {

// What becomes of one call.
enum class Fault {
  kNone,
  kFail,         // no effect, kIo
  kLoseAnswer,   // full effect, but the caller gets kCommitUnknown
  kLoseRequest,  // no effect, and the caller gets kCommitUnknown
  kCrashBefore,  // no effect; this and every later call fail, as if the process had died
  kCrashAfter,   // full effect; then as kCrashBefore
};

enum class StoreOperation { kGet, kHead, kPut, kList, kDelete, kStage, kPublish, kLocalPath };

struct StoreCall {
  size_t index = 0;  // counted from zero over the life of the store
  StoreOperation operation = StoreOperation::kGet;
  std::string path;  // of a listing: the prefix
};

// A store whose calls fail as a test's script says. The script is asked before every call, in
// order, and may itself work on the inner store (to let a rival win just then). Thread-safe, the
// script is called by one thread at a time.
class FaultyStore final : public ObjectStore {
 public:
  using Script = std::function<Fault(const StoreCall&)>;

  explicit FaultyStore(std::shared_ptr<ObjectStore> inner, Script script = nullptr);

  // The n-th call from the beginning meets `fault`, every other works.
  static Script FailNth(size_t n, Fault fault);

  // The calls made so far, failed ones included.
  std::vector<StoreCall> calls() const;

  std::string uri() const override { return inner_->uri(); }
  Result<std::string> Get(std::string_view path) override;
  Result<std::optional<ObjectMeta>> Head(std::string_view path) override;
  Result<PutOutcome> Put(std::string_view path, std::string_view body, PutMode mode) override;
  Status List(std::string_view prefix, std::string_view start_after,
              const std::function<bool(const ObjectMeta&)>& sink) override;
  Status Delete(std::string_view path) override;
  Result<std::unique_ptr<StagedFile>> Stage(std::string_view path) override;
  Result<std::string> LocalPath(std::string_view path) override;

 private:
  friend class FaultyStagedFile;

  Fault Meet(StoreOperation operation, std::string_view path);
  template <class T, class Call>
  Result<T> Through(StoreOperation operation, std::string_view path, Call call);

  std::shared_ptr<ObjectStore> inner_;
  Script script_;
  mutable std::mutex mutex_;
  std::vector<StoreCall> calls_;  // guarded by mutex_
  bool crashed_ = false;          // guarded by mutex_
};

}  // namespace medallion
