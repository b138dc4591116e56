#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "ml/model.h"

namespace medallion::ml {

// A cluster of the model and how far a customer is from its centroid, in scaled units.
struct Neighbour {
  const ModelCluster* cluster = nullptr;  // of the model
  double distance = 0;
};

// A feature beyond its fences.
struct Excess {
  size_t feature = 0;  // index into Model::features
  Fences fences;
};

// Why a model puts a customer where it does.
struct Explanation {
  int32_t cluster = 0;
  // Every cluster, the nearest first; of equal distances the model's first, as in scoring.
  std::vector<Neighbour> neighbours;
  // Of an outlier: what sets it apart. Empty for a member of a cluster.
  std::vector<Excess> beyond;
};

// `features`: in the model's order, in original units. The explanation borrows from `model`. Errors
// as Predict.
Result<Explanation> Explain(const Model& model, std::span<const double> features);

}  // namespace medallion::ml
