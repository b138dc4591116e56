#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/schema.h"

// The arguments of `kmeans(TABLE(t), …)`, checked. The function's result is the table's columns and
// then, in this order, those that kmeans adds.

namespace medallion::sql {

// When an update fits a new model. In between, rows are only assigned to the model's clusters.
enum class RefitPolicy {
  kAlways,   // whenever the table or the date changed
  kOnDrift,  // when the rows have moved away from the model by more than the threshold
  kPinned,   // never after the first time, but by a full refresh
};

struct KMeansCall {
  std::string key;                    // identifies a row: `key => 'CustomerID'`
  std::vector<std::string> features;  // numeric columns, one or more
  // IQR fences on the first two features; rows outside get −1, −2, −3 and no part in the fit.
  bool outliers = true;
  bool scale = true;         // to mean 0 and deviation 1
  std::optional<int64_t> k;  // nothing: chosen from k_min … k_max
  int64_t k_min = 2;
  int64_t k_max = 12;
  int64_t seed = 42;
  int64_t restarts = 10;
  int64_t max_iterations = 300;
  // Whether clusters keep their ids and k its value from the model before.
  bool history = true;
  RefitPolicy refit = RefitPolicy::kAlways;
  double drift_threshold = 0.25;  // population stability index; for kOnDrift

  friend bool operator==(const KMeansCall& a, const KMeansCall& b) = default;
};

// The columns of kmeans_model(TABLE(t)); docs/kmeans.md says what they hold.
const std::vector<Field>& KMeansModelFields();

// The columns that kmeans adds, in order.
inline constexpr const char* kClusterColumn = "Cluster";                      // INT
inline constexpr const char* kUpdateDateColumn = "UpdateDate";                // DATE
inline constexpr const char* kDistanceColumn = "DistanceToCentroid";          // DOUBLE
inline constexpr const char* kNextDistanceColumn = "DistanceToNextCentroid";  // DOUBLE, NULL
inline constexpr const char* kModelVersionColumn = "ModelVersion";            // BIGINT

}  // namespace medallion::sql
