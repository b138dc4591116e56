#include <fmt/format.h>

#include "base/civil_time.h"
#include "base/text.h"
#include "page_cursor.h"
#include "pipeline_view.h"
#include "quality_summary.h"
#include "row_objects.h"
#include "service.h"

namespace medallion::serve {
namespace {

constexpr std::string_view kBatchesQuery =
    "SELECT processing_date, total_records, files_processed AS files, distinct_invoice_date AS "
    "invoice_dates, valid_records, 100 * CAST(valid_records AS DOUBLE) / nullif(total_records, 0) "
    "AS valid_share, null_invoices, null_stock_codes, null_customer_ids, bad_quantities, bad_price "
    "AS bad_prices FROM bronze_dq ORDER BY processing_date DESC";

constexpr std::string_view kComparisonQuery =
    "SELECT CASE WHEN table_layer LIKE 'bronze%' THEN 'bronze' ELSE 'silver' END AS layer, "
    "processing_date, total_records, null_invoice, bad_invoice, null_stock_code, null_quantity, "
    "bad_quantity, null_invoice_date, bad_price, null_customer_id FROM bronze_silver_dq_comparison "
    "ORDER BY processing_date DESC, layer";

constexpr std::string_view kDailyCountsQuery =
    "SELECT invoicedate AS date, coalesce(sum(record_counts) FILTER (WHERE table_layer LIKE "
    "'%bronze%'), 0) AS bronze, coalesce(sum(record_counts) FILTER (WHERE table_layer LIKE "
    "'%silver%'), 0) AS silver FROM dlt_daily_counts GROUP BY invoicedate ORDER BY invoicedate";

Json RuleJson(const RuleHistory& rule, const PipelineView& pipeline) {
  const RuleTally& total = rule.total;
  const int64_t rows = total.passed + total.failed;
  Json trend = Json::array();
  for (const RuleHistory::Point& point : rule.points) {
    trend.push_back({{"update_id", point.update_id},
                     {"at", FormatIsoTimestampMillis(point.at_micros)},
                     {"passed", point.passed},
                     {"failed", point.failed}});
  }
  const std::string predicate = pipeline.PredicateOf(total.dataset, total.name);
  return {{"dataset", total.dataset},
          {"name", total.name},
          {"action", total.action},
          {"predicate", OrNull(predicate)},
          {"passed", total.passed},
          {"failed", total.failed},
          {"failed_null", total.failed_null},
          {"pass_rate",
           rows == 0 ? Json()
                     : Json(100.0 * static_cast<double>(total.passed) / static_cast<double>(rows))},
          {"trend", std::move(trend)}};
}

Result<Json> Quarantine(TableReader& reader) {
  Json quarantine = Json::array();
  const std::vector<QuarantineTable> tables = QuarantineTables(reader);
  for (const QuarantineTable& table : tables) {
    ASSIGN_OR_RETURN(
        const int64_t count,
        QueryCount(reader, fmt::format("SELECT count(*) AS n FROM {}", table.quarantine)));
    ASSIGN_OR_RETURN(
        const query::RowSet rules,
        reader.Query(fmt::format("SELECT rule AS name, count(*) AS rows FROM (SELECT "
                                 "explode(_failed_expectations) AS rule FROM {}) GROUP BY rule "
                                 "ORDER BY rows DESC, name",
                                 table.quarantine)));
    quarantine.push_back({{"table", table.table}, {"rows", count}, {"rules", ToObjects(rules)}});
  }
  return quarantine;
}

Result<Json> GetQuality(const ServiceContext& context, const PipelineSource& source,
                        TableReader& reader) {
  const std::vector<UpdateRecordPtr> updates = context.history.All();
  const PipelineView pipeline = source.View();
  Json answer;
  answer["rules"] = Json::array();
  for (const RuleHistory& rule : SummarizeRules(updates).rules) {
    answer["rules"].push_back(RuleJson(rule, pipeline));
  }
  ASSIGN_OR_RETURN(answer["batches"], QueryObjectsOf("bronze_dq", reader, kBatchesQuery));
  ASSIGN_OR_RETURN(answer["comparison"],
                   QueryObjectsOf("bronze_silver_dq_comparison", reader, kComparisonQuery));
  ASSIGN_OR_RETURN(answer["daily_counts"],
                   QueryObjectsOf("dlt_daily_counts", reader, kDailyCountsQuery));
  ASSIGN_OR_RETURN(answer["quarantine"], Quarantine(reader));
  ASSIGN_OR_RETURN(const auto set_aside, FilesSetAside(updates, reader));
  answer["files_set_aside"] = set_aside.size();
  return answer;
}

// --- The ledger of files ------------------------------------------------------------------------

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Json SetAsideJson(const RejectedFile& file) {
  return {{"path", file.path},      {"name", FileName(file.path)},
          {"state", "set_aside"},   {"reason", file.reason},
          {"rows", nullptr},        {"rescued_rows", nullptr},
          {"rows_kept", nullptr},   {"rows_rejected", nullptr},
          {"ingested_at", nullptr}, {"processing_date", nullptr}};
}

Result<std::string> TakenFilesQuery(TableReader& reader) {
  ASSIGN_OR_RETURN(const bool silver, reader.Has("retail_transactions_silver"));
  ASSIGN_OR_RETURN(const bool rejected, reader.Has("quarantine.retail_transactions_silver"));
  const auto counts = [](bool exists, const char* table) {
    return exists
               ? fmt::format("SELECT source_file, count(*) AS n FROM {} GROUP BY source_file",
                             table)
               : std::string("SELECT CAST(NULL AS STRING) AS source_file, CAST(0 AS BIGINT) AS n");
  };
  return fmt::format(
      "WITH b AS (SELECT source_file, count(*) AS rows, count(_rescued_data) AS rescued_rows, "
      "max(ingestion_timestamp) AS ingested_at, max(processing_date) AS processing_date FROM "
      "retail_transactions_bronze GROUP BY source_file), s AS ({}), q AS ({}) "
      "SELECT b.source_file AS path, 'taken' AS state, CAST(NULL AS STRING) AS reason, b.rows, "
      "b.rescued_rows, coalesce(s.n, 0) AS rows_kept, coalesce(q.n, 0) AS rows_rejected, "
      "b.ingested_at, b.processing_date FROM b LEFT "
      "JOIN s ON s.source_file = b.source_file LEFT JOIN q ON q.source_file = b.source_file ORDER "
      "BY b.ingested_at DESC, b.source_file DESC",
      counts(silver, "retail_transactions_silver"),
      counts(rejected, "quarantine.retail_transactions_silver"));
}

// Every file, those that were set aside first, then the newest. They are as many as days: few
// enough to filter here, so that one query serves all filters and pages.
Result<Json> LandedFiles(const ServiceContext& context, TableReader& reader) {
  Json files = Json::array();
  ASSIGN_OR_RETURN(const auto set_aside, FilesSetAside(context.history.All(), reader));
  for (const RejectedFile& file : set_aside) {
    files.push_back(SetAsideJson(file));
  }
  ASSIGN_OR_RETURN(const bool landed, reader.Has("retail_transactions_bronze"));
  if (landed) {
    ASSIGN_OR_RETURN(const std::string query, TakenFilesQuery(reader));
    ASSIGN_OR_RETURN(Json taken, QueryObjects(reader, query));
    for (Json& file : taken) {
      file["path"] = PathOfSourceFile(file["path"].get<std::string>());
      file["name"] = FileName(file["path"].get<std::string>());
      files.push_back(std::move(file));
    }
  }
  return files;
}

Result<Json> ListLandedFiles(const ServiceContext& context, const ApiCall& call,
                             TableReader& reader) {
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  const std::string state = call.parameters.Text("state");
  const std::string search = ToLower(call.parameters.Text("search"));
  ASSIGN_OR_RETURN(Json files, LandedFiles(context, reader));
  Json page = Json::array();
  int64_t matching = 0;
  for (Json& file : files) {
    const bool matches = (state.empty() || file["state"] == state) &&
                         ToLower(file["path"].get<std::string>()).find(search) != std::string::npos;
    if (matches && matching >= cursor.offset &&
        static_cast<int64_t>(page.size()) < *call.parameters.Integer("limit")) {
      page.push_back(std::move(file));
    }
    matching += matches ? 1 : 0;
  }
  return Json{{"total", matching},
              {"next_cursor", OrNull(NextCursor(cursor, page.size(), matching, std::nullopt))},
              {"files", std::move(page)}};
}

// --- Rejected rows ------------------------------------------------------------------------------

constexpr std::string_view kReasons = "_failed_expectations";

Result<Json> ListQuarantine(const ApiCall& call, TableReader& reader) {
  const std::string table = call.parameters.Text("table");
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  ASSIGN_OR_RETURN(const auto entry, reader.Find("quarantine." + table));
  Json answer = {{"table", table},
                 {"total", 0},
                 {"next_cursor", nullptr},
                 {"columns", Json::array()},
                 {"rows", Json::array()}};
  if (!entry) {
    ASSIGN_OR_RETURN(const bool exists, reader.Has(table));
    if (exists) {
      return answer;  // no row was rejected yet
    }
    return Error(ErrorCode::kNotFound, fmt::format("there is no table {}", table))
        .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
  }
  ASSIGN_OR_RETURN(const delta::SnapshotPtr snapshot, reader.Latest(*entry));
  const int64_t version = cursor.version.value_or(snapshot->version());
  const bool by_rule = call.parameters.Has("rule");
  const std::string from =
      fmt::format("FROM {} VERSION AS OF {} WHERE {}", QueryName(entry->name), version,
                  by_rule ? fmt::format("array_contains({}, :rule)", kReasons) : "true");
  const TableReader::Parameters parameters = {{"rule", call.parameters.Text("rule")}};
  ASSIGN_OR_RETURN(const int64_t total,
                   QueryCount(reader, "SELECT count(*) AS n " + from, parameters));
  ASSIGN_OR_RETURN(
      const query::RowSet rows,
      reader.Query(fmt::format("SELECT * {} ORDER BY _quarantined_at DESC, source_file, "
                               "source_record LIMIT {} OFFSET {}",
                               from, *call.parameters.Integer("limit"), cursor.offset),
                   parameters));
  answer["total"] = total;
  answer["next_cursor"] = OrNull(NextCursor(cursor, rows.rows.size(), total, version));
  for (const Field& field : rows.schema.fields()) {
    if (field.name != kReasons) {
      answer["columns"].push_back(ColumnJson(field));
    }
  }
  for (const std::vector<Value>& row : rows.rows) {
    Json values = Json::array();
    Json reasons;
    for (size_t i = 0; i < row.size(); ++i) {
      (rows.schema[i].name == kReasons ? reasons : values.emplace_back()) = ToJson(row[i]);
    }
    answer["rows"].push_back({{"rules", std::move(reasons)}, {"values", std::move(values)}});
  }
  return answer;
}

}  // namespace

void AddQualityRoutes(Routes& routes, ServiceContext& context) {
  routes.AddJson("getQuality", DependsOn::kTablesAndUpdates,
                 [&context](const ApiCall&, TableReader& reader) {
                   return GetQuality(context, context.pipeline, reader);
                 });
  routes.AddJson("listLandedFiles", DependsOn::kTablesAndUpdates,
                 [&context](const ApiCall& call, TableReader& reader) {
                   return ListLandedFiles(context, call, reader);
                 });
  routes.AddJson("listQuarantine", DependsOn::kTables, ListQuarantine);
}

}  // namespace medallion::serve
