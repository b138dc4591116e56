#pragma once

#include <span>
#include <string>

#include "ml/model.h"

namespace medallion::cli {

// Why a model puts a customer where it does, in lines for a person: for a member of a cluster the
// features beside the centroids of its own and the next cluster, and both distances; for an outlier
// the fences that it lies beyond. `features`: in the model's order and units. Errors as
// ml::Predict.
Result<std::string> ExplainCustomer(const ml::Model& model, std::span<const double> features);

}  // namespace medallion::cli
