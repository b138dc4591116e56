// Runs one computation of ml on points from a file and prints its results as JSON.
//
//   medallion_ml_probe REQUEST.json
//
// The request names `points` (a file of native doubles, row-major), `columns`, an `operation` and
// its parameters; the answer holds the results and the seconds of the computation alone, or
// `error`.

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "ml/choose_k.h"
#include "ml/cluster_indices.h"
#include "ml/export_onnx.h"
#include "ml/export_pmml.h"
#include "ml/export_sql.h"
#include "ml/kmeans.h"
#include "ml/model_json.h"
#include "ml/outliers.h"
#include "ml/silhouette.h"
#include "ml/standard_scaler.h"
#include "ml/training.h"

namespace medallion::ml {
namespace {

using Json = nlohmann::ordered_json;

Points ReadPoints(const Json& request) {
  std::ifstream file(request.at("points").get<std::string>(), std::ios::binary | std::ios::ate);
  std::vector<double> values(static_cast<size_t>(file.tellg()) / sizeof(double));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(double)));
  return {std::move(values), request.at("columns").get<size_t>()};
}

KMeansOptions FitOptions(const Json& request) {
  KMeansOptions options;
  options.k = request.value("k", options.k);
  options.restarts = request.value("restarts", options.restarts);
  options.max_iterations = request.value("max_iterations", options.max_iterations);
  options.tolerance = request.value("tolerance", options.tolerance);
  options.seed = request.value("seed", options.seed);
  options.threads = request.value("threads", options.threads);
  return options;
}

Json Failed(const Error& error) { return {{"error", error.message()}}; }

Json Rows(const Points& points) {
  Json rows = Json::array();
  for (size_t i = 0; i < points.rows(); ++i) {
    rows.push_back(std::vector<double>(points.row(i).begin(), points.row(i).end()));
  }
  return rows;
}

Json ScalerAnswer(const Points& points, const Json&) {
  const auto scaler = StandardScaler::Fit(points);
  if (!scaler) {
    return Failed(scaler.error());
  }
  return {{"mean", std::vector<double>(scaler->mean().begin(), scaler->mean().end())},
          {"scale", std::vector<double>(scaler->scale().begin(), scaler->scale().end())}};
}

// One fit per element of `seeds`, or the one of `seed`.
Json FitAnswer(const Points& points, const Json& request) {
  KMeansOptions options = FitOptions(request);
  Json fits = Json::array();
  for (const uint64_t seed : request.value("seeds", std::vector<uint64_t>{options.seed})) {
    options.seed = seed;
    const auto fit = FitKMeans(points, options);
    if (!fit) {
      return Failed(fit.error());
    }
    Json answer = {{"inertia", fit->inertia},
                   {"iterations", fit->iterations},
                   {"converged", fit->converged},
                   {"sizes", fit->sizes},
                   {"centroids", Rows(fit->centroids)}};
    if (request.value("labels", false)) {
      answer["labels"] = fit->labels;
    }
    fits.push_back(std::move(answer));
  }
  return {{"fits", std::move(fits)}};
}

// Of the first column.
Json QuantileAnswer(const Points& points, const Json& request) {
  std::vector<double> column;
  for (size_t i = 0; i < points.rows(); ++i) {
    column.push_back(points.row(i)[0]);
  }
  std::vector<double> quantiles;
  for (const double q : request.at("q").get<std::vector<double>>()) {
    quantiles.push_back(Quantile(column, q).value());
  }
  const Fences fences = IqrFences(column).value();
  return {{"quantiles", quantiles}, {"fences", {fences.low, fences.high}}};
}

