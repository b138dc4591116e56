#include "ml/training.h"

#include "base/check.h"
#include "ml/cluster_indices.h"
#include "ml/silhouette.h"

namespace medallion::ml {
namespace {

// The rows apart from outliers.
struct Split {
  std::optional<OutlierRule> rule;
  std::vector<int32_t> groups;  // of each row; 0 for those kept
  Points kept;
};

std::vector<double> Column(PointsView rows, size_t column) {
  std::vector<double> values;
  for (size_t i = 0; i < rows.rows(); ++i) {
    values.push_back(rows.row(i)[column]);
  }
  return values;
}

Result<std::optional<OutlierRule>> FitOutlierRule(PointsView rows, const TrainingOptions& options) {
  if (!options.outliers) {
    return std::optional<OutlierRule>();
  }
  OutlierRule rule{.first = options.outliers->first, .second = options.outliers->second};
  if (rule.first >= rows.columns() || rule.second >= rows.columns() || rule.first == rule.second) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("training: the outlier rule needs two features: {} and {} of {}",
                             rule.first, rule.second, rows.columns()));
  }
  ASSIGN_OR_RETURN(rule.first_fences, IqrFences(Column(rows, rule.first)));
  ASSIGN_OR_RETURN(rule.second_fences, IqrFences(Column(rows, rule.second)));
  return std::optional(rule);
}

Result<Split> SetOutliersApart(PointsView rows, const TrainingOptions& options) {
  Split split{{}, std::vector<int32_t>(rows.rows()), Points(0, rows.columns())};
  ASSIGN_OR_RETURN(split.rule, FitOutlierRule(rows, options));
  for (size_t i = 0; i < rows.rows(); ++i) {
    const std::span<const double> row = rows.row(i);
    if (auto& rule = split.rule) {
      split.groups[i] = OutlierGroup(rule->first_fences, row[rule->first], rule->second_fences,
                                     row[rule->second]);
    }
    if (split.groups[i] == 0) {
      split.kept.Append(row);
    } else {
      ++split.rule->sizes[static_cast<size_t>(-1 - split.groups[i])];
    }
  }
  if (split.kept.rows() == 0) {
    return Error(ErrorCode::kData, "training: every row is an outlier");
  }
  return split;
}

Status CheckInput(PointsView rows, const TrainingOptions& options, const Model* previous) {
  if (rows.rows() == 0) {
    return Error(ErrorCode::kInvalidArgument, "training: there are no rows");
  }
  if (options.features.size() != rows.columns()) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("training: {} features for {} columns",
                                                          options.features.size(), rows.columns()));
  }
  if (previous != nullptr && previous->features != options.features) {
    return Error(ErrorCode::kInvalidArgument,
                 "training: the previous model has other features; train a first model");
  }
  return CheckCoordinates(rows);
}

// Searches for k, or scores the one given; fills in the model's k search, retention and metrics.
Result<KMeansFit> FitClusters(const Points& scaled, const TrainingOptions& options,
                              const Model* previous, Model& model) {
  ChooseKOptions search_options{.k_min = options.k.value_or(options.k_min),
                                .k_max = options.k.value_or(options.k_max),
                                .kmeans = options.kmeans,
                                .silhouette_rows_max = options.silhouette_rows_max};
  // Fewer rows than the least k: as many clusters as rows, at most.
  search_options.k_min = std::min(search_options.k_min, scaled.rows());
  ASSIGN_OR_RETURN(KSearch search, ChooseK(scaled, search_options));
  size_t k = search.best_k;
  if (!options.k) {
    const std::optional<size_t> previous_k =
        previous == nullptr ? std::nullopt : std::optional(previous->clusters.size());
    const KRetention retention = RetainK(
        previous_k, previous == nullptr ? KRetentionState{} : previous->retention, search.table);
    k = retention.k;
    model.retention = retention.state;
    model.k_search = search.table;
    model.curvature_elbow = search.curvature_elbow;
  }
  const auto line = std::find_if(search.table.begin(), search.table.end(),
                                 [&](const KScore& score) { return score.k == k; });
  CHECK(line != search.table.end());
  model.metrics = {.inertia = line->inertia,
                   .silhouette = line->silhouette,
                   .silhouette_rows = search.silhouette_rows};
  return std::move(search.fits[static_cast<size_t>(line - search.table.begin())]);
}

