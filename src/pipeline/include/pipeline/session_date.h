#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace medallion::pipeline {

// The date of an instant in a zone, as days since 1970-01-01: what current_date() is. Zones as
// Spark takes them: names of the IANA database, `UTC`, `Z`, and offsets such as `+02:00`. An
// unknown one is kSpecification with the condition INVALID_TIMEZONE.
Result<int32_t> DateInZone(int64_t micros, const std::string& zone);

}  // namespace medallion::pipeline
