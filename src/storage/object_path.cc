#include "object_path.h"

#include "base/text.h"

namespace medallion {
namespace {

Error Refused(std::string_view path, std::string_view reason) {
  return Error(ErrorCode::kInvalidArgument,
               fmt::format("object path refused, {}: '{}'", reason, path));
}

}  // namespace

bool IsTemporaryName(std::string_view name) {
  return name.starts_with('.') && name.ends_with(".tmp");
}

Status CheckObjectPath(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) {
    return Refused(path.substr(0, path.find('\0')), "it contains a NUL byte");
  }
  if (path.starts_with('/')) {
    return Refused(path, "it is absolute");
  }
  for (const std::string& part : Split(path, '/')) {
    if (part.empty()) {
      return Refused(path, "a part of it is empty");
    }
    if (part == "." || part == "..") {
      return Refused(path, "it contains '.' or '..'");
    }
    if (IsTemporaryName(part)) {
      return Refused(path, "names like '.….tmp' are kept for unfinished files");
    }
  }
  return OkStatus();
}

Status CheckFolderPrefix(std::string_view prefix) {
  if (prefix.empty()) {
    return OkStatus();
  }
  if (!prefix.ends_with('/')) {
    return Refused(prefix, "a folder ends with '/'");
  }
  return CheckObjectPath(prefix.substr(0, prefix.size() - 1));
}

}  // namespace medallion
