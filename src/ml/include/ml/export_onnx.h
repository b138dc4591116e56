#pragma once

#include <string>

#include "ml/model.h"

namespace medallion::ml {

// The model as ONNX (operator set 13): input `features`, double [N, features] in original units and
// the model's order; output `cluster`, int64 [N], the cluster's id or outlier group as Predict
// gives it. Distances are computed in double precision from differences, as Predict computes them.
// The features' names and the fences are in metadata_props. Returns the protobuf bytes of a
// ModelProto. `model` has passed CheckModel.
std::string ModelToOnnx(const Model& model);

}  // namespace medallion::ml
