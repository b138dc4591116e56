#include "kmeans_rules.h"

#include <utility>

#include <fmt/format.h>

#include "kmeans_split.h"

namespace medallion::pipeline {
namespace {

Diagnostic Unsupported(const FlowDeclaration& flow, const sql::BoundQuery& query, Span span,
                       std::string message, std::string label, std::string hint) {
  return Diagnostic::At(query.source != nullptr ? query.source : flow.source, span,
                        "UNSUPPORTED_KMEANS", std::move(message), std::move(label),
                        {std::move(hint)});
}

bool CanCarry(const DataType& type) {
  return !type.Is(TypeKind::kArray) && !type.Is(TypeKind::kMap) && !type.Is(TypeKind::kStruct) &&
         !type.Is(TypeKind::kYearMonthInterval) && !type.Is(TypeKind::kDayTimeInterval);
}

}  // namespace

bool CheckKMeans(const FlowDeclaration& flow, const sql::BoundQuery& query,
                 std::vector<Diagnostic>& findings) {
  const KMeansCount count = CountKMeans(query);
  if (count.count > 1) {
    findings.push_back(Unsupported(flow, query, count.second, "one dataset has two kmeans",
                                   "the second",
                                   "a dataset's model has the dataset's name; make two "
                                   "MATERIALIZED VIEWs"));
    return false;
  }
  const std::optional<KMeansSplit> split = SplitKMeans(query);
  if (!split) {
    return true;
  }
  for (const Field& field : split->clustered.fields()) {
    if (!CanCarry(field.type)) {
      findings.push_back(Unsupported(flow, query, split->rest.files.back().span,
                                     fmt::format("kmeans does not pass on column `{}`, which is {}",
                                                 field.name, field.type.ToDdl()),
                                     "its table has that column",
                                     "leave it out: TABLE(SELECT … FROM t)"));
      return false;
    }
  }
  return true;
}

}  // namespace medallion::pipeline
