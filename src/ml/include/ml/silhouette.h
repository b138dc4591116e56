#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/result.h"
#include "ml/points.h"

namespace medallion::ml {

struct SilhouetteOptions {
  // Above this many points a sample of this many is scored: the cost grows with its square.
  size_t rows_max = 20'000;
  uint64_t seed = 0;
  int threads = 1;
  const CancellationToken* cancellation = nullptr;  // must outlive the call; may be null
};

struct SilhouetteScore {
  // The mean over the scored points; nothing if they have fewer than two labels or each has its
  // own.
  std::optional<double> mean;
  size_t rows_scored = 0;
  bool sampled = false;
};

// The mean silhouette coefficient (Rousseeuw, "Silhouettes", 1987) of each labeling of the same
// points: (b − a) / max(a, b), where a is a point's mean distance to the others of its label and b
// the least mean distance to another label's points; 0 for a point alone with its label.
//
// Every distance is computed once for all labelings: points are ordered by their tuple of labels,
// and distances are added up per tuple, so that a further labeling costs a few additions per tuple
// in place of another pass. A sample is drawn without replacement from `seed`, the same for all
// labelings. The number of threads does not show in the results. Labels are ≥ 0 and less than 2^31.
//
// kInvalidArgument: a labeling's length is not the number of points, a label is negative, or there
// are no points. kData: a coordinate that CheckCoordinates refuses. kCancelled.
Result<std::vector<SilhouetteScore>> Silhouettes(
    PointsView points, std::span<const std::span<const int32_t>> labelings,
    const SilhouetteOptions& options);

Result<SilhouetteScore> Silhouette(PointsView points, std::span<const int32_t> labels,
                                   const SilhouetteOptions& options);

}  // namespace medallion::ml
