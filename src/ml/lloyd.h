#pragma once

#include "base/cancellation.h"
#include "base/random.h"
#include "base/result.h"
#include "chunks.h"
#include "ml/points.h"
#include "workers.h"

namespace medallion::ml {

// The greedy k-means++ choice of up to k of the points; fewer if the points have fewer distinct
// places. Needs 8 bytes per point while it works.
Result<Points> ChooseInitialCentroids(PointsView points, size_t k, Random& random, Workers& workers,
                                      const CancellationToken* cancellation);

// What one pass over the points learns.
struct LloydPass {
  // Per centroid the sum of its points' coordinates and then their number: k × (columns + 1).
  std::vector<double> sums;
  double inertia = 0;
  size_t labels_changed = 0;
};

// Moves each label to the nearest centroid and adds up. `labels` has a place per point; any
// content.
LloydPass AssignAndSum(PointsView points, PointsView centroids, std::span<int32_t> labels,
                       Workers& workers);

// Gives each centroid without points the point that is farthest from its own centroid (ties: the
// lower row), as long as there is one off its centroid; adjusts `pass.sums`.
void RelocateEmptyCentroids(PointsView points, PointsView centroids,
                            std::span<const int32_t> labels, Workers& workers, LloydPass& pass);

struct LloydFit {
  Points centroids;
  double inertia = 0;  // of the points and these centroids
  int iterations = 0;
  bool converged = false;
  std::vector<double> inertia_by_iteration;
};

struct LloydLimits {
  int max_iterations;
  double squared_shift_max;  // in the points' units, squared
};

// Lloyd's iterations from `centroids` on. Needs 4 bytes per point while it works. Drops centroids
// that end without points.
Result<LloydFit> RunLloyd(PointsView points, Points centroids, const LloydLimits& limits,
                          Workers& workers, const CancellationToken* cancellation);

}  // namespace medallion::ml
