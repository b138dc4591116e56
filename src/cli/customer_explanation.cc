#include "customer_explanation.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "ml/explanation.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

std::string Number(double value) { return fmt::format("{:.2f}", value); }

std::string ExplainOutlier(const ml::Model& model, const ml::Explanation& explanation,
                           std::span<const double> features) {
  std::string text =
      "Set apart as an outlier (1.5 interquartile ranges beyond the quartiles of all "
      "customers):\n";
  for (const ml::Excess& excess : explanation.beyond) {
    const double value = features[excess.feature];
    const bool above = value > excess.fences.high;
    text += fmt::format("{} is {}, {} the fence {}\n", model.features[excess.feature],
                        Number(value), above ? "above" : "below",
                        Number(above ? excess.fences.high : excess.fences.low));
  }
  return text;
}

std::string ExplainMember(const ml::Model& model, const ml::Explanation& explanation,
                          std::span<const double> features) {
  const std::vector<ml::Neighbour>& neighbours = explanation.neighbours;
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
  ASSIGN_OR_RETURN(const ml::Explanation explanation, ml::Explain(model, features));
  return explanation.cluster < 0 ? ExplainOutlier(model, explanation, features)
                                 : ExplainMember(model, explanation, features);
}

}  // namespace medallion::cli
