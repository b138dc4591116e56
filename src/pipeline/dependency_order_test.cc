#include "dependency_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace medallion::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DependencyOrder, PutsWhatIsNeededFirstAndKeepsTheOrderOfTheTextOtherwise) {
  // 0 needs 3; 1 and 2 need nothing; 3 needs 2.
  const DependencyOrder result = OrderByDependency({{3}, {}, {}, {2}});
  EXPECT_THAT(result.order, ElementsAre(1, 2, 3, 0));
  EXPECT_THAT(result.cycles, IsEmpty());
}

TEST(DependencyOrder, FindsASelfReference) {
  const DependencyOrder result = OrderByDependency({{}, {1}});
  EXPECT_THAT(result.order, ElementsAre(0));
  EXPECT_THAT(result.cycles, ElementsAre(ElementsAre(1)));
}

TEST(DependencyOrder, ListsACycleFromItsLowestNumberInReadingOrder) {
  // 2 needs 4, 4 needs 3, 3 needs 2; 1 needs the cycle; 0 is free.
  const DependencyOrder result = OrderByDependency({{}, {2}, {4}, {2}, {3}});
  EXPECT_THAT(result.order, ElementsAre(0));
  EXPECT_THAT(result.cycles, ElementsAre(ElementsAre(2, 4, 3)));
}

TEST(DependencyOrder, ReportsIndependentCyclesOnceEach) {
  const DependencyOrder result = OrderByDependency({{1}, {0}, {3}, {2}});
  EXPECT_THAT(result.cycles, ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3)));
}

TEST(DependencyOrder, ReportsTheShortestCycleOfATangle) {
  // 0→1→2→0 and the short cut 0→2.
  const DependencyOrder result = OrderByDependency({{1, 2}, {2}, {0}});
  EXPECT_THAT(result.cycles, ElementsAre(ElementsAre(0, 2)));
}

TEST(DependencyOrder, OrdersALongChainWithoutRecursion) {
  constexpr size_t kLength = 200'000;
  Dependencies needs(kLength);
  for (size_t i = 0; i + 1 < kLength; ++i) {
    needs[i] = {i + 1};
  }
  const DependencyOrder result = OrderByDependency(needs);
  ASSERT_EQ(result.order.size(), kLength);
  EXPECT_EQ(result.order.front(), kLength - 1);
  EXPECT_EQ(result.order.back(), 0u);
}

}  // namespace
}  // namespace medallion::pipeline
