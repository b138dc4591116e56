#include "storage/faulty_store.h"

namespace medallion {
namespace {

Error Injected(ErrorCode code, std::string_view path) {
  return Error(code, fmt::format("injected fault: {}", path));
}

}  // namespace

template <class T, class Call>
Result<T> FaultyStore::Through(StoreOperation operation, std::string_view path, Call call) {
  switch (Meet(operation, path)) {
    case Fault::kNone: return call();
    case Fault::kFail:
    case Fault::kCrashBefore: return Injected(ErrorCode::kIo, path);
    case Fault::kLoseRequest: return Injected(ErrorCode::kCommitUnknown, path);
    case Fault::kLoseAnswer:
    case Fault::kCrashAfter:
      static_cast<void>(call());
      return Injected(ErrorCode::kCommitUnknown, path);
  }
  return Injected(ErrorCode::kInternal, path);
}

class FaultyStagedFile final : public StagedFile {
 public:
  FaultyStagedFile(FaultyStore& store, std::unique_ptr<StagedFile> inner, std::string path)
      : store_(store), inner_(std::move(inner)), path_(std::move(path)) {}

  const std::string& local_path() const override { return inner_->local_path(); }

  Result<ObjectMeta> Publish() override {
    return store_.Through<ObjectMeta>(StoreOperation::kPublish, path_,
                                      [&] { return inner_->Publish(); });
  }

 private:
  FaultyStore& store_;
  std::unique_ptr<StagedFile> inner_;
  std::string path_;
};

FaultyStore::FaultyStore(std::shared_ptr<ObjectStore> inner, Script script)
    : inner_(std::move(inner)), script_(std::move(script)) {}

FaultyStore::Script FaultyStore::FailNth(size_t n, Fault fault) {
  return [n, fault](const StoreCall& call) { return call.index == n ? fault : Fault::kNone; };
}

std::vector<StoreCall> FaultyStore::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

Fault FaultyStore::Meet(StoreOperation operation, std::string_view path) {
  const std::lock_guard lock(mutex_);
  calls_.push_back({calls_.size(), operation, std::string(path)});
  if (crashed_) {
    return Fault::kCrashBefore;
  }
  const Fault fault = script_ ? script_(calls_.back()) : Fault::kNone;
  crashed_ = fault == Fault::kCrashBefore || fault == Fault::kCrashAfter;
  return fault;
}

Result<std::string> FaultyStore::Get(std::string_view path) {
  return Through<std::string>(StoreOperation::kGet, path, [&] { return inner_->Get(path); });
}

Result<std::optional<ObjectMeta>> FaultyStore::Head(std::string_view path) {
  return Through<std::optional<ObjectMeta>>(StoreOperation::kHead, path,
                                            [&] { return inner_->Head(path); });
}

Result<PutOutcome> FaultyStore::Put(std::string_view path, std::string_view body, PutMode mode) {
  return Through<PutOutcome>(StoreOperation::kPut, path,
                             [&] { return inner_->Put(path, body, mode); });
}

Status FaultyStore::List(std::string_view prefix, std::string_view start_after,
                         const std::function<bool(const ObjectMeta&)>& sink) {
  return Through<void>(StoreOperation::kList, prefix,
                       [&] { return inner_->List(prefix, start_after, sink); });
}

Status FaultyStore::Delete(std::string_view path) {
  return Through<void>(StoreOperation::kDelete, path, [&] { return inner_->Delete(path); });
}

Result<std::unique_ptr<StagedFile>> FaultyStore::Stage(std::string_view path) {
  return Through<std::unique_ptr<StagedFile>>(
      StoreOperation::kStage, path, [&]() -> Result<std::unique_ptr<StagedFile>> {
        ASSIGN_OR_RETURN(std::unique_ptr<StagedFile> file, inner_->Stage(path));
        return std::unique_ptr<StagedFile>(
            std::make_unique<FaultyStagedFile>(*this, std::move(file), std::string(path)));
      });
}

Result<std::string> FaultyStore::LocalPath(std::string_view path) {
  return Through<std::string>(StoreOperation::kLocalPath, path,
                              [&] { return inner_->LocalPath(path); });
}

}  // namespace medallion
