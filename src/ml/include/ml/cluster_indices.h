#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "ml/points.h"

namespace medallion::ml {

struct ClusterIndices {
  // The mean over clusters of the worst ratio of summed spreads to the distance of centroids
  // (Davies and Bouldin, "A cluster separation measure", 1979): lower is better.
  double davies_bouldin = 0;
  // The ratio of the dispersion between to that within clusters, each by its degrees of freedom
  // (Caliński and Harabasz, "A dendrite method for cluster analysis", 1974): higher is better.
  double calinski_harabasz = 0;
};

// Both indices with scikit-learn's conventions: Davies–Bouldin is 0 where all spreads or all
// distances of centroids are below 1e-8, Caliński–Harabasz is 1 where nothing is dispersed within.
// Nothing if the labels are fewer than two or as many as the points. Labels are ≥ 0.
//
// kInvalidArgument: other labels than points, a negative label, no points. kData: a coordinate that
// CheckCoordinates refuses.
Result<std::optional<ClusterIndices>> MeasureClusters(PointsView points,
                                                      std::span<const int32_t> labels);

}  // namespace medallion::ml
