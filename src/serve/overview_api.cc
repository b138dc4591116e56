#include <fmt/format.h>

#include "quality_summary.h"
#include "row_objects.h"
#include "service.h"

namespace medallion::serve {
namespace {

constexpr size_t kUpdatesShown = 20;

// Of silver lines that are not cancelled; the last and the previous 30 days up to the newest sale.
constexpr std::string_view kPeriodsQuery =
    "WITH sales AS (SELECT InvoiceDate, InvoiceNo, CustomerID, TotalPrice FROM "
    "retail_transactions_silver WHERE NOT IsCancellation), "
    "newest AS (SELECT max(InvoiceDate) AS last_day FROM sales), "
    "dated AS (SELECT s.*, CASE WHEN datediff(last_day, InvoiceDate) < 30 THEN 0 ELSE 1 END AS "
    "period, last_day FROM sales AS s CROSS JOIN newest WHERE datediff(last_day, InvoiceDate) < "
    "60) "
    "SELECT period, date_sub(max(last_day), 29 + 30 * period) AS `from`, date_sub(max(last_day), "
    "30 "
    "* period) AS `to`, sum(TotalPrice) AS revenue, count(DISTINCT InvoiceNo) AS orders, "
    "count(DISTINCT CustomerID) AS customers, CAST(sum(TotalPrice) / count(DISTINCT InvoiceNo) AS "
    "DECIMAL(18,2)) AS average_order_value FROM dated GROUP BY period ORDER BY period";

constexpr std::string_view kCustomerFiguresQuery =
    "SELECT count(*) AS customers, coalesce(sum(Monetary), CAST(0 AS DECIMAL(31,2))) AS revenue, "
    "CAST(sum(Monetary) / nullif(count(*), 0) AS DECIMAL(18,2)) AS average_value, median(Monetary) "
    "AS median_value, avg(Recency) AS mean_recency, count_if(Frequency = 1) AS one_time_buyers "
    "FROM customer_rfm_gold";

constexpr std::string_view kSegmentSummaryQuery =
    "SELECT Segment AS name, Customer_Count AS customers, Total_Revenue AS revenue FROM "
    "segment_summary ORDER BY Total_Revenue DESC, name";

Json EmptyPeriod() {
  return {{"from", nullptr}, {"to", nullptr},  {"revenue", "0.00"},
          {"orders", 0},     {"customers", 0}, {"average_order_value", nullptr}};
}

Result<Json> Sales(TableReader& reader) {
  ASSIGN_OR_RETURN(const bool exists, reader.Has("executive_summary"));
  if (!exists) {
    return Json();
  }
  ASSIGN_OR_RETURN(
      const query::RowSet rows,
      reader.Query(
          "SELECT total_revenue AS revenue, customer_revenue, orders, lines, units, products, "
          "average_order_value, cancelled_orders, cancelled_value FROM executive_summary"));
  Json sales = FirstObject(rows);
  if (sales.is_null() || sales["revenue"].is_null()) {
    return Json();
  }
  ASSIGN_OR_RETURN(Json periods, QueryObjects(reader, kPeriodsQuery));
  sales["last_30_days"] = EmptyPeriod();
  sales["previous_30_days"] = EmptyPeriod();
  for (Json& period : periods) {
    const char* member = period["period"] == 0 ? "last_30_days" : "previous_30_days";
    period.erase("period");
    sales[member] = period;
  }
  return sales;
}

Result<Json> Freshness(TableReader& reader) {
  ASSIGN_OR_RETURN(const bool exists, reader.Has("executive_summary"));
  if (!exists) {
    return Json();
  }
  ASSIGN_OR_RETURN(
      const query::RowSet rows,
      reader.Query(
          "SELECT first_sale_date AS first_sale, last_sale_date AS last_sale, "
          "days_with_sales, last_ingestion, files FROM executive_summary CROSS JOIN "
          "(SELECT count(DISTINCT source_file) AS files FROM retail_transactions_bronze)"));
  return FirstObject(rows);
}

// The segments of the newest as-of date and what stands out in them.
Result<Json> Customers(TableReader& reader, const Json& segments) {
  ASSIGN_OR_RETURN(const bool exists, reader.Has("customer_rfm_gold"));
  if (!exists) {
    return Json();
  }
  ASSIGN_OR_RETURN(Json customers, QueryFirst(reader, kCustomerFiguresQuery));
  customers["dormant_valuable"] = 0;
  customers["segments"] = segments.size();
  customers["clusters"] = nullptr;
  customers["largest_segment"] = nullptr;
  customers["highest_revenue_segment"] = nullptr;
  for (const Json& segment : segments) {
    const auto name = segment["name"].get<std::string>();
    if (name == "High Value - At Risk" || name == "High Value - Inactive") {
      customers["dormant_valuable"] =
          customers["dormant_valuable"].get<int64_t>() + segment["customers"].get<int64_t>();
    }
    Json& largest = customers["largest_segment"];
    if (largest.is_null() || largest["customers"] < segment["customers"]) {
      largest = {{"name", name}, {"customers", segment["customers"]}};
    }
  }
  if (!segments.empty()) {
    customers["highest_revenue_segment"] = {{"name", segments.front()["name"]},
                                            {"revenue", segments.front()["revenue"]}};
  }
  ASSIGN_OR_RETURN(const bool clustered, reader.Has("ml.customer_segments_clustered"));
  if (clustered) {
    ASSIGN_OR_RETURN(customers["clusters"],
                     QueryCount(reader,
                                "SELECT count(DISTINCT Cluster) AS n FROM "
                                "ml.customer_segments_clustered WHERE Cluster >= 0"));
  }
  return customers;
}

Result<Json> GetOverview(const ServiceContext& context, TableReader& reader) {
  Json answer;
  ASSIGN_OR_RETURN(const Json dates,
                   QueryObjectsOf("ml.customer_segment_models", reader,
                                  "SELECT max(as_of_date) AS d FROM ml.customer_segment_models"));
  answer["as_of_date"] = dates.empty() ? Json() : dates.front()["d"];
  ASSIGN_OR_RETURN(answer["sales"], Sales(reader));
  ASSIGN_OR_RETURN(const Json segments,
                   QueryObjectsOf("segment_summary", reader, kSegmentSummaryQuery));
  ASSIGN_OR_RETURN(answer["customers"], Customers(reader, segments));
  ASSIGN_OR_RETURN(answer["freshness"], Freshness(reader));
  const std::vector<UpdateRecordPtr> updates = context.history.All();
  ASSIGN_OR_RETURN(answer["quality"], QualityAtAGlance(updates, reader));
  answer["segments"] = segments;
  ASSIGN_OR_RETURN(
      answer["revenue_by_day"],
      QueryObjectsOf(
          "daily_sales_summary", reader,
          "SELECT sales_date AS date, sum(revenue) AS revenue, sum(orders) AS orders FROM "
          "daily_sales_summary WHERE sales_date IS NOT NULL GROUP BY sales_date HAVING "
          "sum(revenue) IS NOT NULL ORDER BY sales_date"));
  answer["updates"] = Json::array();
  for (size_t i = 0; i < std::min(kUpdatesShown, updates.size()); ++i) {
    answer["updates"].push_back(ToJson(*updates[i]));
  }
  return answer;
}

}  // namespace

void AddOverviewRoutes(Routes& routes, ServiceContext& context) {
  routes.AddJson(
      "getOverview", DependsOn::kTablesAndUpdates,
      [&context](const ApiCall&, TableReader& reader) { return GetOverview(context, reader); });
}

}  // namespace medallion::serve
