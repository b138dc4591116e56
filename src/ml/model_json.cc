#include "ml/model_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace medallion::ml {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json FencesToJson(const Fences& fences) { return {{"low", fences.low}, {"high", fences.high}}; }

Json OutliersToJson(const Model& model) {
  if (!model.outliers) {
    return {};
  }
  const OutlierRule& rule = *model.outliers;
  return {{"first", model.features[rule.first]},
          {"first_fences", FencesToJson(rule.first_fences)},
          {"second", model.features[rule.second]},
          {"second_fences", FencesToJson(rule.second_fences)},
          {"sizes", rule.sizes}};
}

Json ClustersToJson(const Model& model) {
  Json clusters = Json::array();
  for (const ModelCluster& cluster : model.clusters) {
    clusters.push_back({{"id", cluster.id},
                        {"size", cluster.size},
                        {"centroid", cluster.centroid},
                        {"centroid_scaled", cluster.centroid_scaled}});
  }
  return clusters;
}

Json SearchToJson(const Model& model) {
  Json table = Json::array();
  for (const KScore& line : model.k_search) {
    table.push_back({{"k", line.k},
                     {"inertia", line.inertia},
                     {"silhouette", OrNull(line.silhouette)},
                     {"chord_distance", line.chord_distance},
                     {"combined", line.combined}});
  }
  return {
      {"table", std::move(table)},
      {"curvature_elbow", OrNull(model.curvature_elbow)},
      {"retention",
       {{"candidate", OrNull(model.retention.candidate)}, {"updates", model.retention.updates}}}};
}

Json ParametersToJson(const ModelParameters& parameters) {
  return {{"k", OrNull(parameters.k)},
          {"k_min", parameters.k_min},
          {"k_max", parameters.k_max},
          {"restarts", parameters.restarts},
          {"max_iterations", parameters.max_iterations},
          {"scale", parameters.scale}};
}

Json ComparisonToJson(const std::optional<ModelComparison>& comparison) {
  if (!comparison) {
    return {};
  }
  Json changes = Json::array();
  for (const ClusterChange& change : comparison->changes) {
    changes.push_back({{"kind", ClusterChangeKindName(change.kind)},
                       {"from", change.from},
                       {"to", change.to},
                       {"customers", change.customers}});
  }
  return {{"centroid_shift", OrNull(comparison->drift.centroid_shift)},
          {"population_stability", comparison->drift.population_stability},
          {"changes", std::move(changes)}};
}

// A place in the document, which reports itself when what stands there is not what should.
class Node {
 public:
  Node(const Json& json, std::string path) : json_(json), path_(std::move(path)) {}

  Error Bad(std::string_view expected) const {
    return Error(ErrorCode::kCorruption,
                 fmt::format("model.json: `{}` is not {}", path_, expected));
  }

  bool IsNull() const { return json_.is_null(); }

  // A member that files of earlier programs lack.
  std::optional<Node> Find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() || found->is_null() ? std::nullopt
                                                    : std::optional(Node(*found, key));
  }

  Result<Node> At(const char* key) const {
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!json_.is_object()) {
      return Bad("an object");
    }
    const auto found = json_.find(key);
    if (found == json_.end()) {
      return Error(ErrorCode::kCorruption, fmt::format("model.json: `{}` is missing", path));
    }
    return Node(*found, path);
  }

  Result<std::vector<Node>> Elements() const {
    if (!json_.is_array()) {
      return Bad("an array");
    }
    std::vector<Node> nodes;
    for (size_t i = 0; i < json_.size(); ++i) {
      nodes.emplace_back(json_[i], fmt::format("{}[{}]", path_, i));
    }
    return nodes;
  }

  Result<bool> Flag() const {
    if (!json_.is_boolean()) {
      return Bad("true or false");
    }
    return json_.get<bool>();
  }

  Result<std::string> Text() const {
    if (!json_.is_string()) {
      return Bad("a text");
    }
    return json_.get<std::string>();
  }

  Result<double> Number() const {
    if (!json_.is_number() || !std::isfinite(json_.get<double>())) {
      return Bad("a finite number");
    }
    return json_.get<double>();
  }

  // A whole number within the type's range, from `least` on.
  template <class T>
  Result<T> Whole(T least = 0) const {
    const bool fits = json_.is_number_unsigned()
                          ? std::in_range<T>(json_.get<uint64_t>()) && json_.get<T>() >= least
                          : json_.is_number_integer() && std::in_range<T>(json_.get<int64_t>()) &&
                                json_.get<T>() >= least;
    if (!fits) {
      return Bad(fmt::format("a whole number from {} on", least));
    }
    return json_.get<T>();
  }

 private:
  const Json& json_;
  std::string path_;
};

Result<std::string> TextAt(const Node& node, const char* key) {
  ASSIGN_OR_RETURN(const Node at, node.At(key));
  return at.Text();
}

