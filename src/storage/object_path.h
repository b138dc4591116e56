#pragma once

#include <string_view>

#include "base/result.h"

namespace medallion {

// Whether `name`, one part of a path, is that of a file still being written: `.….tmp`. Such names
// are private to the store that makes them.
bool IsTemporaryName(std::string_view name);

// kInvalidArgument unless `path` names an object below the store's root: relative, `/` between
// parts, no empty, `.` or `..` part, no NUL, no temporary name. So no path can leave the root.
Status CheckObjectPath(std::string_view path);

// The same for a folder of a listing: empty, or an object path followed by `/`.
Status CheckFolderPrefix(std::string_view prefix);

}  // namespace medallion
