#include "lloyd.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/check.h"

namespace medallion::ml {
namespace {

LloydPass AssignChunk(PointsView points, PointsView centroids, size_t begin, size_t end,
                      int32_t* labels) {
  const size_t columns = points.columns();
  LloydPass pass;
  pass.sums.resize(centroids.rows() * (columns + 1));
  std::vector<double> coordinates(columns * kBlockRows);
  std::array<int32_t, kBlockRows> label;
  std::array<double, kBlockRows> distance;
  std::array<double, kBlockRows> inertia{};
  for (size_t row = begin; row < end; row += kBlockRows) {
    const size_t rows = std::min(kBlockRows, end - row);
    const double* block_points = points.row(row).data();
    const Block block = LoadBlock(block_points, rows, columns, coordinates.data());
    NearestInBlock(block, centroids.values().data(), centroids.rows(), label.data(),
                   distance.data());
    size_t changed = 0;
    for (size_t i = 0; i < rows; ++i) {
      changed += label[i] != labels[row + i] ? 1 : 0;
      labels[row + i] = label[i];
    }
    pass.labels_changed += changed;
    for (size_t i = 0; i < rows; ++i) {
      inertia[i] += distance[i];
    }
    AddToSumsInBlock(block, block_points, label.data(), pass.sums.data());
  }
  for (const double part : inertia) {
    pass.inertia += part;
  }
  return pass;
}

struct FarPoint {
  double squared_distance;
  size_t row;

  // Farther first, then the lower row.
  friend bool operator<(const FarPoint& a, const FarPoint& b) {
    return a.squared_distance != b.squared_distance ? a.squared_distance > b.squared_distance
                                                    : a.row < b.row;
  }
};

// The `count` points farthest from their centroids, farthest first.
std::vector<FarPoint> FarthestPoints(PointsView points, PointsView centroids,
                                     std::span<const int32_t> labels, size_t count,
                                     Workers& workers) {
  const Chunks chunks(points.rows());
  std::vector<std::vector<FarPoint>> parts(chunks.count());
  workers.Run(chunks.count(), [&](size_t chunk) {
    std::vector<FarPoint>& part = parts[chunk];
    for (size_t row = chunks.begin(chunk); row < chunks.end(chunk); ++row) {
      const auto label = static_cast<size_t>(labels[row]);
      part.push_back({SquaredDistance(points.row(row), centroids.row(label)), row});
    }
    const size_t kept = std::min(count, part.size());
    std::partial_sort(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(kept), part.end());
    part.resize(kept);
    part.shrink_to_fit();
  });
  std::vector<FarPoint> all;
  for (const std::vector<FarPoint>& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  std::sort(all.begin(), all.end());
  all.resize(std::min(count, all.size()));
  return all;
}

std::vector<size_t> EmptyCentroids(const LloydPass& pass, size_t k, size_t columns) {
  std::vector<size_t> empty;
  for (size_t c = 0; c < k; ++c) {
    if (pass.sums[c * (columns + 1) + columns] == 0) {
      empty.push_back(c);
    }
  }
  return empty;
}

// Moves the centroids to the means of their points and returns the sum of the squared moves. A
// centroid without points stays.
double MoveToMeans(const LloydPass& pass, Points& centroids) {
  const size_t columns = centroids.columns();
  double squared_shift = 0;
  for (size_t c = 0; c < centroids.rows(); ++c) {
    const double* sum = pass.sums.data() + c * (columns + 1);
    if (sum[columns] == 0) {
      continue;
    }
    std::span<double> centroid = centroids.row(c);
    for (size_t j = 0; j < columns; ++j) {
      const double mean = sum[j] / sum[columns];
      const double difference = mean - centroid[j];
      squared_shift += difference * difference;
      centroid[j] = mean;
    }
  }
  return squared_shift;
}

// Without the centroids that have no points; labels of others only move down, so the nearest stays
// the nearest.
Points WithoutEmpty(const Points& centroids, const LloydPass& pass) {
  Points kept(0, centroids.columns());
  for (size_t c = 0; c < centroids.rows(); ++c) {
    if (pass.sums[c * (centroids.columns() + 1) + centroids.columns()] != 0) {
      kept.Append(centroids.row(c));
    }
  }
  return kept;
}

}  // namespace

LloydPass AssignAndSum(PointsView points, PointsView centroids, std::span<int32_t> labels,
                       Workers& workers) {
  const Chunks chunks(points.rows());
  std::vector<LloydPass> parts(chunks.count());
  workers.Run(chunks.count(), [&](size_t chunk) {
    parts[chunk] =
        AssignChunk(points, centroids, chunks.begin(chunk), chunks.end(chunk), labels.data());
  });
  LloydPass total;
  total.sums.resize(centroids.rows() * (points.columns() + 1));
  for (const LloydPass& part : parts) {
    for (size_t i = 0; i < total.sums.size(); ++i) {
      total.sums[i] += part.sums[i];
    }
    total.inertia += part.inertia;
    total.labels_changed += part.labels_changed;
  }
  return total;
}

void RelocateEmptyCentroids(PointsView points, PointsView centroids,
                            std::span<const int32_t> labels, Workers& workers, LloydPass& pass) {
  const size_t columns = points.columns();
  const std::vector<size_t> empty = EmptyCentroids(pass, centroids.rows(), columns);
  if (empty.empty()) {
    return;
  }
  const std::vector<FarPoint> far =
      FarthestPoints(points, centroids, labels, empty.size(), workers);
  for (size_t e = 0; e < std::min(empty.size(), far.size()); ++e) {
    if (far[e].squared_distance == 0) {
      return;
    }
    const std::span<const double> point = points.row(far[e].row);
    double* from = pass.sums.data() + static_cast<size_t>(labels[far[e].row]) * (columns + 1);
    double* to = pass.sums.data() + empty[e] * (columns + 1);
    for (size_t j = 0; j < columns; ++j) {
      from[j] -= point[j];
      to[j] = point[j];
    }
    from[columns] -= 1;
    to[columns] = 1;
  }
}

Result<LloydFit> RunLloyd(PointsView points, Points centroids, const LloydLimits& limits,
                          Workers& workers, const CancellationToken* cancellation) {
  std::vector<int32_t> labels(points.rows(), -1);
  LloydFit fit;
  while (fit.iterations < limits.max_iterations && !fit.converged) {
    if (cancellation != nullptr) {
      RETURN_IF_ERROR(cancellation->Check());
    }
    LloydPass pass = AssignAndSum(points, centroids, labels, workers);
    fit.inertia_by_iteration.push_back(pass.inertia);
    RelocateEmptyCentroids(points, centroids, labels, workers, pass);
    const double squared_shift = MoveToMeans(pass, centroids);
    fit.converged = pass.labels_changed == 0 || squared_shift <= limits.squared_shift_max;
    ++fit.iterations;
  }
  const LloydPass last = AssignAndSum(points, centroids, labels, workers);
  fit.inertia = last.inertia;
  fit.centroids = WithoutEmpty(centroids, last);
  return fit;
}

}  // namespace medallion::ml