Result<double> NumberAt(const Node& node, const char* key) {
  ASSIGN_OR_RETURN(const Node at, node.At(key));
  return at.Number();
}

Result<std::optional<double>> NumberOrNullAt(const Node& node, const char* key) {
  ASSIGN_OR_RETURN(const Node at, node.At(key));
  if (at.IsNull()) {
    return std::optional<double>();
  }
  ASSIGN_OR_RETURN(const double number, at.Number());
  return std::optional(number);
}

template <class T>
Result<T> WholeAt(const Node& node, const char* key) {
  ASSIGN_OR_RETURN(const Node at, node.At(key));
  return at.Whole<T>();
}

template <class T>
Result<std::optional<T>> WholeOrNullAt(const Node& node, const char* key) {
  ASSIGN_OR_RETURN(const Node at, node.At(key));
  if (at.IsNull()) {
    return std::optional<T>();
  }
  ASSIGN_OR_RETURN(const T number, at.Whole<T>());
  return std::optional(number);
}

Result<std::vector<double>> NumbersAt(const Node& node, const char* key) {
  ASSIGN_OR_RETURN(const Node at, node.At(key));
  ASSIGN_OR_RETURN(const std::vector<Node> elements, at.Elements());
  std::vector<double> numbers;
  for (const Node& element : elements) {
    ASSIGN_OR_RETURN(const double number, element.Number());
    numbers.push_back(number);
  }
  return numbers;
}

Result<std::vector<std::string>> ReadFeatures(const Node& root) {
  ASSIGN_OR_RETURN(const Node at, root.At("features"));
  ASSIGN_OR_RETURN(const std::vector<Node> elements, at.Elements());
  std::vector<std::string> features;
  for (const Node& element : elements) {
    ASSIGN_OR_RETURN(features.emplace_back(), element.Text());
  }
  return features;
}

Result<TrainingOrigin> ReadTraining(const Node& root) {
  ASSIGN_OR_RETURN(const Node at, root.At("training"));
  TrainingOrigin origin;
  ASSIGN_OR_RETURN(origin.table, TextAt(at, "table"));
  ASSIGN_OR_RETURN(origin.version, WholeAt<int64_t>(at, "version"));
  ASSIGN_OR_RETURN(origin.rows, WholeAt<size_t>(at, "rows"));
  return origin;
}

Result<StandardScaler> ReadScaler(const Node& root) {
  ASSIGN_OR_RETURN(const Node at, root.At("scaler"));
  ASSIGN_OR_RETURN(std::vector<double> mean, NumbersAt(at, "mean"));
  ASSIGN_OR_RETURN(std::vector<double> scale, NumbersAt(at, "scale"));
  Result<StandardScaler> scaler = StandardScaler::FromParameters(std::move(mean), std::move(scale));
  if (!scaler) {
    return at.Bad("a scaler: " + scaler.error().message());
  }
  return scaler;
}

Result<Fences> ReadFences(const Node& rule, const char* key) {
  ASSIGN_OR_RETURN(const Node at, rule.At(key));
  Fences fences;
  ASSIGN_OR_RETURN(fences.low, NumberAt(at, "low"));
  ASSIGN_OR_RETURN(fences.high, NumberAt(at, "high"));
  return fences;
}

Result<size_t> ReadFeatureIndex(const Node& rule, const char* key,
                                const std::vector<std::string>& features) {
  ASSIGN_OR_RETURN(const Node at, rule.At(key));
  ASSIGN_OR_RETURN(const std::string name, at.Text());
  const auto found = std::find(features.begin(), features.end(), name);
  if (found == features.end()) {
    return at.Bad("one of the features");
  }
  return static_cast<size_t>(found - features.begin());
}

Result<std::optional<OutlierRule>> ReadOutliers(const Node& root,
                                                const std::vector<std::string>& features) {
  ASSIGN_OR_RETURN(const Node at, root.At("outliers"));
  if (at.IsNull()) {
    return std::optional<OutlierRule>();
  }
  OutlierRule rule;
  ASSIGN_OR_RETURN(rule.first, ReadFeatureIndex(at, "first", features));
  ASSIGN_OR_RETURN(rule.second, ReadFeatureIndex(at, "second", features));
  ASSIGN_OR_RETURN(rule.first_fences, ReadFences(at, "first_fences"));
  ASSIGN_OR_RETURN(rule.second_fences, ReadFences(at, "second_fences"));
  ASSIGN_OR_RETURN(const Node sizes, at.At("sizes"));
  ASSIGN_OR_RETURN(const std::vector<Node> elements, sizes.Elements());
  if (elements.size() != rule.sizes.size()) {
    return sizes.Bad("an array of three");
  }
  for (size_t i = 0; i < elements.size(); ++i) {
    ASSIGN_OR_RETURN(rule.sizes[i], elements[i].Whole<size_t>());
  }
  return std::optional(rule);
}

