#include "ml/model.h"

#include <cmath>
#include <limits>

#include "base/check.h"

namespace medallion::ml {
namespace {

constexpr double kShareMin = 1e-4;

Error Misfit(std::string_view part, std::string_view what) {
  return Error(ErrorCode::kInvalidArgument, fmt::format("model: `{}` {}", part, what));
}

bool Finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

bool Ordered(const Fences& fences) {
  return std::isfinite(fences.low) && std::isfinite(fences.high) && fences.low <= fences.high;
}

Status CheckFeatures(const Model& model) {
  const std::set<std::string> names(model.features.begin(), model.features.end());
  if (names.empty() || names.size() != model.features.size() || names.contains("")) {
    return Misfit("features", "must be distinct names, at least one");
  }
  if (model.scaler.mean().size() != model.features.size()) {
    return Misfit("scaler", "must have a mean and a scale per feature");
  }
  return OkStatus();
}

Status CheckOutliers(const Model& model) {
  if (!model.outliers) {
    return OkStatus();
  }
  const OutlierRule& rule = *model.outliers;
  if (rule.first >= model.features.size() || rule.second >= model.features.size() ||
      rule.first == rule.second) {
    return Misfit("outliers", "must name two of the features");
  }
  if (!Ordered(rule.first_fences) || !Ordered(rule.second_fences)) {
    return Misfit("outliers", "must have finite fences, the low one not above the high one");
  }
  return OkStatus();
}

Status CheckClusters(const Model& model) {
  if (model.clusters.empty()) {
    return Misfit("clusters", "must not be empty");
  }
  std::set<int32_t> ids;
  for (const ModelCluster& cluster : model.clusters) {
    if (cluster.id < 0 || cluster.id >= model.next_cluster_id || !ids.insert(cluster.id).second) {
      return Misfit("clusters", fmt::format("must have distinct ids from 0 to below "
                                            "`next_cluster_id`: {}",
                                            cluster.id));
    }
    if (cluster.centroid.size() != model.features.size() ||
        cluster.centroid_scaled.size() != model.features.size() || !Finite(cluster.centroid) ||
        !Finite(cluster.centroid_scaled)) {
      return Misfit("clusters", fmt::format("must have a finite coordinate per feature: cluster {}",
                                            cluster.id));
    }
  }
  return OkStatus();
}

Prediction Nearest(PointsView centroids, std::span<const double> scaled) {
  size_t nearest = 0;
  double first = std::numeric_limits<double>::infinity();
  double second = first;
  for (size_t c = 0; c < centroids.rows(); ++c) {
    const double distance = SquaredDistance(scaled, centroids.row(c));
    if (distance < first) {
      second = std::exchange(first, distance);
      nearest = c;
    } else {
      second = std::min(second, distance);
    }
  }
  Prediction prediction{static_cast<int32_t>(nearest), std::sqrt(first), std::nullopt};
  if (centroids.rows() > 1) {
    prediction.next_distance = std::sqrt(second);
  }
  return prediction;
}

// The share of every cluster and outlier group, by id.
std::map<int32_t, double> Shares(const Model& model) {
  std::map<int32_t, double> shares;
  for (const ModelCluster& cluster : model.clusters) {
    shares[cluster.id] = static_cast<double>(cluster.size);
  }
  if (model.outliers) {
    for (size_t group = 0; group < model.outliers->sizes.size(); ++group) {
      shares[-1 - static_cast<int32_t>(group)] = static_cast<double>(model.outliers->sizes[group]);
    }
  }
  double total = 0;
  for (const auto& [id, size] : shares) {
    total += size;
  }
  for (auto& [id, size] : shares) {
    size = total > 0 ? size / total : 0;
  }
  return shares;
}

double PopulationStability(const std::map<int32_t, double>& before,
                           std::map<int32_t, double> after) {
  for (const auto& [id, share] : before) {
    after.emplace(id, 0);
  }
  double sum = 0;
  for (const auto& [id, share] : after) {
    const auto earlier = before.find(id);
    const double p = std::max(kShareMin, earlier == before.end() ? 0 : earlier->second);
    const double q = std::max(kShareMin, share);
    sum += (q - p) * std::log(q / p);
  }
  return sum;
}

std::optional<double> CentroidShift(const Model& earlier, const Model& later) {
  std::map<int32_t, std::span<const double>> before;
  for (const ModelCluster& cluster : earlier.clusters) {
    before.emplace(cluster.id, cluster.centroid_scaled);
  }
  double sum = 0;
  double weight = 0;
  for (const ModelCluster& cluster : later.clusters) {
    const auto match = before.find(cluster.id);
    if (match == before.end()) {
      continue;
    }
    std::vector<double> now = cluster.centroid;
    earlier.scaler.TransformRow(now);
    const auto size = static_cast<double>(cluster.size);
    sum += size * std::sqrt(SquaredDistance(now, match->second));
    weight += size;
  }
  return weight > 0 ? std::optional(sum / weight) : std::nullopt;
}

}  // namespace

Status CheckModel(const Model& model) {
  RETURN_IF_ERROR(CheckFeatures(model));
  RETURN_IF_ERROR(CheckOutliers(model));
  return CheckClusters(model);
}

Points ScaledCentroids(const Model& model) {
  Points centroids(0, model.features.size());
  for (const ModelCluster& cluster : model.clusters) {
    centroids.Append(cluster.centroid_scaled);
  }
  return centroids;
}

KnownClusters ClustersOf(const Model& model) {
  KnownClusters known{Points(0, model.features.size()), {}, model.next_cluster_id};
  for (const ModelCluster& cluster : model.clusters) {
    known.centroids.Append(cluster.centroid);
    known.ids.push_back(cluster.id);
  }
  return known;
}

Result<std::vector<Prediction>> Predict(const Model& model, PointsView rows) {
  if (rows.columns() != model.features.size()) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("prediction: {} columns for {} features",
                                                          rows.columns(), model.features.size()));
  }
  RETURN_IF_ERROR(CheckCoordinates(rows));
  const Points centroids = ScaledCentroids(model);
  std::vector<Prediction> predictions;
  predictions.reserve(rows.rows());
  std::vector<double> scaled(rows.columns());
  for (size_t i = 0; i < rows.rows(); ++i) {
    const std::span<const double> row = rows.row(i);
    std::copy(row.begin(), row.end(), scaled.begin());
    model.scaler.TransformRow(scaled);
    Prediction prediction = Nearest(centroids, scaled);
    prediction.cluster = model.clusters[static_cast<size_t>(prediction.cluster)].id;
    if (const auto& rule = model.outliers) {
      const int32_t group = OutlierGroup(rule->first_fences, row[rule->first], rule->second_fences,
                                         row[rule->second]);
      prediction.cluster = group != 0 ? group : prediction.cluster;
    }
    predictions.push_back(prediction);
  }
  return predictions;
}

Result<Drift> MeasureDrift(const Model& earlier, const Model& later) {
  if (earlier.features != later.features) {
    return Error(ErrorCode::kInvalidArgument, "drift: the models have different features");
  }
  return Drift{CentroidShift(earlier, later), PopulationStability(Shares(earlier), Shares(later))};
}

}  // namespace medallion::ml
