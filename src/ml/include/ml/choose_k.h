#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "ml/kmeans.h"
#include "ml/silhouette.h"

namespace medallion::ml {

struct ChooseKOptions {
  size_t k_min = 2;
  size_t k_max = 12;
  KMeansOptions kmeans;  // `k` is not read
  // `seed`, `threads` and `cancellation` are taken from `kmeans`.
  size_t silhouette_rows_max = 20'000;
};

// One line of the search.
struct KScore {
  size_t k = 0;
  double inertia = 0;
  std::optional<double> silhouette;  // nothing where it is not defined (k = 1, say)
  // How far (k′, inertia′) lies below the straight line from the first k to the last.
  double chord_distance = 0;
  // 0.6 · silhouette / best silhouette + 0.4 · chord_distance / longest.
  double combined = 0;

  friend bool operator==(const KScore& a, const KScore& b) = default;
};

struct KSearch {
  std::vector<KScore> table;  // ascending k
  size_t best_k = 0;          // highest combined score; the smallest such k
  // Where the inertia bends most: for information, it does not decide. Nothing below three lines.
  std::optional<size_t> curvature_elbow;
  size_t silhouette_rows = 0;
  bool silhouette_sampled = false;
  std::vector<KMeansFit> fits;  // of each line

  const KMeansFit& BestFit() const;
};

// Fits every k from k_min to k_max and scores it. Each fit is the one that FitKMeans gives for that
// k; all silhouettes come from one pass over the distances. A k above the number of distinct points
// has no fit of its own: the table ends before it (with at least one line, whose k is then the
// number of clusters found).
//
// kInvalidArgument: k_min of 0 or above k_max or above the number of points; else as FitKMeans.
Result<KSearch> ChooseK(PointsView points, const ChooseKOptions& options);

// Fills chord_distance and combined from k, inertia and silhouette, and returns the best k. With
// k′ = (k − first) / (last − first) and i′ = (inertia − last inertia) / (first − last inertia) the
// chord distance is |k′ + i′ − 1| / √2; it is 0 for all where there is one line or all inertias are
// equal. A term whose greatest value is not above 0 counts 0 for all. `table` must not be empty.
size_t ScoreTable(std::span<KScore> table);

// The k of the largest second difference of the inertias, the smallest such k: the middle one of
// the three inertias of that difference. Nothing below three inertias.
std::optional<size_t> CurvatureElbow(std::span<const KScore> table);

}  // namespace medallion::ml
