#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"

namespace medallion::ml {

// The largest magnitude of a coordinate: squares of differences and their sums over any number of
// points that fits in memory stay finite.
inline constexpr double kCoordinateMax = 1e140;

// Borrowed points: n rows × d columns of doubles, row-major. Copies are cheap; the owner of the
// numbers must outlive the view. Threads may share it while nobody writes.
class PointsView {
 public:
  // `values.size()` must be a multiple of `columns`; `columns` > 0.
  PointsView(std::span<const double> values, size_t columns);

  size_t rows() const { return rows_; }
  size_t columns() const { return columns_; }
  std::span<const double> row(size_t i) const { return values_.subspan(i * columns_, columns_); }
  std::span<const double> values() const { return values_; }

 private:
  std::span<const double> values_;
  size_t columns_;
  size_t rows_;
};

// Owned points of the same shape. A plain value.
class Points {
 public:
  // No rows of one column.
  Points() = default;
  // `rows` × `columns` zeros; `columns` > 0.
  Points(size_t rows, size_t columns);
  // Takes over the numbers; `values.size()` must be a multiple of `columns`.
  Points(std::vector<double> values, size_t columns);

  // Borrows; valid until this is changed or destroyed.
  operator PointsView() const {  // NOLINT(google-explicit-constructor)
    return PointsView(values_, columns_);
  }

  size_t rows() const { return values_.size() / columns_; }
  size_t columns() const { return columns_; }
  std::span<const double> row(size_t i) const {
    return std::span(values_).subspan(i * columns_, columns_);
  }
  std::span<double> row(size_t i) { return std::span(values_).subspan(i * columns_, columns_); }
  std::span<const double> values() const { return values_; }
  std::span<double> values() { return values_; }

  // Appends one row of `columns()` numbers.
  void Append(std::span<const double> row);

  friend bool operator==(const Points& a, const Points& b) = default;

 private:
  std::vector<double> values_;
  size_t columns_ = 1;
};

// kData with row, column and value at the first number that is NaN, infinite or beyond
// ±kCoordinateMax. Rows and columns count from 0.
Status CheckCoordinates(PointsView points);

// The squared Euclidean distance of two points of equal dimension, summed from the first coordinate
// on: every distance of this module is this very number, whatever computed it.
double SquaredDistance(std::span<const double> a, std::span<const double> b);

}  // namespace medallion::ml
