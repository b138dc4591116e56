#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/points.h"
#include "ml/standard_scaler.h"

namespace medallion::ml {

// The clusters of a model, seen from the next one.
struct KnownClusters {
  Points centroids;          // original units, k × features
  std::vector<int32_t> ids;  // of each centroid, distinct, ≥ 0
  // The lowest id that neither this model nor one before it has used, so that an id is never given
  // to another group of customers.
  int32_t next_id = 0;
};

struct Identities {
  std::vector<int32_t> ids;  // of each new centroid, distinct
  int32_t next_id = 0;
};

// Gives new centroids (original units, k × features) the ids of the previous model's. Both are put
// on the previous model's scale; the pairs of least total squared distance keep the id, and new
// centroids without a pair get next_id, next_id + 1, … in their order. With fewer new centroids the
// ids left over are retired. A first model is numbered by NumberFromZero.
//
// kInvalidArgument if the numbers of columns of the three differ or the previous ids do not fit.
Result<Identities> KeepIdentities(const Points& centroids, const KnownClusters& previous,
                                  const StandardScaler& previous_scaler);

Identities NumberFromZero(size_t k);

enum class ClusterChangeKind {
  kKept,
  kSplit,     // one previous cluster went into several
  kMerge,     // several previous clusters went into one
  kNew,       // came from no previous cluster in particular
  kVanished,  // went into no cluster in particular, and its id is gone
};
inline constexpr ClusterChangeKind kClusterChangeKinds[] = {
    ClusterChangeKind::kKept, ClusterChangeKind::kSplit, ClusterChangeKind::kMerge,
    ClusterChangeKind::kNew, ClusterChangeKind::kVanished};
std::string_view ClusterChangeKindName(ClusterChangeKind kind);

// What became of clusters from one model to the next, by the customers who are in both.
struct ClusterChange {
  ClusterChangeKind kind;
  std::vector<int32_t> from;  // previous ids, ascending
  std::vector<int32_t> to;    // new ids, ascending
  size_t customers = 0;  // who went from one of `from` to one of `to`, or are in the one there is

  friend bool operator==(const ClusterChange& a, const ClusterChange& b) = default;
};

// A previous cluster flows into a new one if it sends at least this share of its members there, or
// they make up at least this share of the new cluster's.
inline constexpr double kFlowShare = 0.3;

// Compares memberships: `previous[i]` and `current[i]` are customer i's clusters before and now;
// only ids ≥ 0 on both sides count (outlier groups are no clusters). Flows link previous and new
// clusters into groups, and each group is one change: one to one is kKept, one to several kSplit,
// several to one kMerge; several to several is told as a split of each previous cluster that flows
// into several and a merge of each new one that takes from several. No flow: kVanished or kNew; a
// cluster whose customers are all unknown to the other side, or outliers there, is such a one.
// Ordered by kind, then ids. kInvalidArgument if the lengths differ.
Result<std::vector<ClusterChange>> CompareMemberships(std::span<const int32_t> previous,
                                                      std::span<const int32_t> current);

}  // namespace medallion::ml
