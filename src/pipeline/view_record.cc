#include "pipeline/view_record.h"

#include <fmt/format.h>

#include "base/civil_time.h"

namespace medallion::pipeline {
namespace {

constexpr std::string_view kDefinition = "medallion/view/definition";
constexpr std::string_view kDate = "medallion/view/date";
constexpr std::string_view kTable = "medallion/view/table/";
constexpr std::string_view kFiles = "medallion/view/files/";

std::string NameOf(const std::string& id, const std::map<std::string, std::string>& names) {
  const auto found = names.find(id);
  return found == names.end() ? "an input table" : found->second;
}

SkipDecision Run(std::string reason) { return {false, std::move(reason)}; }

std::string TableReason(const std::string& name, int64_t before, int64_t after) {
  return fmt::format("{} moved from version {} to {}", name, before, after);
}

}  // namespace

std::vector<delta::Txn> ToTransactions(const ViewRecord& record, int64_t now_ms) {
  std::vector<delta::Txn> transactions = {{std::string(kDefinition), record.definition, now_ms}};
  if (record.update_date) {
    transactions.push_back({std::string(kDate), *record.update_date, now_ms});
  }
  for (const auto& [id, version] : record.tables) {
    transactions.push_back({fmt::format("{}{}", kTable, id), version, now_ms});
  }
  for (const auto& [path, listing] : record.files) {
    transactions.push_back({fmt::format("{}{}", kFiles, path), listing, now_ms});
  }
  return transactions;
}

std::optional<ViewRecord> ReadViewRecord(const delta::Snapshot& view) {
  const std::optional<int64_t> definition = view.AppVersion(kDefinition);
  if (!definition) {
    return std::nullopt;
  }
  ViewRecord record;
  record.definition = *definition;
  record.update_date = view.AppVersion(kDate);
  for (const auto& [app_id, transaction] : view.transactions()) {
    if (app_id.starts_with(kTable)) {
      record.tables[app_id.substr(kTable.size())] = transaction.version;
    } else if (app_id.starts_with(kFiles)) {
      record.files[app_id.substr(kFiles.size())] = transaction.version;
    }
  }
  return record;
}

SkipDecision DecideSkip(const std::optional<ViewRecord>& last, const ViewRecord& now,
                        bool deterministic, const std::map<std::string, std::string>& table_names) {
  if (!last) {
    return Run("never built");
  }
  if (!deterministic) {
    return Run("the query is not deterministic");
  }
  if (last->definition != now.definition) {
    return Run("its definition or a parameter changed");
  }
  if (now.update_date && last->update_date != now.update_date) {
    return Run(
        fmt::format("the date is {} now", FormatIsoDate(static_cast<int32_t>(*now.update_date))));
  }
  for (const auto& [id, version] : now.tables) {
    const auto before = last->tables.find(id);
    if (before == last->tables.end()) {
      return Run(fmt::format("{} was created anew", NameOf(id, table_names)));
    }
    if (before->second != version) {
      return Run(TableReason(NameOf(id, table_names), before->second, version));
    }
  }
  for (const auto& [path, listing] : now.files) {
    const auto before = last->files.find(path);
    if (before == last->files.end() || before->second != listing) {
      return Run("its input files changed");
    }
  }
  return {true, "no input changed"};
}

}  // namespace medallion::pipeline
