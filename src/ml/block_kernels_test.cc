#include "block_kernels.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"
#include "ml/points.h"

namespace medallion::ml {
namespace {

// Blocks of every width that has code of its own, one beyond, full and partial.
class BlockKernelsTest : public ::testing::TestWithParam<std::tuple<size_t, size_t>> {
 protected:
  BlockKernelsTest() {
    Random random(1);
    for (double& value : points_.values()) {
      value = random.Unit() * 1000 - 500;
    }
    for (double& value : centroids_.values()) {
      value = random.Unit() * 1000 - 500;
    }
    block_ = LoadBlock(points_.values().data(), rows_, dimensions_, columns_.data());
  }

  double Distance(size_t i, size_t c) const {
    return SquaredDistance(points_.row(i), centroids_.row(c));
  }

  size_t dimensions_ = std::get<0>(GetParam());
  size_t rows_ = std::get<1>(GetParam());
  Points points_{rows_, dimensions_};
  Points centroids_{5, dimensions_};
  std::vector<double> columns_ = std::vector<double>(dimensions_ * kBlockRows);
  Block block_{};
};

// Equal to the bit: the code for this machine's instruction set rounds as plain code does.
TEST_P(BlockKernelsTest, DistancesAreThoseOfPlainCode) {
  std::vector<int32_t> label(kBlockRows);
  std::vector<double> nearest(kBlockRows);
  NearestInBlock(block_, centroids_.values().data(), 5, label.data(), nearest.data());
  std::vector<double> closest(kBlockRows, 50'000.0);
  std::vector<double> closer(kBlockRows, 1.0);
  std::vector<double> sum(kBlockRows, 1.0);
  AddCloserInBlock(block_, centroids_.row(1).data(), closest.data(), closer.data());
  LowerClosestInBlock(block_, centroids_.row(1).data(), closest.data());
  AddDistanceInBlock(block_, centroids_.row(2).data(), sum.data());
  for (size_t i = 0; i < rows_; ++i) {
    size_t expected = 0;
    for (size_t c = 1; c < 5; ++c) {
      expected = Distance(i, c) < Distance(i, expected) ? c : expected;
    }
    EXPECT_EQ(static_cast<size_t>(label[i]), expected);
    EXPECT_EQ(nearest[i], Distance(i, expected));
    EXPECT_EQ(closest[i], std::min(50'000.0, Distance(i, 1)));
    EXPECT_EQ(closer[i], 1.0 + std::min(50'000.0, Distance(i, 1)));
    EXPECT_EQ(sum[i], 1.0 + std::sqrt(Distance(i, 2)));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, BlockKernelsTest,
                         ::testing::Combine(::testing::Values(1, 2, 3, 4, 5, 9),
                                            ::testing::Values(1, 7, 8, 255, 256)));

}  // namespace
}  // namespace medallion::ml