// Silhouettes and indices of the labelings of `labels`, a list of lists.
Json QualityAnswer(const Points& points, const Json& request) {
  const auto labelings = request.at("labels").get<std::vector<std::vector<int32_t>>>();
  const std::vector<std::span<const int32_t>> spans(labelings.begin(), labelings.end());
  const auto scores = Silhouettes(points, spans, {.threads = request.value("threads", 1)});
  if (!scores) {
    return Failed(scores.error());
  }
  Json answer;
  for (size_t i = 0; i < labelings.size(); ++i) {
    const auto indices = MeasureClusters(points, labelings[i]);
    const auto& mean = (*scores)[i].mean;
    answer["silhouette"].push_back(mean ? Json(*mean) : Json());
    answer["davies_bouldin"].push_back(*indices ? Json((*indices)->davies_bouldin) : Json());
    answer["calinski_harabasz"].push_back(*indices ? Json((*indices)->calinski_harabasz) : Json());
  }
  return answer;
}

Json ChooseKAnswer(const Points& points, const Json& request) {
  ChooseKOptions options;
  options.k_min = request.value("k_min", options.k_min);
  options.k_max = request.value("k_max", options.k_max);
  options.kmeans = FitOptions(request);
  const auto search = ChooseK(points, options);
  if (!search) {
    return Failed(search.error());
  }
  Json answer = {{"best_k", search->best_k}, {"elbow", search->curvature_elbow.value_or(0)}};
  for (size_t i = 0; i < search->table.size(); ++i) {
    const KScore& line = search->table[i];
    answer["k"].push_back(line.k);
    answer["inertia"].push_back(line.inertia);
    answer["silhouette"].push_back(line.silhouette ? Json(*line.silhouette) : Json());
    answer["combined"].push_back(line.combined);
    answer["sizes"].push_back(search->fits[i].sizes);
  }
  return answer;
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Trains on the points, writes model.json, model.pmml, model.onnx and model.sql (which scores the
// table `customers` by its column id) into `folder`, and predicts the points by the model read
// back.
Json TrainAnswer(const Points& points, const Json& request) {
  TrainingOptions options{.name = "customers",
                          .table = "customers",
                          .features = request.at("features").get<std::vector<std::string>>(),
                          .kmeans = FitOptions(request)};
  if (request.value("outliers", true)) {
    options.outliers = OutlierFeatures{};
  }
  if (request.contains("k")) {
    options.k = options.kmeans.k;
  }
  const auto training = TrainModel(points, options, nullptr);
  if (!training) {
    return Failed(training.error());
  }
  const std::string folder = request.at("folder").get<std::string>();
  const std::string json = ModelToJson(training->model);
  WriteFile(folder + "/model.json", json);
  WriteFile(folder + "/model.pmml", ModelToPmml(training->model));
  WriteFile(folder + "/model.onnx", ModelToOnnx(training->model));
  const std::vector<std::string> keys = {"id"};
  WriteFile(folder + "/model.sql", ModelToSql(training->model, "customers", keys).value());
  Json answer = {{"clusters", training->clusters}, {"predicted", Json::array()}};
  const Model read_back = ModelFromJson(json).value();
  const auto predictions = Predict(read_back, points);
  for (const Prediction& prediction : predictions.value()) {
    answer["predicted"].push_back(prediction.cluster);
  }
  return answer;
}

Json Answer(const Json& request) {
  using Operation = Json (*)(const Points&, const Json&);
  static const std::map<std::string, Operation> operations = {
      {"scaler", ScalerAnswer},   {"fit", FitAnswer},          {"quantile", QuantileAnswer},
      {"quality", QualityAnswer}, {"choose_k", ChooseKAnswer}, {"train", TrainAnswer},
  };
  const Points points = ReadPoints(request);
  const Operation operation = operations.at(request.at("operation").get<std::string>());
  const auto start = std::chrono::steady_clock::now();
  Json answer = operation(points, request);
  answer["seconds"] =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return answer;
}

}  // namespace
}  // namespace medallion::ml

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: medallion_ml_probe REQUEST.json\n", stderr);
    return 2;
  }
  try {
    std::ifstream file(argv[1]);
    const auto answer = medallion::ml::Answer(nlohmann::ordered_json::parse(file));
    std::puts(answer.dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "medallion_ml_probe: %s\n", error.what());
    return 1;
  }
  return 0;
}
