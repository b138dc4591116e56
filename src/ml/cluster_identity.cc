#include "ml/cluster_identity.h"

#include <limits>
#include <numeric>

#include "base/check.h"
#include "ml/matching.h"

namespace medallion::ml {
namespace {

Status CheckShapes(const Points& centroids, const KnownClusters& previous,
                   const StandardScaler& scaler) {
  const size_t columns = scaler.mean().size();
  if (centroids.columns() != columns || previous.centroids.columns() != columns) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("cluster identities: the features differ in number: {} new, {} "
                             "previous, {} in the scaler",
                             centroids.columns(), previous.centroids.columns(), columns));
  }
  const std::set<int32_t> ids(previous.ids.begin(), previous.ids.end());
  if (ids.size() != previous.centroids.rows() || ids.size() != previous.ids.size() ||
      (!ids.empty() && (*ids.begin() < 0 || *ids.rbegin() >= previous.next_id))) {
    return Error(ErrorCode::kInvalidArgument,
                 "cluster identities: the previous ids must be distinct, one per centroid, from 0 "
                 "on and below next_id");
  }
  const auto ids_left = static_cast<size_t>(std::numeric_limits<int32_t>::max() - previous.next_id);
  if (centroids.rows() > ids_left) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("cluster identities: no ids are left after {}", previous.next_id));
  }
  return OkStatus();
}

// The cross table of memberships.
struct CrossTable {
  std::map<std::pair<int32_t, int32_t>, size_t> cells;
  std::map<int32_t, size_t> previous;  // members of each previous cluster, outliers now included
  std::map<int32_t, size_t> current;
};

CrossTable Count(std::span<const int32_t> previous, std::span<const int32_t> current) {
  CrossTable table;
  for (size_t i = 0; i < previous.size(); ++i) {
    if (previous[i] >= 0) {
      ++table.previous[previous[i]];
    }
    if (current[i] >= 0) {
      ++table.current[current[i]];
    }
    if (previous[i] >= 0 && current[i] >= 0) {
      ++table.cells[{previous[i], current[i]}];
    }
  }
  return table;
}

// The flows of a cross table, from both sides.
struct Flows {
  std::map<int32_t, std::vector<int32_t>> to;    // by previous id
  std::map<int32_t, std::vector<int32_t>> from;  // by new id
};

Flows FindFlows(const CrossTable& table) {
  Flows flows;
  for (const auto& [ids, customers] : table.cells) {
    const auto count = static_cast<double>(customers);
    if (count >= kFlowShare * static_cast<double>(table.previous.at(ids.first)) ||
        count >= kFlowShare * static_cast<double>(table.current.at(ids.second))) {
      flows.to[ids.first].push_back(ids.second);
      flows.from[ids.second].push_back(ids.first);
    }
  }
  return flows;
}

size_t CustomersOf(const CrossTable& table, const ClusterChange& change) {
  size_t sum = 0;
  for (const int32_t from : change.from) {
    for (const int32_t to : change.to) {
      const auto cell = table.cells.find({from, to});
      sum += cell == table.cells.end() ? 0 : cell->second;
    }
  }
  return sum;
}

}  // namespace

Result<Identities> KeepIdentities(const Points& centroids, const KnownClusters& previous,
                                  const StandardScaler& previous_scaler) {
  RETURN_IF_ERROR(CheckShapes(centroids, previous, previous_scaler));
  Points now = centroids;
  Points before = previous.centroids;
  previous_scaler.Transform(now);
  previous_scaler.Transform(before);
  std::vector<double> costs;
  for (size_t i = 0; i < now.rows(); ++i) {
    for (size_t j = 0; j < before.rows(); ++j) {
      costs.push_back(SquaredDistance(now.row(i), before.row(j)));
    }
  }
  Identities identities{{}, previous.next_id};
  for (const std::optional<size_t> match : MatchAtLeastCost(costs, now.rows(), before.rows())) {
    identities.ids.push_back(match ? previous.ids[*match] : identities.next_id++);
  }
  return identities;
}

Identities NumberFromZero(size_t k) {
  Identities identities{std::vector<int32_t>(k), static_cast<int32_t>(k)};
  std::iota(identities.ids.begin(), identities.ids.end(), 0);
  return identities;
}

std::string_view ClusterChangeKindName(ClusterChangeKind kind) {
  switch (kind) {
    case ClusterChangeKind::kKept: return "kept";
    case ClusterChangeKind::kSplit: return "split";
    case ClusterChangeKind::kMerge: return "merge";
    case ClusterChangeKind::kNew: return "new";
    case ClusterChangeKind::kVanished: return "vanished";
  }
  CHECK(false);
}

Result<std::vector<ClusterChange>> CompareMemberships(std::span<const int32_t> previous,
                                                      std::span<const int32_t> current) {
  if (previous.size() != current.size()) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("memberships of different customers: {} before, {} now",
                             previous.size(), current.size()));
  }
  const CrossTable table = Count(previous, current);
  const Flows flows = FindFlows(table);
  std::vector<ClusterChange> changes;
  for (const auto& [from, to] : flows.to) {
    if (to.size() > 1) {
      changes.push_back({ClusterChangeKind::kSplit, {from}, to});
    } else if (flows.from.at(to.front()).size() == 1) {
      changes.push_back({ClusterChangeKind::kKept, {from}, to});
    }
  }
  for (const auto& [to, from] : flows.from) {
    if (from.size() > 1) {
      changes.push_back({ClusterChangeKind::kMerge, from, {to}});
    }
  }
  for (ClusterChange& change : changes) {
    change.customers = CustomersOf(table, change);
  }
  for (const auto& [id, customers] : table.current) {
    if (!flows.from.contains(id)) {
      changes.push_back({ClusterChangeKind::kNew, {}, {id}, customers});
    }
  }
  for (const auto& [id, customers] : table.previous) {
    if (!flows.to.contains(id)) {
      changes.push_back({ClusterChangeKind::kVanished, {id}, {}, customers});
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const ClusterChange& a, const ClusterChange& b) { return a.kind < b.kind; });
  return changes;
}

}  // namespace medallion::ml
