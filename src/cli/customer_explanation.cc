#include "customer_explanation.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "text_table.h"

namespace medallion::cli {
namespace {

struct Neighbour {
  const ml::ModelCluster* cluster = nullptr;
  double distance = 0;
};

// Every cluster, the nearest first; of equal distances the model's first, as in scoring.
std::vector<Neighbour> ByDistance(const ml::Model& model, std::span<const double> features) {
  ml::Points point(0, features.size());
  point.Append(features);
  model.scaler.Transform(point);
  std::vector<Neighbour> neighbours;
  for (const ml::ModelCluster& cluster : model.clusters) {
    neighbours.push_back({&cluster, std::sqrt(ml::SquaredDistance(std::as_const(point).row(0),
                                                                  cluster.centroid_scaled))});
  }
  std::stable_sort(neighbours.begin(), neighbours.end(),
                   [](const auto& a, const auto& b) { return a.distance < b.distance; });
  return neighbours;
}

std::string Number(double value) { return fmt::format("{:.2f}", value); }

std::string Beyond(const std::string& feature, double value, const ml::Fences& fences) {
  if (value > fences.high) {
    return fmt::format("{} is {}, above the fence {}\n", feature, Number(value),
                       Number(fences.high));
  }
  if (value < fences.low) {
    return fmt::format("{} is {}, below the fence {}\n", feature, Number(value),
                       Number(fences.low));
  }
  return "";
}

std::string ExplainOutlier(const ml::Model& model, std::span<const double> features) {
  const ml::OutlierRule& rule = *model.outliers;
  return "Set apart as an outlier (1.5 interquartile ranges beyond the quartiles of all "
         "customers):\n" +
         Beyond(model.features[rule.first], features[rule.first], rule.first_fences) +
         Beyond(model.features[rule.second], features[rule.second], rule.second_fences);
}

std::string ExplainMember(const ml::Model& model, std::span<const double> features) {
  const std::vector<Neighbour> neighbours = ByDistance(model, features);
  const size_t shown = std::min<size_t>(2, neighbours.size());
  std::vector<TextTable::Column> columns = {{"", Align::kLeft}, {"customer", Align::kRight}};
  for (size_t i = 0; i < shown; ++i) {
    columns.push_back({fmt::format("cluster {}", neighbours[i].cluster->id), Align::kRight});
  }
  TextTable table(std::move(columns));
  for (size_t j = 0; j < features.size(); ++j) {
    std::vector<std::string> cells = {model.features[j], Number(features[j])};
    for (size_t i = 0; i < shown; ++i) {
      cells.push_back(Number(neighbours[i].cluster->centroid[j]));
    }
    table.AddRow(std::move(cells));
  }
  std::vector<std::string> distances = {"distance in scaled units", ""};
  for (size_t i = 0; i < shown; ++i) {
    distances.push_back(Number(neighbours[i].distance));
  }
  table.AddRow(std::move(distances));
  return fmt::format("Nearest of the {} centroids of model {}:\n{}", model.clusters.size(),
                     model.version, table.Render());
}

}  // namespace

Result<std::string> ExplainCustomer(const ml::Model& model, std::span<const double> features) {
  ASSIGN_OR_RETURN(const std::vector<ml::Prediction> predicted,
                   ml::Predict(model, ml::PointsView(features, model.features.size())));
  return predicted.front().cluster < 0 ? ExplainOutlier(model, features)
                                       : ExplainMember(model, features);
}

}  // namespace medallion::cli
