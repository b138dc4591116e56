#include "batch_writer.h"

namespace medallion::duckdb {

Result<WriteOutcome> WriteBatch(const std::shared_ptr<Database>&, const WriteRequest&) {
  return Error(ErrorCode::kUnsupported, "writing is not there yet");
}

}  // namespace medallion::duckdb
