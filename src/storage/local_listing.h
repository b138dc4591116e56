#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/object_store.h"

namespace medallion {

// Lists the files below `root`/`prefix` as ObjectStore::List does. Holds the names of one folder
// per level in memory; names that cannot follow `start_after` are dropped before they are looked
// at. Symbolic links to files are shown, links to folders are not entered (they could form a
// circle).
Status ListLocalFolder(const std::string& root, std::string_view prefix,
                       std::string_view start_after,
                       const std::function<bool(const ObjectMeta&)>& sink);

}  // namespace medallion
