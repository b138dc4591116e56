#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/choose_k.h"
#include "ml/cluster_identity.h"
#include "ml/cluster_indices.h"
#include "ml/k_retention.h"
#include "ml/outliers.h"
#include "ml/points.h"
#include "ml/standard_scaler.h"

namespace medallion::ml {

// Two features with the fences beyond which a customer is no member of any cluster but of an
// outlier group; see OutlierGroup.
struct OutlierRule {
  size_t first = 0;  // index of a feature
  size_t second = 0;
  Fences first_fences;
  Fences second_fences;
  // Training rows in the groups −1, −2 and −3.
  std::array<size_t, 3> sizes = {};

  friend bool operator==(const OutlierRule& a, const OutlierRule& b) = default;
};

struct ModelCluster {
  int32_t id = 0;
  size_t size = 0;                      // training rows
  std::vector<double> centroid;         // original units, one per feature
  std::vector<double> centroid_scaled;  // as the scaler scales

  friend bool operator==(const ModelCluster& a, const ModelCluster& b) = default;
};

struct TrainingOrigin {
  std::string table;
  int64_t version = 0;  // of the table
  size_t rows = 0;      // outliers included

  friend bool operator==(const TrainingOrigin& a, const TrainingOrigin& b) = default;
};

struct ModelMetrics {
  double inertia = 0;  // over the clustered rows, in scaled units
  std::optional<double> silhouette;
  size_t silhouette_rows = 0;  // fewer than the clustered rows if it was estimated from a sample
  std::optional<double> davies_bouldin;
  std::optional<double> calinski_harabasz;

  friend bool operator==(const ModelMetrics& a, const ModelMetrics& b) = default;
};

// With what options it was trained; the seed is the model's own.
struct ModelParameters {
  std::optional<size_t> k;  // nothing: chosen from k_min … k_max
  size_t k_min = 0;
  size_t k_max = 0;
  int restarts = 0;
  int max_iterations = 0;
  bool scale = true;

  friend bool operator==(const ModelParameters& a, const ModelParameters& b) = default;
};

// How far two models of the same features are apart.
struct Drift {
  // The mean distance of centroids of equal ids, in the earlier model's scaled units, weighted by
  // the later model's sizes. Nothing if no id is in both.
  std::optional<double> centroid_shift;
  // The population stability index of the shares of clusters and outlier groups: Σ (q − p)·ln(q /
  // p), shares below 0.0001 counted as that. Custom has it that below 0.1 nothing happened, and
  // that from 0.25 on the population is another.
  double population_stability = 0;

  friend bool operator==(const Drift& a, const Drift& b) = default;
};

// What changed since the previous model, by the rows that this one was trained on: where the
// previous model would put them against where they are now.
struct ModelComparison {
  Drift drift;
  std::vector<ClusterChange> changes;

  friend bool operator==(const ModelComparison& a, const ModelComparison& b) = default;
};

// A trained grouping of customers: all that scoring, explaining and the next training need. A plain
// value; model_json.h stores it.
struct Model {
  std::string name;
  int64_t version = 0;
  std::optional<int64_t> previous_version;
  TrainingOrigin training;
  std::vector<std::string> features;
  StandardScaler scaler;
  std::optional<OutlierRule> outliers;
  std::vector<ModelCluster> clusters;  // k of them; of equal distances the first is nearest
  int32_t next_cluster_id = 0;         // see KnownClusters
  uint64_t seed = 0;
  ModelParameters parameters;
  ModelMetrics metrics;
  std::vector<KScore> k_search;  // empty if k was given
  std::optional<size_t> curvature_elbow;
  KRetentionState retention;
  std::optional<ModelComparison> comparison;  // if there was a previous model

  friend bool operator==(const Model& a, const Model& b) = default;
};

// kInvalidArgument by name of the first part that does not fit the others: no features or clusters,
// lengths that differ, ids that repeat or are not below next_cluster_id, numbers that are not
// finite. What is read from a file passes it before use.
Status CheckModel(const Model& model);

// The centroids in scaled units, k × features.
Points ScaledCentroids(const Model& model);
KnownClusters ClustersOf(const Model& model);

struct Prediction {
  int32_t cluster = 0;  // a cluster's id or an outlier group
  // Distances to the nearest and the next centroid, in scaled units; of outliers too. With one
  // cluster there is no next.
  double distance = 0;
  std::optional<double> next_distance;

  friend bool operator==(const Prediction& a, const Prediction& b) = default;
};

// Where each row (original units, n × features) belongs. Trained rows get the cluster they had in
// training. kInvalidArgument for another number of columns; kData for a coordinate that
// CheckCoordinates refuses. `model` has passed CheckModel.
Result<std::vector<Prediction>> Predict(const Model& model, PointsView rows);

// kInvalidArgument if the features differ. Both models have passed CheckModel.
Result<Drift> MeasureDrift(const Model& earlier, const Model& later);

}  // namespace medallion::ml
