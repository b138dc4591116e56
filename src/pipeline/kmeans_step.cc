#include "kmeans_step.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/all_rows.h"
#include "ml/training.h"
#include "pipeline/model_store.h"
#include "pipeline/session_date.h"

namespace medallion::pipeline {
namespace {

using Row = std::vector<Value>;

// The rows that are clustered, in the order of their keys.
struct Table {
  std::vector<Row> rows;
  size_t key = 0;                // column
  std::vector<size_t> features;  // columns
};

Result<std::vector<Row>> ReadRows(Engine& engine, const KMeansRequest& request) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ResultRows> result,
                   engine.Query(request.split->training, request.inputs, request.context));
  return AllRows(*result);
}

Error RowError(const Table& table, const Row& row, std::string_view what) {
  return Error(ErrorCode::kData, fmt::format("kmeans: {} in the row of key {}", what,
                                             ToDisplayString(row[table.key])))
      .WithCondition("KMEANS_INPUT");
}

bool KeyLess(const Value& a, const Value& b) {
  const auto* left = std::get_if<int64_t>(&a.data);
  const auto* right = std::get_if<int64_t>(&b.data);
  return left != nullptr && right != nullptr ? *left < *right
                                             : ToDisplayString(a) < ToDisplayString(b);
}

// Results must not depend on the order in which an engine delivers rows.
Status SortByKey(Table& table) {
  for (const Row& row : table.rows) {
    if (row[table.key].is_null()) {
      return Error(ErrorCode::kData, "kmeans: a row has no key; filter such rows out in TABLE(…)")
          .WithCondition("KMEANS_INPUT");
    }
  }
  const auto less = [&](const Row& a, const Row& b) { return KeyLess(a[table.key], b[table.key]); };
  std::sort(table.rows.begin(), table.rows.end(), less);
  const auto twice =
      std::adjacent_find(table.rows.begin(), table.rows.end(),
                         [&](const Row& a, const Row& b) { return a[table.key] == b[table.key]; });
  return twice == table.rows.end() ? OkStatus()
                                   : Status(RowError(table, *twice, "the key stands twice, also"));
}

std::optional<double> NumberOf(const Value& value) {
  if (const auto* whole = std::get_if<int64_t>(&value.data)) {
    return static_cast<double>(*whole);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value.data)) {
    return decimal->ToDouble();
  }
  if (const auto* number = std::get_if<double>(&value.data); number && std::isfinite(*number)) {
    return *number;
  }
  return std::nullopt;
}

Result<ml::Points> Features(const Table& table, const sql::KMeansCall& call) {
  std::vector<double> values;
  values.reserve(table.rows.size() * table.features.size());
  for (const Row& row : table.rows) {
    for (size_t i = 0; i < table.features.size(); ++i) {
      const Value& value = row[table.features[i]];
      const std::optional<double> number = NumberOf(value);
      if (!number) {
        return RowError(table, row,
                        fmt::format("feature `{}` is {}", call.features[i],
                                    value.is_null() ? "NULL" : ToDisplayString(value)));
      }
      values.push_back(*number);
    }
  }
  return ml::Points(std::move(values), table.features.size());
}

ml::TrainingOptions OptionsOf(const KMeansRequest& request, int64_t version) {
  const sql::KMeansCall& call = request.split->call;
  ml::TrainingOptions options;
  options.name = request.view.ToString();
  options.version = version;
  options.table = request.training_table;
  options.table_version = request.training_version;
  options.features = call.features;
  if (call.outliers) {
    options.outliers = ml::OutlierFeatures{0, 1};
  }
  options.scale = call.scale;
  if (call.k) {
    options.k = static_cast<size_t>(*call.k);
  }
  options.k_min = static_cast<size_t>(call.k_min);
  options.k_max = static_cast<size_t>(call.k_max);
  options.kmeans.restarts = static_cast<int>(call.restarts);
  options.kmeans.max_iterations = static_cast<int>(call.max_iterations);
  options.kmeans.seed = static_cast<uint64_t>(call.seed);
  options.kmeans.threads = request.threads;
  options.kmeans.cancellation = request.context.cancellation;
  return options;
}

// A model of other features says nothing about these.
bool FitsCall(const ml::Model& model, const sql::KMeansCall& call) {
  return model.features == call.features && model.outliers.has_value() == call.outliers;
}

