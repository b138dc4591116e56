#pragma once

#include <string>

#include "ml/model.h"

namespace medallion::ml {

// The model as PMML 4.4 (dmg.org, "ClusteringModel"): a centre-based ClusteringModel with squared
// Euclidean distance over the scaled features, which LocalTransformations derive. Output fields:
// `nearest_cluster`, the id of the nearest centroid, and `cluster`, which also applies the outlier
// rule (−1, −2, −3). An evaluator that leaves out output fields with expressions scores the
// grouping of non-outliers only; the fences are therefore also in the model's Extension elements
// (`fence.<feature>`, "low high").
//
// UTF-8 text. Numbers have the fewest digits that give the same double back. `model` has passed
// CheckModel; characters that XML 1.0 cannot hold become "?".
std::string ModelToPmml(const Model& model);

}  // namespace medallion::ml