Result<std::vector<ModelCluster>> ReadClusters(const Node& root) {
  ASSIGN_OR_RETURN(const Node at, root.At("clusters"));
  ASSIGN_OR_RETURN(const std::vector<Node> elements, at.Elements());
  std::vector<ModelCluster> clusters;
  for (const Node& element : elements) {
    ModelCluster& cluster = clusters.emplace_back();
    ASSIGN_OR_RETURN(cluster.id, WholeAt<int32_t>(element, "id"));
    ASSIGN_OR_RETURN(cluster.size, WholeAt<size_t>(element, "size"));
    ASSIGN_OR_RETURN(cluster.centroid, NumbersAt(element, "centroid"));
    ASSIGN_OR_RETURN(cluster.centroid_scaled, NumbersAt(element, "centroid_scaled"));
  }
  return clusters;
}

Result<ModelMetrics> ReadMetrics(const Node& root) {
  ASSIGN_OR_RETURN(const Node at, root.At("metrics"));
  ModelMetrics metrics;
  ASSIGN_OR_RETURN(metrics.inertia, NumberAt(at, "inertia"));
  ASSIGN_OR_RETURN(metrics.silhouette, NumberOrNullAt(at, "silhouette"));
  ASSIGN_OR_RETURN(metrics.silhouette_rows, WholeAt<size_t>(at, "silhouette_rows"));
  ASSIGN_OR_RETURN(metrics.davies_bouldin, NumberOrNullAt(at, "davies_bouldin"));
  ASSIGN_OR_RETURN(metrics.calinski_harabasz, NumberOrNullAt(at, "calinski_harabasz"));
  return metrics;
}

Status ReadSearch(const Node& root, Model& model) {
  ASSIGN_OR_RETURN(const Node at, root.At("k_search"));
  ASSIGN_OR_RETURN(const Node table, at.At("table"));
  ASSIGN_OR_RETURN(const std::vector<Node> lines, table.Elements());
  for (const Node& line : lines) {
    KScore& score = model.k_search.emplace_back();
    ASSIGN_OR_RETURN(score.k, WholeAt<size_t>(line, "k"));
    ASSIGN_OR_RETURN(score.inertia, NumberAt(line, "inertia"));
    ASSIGN_OR_RETURN(score.silhouette, NumberOrNullAt(line, "silhouette"));
    ASSIGN_OR_RETURN(score.chord_distance, NumberAt(line, "chord_distance"));
    ASSIGN_OR_RETURN(score.combined, NumberAt(line, "combined"));
  }
  ASSIGN_OR_RETURN(model.curvature_elbow, WholeOrNullAt<size_t>(at, "curvature_elbow"));
  ASSIGN_OR_RETURN(const Node retention, at.At("retention"));
  ASSIGN_OR_RETURN(model.retention.candidate, WholeOrNullAt<size_t>(retention, "candidate"));
  ASSIGN_OR_RETURN(model.retention.updates, WholeAt<int>(retention, "updates"));
  return OkStatus();
}

Result<ModelParameters> ReadParameters(const Node& root) {
  ModelParameters parameters;
  const std::optional<Node> at = root.Find("parameters");
  if (!at) {
    return parameters;
  }
  ASSIGN_OR_RETURN(parameters.k, WholeOrNullAt<size_t>(*at, "k"));
  ASSIGN_OR_RETURN(parameters.k_min, WholeAt<size_t>(*at, "k_min"));
  ASSIGN_OR_RETURN(parameters.k_max, WholeAt<size_t>(*at, "k_max"));
  ASSIGN_OR_RETURN(parameters.restarts, WholeAt<int>(*at, "restarts"));
  ASSIGN_OR_RETURN(parameters.max_iterations, WholeAt<int>(*at, "max_iterations"));
  ASSIGN_OR_RETURN(const Node scale, at->At("scale"));
  ASSIGN_OR_RETURN(parameters.scale, scale.Flag());
  return parameters;
}

Result<ClusterChangeKind> ReadChangeKind(const Node& change) {
  ASSIGN_OR_RETURN(const Node at, change.At("kind"));
  ASSIGN_OR_RETURN(const std::string name, at.Text());
  for (const ClusterChangeKind kind : kClusterChangeKinds) {
    if (name == ClusterChangeKindName(kind)) {
      return kind;
    }
  }
  return at.Bad("a kind of change");
}

Result<std::vector<int32_t>> ReadIds(const Node& change, const char* key) {
  ASSIGN_OR_RETURN(const Node at, change.At(key));
  ASSIGN_OR_RETURN(const std::vector<Node> elements, at.Elements());
  std::vector<int32_t> ids;
  for (const Node& element : elements) {
    ASSIGN_OR_RETURN(ids.emplace_back(), element.Whole<int32_t>());
  }
  return ids;
}

