#include "ml/outliers.h"

#include <limits>

#include <gtest/gtest.h>

#include "base/testing.h"

namespace medallion::ml {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsError;

TEST(QuantileTest, InterpolatesBetweenRanks) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_THAT(Quantile(values, 0), HasValue(1.0));
  EXPECT_THAT(Quantile(values, 0.25), HasValue(1.75));
  EXPECT_THAT(Quantile(values, 0.5), HasValue(2.5));
  EXPECT_THAT(Quantile(values, 1), HasValue(4.0));
  EXPECT_THAT(Quantile(std::vector<double>{7}, 0.3), HasValue(7.0));
}

TEST(QuantileTest, RefusesNoValuesOddFractionsAndNaN) {
  EXPECT_THAT(Quantile({}, 0.5), IsError(ErrorCode::kInvalidArgument, "no values"));
  EXPECT_THAT(Quantile(std::vector<double>{1}, 1.5), IsError(ErrorCode::kInvalidArgument, "1.5"));
  EXPECT_THAT(Quantile(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}, 0.5),
              IsError(ErrorCode::kData, "row 1"));
}

TEST(IqrFencesTest, AValueOnTheFenceIsInside) {
  // Quartiles 2 and 4: fences −1 and 7.
  const auto fences = IqrFences(std::vector<double>{1, 2, 3, 4, 5});
  ASSERT_THAT(fences, HasValue(Fences{-1, 7}));
  EXPECT_FALSE(fences->Outside(7));
  EXPECT_FALSE(fences->Outside(-1));
  EXPECT_TRUE(fences->Outside(7.0000001));
}

TEST(IqrFencesTest, OfEqualValuesNoneIsOutside) {
  const auto fences = IqrFences(std::vector<double>(9, 3.5));
  ASSERT_THAT(fences, HasValue(Fences{3.5, 3.5}));
  EXPECT_FALSE(fences->Outside(3.5));
}

TEST(OutlierGroupTest, NamesWhichFeatureIsOutside) {
  const Fences fences{0, 10};
  EXPECT_EQ(OutlierGroup(fences, 5, fences, 5), 0);
  EXPECT_EQ(OutlierGroup(fences, 11, fences, 5), -1);
  EXPECT_EQ(OutlierGroup(fences, 5, fences, -1), -2);
  EXPECT_EQ(OutlierGroup(fences, -1, fences, 11), -3);
}

}  // namespace
}  // namespace medallion::ml
