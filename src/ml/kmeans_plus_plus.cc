#include <cmath>
#include <limits>

#include "base/check.h"
#include "lloyd.h"

namespace medallion::ml {
namespace {

// The state of the choice: for every point its squared distance to the nearest chosen centroid.
// The last chosen centroid is `pending`: it enters the distances during the next pass, which looks
// at every point anyway.
class Seeding {
 public:
  Seeding(PointsView points, Workers& workers)
      : points_(points),
        workers_(workers),
        chunks_(points.rows()),
        closest_(points.rows(), std::numeric_limits<double>::infinity()) {}

  // The sum of `closest` after `pending`; per chunk in `potential_`.
  double Potential() const {
    double sum = 0;
    for (const double part : potential_) {
      sum += part;
    }
    return sum;
  }

  void ChooseFirst(std::span<const double> point) {
    pending_.assign(point.begin(), point.end());
    potential_ = PotentialsWith({point});
  }

  // The row where the running sum of `closest` passes `target`.
  size_t Locate(double target) {
    size_t chunk = 0;
    while (chunk + 1 < potential_.size() && target >= potential_[chunk]) {
      target -= potential_[chunk];
      ++chunk;
    }
    while (chunk > 0 && potential_[chunk] == 0) {
      --chunk;  // rounding carried the target past the last chunk with a distance
    }
    ApplyPending(chunk);
    size_t found = chunks_.begin(chunk);
    for (size_t row = chunks_.begin(chunk); row < chunks_.end(chunk); ++row) {
      if (closest_[row] > 0) {
        found = row;
        if (target < closest_[row]) {
          break;
        }
        target -= closest_[row];
      }
    }
    return found;
  }

  // Chooses among candidates the one that leaves the least potential; ties to the first.
  void ChooseBest(const std::vector<std::span<const double>>& candidates) {
    const std::vector<double> parts = PotentialsWith(candidates);
    size_t best = 0;
    double best_sum = std::numeric_limits<double>::infinity();
    for (size_t c = 0; c < candidates.size(); ++c) {
      double sum = 0;
      for (size_t chunk = 0; chunk < chunks_.count(); ++chunk) {
        sum += parts[chunk * candidates.size() + c];
      }
      if (sum < best_sum) {
        best = c;
        best_sum = sum;
      }
    }
    pending_.assign(candidates[best].begin(), candidates[best].end());
    for (size_t chunk = 0; chunk < chunks_.count(); ++chunk) {
      potential_[chunk] = parts[chunk * candidates.size() + best];
    }
  }

  std::span<const double> pending() const { return pending_; }

 private:
  void ApplyPending(size_t chunk) {
    ForBlocks(chunk, [this](const Block& block, double* closest) {
      LowerClosestInBlock(block, pending_.data(), closest);
    });
  }

  // For each chunk and candidate the potential that the chunk would have; chunks × candidates.
  std::vector<double> PotentialsWith(const std::vector<std::span<const double>>& candidates) {
    std::vector<double> parts(chunks_.count() * candidates.size());
    workers_.Run(chunks_.count(), [&](size_t chunk) {
      std::vector<double> lanes(candidates.size() * kBlockRows);
      ForBlocks(chunk, [&](const Block& block, double* closest) {
        LowerClosestInBlock(block, pending_.data(), closest);
        for (size_t c = 0; c < candidates.size(); ++c) {
          AddCloserInBlock(block, candidates[c].data(), closest, lanes.data() + c * kBlockRows);
        }
      });
      for (size_t c = 0; c < candidates.size(); ++c) {
        double sum = 0;
        for (size_t lane = 0; lane < kBlockRows; ++lane) {
          sum += lanes[c * kBlockRows + lane];
        }
        parts[chunk * candidates.size() + c] = sum;
      }
    });
    return parts;
  }

  // Calls visit(block, closest) for the blocks of a chunk; `closest` has kBlockRows places, those
  // past the points hold zeros, and what becomes of the others is kept.
  template <class Visit>
  void ForBlocks(size_t chunk, Visit visit) {
    std::vector<double> columns(points_.columns() * kBlockRows);
    for (size_t row = chunks_.begin(chunk); row < chunks_.end(chunk); row += kBlockRows) {
      const size_t rows = std::min(kBlockRows, chunks_.end(chunk) - row);
      const Block block =
          LoadBlock(points_.row(row).data(), rows, points_.columns(), columns.data());
      if (rows == kBlockRows) {
        visit(block, closest_.data() + row);
        continue;
      }
      double closest[kBlockRows] = {};
      std::copy_n(closest_.data() + row, rows, closest);
      visit(block, closest);
      std::copy_n(closest, rows, closest_.data() + row);
    }
  }

  PointsView points_;
  Workers& workers_;
  Chunks chunks_;
  std::vector<double> closest_;
  std::vector<double> potential_;
  std::vector<double> pending_;
};

}  // namespace

Result<Points> ChooseInitialCentroids(PointsView points, size_t k, Random& random, Workers& workers,
                                      const CancellationToken* cancellation) {
  CHECK(points.rows() > 0);
  Seeding seeding(points, workers);
  Points centroids(0, points.columns());
  seeding.ChooseFirst(points.row(random.Below(points.rows())));
  centroids.Append(seeding.pending());
  const size_t trials = 2 + static_cast<size_t>(std::log(static_cast<double>(k)));
  std::vector<std::span<const double>> candidates(trials);
  while (centroids.rows() < k) {
    if (cancellation != nullptr) {
      RETURN_IF_ERROR(cancellation->Check());
    }
    const double potential = seeding.Potential();
    if (potential == 0) {
      break;  // every point lies on a centroid
    }
    for (std::span<const double>& candidate : candidates) {
      candidate = points.row(seeding.Locate(random.Unit() * potential));
    }
    seeding.ChooseBest(candidates);
    centroids.Append(seeding.pending());
  }
  return centroids;
}

}  // namespace medallion::ml
