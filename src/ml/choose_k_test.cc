#include "ml/choose_k.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/testing.h"
#include "ml/k_retention.h"

namespace medallion::ml {
namespace {

using medallion::testing::IsError;
using medallion::testing::IsOk;

std::vector<KScore> Table(std::vector<double> inertias, std::vector<double> silhouettes) {
  std::vector<KScore> table;
  for (size_t i = 0; i < inertias.size(); ++i) {
    table.push_back({.k = i + 2, .inertia = inertias[i], .silhouette = silhouettes[i]});
  }
  return table;
}

// Four tight groups at the corners of a square.
Points Corners() {
  Random random(3);
  Points points(0, 2);
  for (int i = 0; i < 200; ++i) {
    points.Append(std::vector<double>{static_cast<double>(i % 2) * 10 + random.Unit(),
                                      static_cast<double>(i / 2 % 2) * 10 + random.Unit()});
  }
  return points;
}

TEST(ChooseKTest, FindsTheGroupsThatAreThere) {
  const auto search = ChooseK(Corners(), {.k_max = 8, .kmeans = {.seed = 1}});
  ASSERT_THAT(search, IsOk());
  EXPECT_EQ(search->best_k, 4U);
  EXPECT_EQ(search->curvature_elbow, 4U);
  EXPECT_EQ(search->table.size(), 7U);
  EXPECT_EQ(search->BestFit().sizes, (std::vector<size_t>{50, 50, 50, 50}));
}

TEST(ChooseKTest, GivesTheSameTableForAnyNumberOfThreads) {
  const auto alone = ChooseK(Corners(), {.k_max = 6, .kmeans = {.seed = 1}});
  const auto together = ChooseK(Corners(), {.k_max = 6, .kmeans = {.seed = 1, .threads = 8}});
  ASSERT_THAT(alone, IsOk());
  ASSERT_THAT(together, IsOk());
  EXPECT_EQ(alone->table, together->table);
}

TEST(ChooseKTest, TakesASingleK) {
  const auto search = ChooseK(Corners(), {.k_min = 3, .k_max = 3});
  ASSERT_THAT(search, IsOk());
  EXPECT_EQ(search->best_k, 3U);
  EXPECT_EQ(search->table[0].chord_distance, 0);
  EXPECT_FALSE(search->curvature_elbow);
}

TEST(ChooseKTest, EndsTheTableBeforeTheDistinctPointsEnd) {
  const auto search = ChooseK(Points({1, 1, 2, 2, 9, 9}, 1), {.k_min = 2, .k_max = 12});
  ASSERT_THAT(search, IsOk());
  EXPECT_EQ(search->table.back().k, 3U);
  const auto equal = ChooseK(Points({1, 1, 1}, 1), {.k_min = 2, .k_max = 3});
  ASSERT_THAT(equal, IsOk());
  EXPECT_EQ(equal->best_k, 1U);
  EXPECT_FALSE(equal->table[0].silhouette);
}

TEST(ChooseKTest, RefusesAnEmptyRange) {
  EXPECT_THAT(ChooseK(Corners(), {.k_min = 5, .k_max = 4}),
              IsError(ErrorCode::kInvalidArgument, "5 and 4"));
  EXPECT_THAT(ChooseK(Points({1, 2}, 1), {.k_min = 3, .k_max = 4}),
              IsError(ErrorCode::kInvalidArgument, "above the number of points"));
}

TEST(ScoreTableTest, WeighsSilhouetteAndChord) {
  std::vector<KScore> table = Table({100, 40, 0}, {0.5, 0.4, 0.1});
  EXPECT_EQ(ScoreTable(table), 3U);
  EXPECT_NEAR(table[1].chord_distance, 0.1 / std::sqrt(2), 1e-12);
  EXPECT_NEAR(table[0].combined, 0.6, 1e-12);
  EXPECT_NEAR(table[1].combined, 0.6 * 0.8 + 0.4, 1e-12);
  EXPECT_NEAR(table[2].combined, 0.12, 1e-12);
}

TEST(ScoreTableTest, TakesTheSmallestKOnATie) {
  std::vector<KScore> table = Table({5, 5, 5}, {0.3, 0.3, 0.3});
  EXPECT_EQ(ScoreTable(table), 2U);
  EXPECT_EQ(table[1].combined, 0.6);
}

TEST(ScoreTableTest, LeavesSilhouettesOutWhenNoneIsAboveZero) {
  std::vector<KScore> table = Table({100, 20, 0}, {-0.5, -0.4, -0.1});
  EXPECT_EQ(ScoreTable(table), 3U);
  EXPECT_EQ(table[0].combined, 0);
  EXPECT_EQ(table[1].combined, 0.4);
}

TEST(CurvatureElbowTest, IsTheMiddleOfTheSharpestBend) {
  // The drop ends at k = 4.
  EXPECT_EQ(CurvatureElbow(Table({100, 60, 20, 18, 16}, {0, 0, 0, 0, 0})), 4U);
  EXPECT_EQ(CurvatureElbow(Table({100, 60}, {0, 0})), std::nullopt);
}

class RetainKTest : public ::testing::Test {
 protected:
  // One update with k = 4, 5, 6 scoring as given.
  size_t Update(double four, double five, double six) {
    const std::vector<KScore> table = {
        {.k = 4, .combined = four}, {.k = 5, .combined = five}, {.k = 6, .combined = six}};
    const KRetention retention = RetainK(k_, state_, table);
    k_ = retention.k;
    state_ = retention.state;
    return retention.k;
  }