Status AddClusters(const Points& centroids_scaled, const std::vector<size_t>& sizes,
                   const Model* previous, Model& model) {
  Points centroids = centroids_scaled;
  model.scaler.InverseTransform(centroids);
  Identities identities = NumberFromZero(centroids.rows());
  if (previous != nullptr) {
    ASSIGN_OR_RETURN(identities,
                     KeepIdentities(centroids, ClustersOf(*previous), previous->scaler));
  }
  model.next_cluster_id = identities.next_id;
  for (size_t c = 0; c < centroids.rows(); ++c) {
    const std::span<const double> scaled = centroids_scaled.row(c);
    const std::span<const double> original = std::as_const(centroids).row(c);
    model.clusters.push_back({identities.ids[c],
                              sizes[c],
                              {original.begin(), original.end()},
                              {scaled.begin(), scaled.end()}});
  }
  return OkStatus();
}

Result<ModelComparison> CompareWith(const Model& previous, PointsView rows,
                                    const Training& training) {
  ASSIGN_OR_RETURN(const std::vector<Prediction> before, Predict(previous, rows));
  std::vector<int32_t> clusters_before;
  for (const Prediction& prediction : before) {
    clusters_before.push_back(prediction.cluster);
  }
  ModelComparison comparison;
  ASSIGN_OR_RETURN(comparison.drift, MeasureDrift(previous, training.model));
  ASSIGN_OR_RETURN(comparison.changes, CompareMemberships(clusters_before, training.clusters));
  return comparison;
}

// A scaler that changes nothing stands for "not scaled", so that models need not tell.
Result<StandardScaler> ScalerFor(PointsView points, bool scale) {
  return scale ? StandardScaler::Fit(points)
               : StandardScaler::FromParameters(std::vector<double>(points.columns(), 0.0),
                                                std::vector<double>(points.columns(), 1.0));
}

}  // namespace

Result<Training> TrainModel(PointsView rows, const TrainingOptions& options,
                            const Model* previous) {
  RETURN_IF_ERROR(CheckInput(rows, options, previous));
  ASSIGN_OR_RETURN(Split split, SetOutliersApart(rows, options));
  ASSIGN_OR_RETURN(StandardScaler scaler, ScalerFor(split.kept, options.scale));
  scaler.Transform(split.kept);
  Training training{
      .model = {.name = options.name,
                .version = options.version,
                .previous_version =
                    previous == nullptr ? std::nullopt : std::optional(previous->version),
                .training = {options.table, options.table_version, rows.rows()},
                .features = options.features,
                .scaler = std::move(scaler),
                .outliers = split.rule,
                .seed = options.kmeans.seed,
                .parameters = {.k = options.k,
                               .k_min = options.k_min,
                               .k_max = options.k_max,
                               .restarts = options.kmeans.restarts,
                               .max_iterations = options.kmeans.max_iterations,
                               .scale = options.scale}},
      .clusters = std::move(split.groups)};
  Model& model = training.model;
  ASSIGN_OR_RETURN(const KMeansFit fit, FitClusters(split.kept, options, previous, model));
  ASSIGN_OR_RETURN(const auto indices, MeasureClusters(split.kept, fit.labels));
  if (indices) {
    model.metrics.davies_bouldin = indices->davies_bouldin;
    model.metrics.calinski_harabasz = indices->calinski_harabasz;
  }
  RETURN_IF_ERROR(AddClusters(fit.centroids, fit.sizes, previous, model));
  size_t kept = 0;
  for (int32_t& cluster : training.clusters) {
    if (cluster == 0) {
      cluster = model.clusters[static_cast<size_t>(fit.labels[kept++])].id;
    }
  }
  RETURN_IF_ERROR(CheckModel(model));
  if (previous != nullptr) {
    ASSIGN_OR_RETURN(model.comparison, CompareWith(*previous, rows, training));
  }
  return training;
}

}  // namespace medallion::ml
