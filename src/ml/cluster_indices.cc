#include "ml/cluster_indices.h"

#include <cmath>

namespace medallion::ml {
namespace {

// Below it a distance counts as none: numpy.allclose's absolute tolerance.
constexpr double kNegligible = 1e-8;

struct Clusters {
  std::vector<size_t> of_point;  // renumbered from 0 on without gaps
  std::vector<double> sizes;
  Points means;
};

Clusters Group(PointsView points, std::span<const int32_t> labels) {
  std::map<int32_t, size_t> numbers;
  for (const int32_t label : labels) {
    numbers.emplace(label, 0);
  }
  size_t next = 0;
  for (auto& [label, number] : numbers) {
    number = next++;
  }
  Clusters clusters{{}, std::vector<double>(next), Points(next, points.columns())};
  for (size_t i = 0; i < points.rows(); ++i) {
    const size_t cluster = numbers.at(labels[i]);
    clusters.of_point.push_back(cluster);
    clusters.sizes[cluster] += 1;
    for (size_t j = 0; j < points.columns(); ++j) {
      clusters.means.row(cluster)[j] += points.row(i)[j];
    }
  }
  for (size_t c = 0; c < next; ++c) {
    for (double& coordinate : clusters.means.row(c)) {
      coordinate /= clusters.sizes[c];
    }
  }
  return clusters;
}

double DaviesBouldin(PointsView points, const Clusters& clusters) {
  const size_t k = clusters.sizes.size();
  std::vector<double> spread(k);
  for (size_t i = 0; i < points.rows(); ++i) {
    const size_t c = clusters.of_point[i];
    spread[c] += std::sqrt(SquaredDistance(points.row(i), clusters.means.row(c)));
  }
  bool spread_out = false;
  for (size_t c = 0; c < k; ++c) {
    spread[c] /= clusters.sizes[c];
    spread_out |= spread[c] > kNegligible;
  }
  bool apart = false;
  double sum = 0;
  for (size_t a = 0; a < k; ++a) {
    double worst = 0;
    for (size_t b = 0; b < k; ++b) {
      const double distance =
          std::sqrt(SquaredDistance(clusters.means.row(a), clusters.means.row(b)));
      apart |= distance > kNegligible;
      if (distance > 0) {
        worst = std::max(worst, (spread[a] + spread[b]) / distance);
      }
    }
    sum += worst;
  }
  return spread_out && apart ? sum / static_cast<double>(k) : 0;
}

double CalinskiHarabasz(PointsView points, const Clusters& clusters) {
  const auto rows = static_cast<double>(points.rows());
  const auto k = static_cast<double>(clusters.sizes.size());
  std::vector<double> mean(points.columns());
  for (size_t c = 0; c < clusters.sizes.size(); ++c) {
    for (size_t j = 0; j < mean.size(); ++j) {
      mean[j] += clusters.means.row(c)[j] * (clusters.sizes[c] / rows);
    }
  }
  double within = 0;
  for (size_t i = 0; i < points.rows(); ++i) {
    within += SquaredDistance(points.row(i), clusters.means.row(clusters.of_point[i]));
  }
  double between = 0;
  for (size_t c = 0; c < clusters.sizes.size(); ++c) {
    between += clusters.sizes[c] * SquaredDistance(clusters.means.row(c), mean);
  }
  return within == 0 ? 1 : between * (rows - k) / (within * (k - 1));
}

}  // namespace

Result<std::optional<ClusterIndices>> MeasureClusters(PointsView points,
                                                      std::span<const int32_t> labels) {
  if (points.rows() == 0 || labels.size() != points.rows()) {
    return Error(
        ErrorCode::kInvalidArgument,
        fmt::format("cluster indices: {} labels for {} points", labels.size(), points.rows()));
  }
  if (*std::min_element(labels.begin(), labels.end()) < 0) {
    return Error(ErrorCode::kInvalidArgument, "cluster indices: a label is negative");
  }
  RETURN_IF_ERROR(CheckCoordinates(points));
  const Clusters clusters = Group(points, labels);
  const size_t k = clusters.sizes.size();
  if (k < 2 || k >= points.rows()) {
    return std::optional<ClusterIndices>();
  }
  return std::optional(
      ClusterIndices{DaviesBouldin(points, clusters), CalinskiHarabasz(points, clusters)});
}

}  // namespace medallion::ml
