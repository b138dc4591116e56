#include "ml/choose_k.h"

#include <cmath>
#include <numbers>

#include "base/check.h"

namespace medallion::ml {
namespace {

constexpr double kSilhouetteWeight = 0.6;
constexpr double kChordWeight = 0.4;

std::vector<size_t> Range(size_t first, size_t last) {
  std::vector<size_t> ks;
  for (size_t k = first; k <= last; ++k) {
    ks.push_back(k);
  }
  return ks;
}

Status AddSilhouettes(PointsView points, const ChooseKOptions& options, KSearch& search) {
  std::vector<std::span<const int32_t>> labelings;
  for (const KMeansFit& fit : search.fits) {
    labelings.emplace_back(fit.labels);
  }
  ASSIGN_OR_RETURN(const std::vector<SilhouetteScore> scores,
                   Silhouettes(points, labelings,
                               {.rows_max = options.silhouette_rows_max,
                                .seed = options.kmeans.seed,
                                .threads = options.kmeans.threads,
                                .cancellation = options.kmeans.cancellation}));
  for (size_t i = 0; i < scores.size(); ++i) {
    search.table[i].silhouette = scores[i].mean;
  }
  search.silhouette_rows = scores.front().rows_scored;
  search.silhouette_sampled = scores.front().sampled;
  return OkStatus();
}

// Keeps the fits that found as many clusters as asked for, and the first in any case.
void KeepDistinct(std::vector<KMeansFit>& fits, const std::vector<size_t>& ks) {
  size_t kept = 1;
  while (kept < fits.size() && fits[kept].centroids.rows() == ks[kept]) {
    ++kept;
  }
  fits.erase(fits.begin() + static_cast<std::ptrdiff_t>(kept), fits.end());
}

}  // namespace

const KMeansFit& KSearch::BestFit() const {
  for (size_t i = 0; i < table.size(); ++i) {
    if (table[i].k == best_k) {
      return fits[i];
    }
  }
  CHECK(false);
}

Result<KSearch> ChooseK(PointsView points, const ChooseKOptions& options) {
  if (options.k_min == 0 || options.k_min > options.k_max) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("the search for k needs 1 ≤ k_min ≤ k_max: {} and {}", options.k_min,
                             options.k_max));
  }
  const std::vector<size_t> ks =
      Range(options.k_min, std::max(options.k_min, std::min(options.k_max, points.rows())));
  KSearch search;
  ASSIGN_OR_RETURN(search.fits, FitKMeansForEach(points, ks, options.kmeans));
  KeepDistinct(search.fits, ks);
  for (const KMeansFit& fit : search.fits) {
    search.table.push_back({.k = fit.centroids.rows(), .inertia = fit.inertia});
  }
  RETURN_IF_ERROR(AddSilhouettes(points, options, search));
  search.best_k = ScoreTable(search.table);
  search.curvature_elbow = CurvatureElbow(search.table);
  return search;
}

size_t ScoreTable(std::span<KScore> table) {
  CHECK(!table.empty());
  const KScore& first = table.front();
  const KScore& last = table.back();
  const bool chord = last.k != first.k && first.inertia != last.inertia;
  double longest = 0;
  double best_silhouette = 0;
  for (KScore& line : table) {
    line.chord_distance = 0;
    if (chord) {
      const double across =
          static_cast<double>(line.k - first.k) / static_cast<double>(last.k - first.k);
      const double down = (line.inertia - last.inertia) / (first.inertia - last.inertia);
      line.chord_distance = std::abs(across + down - 1) / std::numbers::sqrt2;
    }
    longest = std::max(longest, line.chord_distance);
    best_silhouette = std::max(best_silhouette, line.silhouette.value_or(0));
  }
  const KScore* best = &first;
  for (KScore& line : table) {
    const double silhouette =
        best_silhouette > 0 ? line.silhouette.value_or(0) / best_silhouette : 0;
    const double distance = longest > 0 ? line.chord_distance / longest : 0;
    line.combined = kSilhouetteWeight * silhouette + kChordWeight * distance;
    if (line.combined > best->combined) {
      best = &line;
    }
  }
  return best->k;
}

std::optional<size_t> CurvatureElbow(std::span<const KScore> table) {
  std::optional<size_t> elbow;
  double largest = 0;
  for (size_t i = 1; i + 1 < table.size(); ++i) {
    const double bend = table[i - 1].inertia - 2 * table[i].inertia + table[i + 1].inertia;
    if (!elbow || bend > largest) {
      elbow = table[i].k;
      largest = bend;
    }
  }
  return elbow;
}

}  // namespace medallion::ml
