#pragma once

#include "base/result.h"
#include "base/schema.h"

namespace medallion::delta {

// Whether files written under `before` can be read under `after`: every column is still there with
// its exact name and type, none became NOT NULL, new ones are nullable. Order is free; struct
// members obey the same rules. kInvalidArgument naming the column otherwise.
Status CheckSchemaChange(const Schema& before, const Schema& after);

}  // namespace medallion::delta
