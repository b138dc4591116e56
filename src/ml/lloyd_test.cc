#include "lloyd.h"

#include <gtest/gtest.h>

#include "exchange.h"

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

TEST(ExchangeTest, LeavesAnOptimumThatLloydCannotLeave) {
  // 2 is nearer to the mean of 0 and 2 than to 3.3; but moved, it takes the other mean along.
  const Points points({0, 2, 3.3, 3.3, 3.3, 3.3}, 1);
  Workers workers(1);
  const auto lloyd = RunLloyd(points, Points({1, 3.3}, 1), {50, 0}, workers, nullptr);
  ASSERT_TRUE(lloyd.has_value());
  EXPECT_DOUBLE_EQ(lloyd->inertia, 2);
  const auto improved = ImproveByExchange(points, *lloyd, workers, nullptr);
  ASSERT_TRUE(improved.has_value());
  EXPECT_NEAR(improved->inertia, 1.3 * 1.3 * 4 / 5, 1e-12);
  EXPECT_EQ(improved->centroids.row(0)[0], 0);
}

}  // namespace
}  // namespace medallion::ml
