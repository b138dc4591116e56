#pragma once

#include "base/result.h"
#include "delta/actions.h"

namespace medallion::delta {

// Whether other engines can work with a table of these columns. kInvalidArgument for names that
// Spark refuses without column mapping (space , ; { } ( ) newline tab =, nested names included),
// names equal but for letter case, partition columns that are unknown, repeated, nested, binary or
// all there is; kUnsupported for types that Delta cannot store.
Status CheckColumns(const Metadata& metadata);

}  // namespace medallion::delta
