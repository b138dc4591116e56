#include "exchange.h"

#include "base/check.h"

namespace medallion::ml {
namespace {

constexpr int kPassesMax = 100;
// A move must gain more than rounding could: means drift a little as points come and go.
constexpr double kGainMin = 1e-9;
constexpr LloydLimits kToTheEnd{.max_iterations = 300, .squared_shift_max = 0};

class Exchange {
 public:
  Exchange(PointsView points, const Points& centroids, Workers& workers)
      : points_(points), means_(centroids), labels_(points.rows()), sizes_(centroids.rows()) {
    const LloydPass pass = AssignAndSum(points, centroids, labels_, workers);
    const size_t columns = points.columns();
    for (size_t c = 0; c < sizes_.size(); ++c) {
      const double* sum = pass.sums.data() + c * (columns + 1);
      sizes_[c] = sum[columns];
      for (size_t j = 0; j < columns; ++j) {
        means_.row(c)[j] = sum[j] / sizes_[c];
      }
    }
  }

  // Offers every point a move; returns how many moved.
  size_t Pass() {
    size_t moved = 0;
    for (size_t i = 0; i < points_.rows(); ++i) {
      moved += Offer(i) ? 1 : 0;
    }
    return moved;
  }

  const Points& means() const { return means_; }

 private:
  bool Offer(size_t i) {
    const auto from = static_cast<size_t>(labels_[i]);
    if (sizes_[from] < 2) {
      return false;
    }
    // What the inertia would lose and gain.
    const double lost = SquaredDistance(points_.row(i), std::as_const(means_).row(from)) *
                        sizes_[from] / (sizes_[from] - 1);
    double gained = lost * (1 - kGainMin);
    size_t to = from;
    for (size_t c = 0; c < sizes_.size(); ++c) {
      const double distance = SquaredDistance(points_.row(i), std::as_const(means_).row(c));
      const double cost = distance * sizes_[c] / (sizes_[c] + 1);
      if (c != from && cost < gained) {
        gained = cost;
        to = c;
      }
    }
    if (to == from) {
      return false;
    }
    Move(i, from, to);
    return true;
  }

  void Move(size_t i, size_t from, size_t to) {
    const std::span<const double> point = points_.row(i);
    for (size_t j = 0; j < point.size(); ++j) {
      double& source = means_.row(from)[j];
      double& target = means_.row(to)[j];
      source += (source - point[j]) / (sizes_[from] - 1);
      target += (point[j] - target) / (sizes_[to] + 1);
    }
    sizes_[from] -= 1;
    sizes_[to] += 1;
    labels_[i] = static_cast<int32_t>(to);
  }

  PointsView points_;
  Points means_;
  std::vector<int32_t> labels_;
  std::vector<double> sizes_;
};

}  // namespace

Result<LloydFit> ImproveByExchange(PointsView points, LloydFit fit, Workers& workers,
                                   const CancellationToken* cancellation) {
  Exchange exchange(points, fit.centroids, workers);
  for (int pass = 0; pass < kPassesMax && exchange.Pass() > 0; ++pass) {
    if (cancellation != nullptr) {
      RETURN_IF_ERROR(cancellation->Check());
    }
  }
  ASSIGN_OR_RETURN(LloydFit improved,
                   RunLloyd(points, exchange.means(), kToTheEnd, workers, cancellation));
  const bool better =
      improved.inertia < fit.inertia && improved.centroids.rows() == fit.centroids.rows();
  if (better) {
    fit.centroids = std::move(improved.centroids);
    fit.inertia = improved.inertia;
  }
  return fit;
}

}  // namespace medallion::ml
