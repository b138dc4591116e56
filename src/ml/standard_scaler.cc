#include "ml/standard_scaler.h"

#include <cmath>
#include <limits>

#include "base/check.h"
#include "chunks.h"

namespace medallion::ml {
namespace {

// Adds `term(value, column)` per column, in pieces of fixed size.
template <class Term>
std::vector<double> SumColumns(PointsView points, Term term) {
  const size_t columns = points.columns();
  const Chunks chunks(points.rows());
  std::vector<double> total(columns);
  std::vector<double> part(columns);
  for (size_t chunk = 0; chunk < chunks.count(); ++chunk) {
    std::fill(part.begin(), part.end(), 0.0);
    for (size_t i = chunks.begin(chunk); i < chunks.end(chunk); ++i) {
      const std::span<const double> row = points.row(i);
      for (size_t j = 0; j < columns; ++j) {
        part[j] += term(row[j], j);
      }
    }
    for (size_t j = 0; j < columns; ++j) {
      total[j] += part[j];
    }
  }
  return total;
}

bool IsConstant(double variance, double mean, double rows) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const double drift = rows * mean * kEpsilon;
  return variance <= rows * kEpsilon * variance + drift * drift;
}

}  // namespace

Moments ColumnMoments(PointsView points) {
  CHECK(points.rows() > 0);
  const auto rows = static_cast<double>(points.rows());
  Moments moments;
  moments.mean = SumColumns(points, [](double value, size_t) { return value; });
  for (double& mean : moments.mean) {
    mean /= rows;
  }
  const auto& mean = moments.mean;
  const std::vector<double> correction =
      SumColumns(points, [&](double value, size_t j) { return value - mean[j]; });
  moments.variance = SumColumns(points, [&](double value, size_t j) {
    const double difference = value - mean[j];
    return difference * difference;
  });
  for (size_t j = 0; j < mean.size(); ++j) {
    const double squares = moments.variance[j] - correction[j] * correction[j] / rows;
    moments.variance[j] = std::max(0.0, squares) / rows;
  }
  return moments;
}

Result<StandardScaler> StandardScaler::Fit(PointsView points) {
  if (points.rows() == 0) {
    return Error(ErrorCode::kInvalidArgument, "scaling: there are no points");
  }
  RETURN_IF_ERROR(CheckCoordinates(points));
  Moments moments = ColumnMoments(points);
  std::vector<double> scale(points.columns());
  for (size_t j = 0; j < scale.size(); ++j) {
    const double variance = moments.variance[j];
    const bool constant = IsConstant(variance, moments.mean[j], static_cast<double>(points.rows()));
    scale[j] = constant ? 1.0 : std::sqrt(variance);
  }
  return StandardScaler(std::move(moments.mean), std::move(scale));
}

Result<StandardScaler> StandardScaler::FromParameters(std::vector<double> mean,
                                                      std::vector<double> scale) {
  if (mean.empty() || mean.size() != scale.size()) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("a scaler needs as many means as scales, at least one: {} and {}",
                             mean.size(), scale.size()));
  }
  for (size_t j = 0; j < mean.size(); ++j) {
    if (!std::isfinite(mean[j]) || !std::isfinite(scale[j]) || scale[j] <= 0) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("a scaler's mean must be finite and its scale above 0: column {}: "
                               "{} and {}",
                               j, mean[j], scale[j]));
    }
  }
  return StandardScaler(std::move(mean), std::move(scale));
}

void StandardScaler::TransformRow(std::span<double> row) const {
  CHECK_EQ(row.size(), mean_.size());
  for (size_t j = 0; j < row.size(); ++j) {
    row[j] = (row[j] - mean_[j]) / scale_[j];
  }
}

void StandardScaler::Transform(Points& points) const {
  for (size_t i = 0; i < points.rows(); ++i) {
    TransformRow(points.row(i));
  }
}

void StandardScaler::InverseTransform(Points& points) const {
  CHECK_EQ(points.columns(), mean_.size());
  for (size_t i = 0; i < points.rows(); ++i) {
    std::span<double> row = points.row(i);
    for (size_t j = 0; j < row.size(); ++j) {
      row[j] = row[j] * scale_[j] + mean_[j];
    }
  }
}

}  // namespace medallion::ml