Result<std::optional<ModelComparison>> ReadComparison(const Node& root) {
  const std::optional<Node> at = root.Find("comparison");
  if (!at) {
    return std::optional<ModelComparison>();
  }
  ModelComparison comparison;
  ASSIGN_OR_RETURN(comparison.drift.centroid_shift, NumberOrNullAt(*at, "centroid_shift"));
  ASSIGN_OR_RETURN(comparison.drift.population_stability, NumberAt(*at, "population_stability"));
  ASSIGN_OR_RETURN(const Node changes, at->At("changes"));
  ASSIGN_OR_RETURN(const std::vector<Node> elements, changes.Elements());
  for (const Node& element : elements) {
    ClusterChange& change = comparison.changes.emplace_back();
    ASSIGN_OR_RETURN(change.kind, ReadChangeKind(element));
    ASSIGN_OR_RETURN(change.from, ReadIds(element, "from"));
    ASSIGN_OR_RETURN(change.to, ReadIds(element, "to"));
    ASSIGN_OR_RETURN(change.customers, WholeAt<size_t>(element, "customers"));
  }
  return std::optional(std::move(comparison));
}

Status CheckFormat(const Node& root) {
  ASSIGN_OR_RETURN(const Node at, root.At("format_version"));
  ASSIGN_OR_RETURN(const int64_t version, at.Whole<int64_t>(1));
  if (version > kModelFormatVersion) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("model.json has format version {}; this program reads up to {}",
                             version, kModelFormatVersion));
  }
  return OkStatus();
}

}  // namespace

std::string ModelToJson(const Model& model) {
  const std::span<const double> mean = model.scaler.mean();
  const std::span<const double> scale = model.scaler.scale();
  const Json json = {{"format_version", kModelFormatVersion},
                     {"name", model.name},
                     {"version", model.version},
                     {"previous_version", OrNull(model.previous_version)},
                     {"training",
                      {{"table", model.training.table},
                       {"version", model.training.version},
                       {"rows", model.training.rows}}},
                     {"features", model.features},
                     {"scaler",
                      {{"mean", std::vector<double>(mean.begin(), mean.end())},
                       {"scale", std::vector<double>(scale.begin(), scale.end())}}},
                     {"outliers", OutliersToJson(model)},
                     {"clusters", ClustersToJson(model)},
                     {"next_cluster_id", model.next_cluster_id},
                     {"seed", model.seed},
                     {"parameters", ParametersToJson(model.parameters)},
                     {"metrics",
                      {{"inertia", model.metrics.inertia},
                       {"silhouette", OrNull(model.metrics.silhouette)},
                       {"silhouette_rows", model.metrics.silhouette_rows},
                       {"davies_bouldin", OrNull(model.metrics.davies_bouldin)},
                       {"calinski_harabasz", OrNull(model.metrics.calinski_harabasz)}}},
                     {"k_search", SearchToJson(model)},
                     {"comparison", ComparisonToJson(model.comparison)}};
  return json.dump(1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

Result<Model> ModelFromJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return Error(ErrorCode::kCorruption, "model.json is not valid JSON");
  }
  if (!json.is_object()) {
    return Error(ErrorCode::kCorruption, "model.json is not a JSON object");
  }
  const Node root(json, "");
  RETURN_IF_ERROR(CheckFormat(root));
  Model model;
  ASSIGN_OR_RETURN(model.name, TextAt(root, "name"));
  ASSIGN_OR_RETURN(model.version, WholeAt<int64_t>(root, "version"));
  ASSIGN_OR_RETURN(model.previous_version, WholeOrNullAt<int64_t>(root, "previous_version"));
  ASSIGN_OR_RETURN(model.training, ReadTraining(root));
  ASSIGN_OR_RETURN(model.features, ReadFeatures(root));
  ASSIGN_OR_RETURN(model.scaler, ReadScaler(root));
  ASSIGN_OR_RETURN(model.outliers, ReadOutliers(root, model.features));
  ASSIGN_OR_RETURN(model.clusters, ReadClusters(root));
  ASSIGN_OR_RETURN(model.next_cluster_id, WholeAt<int32_t>(root, "next_cluster_id"));
  ASSIGN_OR_RETURN(model.seed, WholeAt<uint64_t>(root, "seed"));
  ASSIGN_OR_RETURN(model.metrics, ReadMetrics(root));
  ASSIGN_OR_RETURN(model.parameters, ReadParameters(root));
  RETURN_IF_ERROR(ReadSearch(root, model));
  ASSIGN_OR_RETURN(model.comparison, ReadComparison(root));
  if (Status status = CheckModel(model); !status) {
    return Error(ErrorCode::kCorruption, "model.json: " + status.error().message());
  }
  return model;
}

}  // namespace medallion::ml
