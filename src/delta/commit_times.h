#pragma once

#include <cstdint>

#include "base/result.h"
#include "log_reader.h"
#include "log_segment.h"

namespace medallion::delta {

// The newest version at or before the instant, of a listing that starts at 0 and is not empty. A
// commit's time is its in-commit timestamp if the table keeps them, else that of its file, made to
// rise. kNotFound if every version that can still be reconstructed is younger.
Result<int64_t> VersionAt(const LogReader& reader, const LogListing& listing, int64_t timestamp_ms);

}  // namespace medallion::delta
