#pragma once

#include <memory>

#include "storage/object_store.h"

namespace medallion {

// A view of the part of `store` under `prefix` (`tables/c/s/t`), as a store of its own.
std::shared_ptr<ObjectStore> MakePrefixStore(std::shared_ptr<ObjectStore> store,
                                             std::string prefix);

}  // namespace medallion
