#include "kmeans_model_row.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "pipeline/model_store.h"
#include "sql/kmeans_call.h"

namespace medallion::pipeline {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

std::string ToText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ParametersText(const ml::Model& model) {
  const ml::ModelParameters& parameters = model.parameters;
  return ToText({{"features", model.features},
                 {"outliers", model.outliers ? "iqr" : "none"},
                 {"scale", parameters.scale ? "standard" : "none"},
                 {"k", parameters.k ? Json(*parameters.k) : Json("auto")},
                 {"k_min", parameters.k_min},
                 {"k_max", parameters.k_max},
                 {"restarts", parameters.restarts},
                 {"max_iterations", parameters.max_iterations},
                 {"seed", model.seed}});
}

std::string SearchText(const ml::Model& model) {
  Json lines = Json::array();
  for (const ml::KScore& line : model.k_search) {
    lines.push_back({{"k", line.k},
                     {"inertia", line.inertia},
                     {"silhouette", OrNull(line.silhouette)},
                     {"chord_distance", line.chord_distance},
                     {"combined", line.combined}});
  }
  return ToText(lines);
}

// Centroids by the features' names, in their own units.
std::string ClustersText(const ml::Model& model) {
  Json clusters = Json::array();
  for (const ml::ModelCluster& cluster : model.clusters) {
    Json centroid = Json::object();
    for (size_t i = 0; i < model.features.size(); ++i) {
      centroid[model.features[i]] = cluster.centroid[i];
    }
    clusters.push_back(
        {{"id", cluster.id}, {"size", cluster.size}, {"centroid", std::move(centroid)}});
  }
  if (model.outliers) {
    for (int32_t group = 1; group <= 3; ++group) {
      clusters.push_back(
          {{"id", -group}, {"size", model.outliers->sizes[static_cast<size_t>(group) - 1]}});
    }
  }
  return ToText(clusters);
}

std::string ChangesText(const ml::ModelComparison& comparison) {
  Json changes = Json::array();
  for (const ml::ClusterChange& change : comparison.changes) {
    changes.push_back({{"kind", ml::ClusterChangeKindName(change.kind)},
                       {"from", change.from},
                       {"to", change.to},
                       {"customers", change.customers}});
  }
  return ToText(changes);
}

Value Count(size_t number) { return Value::Long(static_cast<int64_t>(number)); }

Value WholeOrNull(const std::optional<size_t>& number) {
  return number ? Value::Integer(static_cast<int32_t>(*number)) : Value::Null(DataType::Integer());
}

Value NumberOrNull(const std::optional<double>& number) {
  return number ? Value::Double(*number) : Value::Null(DataType::Double());
}

std::optional<size_t> BestK(const ml::Model& model) {
  const auto best = std::max_element(
      model.k_search.begin(), model.k_search.end(),
      [](const ml::KScore& a, const ml::KScore& b) { return a.combined < b.combined; });
  return best == model.k_search.end() ? std::nullopt : std::optional(best->k);
}

// In the order of sql::KMeansModelFields.
std::vector<Value> RowOf(const ml::Model& model) {
  const ml::ModelMetrics& metrics = model.metrics;
  const std::optional<ml::ModelComparison>& comparison = model.comparison;
  return {
      Value::Long(model.version),
      model.previous_version ? Value::Long(*model.previous_version) : Value::Null(DataType::Long()),
      Value::String(model.training.table),
      Value::Long(model.training.version),
      Count(model.training.rows),
      Value::Integer(static_cast<int32_t>(model.clusters.size())),
      WholeOrNull(BestK(model)),
      WholeOrNull(model.curvature_elbow),
      Value::Double(metrics.inertia),
      NumberOrNull(metrics.silhouette),
      Count(metrics.silhouette_rows),
      NumberOrNull(metrics.davies_bouldin),
      NumberOrNull(metrics.calinski_harabasz),
      NumberOrNull(comparison ? comparison->drift.centroid_shift : std::nullopt),
      NumberOrNull(comparison ? std::optional(comparison->drift.population_stability)
                              : std::nullopt),
      Value::String(ParametersText(model)),
      Value::String(SearchText(model)),
      Value::String(ClustersText(model)),
      comparison ? Value::String(ChangesText(*comparison)) : Value::Null(DataType::String())};
}

}  // namespace

Result<std::unique_ptr<FlatRows>> DescribeKMeansModel(const std::shared_ptr<ObjectStore>& root,
                                                      const TableName& table,
                                                      const delta::Snapshot& snapshot) {
  std::vector<std::vector<Value>> rows;
  if (const auto version = snapshot.AppVersion(kModelAppId)) {
    ASSIGN_OR_RETURN(const ml::Model model, ModelStore(root, table).Load(*version));
    rows.push_back(RowOf(model));
  }
  return std::make_unique<FlatRows>(Schema(sql::KMeansModelFields()), std::move(rows));
}

}  // namespace medallion::pipeline
