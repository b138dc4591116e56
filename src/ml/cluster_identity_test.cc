#include "ml/cluster_identity.h"

#include <limits>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing.h"
#include "ml/matching.h"

namespace medallion::ml {
namespace {

using medallion::testing::IsError;
using medallion::testing::IsOk;

double CostOf(const std::vector<double>& costs, size_t columns,
              const std::vector<std::optional<size_t>>& matches) {
  double sum = 0;
  for (size_t row = 0; row < matches.size(); ++row) {
    sum += matches[row] ? costs[row * columns + *matches[row]] : 0;
  }
  return sum;
}

TEST(MatchingTest, PrefersTheCheaperWholeOverTheCheaperFirstPair) {
  const std::vector<double> costs = {1, 2, 1, 100};
  EXPECT_EQ(
      MatchAtLeastCost(costs, 2, 2),
      (std::vector<std::optional<size_t>>{std::optional<size_t>(1), std::optional<size_t>(0)}));
}

TEST(MatchingTest, LeavesTheDearestOfTheLongerSideAlone) {
  EXPECT_EQ(
      MatchAtLeastCost(std::vector<double>{5, 1, 3}, 3, 1),
      (std::vector<std::optional<size_t>>{std::nullopt, std::optional<size_t>(0), std::nullopt}));
  EXPECT_EQ(MatchAtLeastCost(std::vector<double>{5, 1, 3}, 1, 3),
            (std::vector<std::optional<size_t>>{std::optional<size_t>(1)}));
  EXPECT_TRUE(MatchAtLeastCost({}, 0, 3).empty());
}

RC_GTEST_PROP(MatchingProperty, NoPermutationIsCheaper, ()) {
  const auto n = *rc::gen::inRange<size_t>(1, 6);
  const auto numbers = *rc::gen::container<std::vector<int>>(n * n, rc::gen::inRange(-20, 20));
  const std::vector<double> costs(numbers.begin(), numbers.end());
  const double cost = CostOf(costs, n, MatchAtLeastCost(costs, n, n));
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  double least = std::numeric_limits<double>::infinity();
  do {
    double sum = 0;
    for (size_t row = 0; row < n; ++row) {
      sum += costs[row * n + order[row]];
    }
    least = std::min(least, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  RC_ASSERT(cost == least);
}

TEST(KeepIdentitiesTest, ClustersKeepTheirIdsWhateverTheirOrder) {
  const auto scaler = StandardScaler::FromParameters({0}, {1});
  const auto identities =
      KeepIdentities(Points({21, 1, 11}, 1), {Points({0, 10, 20}, 1), {4, 7, 2}, 8}, *scaler);
  ASSERT_THAT(identities, IsOk());
  EXPECT_EQ(identities->ids, (std::vector<int32_t>{2, 4, 7}));
  EXPECT_EQ(identities->next_id, 8);
}

TEST(KeepIdentitiesTest, NewClustersGetIdsNeverUsedAndRetiredOnesStayAway) {
  const auto scaler = StandardScaler::FromParameters({0}, {1});
  const auto more =
      KeepIdentities(Points({0, 50, 20}, 1), {Points({0, 20}, 1), {0, 1}, 5}, *scaler);
  ASSERT_THAT(more, IsOk());
  EXPECT_EQ(more->ids, (std::vector<int32_t>{0, 5, 1}));
  EXPECT_EQ(more->next_id, 6);
  const auto fewer =
      KeepIdentities(Points(std::vector<double>{19}, 1), {Points({0, 20}, 1), {0, 1}, 5}, *scaler);
  ASSERT_THAT(fewer, IsOk());
  EXPECT_EQ(fewer->ids, (std::vector<int32_t>{1}));
  EXPECT_EQ(fewer->next_id, 5);
}

TEST(KeepIdentitiesTest, ComparesOnThePreviousModelsScale) {
  // In raw units the first feature would decide; scaled by 1000 the second does.
  const auto scaler = StandardScaler::FromParameters({0, 0}, {1000, 1});
  const auto identities =
      KeepIdentities(Points({100, 10, 0, 0}, 2), {Points({100, 0, 0, 10}, 2), {0, 1}, 2}, *scaler);
  ASSERT_THAT(identities, IsOk());
  EXPECT_EQ(identities->ids, (std::vector<int32_t>{1, 0}));
}

TEST(KeepIdentitiesTest, RefusesWhatDoesNotFit) {
  const auto scaler = StandardScaler::FromParameters({0}, {1});
  EXPECT_THAT(KeepIdentities(Points({1, 2}, 2), {Points({0}, 1), {0}, 1}, *scaler),
              IsError(ErrorCode::kInvalidArgument, "differ in number"));
  EXPECT_THAT(KeepIdentities(Points({1}, 1), {Points({0, 1}, 1), {0, 0}, 1}, *scaler),
              IsError(ErrorCode::kInvalidArgument, "distinct"));
}

std::vector<int32_t> Members(std::initializer_list<std::pair<int32_t, int>> runs) {
  std::vector<int32_t> members;
  for (const auto& [id, count] : runs) {
    members.insert(members.end(), static_cast<size_t>(count), id);
  }
  return members;
}

TEST(CompareMembershipsTest, TellsKeptSplitMergedNewAndVanished) {
  // 0 keeps; 1 splits into 1 and 5; 2 and 3 merge into 2; 4 becomes outliers; 6 comes from them.
  const auto before = Members({{0, 100}, {1, 50}, {1, 50}, {2, 40}, {3, 60}, {4, 10}, {-1, 10}});
  const auto now = Members({{0, 100}, {1, 50}, {5, 50}, {2, 100}, {-3, 10}, {6, 10}});
  const auto changes = CompareMemberships(before, now);
  ASSERT_THAT(changes, IsOk());
  EXPECT_EQ(*changes, (std::vector<ClusterChange>{
                          {ClusterChangeKind::kKept, {0}, {0}, 100},
                          {ClusterChangeKind::kSplit, {1}, {1, 5}, 100},
                          {ClusterChangeKind::kMerge, {2, 3}, {2}, 100},
                          {ClusterChangeKind::kNew, {}, {6}, 10},
                          {ClusterChangeKind::kVanished, {4}, {}, 10},
                      }));
}

TEST(CompareMembershipsTest, AFewWhoMoveAreNoSplit) {
  const auto changes =
      CompareMemberships(Members({{0, 100}, {1, 100}}), Members({{0, 75}, {1, 25}, {1, 100}}));
  ASSERT_THAT(changes, IsOk());
  EXPECT_EQ(*changes, (std::vector<ClusterChange>{{ClusterChangeKind::kKept, {0}, {0}, 75},
                                                  {ClusterChangeKind::kKept, {1}, {1}, 100}}));
}

TEST(CompareMembershipsTest, RefusesDifferentCustomers) {
  EXPECT_THAT(CompareMemberships(Members({{0, 1}}), {}),
              IsError(ErrorCode::kInvalidArgument, "1 before, 0 now"));
}

}  // namespace
}  // namespace medallion::ml
