#pragma once

#include <memory>
#include <string_view>

#include "storage/object_store.h"

namespace medallion {

// Opens a storage root by URI: a path, `file:///path` (taken literally, percent signs included).
// `s3://…` is refused by name until the S3 store lands.
Result<std::shared_ptr<ObjectStore>> OpenStore(std::string_view uri);

}  // namespace medallion
