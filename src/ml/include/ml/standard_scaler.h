#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "ml/points.h"

namespace medallion::ml {

// Mean and population variance of each column.
struct Moments {
  std::vector<double> mean;
  std::vector<double> variance;
};

// Two passes with the correction for the rounding of the mean (Chan, Golub and LeVeque, "Algorithms
// for computing the sample variance", 1983), over pieces of fixed size added in order. `points`
// must have a row.
Moments ColumnMoments(PointsView points);

// Centres columns on their mean and divides them by their population standard deviation, as
// scikit-learn's StandardScaler. A column whose variance is zero, or not above the rounding error
// of its computation (n·ε·variance + (n·mean·ε)²), has scale 1. A plain value.
class StandardScaler {
 public:
  // Of no columns.
  StandardScaler() = default;
  // kInvalidArgument without points; kData for a coordinate that CheckCoordinates refuses.
  static Result<StandardScaler> Fit(PointsView points);
  // From stored numbers. kInvalidArgument unless both have the same length ≥ 1, all numbers are
  // finite and every scale is above 0.
  static Result<StandardScaler> FromParameters(std::vector<double> mean, std::vector<double> scale);

  // (x − mean) / scale, in place; `points.columns()` must be that of the fit.
  void Transform(Points& points) const;
  void TransformRow(std::span<double> row) const;
  // x · scale + mean, in place.
  void InverseTransform(Points& points) const;

  std::span<const double> mean() const { return mean_; }
  std::span<const double> scale() const { return scale_; }

  friend bool operator==(const StandardScaler& a, const StandardScaler& b) = default;

 private:
  StandardScaler(std::vector<double> mean, std::vector<double> scale)
      : mean_(std::move(mean)), scale_(std::move(scale)) {}

  std::vector<double> mean_;
  std::vector<double> scale_;
};

}  // namespace medallion::ml
