#include "stored_kind.h"

#include "pipeline/batch_record.h"

namespace medallion::pipeline {
namespace {

constexpr std::string_view kKindAppId = "medallion/kind";
constexpr int64_t kStreamingTable = 1;
constexpr int64_t kMaterializedView = 2;

}  // namespace

std::optional<delta::Txn> KindTxn(sql::DatasetKind kind, const delta::SnapshotPtr& table) {
  const int64_t version =
      kind == sql::DatasetKind::kStreamingTable ? kStreamingTable : kMaterializedView;
  if (table != nullptr && table->AppVersion(kKindAppId) == version) {
    return std::nullopt;
  }
  return delta::Txn{std::string(kKindAppId), version, std::nullopt};
}

std::optional<sql::DatasetKind> StoredKind(const delta::Snapshot& table) {
  if (const std::optional<int64_t> kind = table.AppVersion(kKindAppId)) {
    return *kind == kStreamingTable ? sql::DatasetKind::kStreamingTable
                                    : sql::DatasetKind::kMaterializedView;
  }
  // Of a program that did not record it: only views count builds.
  return table.AppVersion(kViewBuildAppId) ? std::optional(sql::DatasetKind::kMaterializedView)
                                           : std::nullopt;
}

}  // namespace medallion::pipeline
