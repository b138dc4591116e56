#include "dependency_order.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <queue>

namespace medallion::pipeline {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// A. B. Kahn, "Topological sorting of large networks" (1962), with a heap for a stable order.
std::vector<size_t> OrderAcyclicPart(const Dependencies& needs) {
  std::vector<std::vector<size_t>> needed_by(needs.size());
  std::vector<size_t> missing(needs.size());
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t node = 0; node < needs.size(); ++node) {
    missing[node] = needs[node].size();
    for (const size_t other : needs[node]) {
      needed_by[other].push_back(node);
    }
    if (missing[node] == 0) {
      ready.push(node);
    }
  }
  std::vector<size_t> order;
  while (!ready.empty()) {
    const size_t node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const size_t other : needed_by[node]) {
      if (--missing[other] == 0) {
        ready.push(other);
      }
    }
  }
  return order;
}

// A shortest cycle through `start` over nodes that are `open`, by breadth-first search; empty if
// none.
std::vector<size_t> ShortestCycle(const Dependencies& needs, const std::vector<bool>& open,
                                  size_t start) {
  std::vector<size_t> reached_from(needs.size(), kNone);
  std::deque<size_t> queue = {start};
  while (!queue.empty()) {
    const size_t node = queue.front();
    queue.pop_front();
    for (const size_t next : needs[node]) {
      if (next == start) {
        std::vector<size_t> cycle;
        for (size_t step = node; step != start; step = reached_from[step]) {
          cycle.push_back(step);
        }
        cycle.push_back(start);
        std::reverse(cycle.begin(), cycle.end());
        return cycle;
      }
      if (open[next] && reached_from[next] == kNone) {
        reached_from[next] = node;
        queue.push_back(next);
      }
    }
  }
  return {};
}

// The open nodes that can be reached along the edges.
std::vector<bool> Reachable(const Dependencies& edges, const std::vector<bool>& open,
                            size_t start) {
  std::vector<bool> reached(edges.size(), false);
  std::vector<size_t> stack = {start};
  reached[start] = true;
  while (!stack.empty()) {
    const size_t node = stack.back();
    stack.pop_back();
    for (const size_t next : edges[node]) {
      if (open[next] && !reached[next]) {
        reached[next] = true;
        stack.push_back(next);
      }
    }
  }
  return reached;
}

Dependencies Reversed(const Dependencies& edges) {
  Dependencies reversed(edges.size());
  for (size_t node = 0; node < edges.size(); ++node) {
    for (const size_t other : edges[node]) {
      reversed[other].push_back(node);
    }
  }
  return reversed;
}

}  // namespace

DependencyOrder OrderByDependency(const Dependencies& needs) {
  DependencyOrder result;
  result.order = OrderAcyclicPart(needs);
  std::vector<bool> open(needs.size(), true);
  for (const size_t node : result.order) {
    open[node] = false;
  }
  const Dependencies needed_by = Reversed(needs);
  for (size_t node = 0; node < needs.size(); ++node) {
    if (!open[node]) {
      continue;
    }
    std::vector<size_t> cycle = ShortestCycle(needs, open, node);
    if (cycle.empty()) {
      continue;  // only needs a cycle
    }
    const std::vector<bool> forward = Reachable(needs, open, node);
    const std::vector<bool> backward = Reachable(needed_by, open, node);
    for (size_t other = 0; other < needs.size(); ++other) {
      open[other] = open[other] && !(forward[other] && backward[other]);
    }
    result.cycles.push_back(std::move(cycle));
  }
  return result;
}

}  // namespace medallion::pipeline
