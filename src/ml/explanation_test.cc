#include "ml/explanation.h"

#include <cmath>

#include <gtest/gtest.h>

namespace medallion::ml {
namespace {

// Clusters 4 at (0, 0) and 1 at (10, 10); features are scaled by 2 and 5.
const Model kModel = {
    .name = "m",
    .version = 1,
    .features = {"Monetary", "Frequency"},
    .scaler = *StandardScaler::FromParameters({0, 0}, {2, 5}),
    .outliers =
        OutlierRule{.first = 0, .second = 1, .first_fences = {-20, 30}, .second_fences = {-5, 15}},
    .clusters = {{4, 60, {0, 0}, {0, 0}}, {1, 54, {10, 10}, {5, 2}}},
    .next_cluster_id = 5};

TEST(ExplainTest, AMembersClustersComeNearestFirst) {
  const std::vector<double> customer = {10, 15};
  const auto explanation = Explain(kModel, customer);
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->cluster, 1);
  EXPECT_TRUE(explanation->beyond.empty());
  ASSERT_EQ(explanation->neighbours.size(), 2U);
  EXPECT_EQ(explanation->neighbours[0].cluster->id, 1);
  EXPECT_DOUBLE_EQ(explanation->neighbours[0].distance, 1);
  EXPECT_EQ(explanation->neighbours[1].cluster->id, 4);
  EXPECT_DOUBLE_EQ(explanation->neighbours[1].distance, std::sqrt(34));
}

TEST(ExplainTest, AnOutlierIsExplainedByTheFencesItLiesBeyond) {
  const std::vector<double> one = {31, 15};
  const auto first = Explain(kModel, one);
  EXPECT_EQ(first->cluster, kFirstOutside);
  ASSERT_EQ(first->beyond.size(), 1U);
  EXPECT_EQ(first->beyond.front().feature, 0U);
  const std::vector<double> two = {31, -6};
  const auto both = Explain(kModel, two);
  EXPECT_EQ(both->cluster, kBothOutside);
  EXPECT_EQ(both->beyond.size(), 2U);
}

}  // namespace
}  // namespace medallion::ml
