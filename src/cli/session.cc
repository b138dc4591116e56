#include "session.h"

#include <filesystem>

#include "storage/memory_store.h"
#include "storage/open_store.h"

namespace medallion::cli {
namespace {

constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kFormatPath = "system/format.json";

// The folder behind a path or `file://` URI; other schemes were refused by OpenStore.
std::string LocalFolder(const std::string& storage) {
  return storage.starts_with(kFileScheme) ? storage.substr(kFileScheme.size()) : storage;
}

Result<std::shared_ptr<ObjectStore>> OpenRoot(const std::string& storage, StorageUse use) {
  const bool other_scheme =
      storage.find("://") != std::string::npos && !storage.starts_with(kFileScheme);
  std::error_code error;
  if (use == StorageUse::kUpdate || other_scheme ||
      std::filesystem::is_directory(LocalFolder(storage), error)) {
    return OpenStore(storage);
  }
  if (use == StorageUse::kPlan) {
    return std::shared_ptr<ObjectStore>(std::make_shared<MemoryStore>());
  }
  return Error(
      ErrorCode::kNotFound,
      fmt::format("there are no tables yet: no folder {}; `medallion run` makes it", storage));
}

}  // namespace

DuckDbOptions EngineOptions(const EngineLimits& limits, const pipeline::Settings* settings) {
  DuckDbOptions options;
  int64_t threads = limits.threads;
  int64_t megabytes = limits.memory_megabytes;
  if (settings != nullptr) {
    threads = threads > 0 ? threads : settings->threads.value_or(0);
    megabytes = megabytes > 0 ? megabytes : settings->memory_mb.value_or(0);
  }
  options.threads = static_cast<int>(threads);
  if (megabytes > 0) {
    options.memory_limit_bytes = static_cast<uint64_t>(megabytes) << 20U;
  }
  return options;
}

Result<Session> OpenSession(const std::string& storage, StorageUse use,
                            const DuckDbOptions& options, Clock& clock, Random& random) {
  Result<std::shared_ptr<ObjectStore>> opened = OpenRoot(storage, use);
  if (!opened && use == StorageUse::kUpdate && opened.error().code() != ErrorCode::kUnsupported) {
    return Error(ErrorCode::kEnvironment,
                 fmt::format("storage {} cannot be made: {}; choose another with --storage",
                             storage, opened.error().message()));
  }
  ASSIGN_OR_RETURN(std::shared_ptr<ObjectStore> root, std::move(opened));
  Session session;
  ASSIGN_OR_RETURN(session.engine, DuckDbEngine::Open(options));
  // The first check writes the layout's version, which only an update may do.
  ASSIGN_OR_RETURN(const auto format, root->Head(kFormatPath));
  session.catalog = std::make_unique<Catalog>(
      std::move(root),
      delta::TableEnvironment{
          .checkpoints = session.engine.get(), .clock = &clock, .random = &random});
  if (use == StorageUse::kUpdate || format) {
    RETURN_IF_ERROR(session.catalog->CheckFormat());
  }
  session.state_folder = (std::filesystem::path(LocalFolder(storage)) / "system").string();
  return session;
}

}  // namespace medallion::cli
