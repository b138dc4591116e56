#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "ml/choose_k.h"

namespace medallion::ml {

// How much better another k must be, and for how many updates in a row, before it replaces the k of
// the previous model: the best k flips from day to day, and segments that come and go help nobody.
inline constexpr double kRetentionMargin = 0.02;
inline constexpr int kRetentionUpdates = 3;

// What one update leaves for the next. Stored with the model.
struct KRetentionState {
  std::optional<size_t> candidate;  // the k that would replace the present one
  int updates = 0;                  // on how many consecutive updates it was ahead by the margin

  friend bool operator==(const KRetentionState& a, const KRetentionState& b) = default;
};

struct KRetention {
  size_t k = 0;
  KRetentionState state;
};

// Decides k. A previous k stays unless one other k scored more than kRetentionMargin higher on
// kRetentionUpdates consecutive updates, this one included; then that k replaces it. The candidate
// keeps its count as long as it is ahead by the margin, even on a day when a third k is best. When
// it no longer is, the best k of the day becomes the candidate with a count of 1 if it is ahead by
// the margin, and otherwise there is none.
//
// Without a previous k, or when `table` has no line for it, the best k (the smallest of equals) is
// taken at once. `table` is scored by ScoreTable and not empty.
KRetention RetainK(std::optional<size_t> previous_k, const KRetentionState& state,
                   std::span<const KScore> table);

}  // namespace medallion::ml
