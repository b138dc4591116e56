#include "ml/k_retention.h"

#include "base/check.h"

namespace medallion::ml {
namespace {

const KScore& BestLine(std::span<const KScore> table) {
  const KScore* best = &table.front();
  for (const KScore& line : table) {
    if (line.combined > best->combined) {
      best = &line;
    }
  }
  return *best;
}

std::span<const KScore>::iterator LineOf(std::optional<size_t> k, std::span<const KScore> table) {
  return std::find_if(table.begin(), table.end(), [&](const KScore& line) { return line.k == k; });
}

}  // namespace

KRetention RetainK(std::optional<size_t> previous_k, const KRetentionState& state,
                   std::span<const KScore> table) {
  CHECK(!table.empty());
  const KScore& best = BestLine(table);
  const auto present = LineOf(previous_k, table);
  if (present == table.end()) {
    return {best.k, {}};
  }
  const auto ahead = [&](const KScore& line) {
    return line.combined > present->combined + kRetentionMargin;
  };
  const auto candidate = LineOf(state.candidate, table);
  KRetentionState next;
  if (candidate != table.end() && ahead(*candidate)) {
    next = {candidate->k, std::min(state.updates, kRetentionUpdates) + 1};
  } else if (ahead(best)) {
    next = {best.k, 1};
  }
  if (next.candidate && next.updates >= kRetentionUpdates) {
    return {*next.candidate, {}};
  }
  return {present->k, next};
}

}  // namespace medallion::ml
