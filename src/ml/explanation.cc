#include "ml/explanation.h"

#include <algorithm>
#include <cmath>

namespace medallion::ml {
namespace {

std::vector<Neighbour> NeighboursOf(const Model& model, std::span<const double> features) {
  Points point(0, features.size());
  point.Append(features);
  model.scaler.Transform(point);
  std::vector<Neighbour> neighbours;
  for (const ModelCluster& cluster : model.clusters) {
    neighbours.push_back({&cluster, std::sqrt(SquaredDistance(std::as_const(point).row(0),
                                                              cluster.centroid_scaled))});
  }
  std::ranges::stable_sort(neighbours, {}, &Neighbour::distance);
  return neighbours;
}

std::vector<Excess> ExcessOf(const OutlierRule& rule, std::span<const double> features) {
  std::vector<Excess> beyond;
  if (rule.first_fences.Outside(features[rule.first])) {
    beyond.push_back({rule.first, rule.first_fences});
  }
  if (rule.second_fences.Outside(features[rule.second])) {
    beyond.push_back({rule.second, rule.second_fences});
  }
  return beyond;
}

}  // namespace

Result<Explanation> Explain(const Model& model, std::span<const double> features) {
  ASSIGN_OR_RETURN(const std::vector<Prediction> predicted,
                   Predict(model, PointsView(features, model.features.size())));
  Explanation explanation;
  explanation.cluster = predicted.front().cluster;
  explanation.neighbours = NeighboursOf(model, features);
  if (explanation.cluster < 0) {
    explanation.beyond = ExcessOf(*model.outliers, features);
  }
  return explanation;
}

}  // namespace medallion::ml
