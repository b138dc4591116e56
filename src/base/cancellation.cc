#include "base/cancellation.h"

namespace medallion {

Status CancellationToken::Check() const {
  if (cancelled()) {
    return Error(ErrorCode::kCancelled, "the update was cancelled");
  }
  return OkStatus();
}

}  // namespace medallion
