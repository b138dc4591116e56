#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/engine.h"
#include "engine/flat_rows.h"
#include "kmeans_split.h"
#include "run_context.h"

namespace medallion::pipeline {

// What one update knows when it comes to a kmeans.
struct KMeansRequest {
  const KMeansSplit* split = nullptr;
  TableName view;  // whose model it is
  BoundInputs inputs;
  QueryContext context;
  // The model that the view's rows come from so far; nothing before the first.
  std::optional<int64_t> previous_version;
  // Fit also where the refit policy would only assign.
  bool refit = false;
  // Of the table that is clustered, for the model's record.
  std::string training_table;
  int64_t training_version = 0;
  int threads = 1;
};

struct ClusteredRows {
  std::unique_ptr<FlatRows> rows;  // the schema is KMeansSplit::clustered
  int64_t model_version = 0;
  bool fitted = false;
};

// Reads the rows, fits a model or takes the previous one, and assigns every row. A new model's
// files are durable when it returns. The same rows (in any order), call and previous model give the
// same rows, in the order of the key, and the same model.
//
// kData, naming key and column: a key that is NULL or stands twice, a feature that is NULL or not
// finite; no rows at all are no error and no model.
Result<ClusteredRows> RunKMeans(Engine& engine, const std::shared_ptr<ObjectStore>& root,
                                const KMeansRequest& request);

}  // namespace medallion::pipeline
