#include "lloyd.h"

#include <gtest/gtest.h>

namespace medallion::ml {
namespace {

TEST(LloydTest, GivesAnEmptyCentroidTheFarthestPoint) {
  const Points points({0, 1, 2, 10}, 1);
  const Points centroids({1, 100}, 1);
  Workers workers(1);
  std::vector<int32_t> labels(4);
  LloydPass pass = AssignAndSum(points, centroids, labels, workers);
  EXPECT_EQ(pass.sums, (std::vector<double>{13, 4, 0, 0}));
  RelocateEmptyCentroids(points, centroids, labels, workers, pass);
  EXPECT_EQ(pass.sums, (std::vector<double>{3, 3, 10, 1}));
}

TEST(LloydTest, DropsACentroidThatEndsWithoutPoints) {
  const Points points({0, 1}, 1);
  Workers workers(1);
  const auto fit = RunLloyd(points, Points({0, 0, 1}, 1), {5, 0}, workers, nullptr);
  ASSERT_TRUE(fit.has_value());
  EXPECT_EQ(fit->centroids, Points({0, 1}, 1));
}

TEST(LloydTest, SumsPartialBlocksOfAnyNumberOfColumns) {
  Workers workers(2);
  for (size_t columns = 1; columns <= 7; ++columns) {
    const size_t rows = 2048 + 257;
    Points points(rows, columns);
    for (double& value : points.values()) {
      value = 1;
    }
    std::vector<int32_t> labels(rows, -1);
    const LloydPass pass = AssignAndSum(points, Points(1, columns), labels, workers);
    EXPECT_EQ(pass.sums, std::vector<double>(columns + 1, static_cast<double>(rows)));
    EXPECT_EQ(pass.inertia, static_cast<double>(rows * columns));
    EXPECT_EQ(pass.labels_changed, rows);
  }
}

}  // namespace
}  // namespace medallion::ml
