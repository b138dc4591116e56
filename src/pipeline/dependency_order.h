#pragma once

#include <cstddef>
#include <vector>

namespace medallion::pipeline {

// A directed graph by adjacency: `needs[i]` lists the nodes that node i needs. Pure.
using Dependencies = std::vector<std::vector<size_t>>;

struct DependencyOrder {
  // Every node that is on no cycle and needs none that is, each after those it needs; among nodes
  // that are ready at once, the lower number first.
  std::vector<size_t> order;
  // Each cycle once, as the nodes in turn: each needs the next and the last needs the first. Starts
  // with its lowest number. One cycle per strongly connected component, a shortest one through that
  // number.
  std::vector<std::vector<size_t>> cycles;
};

DependencyOrder OrderByDependency(const Dependencies& needs);

}  // namespace medallion::pipeline
