#include "ml/points.h"

#include <cmath>

#include "base/check.h"

namespace medallion::ml {

PointsView::PointsView(std::span<const double> values, size_t columns)
    : values_(values), columns_(columns), rows_(0) {
  CHECK(columns > 0);
  CHECK_EQ(values.size() % columns, size_t{0});
  rows_ = values.size() / columns;
}

Points::Points(size_t rows, size_t columns) : values_(rows * columns), columns_(columns) {
  CHECK(columns > 0);
}

Points::Points(std::vector<double> values, size_t columns)
    : values_(std::move(values)), columns_(columns) {
  CHECK(columns > 0);
  CHECK_EQ(values_.size() % columns, size_t{0});
}

void Points::Append(std::span<const double> row) {
  CHECK_EQ(row.size(), columns_);
  values_.insert(values_.end(), row.begin(), row.end());
}

Status CheckCoordinates(PointsView points) {
  const std::span<const double> values = points.values();
  for (size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= kCoordinateMax)) {
      return Error(
          ErrorCode::kData,
          fmt::format("a coordinate is not a finite number up to 1e140: row {}, column {}: "
                      "{}",
                      i / points.columns(), i % points.columns(), values[i]));
    }
  }
  return OkStatus();
}

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i] - b[i];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace medallion::ml
