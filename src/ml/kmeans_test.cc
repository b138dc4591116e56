#include "ml/kmeans.h"

#include <limits>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "base/testing.h"

namespace medallion::ml {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsError;
using medallion::testing::IsOk;

Points RandomPoints(size_t rows, size_t columns, uint64_t seed) {
  Random random(seed);
  Points points(rows, columns);
  for (double& value : points.values()) {
    value = random.Unit() * 10 + static_cast<double>(random.Below(3)) * 8;
  }
  return points;
}

// Few distinct values, so that ties and duplicates are common.
rc::Gen<Points> TiedPoints() {
  return rc::gen::mapcat(rc::gen::inRange<size_t>(1, 6), [](size_t columns) {
    return rc::gen::map(
        rc::gen::nonEmpty(rc::gen::container<std::vector<std::vector<int>>>(
            rc::gen::container<std::vector<int>>(columns, rc::gen::inRange(-4, 5)))),
        [columns](const std::vector<std::vector<int>>& rows) {
          Points points(0, columns);
          for (const std::vector<int>& row : rows) {
            points.Append(std::vector<double>(row.begin(), row.end()));
          }
          return points;
        });
  });
}

void ExpectSameFit(const KMeansFit& a, const KMeansFit& b) {
  EXPECT_EQ(a.centroids, b.centroids);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.inertia, b.inertia);
  EXPECT_EQ(a.restart, b.restart);
  EXPECT_EQ(a.inertia_by_iteration, b.inertia_by_iteration);
}

TEST(KMeansTest, FindsWellSeparatedGroups) {
  const Points points({0, 0, 1, 0, 0, 1, 100, 100, 101, 100, 100, 101}, 2);
  const auto fit = FitKMeans(points, {.k = 2, .seed = 1});
  ASSERT_THAT(fit, IsOk());
  EXPECT_EQ(fit->sizes, (std::vector<size_t>{3, 3}));
  EXPECT_NEAR(fit->inertia, 8.0 / 3, 1e-12);
  EXPECT_EQ(fit->labels[0], fit->labels[2]);
  EXPECT_NE(fit->labels[0], fit->labels[3]);
  EXPECT_TRUE(fit->converged);
}

TEST(KMeansTest, GivesOneCentroidPerDistinctPointWhenThereAreFewerThanK) {
  const Points points({1, 1, 5, 5, 5, 1, 9}, 1);
  const auto fit = FitKMeans(points, {.k = 6});
  ASSERT_THAT(fit, IsOk());
  EXPECT_EQ(fit->centroids.rows(), 3U);
  EXPECT_EQ(fit->inertia, 0);
}

TEST(KMeansTest, TakesOnePoint) {
  const auto fit = FitKMeans(Points({3, 4}, 2), {.k = 1});
  ASSERT_THAT(fit, IsOk());
  EXPECT_EQ(fit->centroids, Points({3, 4}, 2));
  EXPECT_EQ(fit->labels, std::vector<int32_t>{0});
}

TEST(KMeansTest, RefusesWhatCannotBeFitted) {
  EXPECT_THAT(FitKMeans(Points(0, 3), {}), IsError(ErrorCode::kInvalidArgument, "no points"));
  EXPECT_THAT(FitKMeans(Points(2, 3), {.k = 3}),
              IsError(ErrorCode::kInvalidArgument, "k is above the number of points: 3 > 2"));
  EXPECT_THAT(FitKMeans(Points(2, 3), {.k = 0}), IsError(ErrorCode::kInvalidArgument, "k must"));
  EXPECT_THAT(FitKMeans(Points(2, 3), {.k = 1, .restarts = 0}),
              IsError(ErrorCode::kInvalidArgument, "restarts"));
  EXPECT_THAT(FitKMeans(Points(2, 3), {.k = 1, .max_iterations = 0}),
              IsError(ErrorCode::kInvalidArgument, "max_iterations"));
  EXPECT_THAT(FitKMeans(Points(2, 3), {.k = 1, .tolerance = -1}),
              IsError(ErrorCode::kInvalidArgument, "tolerance"));
}

TEST(KMeansTest, NamesThePlaceOfANumberThatIsNotFinite) {
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity(), -1e200}) {
    EXPECT_THAT(FitKMeans(Points({0, 1, 2, bad}, 2), {.k = 1}),
                IsError(ErrorCode::kData, "row 1, column 1"));
  }
}

TEST(KMeansTest, StopsWhenCancelled) {
  CancellationToken cancellation;
  cancellation.Cancel();
  EXPECT_THAT(FitKMeans(RandomPoints(100, 3, 1), {.k = 3, .cancellation = &cancellation}),
              IsError(ErrorCode::kCancelled, "cancelled"));
}

