#include "storage/open_store.h"

#include "storage/local_store.h"

namespace medallion {
namespace {

// The scheme of `scheme://…`, empty for a plain path.
std::string_view SchemeOf(std::string_view uri) {
  const size_t end = uri.find("://");
  return end == std::string_view::npos ? std::string_view() : uri.substr(0, end);
}

}  // namespace

Result<std::shared_ptr<ObjectStore>> OpenStore(std::string_view uri) {
  const std::string_view scheme = SchemeOf(uri);
  std::string_view path = uri;
  if (scheme == "file") {
    path.remove_prefix(std::string_view("file://").size());
    if (!path.starts_with('/')) {
      return Error(
          ErrorCode::kInvalidArgument,
          fmt::format("a file URI names no host and an absolute path, as in file:///data: '{}'",
                      uri));
    }
  } else if (!scheme.empty()) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("storage '{}://' is not supported, use a folder: '{}'", scheme, uri));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<LocalStore> store, LocalStore::Open(std::string(path)));
  return std::shared_ptr<ObjectStore>(std::move(store));
}

}  // namespace medallion
