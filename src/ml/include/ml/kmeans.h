#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "base/result.h"
#include "ml/points.h"

namespace medallion::ml {

// Names and meanings are scikit-learn's.
struct KMeansOptions {
  size_t k = 8;
  // Fits from different initial centroids, of which the one of lowest inertia is kept; `n_init`.
  int restarts = 10;
  int max_iterations = 300;
  // A fit ends when the squared moves of all centroids together are at most this times the mean
  // variance of the columns, or when no label changes.
  double tolerance = 1e-4;
  uint64_t seed = 0;
  int threads = 1;
  // Polled between passes over the points; must outlive the call. May be null.
  const CancellationToken* cancellation = nullptr;
};

struct KMeansFit {
  // k × columns. Fewer rows than asked for only where the points have fewer distinct places: then
  // one per place. No centroid is without points.
  Points centroids;
  // The row of the nearest centroid for each point; ties go to the lower row.
  std::vector<int32_t> labels;
  // Points of each centroid.
  std::vector<size_t> sizes;
  // Sum of the squared distances of the points to their centroids.
  double inertia = 0;
  // Of the kept restart, before exchanges: its number, its passes, whether it ended before
  // max_iterations, and the inertia before each move of the centroids.
  int restart = 0;
  int iterations = 0;
  bool converged = false;
  std::vector<double> inertia_by_iteration;
};

// Groups points by k-means: greedy k-means++ (Arthur and Vassilvitskii, "k-means++: the advantages
// of careful seeding", 2007, with 2 + ⌊ln k⌋ candidates per centroid) and Lloyd's iterations; a
// centroid that loses all points moves to the point farthest from its own. The best restart of up
// to 50,000 points is carried on by exchanges of single points (Hartigan) as long as they lower its
// inertia.
//
// The same points, options and seed give the same bits on every machine and for any number of
// threads; the restarts' seeds are DeriveSeed(seed, restart), and of equal inertia the lower
// restart wins. Costs about n·k·columns per iteration, and beside the points at most 8 bytes per
// point for large n (the restarts of small sets run side by side, each with that much).
//
// kInvalidArgument: no points, k of 0 or above the number of points, restarts, max_iterations or
// tolerance out of range. kData: a coordinate that CheckCoordinates refuses. kCancelled.
Result<KMeansFit> FitKMeans(PointsView points, const KMeansOptions& options);

// FitKMeans for several values of k over the same points, `options.k` aside; results in the order
// of `ks`, each the same as if fitted alone.
Result<std::vector<KMeansFit>> FitKMeansForEach(PointsView points, std::span<const size_t> ks,
                                                const KMeansOptions& options);

// The seed of one of several independent streams of one seed: splitmix64 (Steele, Lea and Flood,
// "Fast splittable pseudorandom number generators", 2014).
uint64_t DeriveSeed(uint64_t seed, uint64_t stream);

struct Assignment {
  std::vector<int32_t> labels;
  double inertia = 0;
};

// The nearest of `centroids` for each point, ties to the lower row, and the sum of the squared
// distances. Both must have the same number of columns and `centroids` at least one row.
Assignment AssignNearest(PointsView points, PointsView centroids, int threads);

}  // namespace medallion::ml
