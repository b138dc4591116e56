#include "quality_summary.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "http_message.h"
#include "row_objects.h"

namespace medallion::serve {
namespace {

constexpr size_t kTrendPointsMax = 100;

// Adds up what is still of today's rows, newest update first.
class RuleSummarizer {
 public:
  void Add(const UpdateRecord& update) {
    for (const FlowRecord& flow : update.flows) {
      if (outdated_.contains(flow.dataset)) {
        continue;
      }
      summary_.rows_dropped += flow.rows_dropped;
      for (const RuleTally& tally : flow.rules) {
        AddTally(update, tally);
      }
    }
    for (const FlowRecord& flow : update.flows) {
      // What was counted before was of rows that are gone.
      const bool full =
          update.full_refresh || std::ranges::find(update.full_refresh_selection, flow.dataset) !=
                                     update.full_refresh_selection.end();
      if (flow.batches > 0 && (full || flow.type != "APPEND")) {
        outdated_.insert(flow.dataset);
      }
    }
    AddViewPoints(update);
  }

  RuleSummary Take() && {
    for (RuleHistory& rule : summary_.rules) {
      std::ranges::reverse(rule.points);
    }
    return std::move(summary_);
  }

 private:
  RuleHistory& RuleOf(const RuleTally& tally) {
    auto rule = std::ranges::find_if(summary_.rules, [&tally](const RuleHistory& known) {
      return known.total.dataset == tally.dataset && known.total.name == tally.name;
    });
    if (rule == summary_.rules.end()) {
      RuleHistory empty{.total = {tally.dataset, tally.name, tally.action}};
      rule = summary_.rules.insert(rule, std::move(empty));
    }
    return *rule;
  }

  void AddTally(const UpdateRecord& update, const RuleTally& tally) {
    RuleHistory& rule = RuleOf(tally);
    rule.total.passed += tally.passed;
    rule.total.failed += tally.failed;
    rule.total.failed_null += tally.failed_null;
    AddPoint(update, tally, rule);
  }

  // A trend shows earlier builds too.
  void AddViewPoints(const UpdateRecord& update) {
    for (const FlowRecord& flow : update.flows) {
      for (const RuleTally& tally : flow.rules) {
        RuleHistory& rule = RuleOf(tally);
        if (rule.points.empty() || rule.points.back().update_id != update.id) {
          AddPoint(update, tally, rule);
        }
      }
    }
  }

  static void AddPoint(const UpdateRecord& update, const RuleTally& tally, RuleHistory& rule) {
    if (rule.points.size() < kTrendPointsMax) {
      rule.points.push_back({update.id, update.started_micros, tally.passed, tally.failed});
    }
  }

  RuleSummary summary_;
  std::set<std::string> outdated_;  // datasets whose earlier counts do not add up
};

}  // namespace

RuleSummary SummarizeRules(const std::vector<UpdateRecordPtr>& newest_first) {
  RuleSummarizer summarizer;
  for (const UpdateRecordPtr& update : newest_first) {
    summarizer.Add(*update);
  }
  return std::move(summarizer).Take();
}

Result<std::vector<RejectedFile>> FilesSetAside(const std::vector<UpdateRecordPtr>& newest_first,
                                                TableReader& reader) {
  std::vector<RejectedFile> files;
  std::set<std::string> seen;
  for (const UpdateRecordPtr& update : newest_first) {
    for (const RejectedFile& file : update->files_set_aside) {
      if (seen.insert(file.path).second) {
        files.push_back(file);
      }
    }
  }
  ASSIGN_OR_RETURN(const bool landed, reader.Has("retail_transactions_bronze"));
  if (files.empty() || !landed) {
    return files;
  }
  ASSIGN_OR_RETURN(
      const query::RowSet taken,
      reader.Query("SELECT DISTINCT source_file AS f FROM retail_transactions_bronze"));
  std::set<std::string> paths;
  for (const Json& uri : ColumnOf(taken, "f")) {
    paths.insert(uri.is_string() ? PathOfSourceFile(uri.get<std::string>()) : "");
  }
  std::erase_if(files, [&paths](const RejectedFile& file) { return paths.contains(file.path); });
  return files;
}

std::string PathOfSourceFile(const std::string& uri) {
  constexpr std::string_view kScheme = "file://";
  return uri.starts_with(kScheme) ? DecodePercent(uri.substr(kScheme.size())).value_or(uri) : uri;
}

std::vector<QuarantineTable> QuarantineTables(const TableReader& reader) {
  std::vector<QuarantineTable> tables;
  for (const query::StorageView::Table& table : reader.view().tables()) {
    if (table.name.parts.front() == "quarantine") {
      const std::string name = table.name.ToString();
      tables.push_back({name.substr(name.find('.') + 1), QueryName(table.name)});
    }
  }
  return tables;
}

Result<Json> QualityAtAGlance(const std::vector<UpdateRecordPtr>& newest_first,
                              TableReader& reader) {
  const auto [rules, dropped] = SummarizeRules(newest_first);
  if (rules.empty()) {
    return Json();
  }
  int64_t violated = 0;
  int64_t violations = 0;
  std::map<std::string, int64_t> checked;  // rows by dataset: each rule saw all of them
  for (const RuleHistory& rule : rules) {
    violated += rule.total.failed > 0 ? 1 : 0;
    violations += rule.total.failed;
    checked[rule.total.dataset] = rule.total.passed + rule.total.failed;
  }
  int64_t records = 0;
  for (const auto& [dataset, rows] : checked) {
    records += rows;
  }
  int64_t quarantined = 0;
  const std::vector<QuarantineTable> tables = QuarantineTables(reader);
  for (const QuarantineTable& table : tables) {
    ASSIGN_OR_RETURN(
        const int64_t rows,
        QueryCount(reader, fmt::format("SELECT count(*) AS n FROM {}", table.quarantine)));
    quarantined += rows;
  }
  ASSIGN_OR_RETURN(const auto set_aside, FilesSetAside(newest_first, reader));
  Json valid_share;
  ASSIGN_OR_RETURN(const bool measured, reader.Has("bronze_dq"));
  if (measured) {
    ASSIGN_OR_RETURN(const query::RowSet rows,
                     reader.Query("SELECT 100 * CAST(sum(valid_records) AS DOUBLE) / "
                                  "nullif(sum(total_records), 0) AS share FROM bronze_dq"));
    valid_share = FirstObject(rows)["share"];
  }
  return Json{{"rules", rules.size()},
              {"rules_violated", violated},
              {"records_checked", records},
              {"violations", violations},
              {"dropped", dropped},
              {"quarantined", quarantined},
              {"files_set_aside", set_aside.size()},
              {"valid_share", valid_share}};
}

}  // namespace medallion::serve
