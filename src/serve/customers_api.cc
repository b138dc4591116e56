#include <fmt/format.h>

#include "base/identifier.h"
#include "base/text.h"
#include "customer_filter.h"
#include "file_export.h"
#include "ml/explanation.h"
#include "page_cursor.h"
#include "pipeline/model_store.h"
#include "row_objects.h"
#include "service.h"

namespace medallion::serve {
namespace {

constexpr std::string_view kCustomerColumns =
    "CustomerID AS customer_id, Country AS country, MaxInvoiceDate AS last_order, Recency AS "
    "recency, Frequency AS frequency, Monetary AS monetary, R_Score AS r_score, F_Score AS "
    "f_score, "
    "M_Score AS m_score, segment, RFM_Segment AS score_segment, Cluster AS cluster, "
    "Cluster_Description AS cluster_description";

// The column behind a sort of the API, and its direction.
std::string SortOrder(const std::string& sort) {
  static const std::map<std::string, std::string> kColumns = {
      {"customer_id", "CustomerID"},    {"country", "Country"},   {"recency", "Recency"},
      {"frequency", "Frequency"},       {"monetary", "Monetary"}, {"segment", "segment"},
      {"score_segment", "RFM_Segment"}, {"cluster", "Cluster"},   {"last_order", "MaxInvoiceDate"}};
  const bool descending = sort.starts_with('-');
  return fmt::format("{} {}, CustomerID", kColumns.at(sort.substr(descending ? 1 : 0)),
                     descending ? "DESC" : "ASC");
}

// The version of a table that a list is read at: the cursor's, else the newest.
Result<int64_t> PinnedVersion(TableReader& reader, const char* table, const PageCursor& cursor) {
  if (cursor.version) {
    return *cursor.version;
  }
  ASSIGN_OR_RETURN(const auto entry, reader.Find(table));
  ASSIGN_OR_RETURN(const delta::SnapshotPtr snapshot, reader.Latest(entry.value()));
  return snapshot->version();
}

Result<Json> ListCustomers(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  ASSIGN_OR_RETURN(const int64_t version, PinnedVersion(reader, "ml.customer_segments", cursor));
  const CustomerFilter filter = ReadFilter(call.parameters);
  const std::string with = WithFiltered(filter, version);
  ASSIGN_OR_RETURN(
      const int64_t total,
      QueryCount(reader, with + "SELECT count(*) AS n FROM filtered", filter.parameters));
  ASSIGN_OR_RETURN(
      const query::RowSet rows,
      reader.Query(with + fmt::format("SELECT {} FROM filtered ORDER BY {} LIMIT {} OFFSET {}",
                                      kCustomerColumns, SortOrder(call.parameters.Text("sort")),
                                      *call.parameters.Integer("limit"), cursor.offset),
                   filter.parameters));
  return Json{{"total", total},
              {"next_cursor", OrNull(NextCursor(cursor, rows.rows.size(), total, version))},
              {"customers", ToObjects(rows)}};
}

Result<HttpResponse> ExportCustomers(ServiceContext& context, const ApiCall& call) {
  TableReader reader = context.tables.Read();
  RETURN_IF_ERROR(RequireSegments(reader));
  std::vector<std::string> columns = call.parameters.Texts("column");
  if (columns.empty()) {
    columns = {"CustomerID",
               "Country",
               "MaxInvoiceDate",
               "Recency",
               "Frequency",
               "Monetary",
               "R_Score",
               "F_Score",
               "M_Score",
               "RFM_Score",
               "RFM_Segment",
               "segment",
               "recommendation",
               "Cluster",
               "Cluster_Description",
               "Cluster_Recommendation"};
  }
  const CustomerFilter filter = ReadFilter(call.parameters);
  ASSIGN_OR_RETURN(
      const auto rows,
      reader.Prepare(WithFiltered(filter) +
                         fmt::format("SELECT {} FROM filtered ORDER BY Monetary DESC, CustomerID",
                                     Join(columns, ", ")),
                     filter.parameters));
  return ExportRows(rows, call.parameters.Text("format"), "customers", context.scratch_folder,
                    context.random.Uuid(), context.engine);
}

double FeatureNumber(const Json& value) {
  if (value.is_string()) {
    const auto decimal = Decimal::Parse(value.get<std::string>());
    return decimal ? decimal->ToDouble() : 0;
  }
  return value.is_number() ? value.get<double>() : 0;
}

Json WhyJson(const ml::Model& model, const std::vector<double>& features,
             const ml::Explanation& explanation) {
  Json why = {{"model_version", model.version},
              {"outlier", explanation.cluster < 0},
              {"features", Json::array()},
              {"nearest", Json::array()},
              {"fences", Json::array()}};
  for (size_t i = 0; i < features.size(); ++i) {
    why["features"].push_back({{"name", model.features[i]}, {"value", features[i]}});
  }
  for (const ml::Neighbour& neighbour : explanation.neighbours) {
    why["nearest"].push_back({{"cluster", neighbour.cluster->id},
                              {"distance", neighbour.distance},
                              {"centroid", neighbour.cluster->centroid}});
  }
  for (const ml::Excess& excess : explanation.beyond) {
    why["fences"].push_back({{"feature", model.features[excess.feature]},
                             {"value", features[excess.feature]},
                             {"low", excess.fences.low},
                             {"high", excess.fences.high}});
  }
  return why;
}

// Why the model puts the customer there; null where the model is not at hand.
Result<Json> Why(TableReader& reader, const std::string& customer) {
  ASSIGN_OR_RETURN(const auto entry, reader.Find("ml.customer_segments_clustered"));
  if (!entry) {
    return Json();
  }
  ASSIGN_OR_RETURN(const query::RowSet rows,
                   reader.Query("SELECT * FROM ml.customer_segments_clustered WHERE CustomerID = "
                                ":customer",
                                {{"customer", customer}}));
  const Json row = FirstObject(rows);
  if (row.is_null() || !row.contains("ModelVersion") || row["ModelVersion"].is_null()) {
    return Json();
  }
  const std::vector<std::string>& parts = entry->name.parts;
  const pipeline::ModelStore store(reader.tables().catalog().root(),
                                   {parts[0], parts[1], parts[2]});
  const Result<ml::Model> model = store.Load(row["ModelVersion"].get<int64_t>());
  if (!model) {
    return Json();
  }
  std::vector<double> features;
  for (const std::string& feature : model->features) {
    features.push_back(row.contains(feature) ? FeatureNumber(row[feature]) : 0);
  }
  ASSIGN_OR_RETURN(const ml::Explanation explanation, ml::Explain(*model, features));
  return WhyJson(*model, features, explanation);
}

constexpr std::string_view kLifeQuery =
    "SELECT first_order_date AS first_order, last_order_date AS last_order, orders, lines, units, "
    "products, revenue, average_order_value, active_days, customer_days FROM customer_analytics "
    "WHERE CustomerID = :customer";

constexpr std::string_view kMonthsQuery =
    "SELECT date_format(InvoiceDate, 'yyyy-MM') AS month, sum(TotalPrice) AS revenue, "
    "count(DISTINCT InvoiceNo) AS orders FROM retail_transactions_silver WHERE CustomerID = "
    ":customer AND NOT IsCancellation GROUP BY 1 ORDER BY 1";

constexpr std::string_view kCustomerHistoryQuery =
    "SELECT as_of_date, Recency AS recency, Frequency AS frequency, Monetary AS monetary, "
    "segment_current AS segment, cluster_current AS cluster FROM ml.customer_segment_history WHERE "
    "CustomerID = :customer ORDER BY as_of_date";

constexpr std::string_view kMediansQuery =
    "SELECT median(Recency) AS median_recency, median(Frequency) AS median_frequency, "
    "median(Monetary) AS median_monetary FROM customer_rfm_gold";

Result<Json> GetCustomer(const ApiCall& call, TableReader& reader) {
  RETURN_IF_ERROR(RequireSegments(reader));
  const std::string customer = call.parameters.Text("customer_id");
  const TableReader::Parameters parameters = {{"customer", customer}};
  ASSIGN_OR_RETURN(
      const query::RowSet profile,
      reader.Query(fmt::format("WITH customers AS ({}) SELECT {}, recommendation, "
                               "Cluster_Recommendation FROM customers WHERE CustomerID = :customer",
                               CustomersQuery(), kCustomerColumns),
                   parameters));
  Json row = FirstObject(profile);
  if (row.is_null()) {
    return Error(ErrorCode::kNotFound, fmt::format("there is no customer {}", customer))
        .WithCondition("CUSTOMER_NOT_FOUND");
  }
  Json answer;
  answer["recommendation"] = row["recommendation"];
  answer["cluster_recommendation"] = row["Cluster_Recommendation"];
  row.erase("recommendation");
  row.erase("Cluster_Recommendation");
  answer["profile"] = std::move(row);
  ASSIGN_OR_RETURN(answer["life"], QueryFirst(reader, kLifeQuery, parameters));
  ASSIGN_OR_RETURN(answer["why"], Why(reader, customer));
  ASSIGN_OR_RETURN(answer["rule_why"], QueryFirst(reader, kMediansQuery));
  ASSIGN_OR_RETURN(answer["revenue_by_month"], QueryObjects(reader, kMonthsQuery, parameters));
  ASSIGN_OR_RETURN(answer["history"], QueryObjects(reader, kCustomerHistoryQuery, parameters));
  return answer;
}

// The invoices of one page, then their lines.
Result<Json> ListOrders(const ApiCall& call, TableReader& reader) {
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  ASSIGN_OR_RETURN(const bool exists, reader.Has("retail_transactions_silver"));
  if (!exists) {
    RETURN_IF_ERROR(RequireSegments(reader));
  }
  ASSIGN_OR_RETURN(const int64_t version,
                   PinnedVersion(reader, "retail_transactions_silver", cursor));
  const std::string with = fmt::format(
      "WITH lines AS (SELECT * FROM retail_transactions_silver VERSION AS OF {} WHERE CustomerID = "
      ":customer), orders AS (SELECT InvoiceNo AS invoice, max(InvoiceDate) AS date, "
      "max(IsCancellation) AS cancelled, sum(Quantity) AS units, sum(TotalPrice) AS revenue FROM "
      "lines GROUP BY InvoiceNo)",
      version);
  const TableReader::Parameters parameters = {{"customer", call.parameters.Text("customer_id")}};
  ASSIGN_OR_RETURN(const int64_t total,
                   QueryCount(reader, with + " SELECT count(*) AS n FROM orders", parameters));
  const std::string page =
      with + fmt::format(
                 ", page AS (SELECT * FROM orders ORDER BY date DESC, invoice DESC LIMIT {} "
                 "OFFSET {})",
                 *call.parameters.Integer("limit"), cursor.offset);
  ASSIGN_OR_RETURN(
      const query::RowSet orders,
      reader.Query(page + " SELECT * FROM page ORDER BY date DESC, invoice DESC", parameters));
  ASSIGN_OR_RETURN(
      const query::RowSet lines,
      reader.Query(page +
                       " SELECT l.InvoiceNo AS invoice, l.StockCode AS stock_code, l.Description "
                       "AS description, l.Quantity AS quantity, l.UnitPrice AS unit_price, "
                       "l.TotalPrice AS total FROM lines AS l JOIN page AS p ON p.invoice = "
                       "l.InvoiceNo ORDER BY l.TotalPrice DESC, l.SurrogateKey",
                   parameters));
  Json list = ToObjects(orders);
  std::map<std::string, Json> lines_of;
  for (Json& line : ToObjects(lines)) {
    const auto invoice = line["invoice"].get<std::string>();
    line.erase("invoice");
    lines_of[invoice].push_back(std::move(line));
  }
  for (Json& order : list) {
    order["lines"] = lines_of[order["invoice"].get<std::string>()];
  }
  return Json{{"total", total},
              {"next_cursor", OrNull(NextCursor(cursor, orders.rows.size(), total, version))},
              {"orders", std::move(list)}};
}

}  // namespace

void AddCustomerRoutes(Routes& routes, ServiceContext& context) {
  routes.AddJson("listCustomers", DependsOn::kTables, ListCustomers);
  routes.AddJson("getCustomer", DependsOn::kTables, GetCustomer);
  routes.AddJson("listOrders", DependsOn::kTables, ListOrders);
  routes.Add("exportCustomers", [&context](const ApiCall& call, const HttpRequest&) {
    return ExportCustomers(context, call);
  });
}

}  // namespace medallion::serve
