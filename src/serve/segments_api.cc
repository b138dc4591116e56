#include <fmt/format.h>

#include "customer_filter.h"
#include "pipeline/model_store.h"
#include "row_objects.h"
#include "service.h"

namespace medallion::serve {
namespace {

// The points that a browser draws smoothly; the file of an export has all.
constexpr int64_t kPointsMax = 200'000;

constexpr std::string_view kTotals =
    "SELECT count(*) AS customers, coalesce(sum(Monetary), CAST(0 AS DECIMAL(31,2))) AS revenue "
    "FROM ";

Result<Json> AsOfDate(TableReader& reader) {
  ASSIGN_OR_RETURN(const bool exists, reader.Has("ml.customer_segment_models"));
  if (!exists) {
    return Json();
  }
  ASSIGN_OR_RETURN(const query::RowSet rows,
                   reader.Query("SELECT max(as_of_date) AS d FROM ml.customer_segment_models"));
  return FirstObject(rows)["d"];
}

std::string SegmentsQuery(const SegmentScheme& scheme, const CustomerFilter& filter) {
  return WithFiltered(filter) +
         fmt::format(
             ", totals AS (SELECT count(*) AS all_customers, sum(Monetary) AS all_revenue FROM "
             "filtered) "
             "SELECT {0} AS name, {1} AS cluster, {2} AS description, {3} AS recommendation, "
             "count(*) AS customers, sum(Monetary) AS revenue, "
             "100 * CAST(count(*) AS DOUBLE) / max(all_customers) AS pct_of_customers, "
             "100 * CAST(sum(Monetary) AS DOUBLE) / nullif(CAST(max(all_revenue) AS DOUBLE), 0) "
             "AS pct_of_revenue, "
             "named_struct('recency', avg(Recency), 'frequency', avg(Frequency), "
             "'monetary', avg(CAST(Monetary AS DOUBLE))) AS mean, "
             "named_struct('recency', median(Recency), 'frequency', median(Frequency), "
             "'monetary', median(Monetary)) AS median "
             "FROM filtered CROSS JOIN totals GROUP BY {0} ORDER BY revenue DESC, name",
             scheme.key, scheme.cluster, scheme.description, scheme.recommendation);
}

// Of all customers, whatever is filtered: their totals, countries, and what can be chosen.
Result<Json> EveryCustomer(TableReader& reader) {
  const std::string customers = fmt::format("WITH customers AS ({}) ", CustomersQuery());
  ASSIGN_OR_RETURN(
      Json every,
      QueryFirst(
          reader,
          customers +
              "SELECT named_struct('customers', count(*), 'revenue', coalesce(sum(Monetary), "
              "CAST(0 AS DECIMAL(31,2)))) AS totals, array_sort(collect_set(segment)) AS "
              "segments, array_sort(collect_set(RFM_Segment)) AS score_segments, "
              "array(min(Recency), max(Recency)) AS recency, array(min(Frequency), "
              "max(Frequency)) AS frequency, array(min(Monetary), max(Monetary)) AS monetary "
              "FROM customers"));
  ASSIGN_OR_RETURN(
      every["clusters"],
      QueryObjects(reader, customers + "SELECT Cluster AS cluster, max(Cluster_Description) AS "
                                       "description FROM customers WHERE Cluster IS NOT NULL "
                                       "GROUP BY Cluster ORDER BY Cluster"));
  ASSIGN_OR_RETURN(
      every["countries"],
      QueryObjects(reader, customers + "SELECT Country AS name, count(*) AS customers FROM "
                                       "customers WHERE Country IS NOT NULL GROUP BY Country "
                                       "ORDER BY customers DESC, name"));
  return every;
}

Result<Json> GetSegments(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const SegmentScheme& scheme = FindScheme(call.parameters.Text("scheme"));
  const CustomerFilter filter = ReadFilter(call.parameters);
  Json answer;
  ASSIGN_OR_RETURN(answer["as_of_date"], AsOfDate(reader));
  answer["scheme"] = scheme.name;
  ASSIGN_OR_RETURN(Json every, EveryCustomer(reader));
  answer["totals"] = every["totals"];
  ASSIGN_OR_RETURN(answer["filtered"],
                   QueryFirst(reader, WithFiltered(filter) + std::string(kTotals) + "filtered",
                              filter.parameters));
  ASSIGN_OR_RETURN(answer["segments"],
                   QueryObjects(reader, SegmentsQuery(scheme, filter), filter.parameters));
  answer["countries"] = every["countries"];
  every.erase("totals");
  every.erase("countries");
  answer["filter_values"] = std::move(every);
  return answer;
}

Result<Json> GetSegmentGrid(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const CustomerFilter filter = ReadFilter(call.parameters);
  ASSIGN_OR_RETURN(
      const query::RowSet cells,
      reader.Query(WithFiltered(filter) +
                       "SELECT R_Score AS r_score, F_Score AS f_score, count(*) AS customers, "
                       "sum(Monetary) AS revenue, avg(CAST(Monetary AS DOUBLE)) AS mean_monetary "
                       "FROM filtered GROUP BY R_Score, F_Score ORDER BY r_score, f_score",
                   filter.parameters));
  return Json{{"cells", ToObjects(cells)}};
}

// Least, quartiles and greatest of one feature per segment, then the whiskers, which need them.
std::string BoxMember(const std::string& feature) {
  return fmt::format(
      "named_struct('min', CAST(min(f.{0}) AS DOUBLE), "
      "'whisker_low', CAST(min(CASE WHEN f.{0} >= q.{0}_q1 - 1.5 * (q.{0}_q3 - q.{0}_q1) THEN "
      "f.{0} "
      "END) AS DOUBLE), "
      "'q1', max(q.{0}_q1), 'median', max(q.{0}_q2), 'q3', max(q.{0}_q3), "
      "'whisker_high', CAST(max(CASE WHEN f.{0} <= q.{0}_q3 + 1.5 * (q.{0}_q3 - q.{0}_q1) THEN "
      "f.{0} "
      "END) AS DOUBLE), "
      "'max', CAST(max(f.{0}) AS DOUBLE), 'mean', avg(f.{0})) AS {0}",
      feature);
}

std::string Quartiles(const std::string& feature) {
  return fmt::format(
      "percentile({0}, 0.25) AS {0}_q1, percentile({0}, 0.5) AS {0}_q2, percentile({0}, 0.75) AS "
      "{0}_q3",
      feature);
}

std::string ProfilesQuery(const std::string& key, const CustomerFilter& filter) {
  return WithFiltered(filter) +
         fmt::format(
             ", f AS (SELECT {0} AS name, CAST(Recency AS DOUBLE) AS recency, CAST(Frequency AS "
             "DOUBLE) AS frequency, CAST(Monetary AS DOUBLE) AS monetary FROM filtered), "
             "q AS (SELECT name, {1}, {2}, {3} FROM f GROUP BY name) "
             "SELECT f.name, count(*) AS customers, {4}, {5}, {6} FROM f JOIN q ON q.name = f.name "
             "GROUP BY f.name ORDER BY sum(f.monetary) DESC, f.name",
             key, Quartiles("recency"), Quartiles("frequency"), Quartiles("monetary"),
             BoxMember("recency"), BoxMember("frequency"), BoxMember("monetary"));
}

Result<Json> GetSegmentProfiles(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const SegmentScheme& scheme = FindScheme(call.parameters.Text("scheme"));
  const CustomerFilter filter = ReadFilter(call.parameters);
  ASSIGN_OR_RETURN(const query::RowSet profiles,
                   reader.Query(ProfilesQuery(scheme.key, filter), filter.parameters));
  ASSIGN_OR_RETURN(const query::RowSet overall,
                   reader.Query(ProfilesQuery("'all'", filter), filter.parameters));
  Json all = FirstObject(overall);
  if (all.is_null()) {
    const Json none = {{"min", 0}, {"whisker_low", 0},  {"q1", 0},  {"median", 0},
                       {"q3", 0},  {"whisker_high", 0}, {"max", 0}, {"mean", 0}};
    all = {{"name", "all"},
           {"customers", 0},
           {"recency", none},
           {"frequency", none},
           {"monetary", none}};
  }
  return Json{
      {"scheme", scheme.name}, {"overall", std::move(all)}, {"profiles", ToObjects(profiles)}};
}

// Texts as indices into the list of them, which repeats each once.
void Encode(const query::RowSet& rows, const std::string& column, Json& answer) {
  std::map<std::string, size_t> index;
  Json names = Json::array();
  Json codes = Json::array();
  for (const Json& value : ColumnOf(rows, column)) {
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    const auto [entry, added] = index.try_emplace(text, names.size());
    if (added) {
      names.push_back(text);
    }
    codes.push_back(entry->second);
  }
  answer[column] = std::move(codes);
  answer[column + "_names"] = std::move(names);
}

Result<Json> GetSegmentPoints(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const CustomerFilter filter = ReadFilter(call.parameters);
  ASSIGN_OR_RETURN(
      const query::RowSet rows,
      reader.Query(
          WithFiltered(filter) +
              fmt::format("SELECT CustomerID AS customer_id, Recency AS recency, Frequency "
                          "AS frequency, CAST(Monetary AS DOUBLE) AS monetary, Cluster AS "
                          "cluster, segment, RFM_Segment AS score_segment FROM filtered "
                          "ORDER BY Monetary DESC, CustomerID LIMIT {}",
                          kPointsMax),
          filter.parameters));
  ASSIGN_OR_RETURN(
      const query::RowSet totals,
      reader.Query(WithFiltered(filter) + std::string(kTotals) + "filtered", filter.parameters));
  Json answer = {{"total", FirstObject(totals)["customers"]}};
  for (const char* column : {"customer_id", "recency", "frequency", "monetary", "cluster"}) {
    answer[column] = ColumnOf(rows, column);
  }
  Encode(rows, "segment", answer);
  Encode(rows, "score_segment", answer);
  return answer;
}

constexpr std::string_view kModelQuery =
    "SELECT as_of_date, ModelVersion AS version, PreviousVersion AS previous_version, "
    "TrainingTable AS training_table, TrainingTableVersion AS training_table_version, TrainingRows "
    "AS training_rows, k, BestK AS best_k, CurvatureElbow AS curvature_elbow, Inertia AS inertia, "
    "Silhouette AS silhouette, SilhouetteRows AS silhouette_rows, DaviesBouldin AS davies_bouldin, "
    "CalinskiHarabasz AS calinski_harabasz, CentroidShift AS centroid_shift, PopulationStability "
    "AS population_stability, Parameters AS parameters, KSearch AS k_search, Clusters AS clusters, "
    "Changes AS changes FROM ml.customer_segment_models ORDER BY as_of_date DESC LIMIT 1";

Json OutlierRule(const ml::Model& model) {
  if (!model.outliers) {
    return Json();
  }
  const ml::OutlierRule& rule = *model.outliers;
  return {{"features", {model.features[rule.first], model.features[rule.second]}},
          {"low", {rule.first_fences.low, rule.second_fences.low}},
          {"high", {rule.first_fences.high, rule.second_fences.high}}};
}

Result<Json> GetSegmentModel(TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  ASSIGN_OR_RETURN(const query::RowSet rows, reader.Query(kModelQuery));
  Json model = FirstObject(rows);
  if (model.is_null()) {
    return Error(ErrorCode::kNotFound, "no customers were grouped yet")
        .WithCondition("MODEL_NOT_FOUND");
  }
  for (const char* member : {"parameters", "k_search", "clusters", "changes"}) {
    model[member] = model[member].is_string()
                        ? Json::parse(model[member].get<std::string>(), nullptr, false)
                        : Json::array();
  }
  model["outlier_rule"] = nullptr;
  ASSIGN_OR_RETURN(const auto entry, reader.Find("ml.customer_segments_clustered"));
  if (entry) {
    const std::vector<std::string>& parts = entry->name.parts;
    const pipeline::ModelStore store(reader.tables().catalog().root(),
                                     {parts[0], parts[1], parts[2]});
    const Result<ml::Model> stored = store.Load(model["version"].get<int64_t>());
    model["outlier_rule"] = stored ? OutlierRule(*stored) : Json();
  }
  return model;
}

std::string SchemeColumn(const std::string& scheme) {
  return scheme == "cluster" ? "CAST(cluster_current AS STRING)" : "segment_current";
}

Result<Json> AsOfDates(TableReader& reader) {
  ASSIGN_OR_RETURN(const query::RowSet rows,
                   reader.Query("SELECT DISTINCT as_of_date AS d FROM ml.customer_segment_history "
                                "ORDER BY d"));
  return ColumnOf(rows, "d");
}

Result<Json> GetSegmentHistory(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const std::string scheme = call.parameters.Text("scheme");
  ASSIGN_OR_RETURN(const Json dates, AsOfDates(reader));
  ASSIGN_OR_RETURN(
      const query::RowSet rows,
      reader.Query(fmt::format(
          "SELECT as_of_date, {0} AS name, count(*) AS customers, sum(Monetary) AS revenue FROM "
          "ml.customer_segment_history WHERE {0} IS NOT NULL GROUP BY as_of_date, {0} ORDER BY "
          "name, as_of_date",
          SchemeColumn(scheme))));
  Json series = Json::array();
  for (const Json& row : ToObjects(rows)) {
    if (series.empty() || series.back()["name"] != row["name"]) {
      series.push_back({{"name", row["name"]},
                        {"customers", std::vector<int64_t>(dates.size())},
                        {"revenue", std::vector<std::string>(dates.size(), "0.00")}});
    }
    const auto place = std::ranges::find(dates, row["as_of_date"]) - dates.begin();
    series.back()["customers"][static_cast<size_t>(place)] = row["customers"];
    series.back()["revenue"][static_cast<size_t>(place)] = row["revenue"];
  }
  return Json{{"scheme", scheme}, {"dates", dates}, {"series", std::move(series)}};
}

// Any two dates, from the history of both; who is in one only is new or gone.
std::string MovementQuery(const std::string& scheme) {
  return fmt::format(
      "WITH earlier AS (SELECT CustomerID, {0} AS place, Monetary FROM "
      "ml.customer_segment_history WHERE as_of_date = CAST(:from AS DATE)), "
      "later AS (SELECT CustomerID, {0} AS place, Monetary FROM ml.customer_segment_history WHERE "
      "as_of_date = CAST(:to AS DATE)) "
      "SELECT coalesce(e.place, '(new)') AS `from`, coalesce(l.place, '(gone)') AS `to`, count(*) "
      "AS customers, sum(coalesce(l.Monetary, e.Monetary)) AS revenue FROM earlier AS e FULL JOIN "
      "later AS l ON l.CustomerID = e.CustomerID GROUP BY 1, 2 ORDER BY customers DESC, 1, 2",
      SchemeColumn(scheme));
}

Result<Json> GetSegmentMovement(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const std::string scheme = call.parameters.Text("scheme");
  ASSIGN_OR_RETURN(const Json dates, AsOfDates(reader));
  Json answer = {{"scheme", scheme},
                 {"dates", dates},
                 {"from", nullptr},
                 {"to", nullptr},
                 {"moves", Json::array()}};
  if (dates.empty()) {
    return answer;
  }
  const std::string to =
      call.parameters.Has("to") ? call.parameters.Text("to") : dates.back().get<std::string>();
  const auto place = std::ranges::find(dates, Json(to));
  if (place == dates.end()) {
    return Error(ErrorCode::kNotFound, fmt::format("customers were not scored as of {}", to));
  }
  answer["to"] = to;
  if (!call.parameters.Has("from") && place == dates.begin()) {
    return answer;
  }
  const std::string from =
      call.parameters.Has("from") ? call.parameters.Text("from") : (place - 1)->get<std::string>();
  if (std::ranges::find(dates, Json(from)) == dates.end()) {
    return Error(ErrorCode::kNotFound, fmt::format("customers were not scored as of {}", from));
  }
  answer["from"] = from;
  ASSIGN_OR_RETURN(const query::RowSet moves,
                   reader.Query(MovementQuery(scheme), {{"from", from}, {"to", to}}));
  answer["moves"] = ToObjects(moves);
  return answer;
}

}  // namespace

void AddSegmentRoutes(Routes& routes, ServiceContext&) {
  routes.AddJson("getSegments", DependsOn::kTables, GetSegments);
  routes.AddJson("getSegmentGrid", DependsOn::kTables, GetSegmentGrid);
  routes.AddJson("getSegmentProfiles", DependsOn::kTables, GetSegmentProfiles);
  routes.AddJson("getSegmentPoints", DependsOn::kTables, GetSegmentPoints);
  routes.AddJson("getSegmentModel", DependsOn::kTables,
                 [](const ApiCall&, TableReader& reader) { return GetSegmentModel(reader); });
  routes.AddJson("getSegmentHistory", DependsOn::kTables, GetSegmentHistory);
  routes.AddJson("getSegmentMovement", DependsOn::kTables, GetSegmentMovement);
}

}  // namespace medallion::serve