TEST(KMeansTest, GivesTheSameBitsForAnyNumberOfThreads) {
  for (const size_t rows : {5'000, 120'000}) {
    const Points points = RandomPoints(rows, 3, rows);
    KMeansOptions options{.k = 7, .restarts = 3, .max_iterations = 8, .seed = 5};
    const auto alone = FitKMeans(points, options);
    ASSERT_THAT(alone, IsOk());
    for (const int threads : {2, 4, 8}) {
      options.threads = threads;
      const auto together = FitKMeans(points, options);
      ASSERT_THAT(together, IsOk());
      ExpectSameFit(*alone, *together);
    }
  }
}

TEST(KMeansTest, FitsForSeveralKAreThoseOfEachAlone) {
  const Points points = RandomPoints(500, 4, 3);
  const std::vector<size_t> ks = {2, 5};
  const auto fits = FitKMeansForEach(points, ks, {.restarts = 4, .seed = 9, .threads = 2});
  ASSERT_THAT(fits, IsOk());
  for (size_t i = 0; i < ks.size(); ++i) {
    const auto alone = FitKMeans(points, {.k = ks[i], .restarts = 4, .seed = 9});
    ASSERT_THAT(alone, IsOk());
    ExpectSameFit((*fits)[i], *alone);
  }
}

TEST(KMeansTest, MoreRestartsAreNeverWorse) {
  const Points points = RandomPoints(400, 2, 8);
  const auto few = FitKMeans(points, {.k = 9, .restarts = 1, .seed = 2});
  const auto many = FitKMeans(points, {.k = 9, .restarts = 20, .seed = 2});
  ASSERT_THAT(few, IsOk());
  ASSERT_THAT(many, IsOk());
  EXPECT_LE(many->inertia, few->inertia);
}

TEST(KMeansTest, DerivesTheSeedsThatSplitmix64Yields) {
  // The first outputs for seed 1234567, as published with the algorithm.
  EXPECT_EQ(DeriveSeed(1234567, 0), 6457827717110365317U);
  EXPECT_EQ(DeriveSeed(1234567, 1), 3203168211198807973U);
}

RC_GTEST_PROP(KMeansProperty, InertiaNeverRises, ()) {
  const Points points = *TiedPoints();
  const auto k = *rc::gen::inRange<size_t>(1, points.rows() + 1);
  const auto fit = FitKMeans(
      points, {.k = k, .restarts = 2, .tolerance = 0, .seed = *rc::gen::arbitrary<uint64_t>()});
  RC_ASSERT(fit.has_value());
  const std::vector<double>& history = fit->inertia_by_iteration;
  for (size_t i = 1; i < history.size(); ++i) {
    RC_ASSERT(history[i] <= history[i - 1] * (1 + 1e-12) + 1e-12);
  }
  RC_ASSERT(fit->inertia <= history.back() * (1 + 1e-12) + 1e-12);
}

RC_GTEST_PROP(KMeansProperty, EveryPointHasTheNearestCentroidAndTiesGoToTheLower, ()) {
  const Points points = *TiedPoints();
  const auto k = *rc::gen::inRange<size_t>(1, points.rows() + 1);
  const auto fit = FitKMeans(points, {.k = k, .restarts = 1, .max_iterations = 3});
  RC_ASSERT(fit.has_value());
  double inertia = 0;
  std::vector<size_t> sizes(fit->centroids.rows());
  for (size_t i = 0; i < points.rows(); ++i) {
    size_t nearest = 0;
    for (size_t c = 1; c < fit->centroids.rows(); ++c) {
      if (SquaredDistance(points.row(i), fit->centroids.row(c)) <
          SquaredDistance(points.row(i), fit->centroids.row(nearest))) {
        nearest = c;
      }
    }
    RC_ASSERT(static_cast<size_t>(fit->labels[i]) == nearest);
    inertia += SquaredDistance(points.row(i), fit->centroids.row(nearest));
    ++sizes[nearest];
  }
  RC_ASSERT(std::abs(fit->inertia - inertia) <= 1e-9 * (1 + inertia));
  RC_ASSERT(fit->sizes == sizes);
  RC_ASSERT(*std::min_element(sizes.begin(), sizes.end()) > 0U);
}

RC_GTEST_PROP(KMeansProperty, NumberOfThreadsDoesNotShow, ()) {
  const Points points = *TiedPoints();
  const auto k = *rc::gen::inRange<size_t>(1, points.rows() + 1);
  const auto alone = FitKMeans(points, {.k = k, .restarts = 3, .seed = 4});
  const auto together = FitKMeans(points, {.k = k, .restarts = 3, .seed = 4, .threads = 8});
  RC_ASSERT(alone.has_value() && together.has_value());
  RC_ASSERT(alone->centroids == together->centroids);
  RC_ASSERT(alone->labels == together->labels);
}

}  // namespace
}  // namespace medallion::ml
