#include "ml/kmeans.h"

#include <cmath>
#include <mutex>

#include "base/check.h"
#include "base/random.h"
#include "chunks.h"
#include "exchange.h"
#include "lloyd.h"
#include "ml/standard_scaler.h"
#include "workers.h"

namespace medallion::ml {
namespace {

// Below this many points the restarts run side by side, above it each restart's passes are shared:
// there a pass outweighs handing it out, and memory counts.
constexpr size_t kRowsSideBySideMax = 50'000;

// Among more points an exchange of single ones gains nothing that anyone would see.
constexpr size_t kRowsExchangedMax = 50'000;

struct Task {
  size_t k;
  int restart;
};

Status CheckOptions(PointsView points, std::span<const size_t> ks, const KMeansOptions& options) {
  const auto refuse = [](std::string message) {
    return Error(ErrorCode::kInvalidArgument, "k-means: " + std::move(message));
  };
  if (points.rows() == 0) {
    return refuse("there are no points");
  }
  for (const size_t k : ks) {
    if (k == 0) {
      return refuse("k must be at least 1: 0");
    }
    if (k > points.rows()) {
      return refuse(fmt::format("k is above the number of points: {} > {}", k, points.rows()));
    }
  }
  if (options.restarts < 1) {
    return refuse(fmt::format("restarts must be at least 1: {}", options.restarts));
  }
  if (options.max_iterations < 1) {
    return refuse(fmt::format("max_iterations must be at least 1: {}", options.max_iterations));
  }
  if (!(options.tolerance >= 0) || std::isinf(options.tolerance)) {
    return refuse(fmt::format("tolerance must be at least 0: {}", options.tolerance));
  }
  return CheckCoordinates(points);
}

double MeanVariance(PointsView points) {
  double sum = 0;
  for (const double variance : ColumnMoments(points).variance) {
    sum += variance;
  }
  return sum / static_cast<double>(points.columns());
}

// One restart at a time or several: the fits are the same.
class RestartRunner {
 public:
  RestartRunner(PointsView points, const KMeansOptions& options)
      : points_(points),
        options_(options),
        limits_{options.max_iterations, options.tolerance * MeanVariance(points)} {}

  Result<std::vector<LloydFit>> RunAll(const std::vector<Task>& tasks) {
    std::vector<LloydFit> fits(tasks.size());
    Workers team(options_.threads);
    if (points_.rows() > kRowsSideBySideMax) {
      for (size_t i = 0; i < tasks.size(); ++i) {
        ASSIGN_OR_RETURN(fits[i], RunOne(tasks[i], team));
      }
      return fits;
    }
    std::mutex mutex;
    Status status;
    team.Run(tasks.size(), [&](size_t i) {
      Workers alone(1);
      Result<LloydFit> fit = RunOne(tasks[i], alone);
      const std::lock_guard lock(mutex);
      if (fit) {
        fits[i] = *std::move(fit);
      } else {
        status = std::move(fit).error();
      }
    });
    RETURN_IF_ERROR(std::move(status));
    return fits;
  }

 private:
  Result<LloydFit> RunOne(const Task& task, Workers& workers) const {
    Random random(DeriveSeed(options_.seed, static_cast<uint64_t>(task.restart)));
    ASSIGN_OR_RETURN(Points initial, ChooseInitialCentroids(points_, task.k, random, workers,
                                                            options_.cancellation));
    return RunLloyd(points_, std::move(initial), limits_, workers, options_.cancellation);
  }

  PointsView points_;
  const KMeansOptions& options_;
  LloydLimits limits_;
};

Result<KMeansFit> Finish(PointsView points, std::span<LloydFit> restarts,
                         const KMeansOptions& options) {
  size_t best = 0;
  for (size_t i = 1; i < restarts.size(); ++i) {
    if (restarts[i].inertia < restarts[best].inertia) {
      best = i;
    }
  }
  if (points.rows() <= kRowsExchangedMax) {
    Workers alone(1);
    ASSIGN_OR_RETURN(restarts[best], ImproveByExchange(points, std::move(restarts[best]), alone,
                                                       options.cancellation));
  }
  Assignment assignment = AssignNearest(points, restarts[best].centroids, options.threads);
  KMeansFit fit;
  fit.sizes.resize(restarts[best].centroids.rows());
  for (const int32_t label : assignment.labels) {
    ++fit.sizes[static_cast<size_t>(label)];
  }
  fit.centroids = std::move(restarts[best].centroids);
  fit.labels = std::move(assignment.labels);
  fit.inertia = assignment.inertia;
  fit.restart = static_cast<int>(best);
  fit.iterations = restarts[best].iterations;
  fit.converged = restarts[best].converged;
  fit.inertia_by_iteration = std::move(restarts[best].inertia_by_iteration);
  return fit;
}

}  // namespace

uint64_t DeriveSeed(uint64_t seed, uint64_t stream) {
  uint64_t state = seed + (stream + 1) * 0x9E3779B97F4A7C15;
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
  return state ^ (state >> 31);
}

Result<std::vector<KMeansFit>> FitKMeansForEach(PointsView points, std::span<const size_t> ks,
                                                const KMeansOptions& options) {
  RETURN_IF_ERROR(CheckOptions(points, ks, options));
  std::vector<Task> tasks;
  for (const size_t k : ks) {
    for (int restart = 0; restart < options.restarts; ++restart) {
      tasks.push_back({k, restart});
    }
  }
  ASSIGN_OR_RETURN(std::vector<LloydFit> fits, RestartRunner(points, options).RunAll(tasks));
  const auto restarts = static_cast<size_t>(options.restarts);
  std::vector<KMeansFit> results;
  for (size_t i = 0; i < ks.size(); ++i) {
    ASSIGN_OR_RETURN(results.emplace_back(),
                     Finish(points, std::span(fits).subspan(i * restarts, restarts), options));
  }
  return results;
}

Result<KMeansFit> FitKMeans(PointsView points, const KMeansOptions& options) {
  ASSIGN_OR_RETURN(std::vector<KMeansFit> fits,
                   FitKMeansForEach(points, std::span(&options.k, 1), options));
  return std::move(fits.front());
}

Assignment AssignNearest(PointsView points, PointsView centroids, int threads) {
  CHECK(centroids.rows() > 0);
  CHECK_EQ(points.columns(), centroids.columns());
  Assignment assignment;
  assignment.labels.resize(points.rows());
  Workers workers(threads);
  assignment.inertia = AssignAndSum(points, centroids, assignment.labels, workers).inertia;
  return assignment;
}

}  // namespace medallion::ml