// Whether the rows are still those that the model was made for.
Result<bool> HasDrifted(const ml::Model& model, ml::PointsView points, double threshold) {
  ASSIGN_OR_RETURN(const std::vector<ml::Prediction> now, ml::Predict(model, points));
  ml::Model counted = model;  // the same model with today's sizes
  for (ml::ModelCluster& cluster : counted.clusters) {
    cluster.size = static_cast<size_t>(std::count_if(
        now.begin(), now.end(),
        [&](const ml::Prediction& prediction) { return prediction.cluster == cluster.id; }));
  }
  if (counted.outliers) {
    for (int32_t group = 1; group <= 3; ++group) {
      counted.outliers->sizes[static_cast<size_t>(group) - 1] = static_cast<size_t>(std::count_if(
          now.begin(), now.end(),
          [&](const ml::Prediction& prediction) { return prediction.cluster == -group; }));
    }
  }
  ASSIGN_OR_RETURN(const ml::Drift drift, ml::MeasureDrift(model, counted));
  return drift.population_stability > threshold;
}

Result<bool> MustFit(const KMeansRequest& request, const std::optional<ml::Model>& previous,
                     ml::PointsView points) {
  if (!previous || request.refit) {
    return true;
  }
  switch (request.split->call.refit) {
    case sql::RefitPolicy::kAlways: return true;
    case sql::RefitPolicy::kPinned: return false;
    case sql::RefitPolicy::kOnDrift:
      return HasDrifted(*previous, points, request.split->call.drift_threshold);
  }
  return true;
}

Result<std::optional<ml::Model>> PreviousModel(const ModelStore& store,
                                               const KMeansRequest& request) {
  if (!request.previous_version) {
    return std::optional<ml::Model>();
  }
  ASSIGN_OR_RETURN(ml::Model model, store.Load(*request.previous_version));
  return FitsCall(model, request.split->call) ? std::optional(std::move(model)) : std::nullopt;
}

void AppendClusters(Table& table, const std::vector<ml::Prediction>& predictions, int64_t version,
                    int32_t update_date) {
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const ml::Prediction& prediction = predictions[i];
    Row& row = table.rows[i];
    row.push_back(Value::Integer(prediction.cluster));
    row.push_back(Value::Date(update_date));
    row.push_back(Value::Double(prediction.distance));
    row.push_back(prediction.next_distance ? Value::Double(*prediction.next_distance)
                                           : Value::Null(DataType::Double()));
    row.push_back(Value::Long(version));
  }
}

}  // namespace

Result<ClusteredRows> RunKMeans(Engine& engine, const std::shared_ptr<ObjectStore>& root,
                                const KMeansRequest& request) {
  const sql::KMeansCall& call = request.split->call;
  const Schema& schema = request.split->clustered;
  Table table;
  table.key = schema.IndexOf(call.key).value();
  for (const std::string& feature : call.features) {
    table.features.push_back(schema.IndexOf(feature).value());
  }
  ASSIGN_OR_RETURN(table.rows, ReadRows(engine, request));
  if (table.rows.empty()) {
    return ClusteredRows{std::make_unique<FlatRows>(schema, std::vector<Row>()),
                         request.previous_version.value_or(0), false};
  }
  RETURN_IF_ERROR(SortByKey(table));
  ASSIGN_OR_RETURN(const ml::Points points, Features(table, call));
  const ModelStore store(root, request.view);
  ASSIGN_OR_RETURN(std::optional<ml::Model> model, PreviousModel(store, request));
  ASSIGN_OR_RETURN(const bool fit, MustFit(request, model, points));
  if (fit) {
    const ml::Model* history = call.history && model ? &*model : nullptr;
    ASSIGN_OR_RETURN(
        ml::Training training,
        ml::TrainModel(points, OptionsOf(request, request.previous_version.value_or(0) + 1),
                       history));
    RETURN_IF_ERROR(store.Save(training.model, call.key));
    model = std::move(training.model);
  }
  ASSIGN_OR_RETURN(const std::vector<ml::Prediction> predictions, ml::Predict(*model, points));
  ASSIGN_OR_RETURN(const int32_t update_date,
                   DateInZone(request.context.now_micros, request.context.session_time_zone));
  AppendClusters(table, predictions, model->version, update_date);
  return ClusteredRows{std::make_unique<FlatRows>(schema, std::move(table.rows)), model->version,
                       fit};
}

}  // namespace medallion::pipeline
