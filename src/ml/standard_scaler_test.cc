#include "ml/standard_scaler.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing.h"

namespace medallion::ml {
namespace {

using medallion::testing::IsError;
using medallion::testing::IsOk;

TEST(StandardScalerTest, UsesTheMeanAndThePopulationDeviation) {
  const auto scaler = StandardScaler::Fit(Points({1, 10, 2, 10, 3, 40}, 2));
  ASSERT_THAT(scaler, IsOk());
  EXPECT_DOUBLE_EQ(scaler->mean()[0], 2);
  EXPECT_DOUBLE_EQ(scaler->mean()[1], 20);
  EXPECT_DOUBLE_EQ(scaler->scale()[0], std::sqrt(2.0 / 3));
  EXPECT_DOUBLE_EQ(scaler->scale()[1], std::sqrt(200));
}

TEST(StandardScalerTest, GivesConstantColumnsScaleOne) {
  // 0.1 is not exact, so the variance of a thousand of them is rounding error and not 0.
  Points points(1000, 2);
  for (size_t i = 0; i < points.rows(); ++i) {
    points.row(i)[0] = 0.1;
    points.row(i)[1] = 1e6;
  }
  const auto scaler = StandardScaler::Fit(points);
  ASSERT_THAT(scaler, IsOk());
  EXPECT_EQ(scaler->scale()[0], 1);
  EXPECT_EQ(scaler->scale()[1], 1);
}

TEST(StandardScalerTest, KeepsDigitsFarFromZero) {
  const auto scaler = StandardScaler::Fit(Points({1e9 + 1, 1e9 + 2, 1e9 + 3}, 1));
  ASSERT_THAT(scaler, IsOk());
  EXPECT_NEAR(scaler->scale()[0], std::sqrt(2.0 / 3), 1e-12);
}

TEST(StandardScalerTest, TakesOnePoint) {
  const auto scaler = StandardScaler::Fit(Points({5, -5}, 2));
  ASSERT_THAT(scaler, IsOk());
  EXPECT_EQ(scaler->scale()[0], 1);
  EXPECT_EQ(scaler->mean()[1], -5);
}

TEST(StandardScalerTest, RefusesNoPointsAndBadParameters) {
  EXPECT_THAT(StandardScaler::Fit(Points(0, 2)), IsError(ErrorCode::kInvalidArgument, "no points"));
  EXPECT_THAT(StandardScaler::FromParameters({1}, {0}),
              IsError(ErrorCode::kInvalidArgument, "scale above 0"));
  EXPECT_THAT(StandardScaler::FromParameters({1, 2}, {1}),
              IsError(ErrorCode::kInvalidArgument, "as many means"));
}

RC_GTEST_PROP(StandardScalerProperty, InverseTransformUndoesTransform, ()) {
  const auto values =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-1000, 1000)));
  const Points points(std::vector<double>(values.begin(), values.end()), 1);
  const auto scaler = StandardScaler::Fit(points);
  RC_ASSERT(scaler.has_value());
  Points there_and_back = points;
  scaler->Transform(there_and_back);
  scaler->InverseTransform(there_and_back);
  for (size_t i = 0; i < points.rows(); ++i) {
    RC_ASSERT(std::abs(there_and_back.row(i)[0] - points.row(i)[0]) <= 1e-9);
  }
}

}  // namespace
}  // namespace medallion::ml
