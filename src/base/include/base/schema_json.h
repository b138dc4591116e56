#pragma once

#include <string>
#include <string_view>

#include "base/schema.h"

namespace medallion {

// Delta protocol, "Schema Serialization Format". The JSON that Delta's `schemaString` holds and
// Spark's `StructType.json` prints; keys in the order of the specification.
std::string SchemaToJson(const Schema& schema);
Result<Schema> SchemaFromJson(std::string_view json);

}  // namespace medallion
