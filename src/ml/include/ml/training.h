#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/model.h"

namespace medallion::ml {

// Which two features decide who is an outlier, by index.
struct OutlierFeatures {
  size_t first = 0;
  size_t second = 1;
};

struct TrainingOptions {
  std::string name;
  int64_t version = 1;
  std::string table;
  int64_t table_version = 0;
  std::vector<std::string> features;
  std::optional<OutlierFeatures> outliers;
  // Whether features are brought to mean 0 and deviation 1; else distances are in their own units.
  bool scale = true;
  // Nothing: chosen from k_min … k_max and kept by RetainK. A given k is not searched for.
  std::optional<size_t> k;
  size_t k_min = 2;
  size_t k_max = 12;
  KMeansOptions kmeans;  // `k` is not read
  size_t silhouette_rows_max = 20'000;
};

struct Training {
  Model model;
  std::vector<int32_t> clusters;  // of each row: a cluster's id or an outlier group
};

// The whole way from rows (original units, n × features) to a model: outliers are set apart, the
// scaler is fitted on the rest and the rest clustered, k is retained and clusters keep the ids of
// `previous` (null: a first model), which must have the same features. Pure: the same rows, options
// and previous model give the same bits.
//
// Few customers: with fewer distinct clustered rows than k_min (one customer, say, or all equal)
// the model has one cluster per distinct row. kInvalidArgument: no rows, features that do not fit
// the columns or the previous model, an option out of range. kData: a coordinate that
// CheckCoordinates refuses, or every row is an outlier. kCancelled.
Result<Training> TrainModel(PointsView rows, const TrainingOptions& options, const Model* previous);

}  // namespace medallion::ml
