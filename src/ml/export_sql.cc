#include "ml/export_sql.h"

#include <fmt/ranges.h>

#include "base/identifier.h"
#include "base/text.h"

namespace medallion::ml {
namespace {

Status CheckName(std::string_view name) {
  if (!IsPlainIdentifier(name)) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("a name that would have to be quoted in the SQL scorer: {}", name));
  }
  return OkStatus();
}

Status CheckNames(const Model& model, std::string_view table, std::span<const std::string> keys) {
  if (keys.empty()) {
    return Error(ErrorCode::kInvalidArgument, "the SQL scorer needs a key column");
  }
  for (const std::string& key : keys) {
    RETURN_IF_ERROR(CheckName(key));
    if (EqualsIgnoreCase(key, "cluster")) {
      return Error(ErrorCode::kInvalidArgument,
                   "a key of the SQL scorer has the name of its result: cluster");
    }
  }
  for (const std::string& feature : model.features) {
    RETURN_IF_ERROR(CheckName(feature));
  }
  for (const std::string& part : Split(table, '.')) {
    RETURN_IF_ERROR(CheckName(part));
  }
  return OkStatus();
}

// A literal that both dialects read as a double: with an exponent, Spark takes it for no decimal.
std::string Literal(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find('e') == std::string::npos) {
    text += "e0";
  }
  return value < 0 ? "(" + text + ")" : text;
}

std::string Outside(size_t feature, const Fences& fences) {
  return fmt::format("(raw_{0} < {1} OR raw_{0} > {2})", feature, Literal(fences.low),
                     Literal(fences.high));
}

std::string SquaredDistanceTo(const ModelCluster& cluster) {
  std::vector<std::string> terms;
  for (size_t j = 0; j < cluster.centroid_scaled.size(); ++j) {
    const std::string coordinate = Literal(cluster.centroid_scaled[j]);
    terms.push_back(fmt::format("(scaled_{0} - {1}) * (scaled_{0} - {1})", j, coordinate));
  }
  return fmt::format("{}", fmt::join(terms, " + "));
}

// The branches of the outlier rule.
std::string OutlierBranches(const Model& model) {
  if (!model.outliers) {
    return {};
  }
  const OutlierRule& rule = *model.outliers;
  const std::string first = Outside(rule.first, rule.first_fences);
  const std::string second = Outside(rule.second, rule.second_fences);
  return fmt::format(
      "    WHEN {0} AND {1} THEN {2}\n"
      "    WHEN {0} THEN {3}\n"
      "    WHEN {1} THEN {4}\n",
      first, second, kBothOutside, kFirstOutside, kSecondOutside);
}

// The first centroid that no later one is nearer than: the nearest, ties to the first.
std::string NearestBranches(const Model& model) {
  std::string branches;
  for (size_t c = 0; c < model.clusters.size(); ++c) {
    std::vector<std::string> conditions;
    for (size_t other = c + 1; other < model.clusters.size(); ++other) {
      conditions.push_back(fmt::format("distance_{} <= distance_{}", c, other));
    }
    branches += conditions.empty()
                    ? fmt::format("    ELSE {}\n", model.clusters[c].id)
                    : fmt::format("    WHEN {} THEN {}\n", fmt::join(conditions, " AND "),
                                  model.clusters[c].id);
  }
  return branches;
}

}  // namespace

Result<std::string> ModelToSql(const Model& model, std::string_view table,
                               std::span<const std::string> keys) {
  RETURN_IF_ERROR(CheckNames(model, table, keys));
  // The keys go by other names inside, where they could meet ours.
  std::vector<std::string> keys_in;
  std::vector<std::string> keys_through;
  std::vector<std::string> keys_out;
  for (size_t i = 0; i < keys.size(); ++i) {
    keys_in.push_back(fmt::format("{} AS key_{}", keys[i], i));
    keys_through.push_back(fmt::format("key_{}", i));
    keys_out.push_back(fmt::format("key_{} AS {}", i, keys[i]));
  }
  std::vector<std::string> raw;
  std::vector<std::string> raw_through;
  std::vector<std::string> scaled;
  std::vector<std::string> missing;
  for (size_t j = 0; j < model.features.size(); ++j) {
    raw.push_back(fmt::format("CAST({} AS DOUBLE) AS raw_{}", model.features[j], j));
    raw_through.push_back(fmt::format("raw_{}", j));
    scaled.push_back(fmt::format("(raw_{0} - {1}) / {2} AS scaled_{0}", j,
                                 Literal(model.scaler.mean()[j]),
                                 Literal(model.scaler.scale()[j])));
    missing.push_back(fmt::format("raw_{} IS NULL", j));
  }
  std::vector<std::string> distances;
  for (size_t c = 0; c < model.clusters.size(); ++c) {
    distances.push_back(fmt::format("{} AS distance_{}", SquaredDistanceTo(model.clusters[c]), c));
  }
  return fmt::format(
      "SELECT {keys_out},\n"
      "  CAST(CASE\n"
      "    WHEN {missing} THEN NULL\n"
      "{outliers}{nearest}"
      "  END AS INT) AS cluster\n"
      "FROM (\n"
      "  SELECT {keys}, {raw_through},\n    {distances}\n"
      "  FROM (\n"
      "    SELECT {keys}, {raw_through}, {scaled}\n"
      "    FROM (SELECT {keys_in}, {raw} FROM {table}) AS customers\n"
      "  ) AS scaled_customers\n"
      ") AS measured_customers\n",
      fmt::arg("keys_out", fmt::join(keys_out, ", ")),
      fmt::arg("keys", fmt::join(keys_through, ", ")),
      fmt::arg("keys_in", fmt::join(keys_in, ", ")),
      fmt::arg("missing", fmt::join(missing, " OR ")), fmt::arg("outliers", OutlierBranches(model)),
      fmt::arg("nearest", NearestBranches(model)), fmt::arg("raw", fmt::join(raw, ", ")),
      fmt::arg("raw_through", fmt::join(raw_through, ", ")),
      fmt::arg("scaled", fmt::join(scaled, ", ")),
      fmt::arg("distances", fmt::join(distances, ",\n    ")), fmt::arg("table", table));
}

}  // namespace medallion::ml