  std::optional<size_t> k_ = 4;
  KRetentionState state_;
};

TEST_F(RetainKTest, TakesTheBestWithoutAPreviousK) {
  k_ = std::nullopt;
  EXPECT_EQ(Update(0.8, 0.81, 0.7), 5U);
}

TEST_F(RetainKTest, TakesTheBestWhenThePreviousKIsNotInTheTable) {
  k_ = 9;
  EXPECT_EQ(Update(0.8, 0.81, 0.7), 5U);
}

TEST_F(RetainKTest, KeepsKWhileTheOtherIsAheadByLittle) {
  for (int update = 0; update < 10; ++update) {
    EXPECT_EQ(Update(0.8, 0.82, 0.7), 4U);
  }
}

TEST_F(RetainKTest, ChangesOnTheThirdUpdateInARow) {
  EXPECT_EQ(Update(0.8, 0.83, 0.7), 4U);
  EXPECT_EQ(Update(0.8, 0.83, 0.7), 4U);
  EXPECT_EQ(Update(0.8, 0.83, 0.7), 5U);
  EXPECT_EQ(state_, KRetentionState{});
}

TEST_F(RetainKTest, StartsAgainAfterAnUpdateWithinTheMargin) {
  Update(0.8, 0.83, 0.7);
  Update(0.8, 0.83, 0.7);
  EXPECT_EQ(Update(0.8, 0.81, 0.7), 4U);
  EXPECT_EQ(Update(0.8, 0.83, 0.7), 4U);
  EXPECT_EQ(state_, (KRetentionState{5, 1}));
}

TEST_F(RetainKTest, KeepsCountingACandidateThatIsAheadThoughNotBest) {
  Update(0.8, 0.85, 0.7);
  Update(0.8, 0.85, 0.9);
  EXPECT_EQ(Update(0.8, 0.85, 0.9), 5U);
}

TEST_F(RetainKTest, CountsANewCandidateFromOne) {
  Update(0.8, 0.85, 0.7);
  Update(0.8, 0.85, 0.7);
  EXPECT_EQ(Update(0.8, 0.7, 0.9), 4U);
  EXPECT_EQ(state_, (KRetentionState{6, 1}));
}

}  // namespace
}  // namespace medallion::ml
