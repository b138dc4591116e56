#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace medallion::ml {

// Pairs each of `rows` with at most one of `columns` and the reverse, as many pairs as the shorter
// side allows, at least total cost: the Hungarian method with potentials (Kuhn, "The Hungarian
// method for the assignment problem", 1955; Jonker and Volgenant, 1987), O(rows² · columns) for
// rows ≤ columns. `costs` is rows × columns, row-major and finite. Returns for each row its column.
// The same costs give the same pairs.
std::vector<std::optional<size_t>> MatchAtLeastCost(std::span<const double> costs, size_t rows,
                                                    size_t columns);

}  // namespace medallion::ml
