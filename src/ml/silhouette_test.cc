#include "ml/silhouette.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "base/testing.h"
#include "ml/cluster_indices.h"

namespace medallion::ml {
namespace {

using medallion::testing::IsError;
using medallion::testing::IsOk;

// The definition, point by point.
double SilhouetteByDefinition(PointsView points, const std::vector<int32_t>& labels) {
  double total = 0;
  for (size_t i = 0; i < points.rows(); ++i) {
    std::map<int32_t, std::pair<double, size_t>> sums;
    for (size_t j = 0; j < points.rows(); ++j) {
      auto& [sum, count] = sums[labels[j]];
      sum += std::sqrt(SquaredDistance(points.row(i), points.row(j)));
      count += i == j ? 0 : 1;
    }
    if (sums[labels[i]].second == 0) {
      continue;
    }
    const double a = sums[labels[i]].first / static_cast<double>(sums[labels[i]].second);
    double b = std::numeric_limits<double>::infinity();
    for (const auto& [label, sum] : sums) {
      b = label == labels[i] ? b : std::min(b, sum.first / static_cast<double>(sum.second));
    }
    total += std::max(a, b) > 0 ? (b - a) / std::max(a, b) : 0;
  }
  return total / static_cast<double>(points.rows());
}

struct Labeled {
  Points points;
  std::vector<int32_t> labels;
};

Labeled RandomLabeled(size_t rows, size_t columns, uint64_t labels, uint64_t seed) {
  Random random(seed);
  Labeled set{Points(rows, columns), {}};
  for (double& value : set.points.values()) {
    value = random.Unit();
  }
  for (size_t i = 0; i < rows; ++i) {
    set.labels.push_back(static_cast<int32_t>(random.Below(labels)));
  }
  return set;
}

TEST(SilhouetteTest, OfTwoPairsIsAsByHand) {
  // a = 1; b = 9.5, 8.5, 8.5, 9.5.
  const auto score = Silhouette(Points({0, 1, 9, 10}, 1), std::vector<int32_t>{0, 0, 1, 1}, {});
  ASSERT_THAT(score, IsOk());
  EXPECT_NEAR(*score->mean, (2 * (8.5 / 9.5) + 2 * (7.5 / 8.5)) / 4, 1e-15);
  EXPECT_FALSE(score->sampled);
}

TEST(SilhouetteTest, IsNotDefinedForOneLabelOrOnePerPoint) {
  const Points points({0, 1, 2}, 1);
  EXPECT_FALSE(Silhouette(points, std::vector<int32_t>{4, 4, 4}, {})->mean);
  EXPECT_FALSE(Silhouette(points, std::vector<int32_t>{0, 1, 2}, {})->mean);
}

TEST(SilhouetteTest, IsZeroWhenAllPointsCoincide) {
  EXPECT_EQ(Silhouette(Points(4, 2), std::vector<int32_t>{0, 0, 1, 1}, {})->mean, 0.0);
}

TEST(SilhouetteTest, SamplesAboveTheLimitAndSaysSo) {
  const Labeled set = RandomLabeled(1000, 2, 3, 1);
  const auto score = Silhouette(set.points, set.labels, {.rows_max = 300, .seed = 7});
  ASSERT_THAT(score, IsOk());
  EXPECT_TRUE(score->sampled);
  EXPECT_EQ(score->rows_scored, 300U);
  EXPECT_EQ(score->mean, Silhouette(set.points, set.labels, {.rows_max = 300, .seed = 7})->mean);
  EXPECT_NE(score->mean, Silhouette(set.points, set.labels, {.rows_max = 300, .seed = 8})->mean);
}

TEST(SilhouetteTest, RefusesLabelsThatDoNotFit) {
  EXPECT_THAT(Silhouette(Points(2, 1), std::vector<int32_t>{0}, {}),
              IsError(ErrorCode::kInvalidArgument, "1 labels for 2 points"));
  EXPECT_THAT(Silhouette(Points(2, 1), std::vector<int32_t>{0, -1}, {}),
              IsError(ErrorCode::kInvalidArgument, "negative"));
  EXPECT_THAT(Silhouette(Points(0, 1), {}, {}), IsError(ErrorCode::kInvalidArgument, "no points"));
}

TEST(SilhouetteTest, StopsWhenCancelled) {
  CancellationToken cancellation;
  cancellation.Cancel();
  const Labeled set = RandomLabeled(600, 2, 3, 1);
  EXPECT_THAT(Silhouette(set.points, set.labels, {.cancellation = &cancellation}),
              IsError(ErrorCode::kCancelled, "cancelled"));
}

TEST(SilhouetteTest, ScoresManyLabelingsAsTheDefinitionDoesEach) {
  const Labeled first = RandomLabeled(700, 3, 2, 1);
  const Labeled second = RandomLabeled(700, 3, 9, 2);
  const std::vector<std::span<const int32_t>> labelings = {first.labels, second.labels};
  const auto scores = Silhouettes(first.points, labelings, {});
  const auto threaded = Silhouettes(first.points, labelings, {.threads = 4});
  ASSERT_THAT(scores, IsOk());
  ASSERT_THAT(threaded, IsOk());
  EXPECT_NEAR(*(*scores)[0].mean, SilhouetteByDefinition(first.points, first.labels), 1e-12);
  EXPECT_NEAR(*(*scores)[1].mean, SilhouetteByDefinition(first.points, second.labels), 1e-12);
  for (size_t l = 0; l < 2; ++l) {
    EXPECT_EQ((*scores)[l].mean, (*threaded)[l].mean);
  }
}

TEST(ClusterIndicesTest, OfTwoPairsAreAsByHand) {
  const auto indices = MeasureClusters(Points({0, 2, 10, 12}, 1), std::vector<int32_t>{0, 0, 1, 1});
  ASSERT_THAT(indices, IsOk());
  ASSERT_TRUE(*indices);
  EXPECT_DOUBLE_EQ((*indices)->davies_bouldin, 0.2);
  EXPECT_DOUBLE_EQ((*indices)->calinski_harabasz, 100 * 2.0 / 4);
}

TEST(ClusterIndicesTest, AreNotDefinedForOneLabel) {
  EXPECT_FALSE(MeasureClusters(Points(3, 1), std::vector<int32_t>{0, 0, 0})->has_value());
}

TEST(ClusterIndicesTest, HaveTheirConventionsWhereNothingIsSpread) {
  const auto indices = MeasureClusters(Points({1, 1, 2, 2}, 1), std::vector<int32_t>{0, 0, 1, 1});
  EXPECT_EQ((*indices)->davies_bouldin, 0);
  EXPECT_EQ((*indices)->calinski_harabasz, 1);
}

}  // namespace
}  // namespace medallion::ml
