#include "ml/matching.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace medallion::ml {
namespace {

// Rows and columns are counted from 1; 0 stands for "none", and column 0 for the row being added.
class Matcher {
 public:
  // `cost(row, column)`, rows ≤ columns.
  Matcher(std::span<const double> costs, size_t rows, size_t columns)
      : costs_(costs),
        columns_(columns),
        row_potential_(rows + 1),
        column_potential_(columns + 1),
        row_of_(columns + 1),
        previous_(columns + 1) {
    for (size_t row = 1; row <= rows; ++row) {
      Add(row);
    }
  }

  // The row matched with a column (from 0), or nothing.
  std::optional<size_t> RowOf(size_t column) const {
    const size_t row = row_of_[column + 1];
    return row == 0 ? std::nullopt : std::optional(row - 1);
  }

 private:
  double ReducedCost(size_t row, size_t column) const {
    return costs_[(row - 1) * columns_ + column - 1] - row_potential_[row] -
           column_potential_[column];
  }

  // Finds the cheapest way to give `row` a column, moving rows that had one, and takes it.
  void Add(size_t row) {
    row_of_[0] = row;
    slack_.assign(columns_ + 1, std::numeric_limits<double>::infinity());
    reached_.assign(columns_ + 1, false);
    size_t column = 0;
    do {
      column = Reach(column);
    } while (row_of_[column] != 0);
    while (column != 0) {
      row_of_[column] = row_of_[previous_[column]];
      column = previous_[column];
    }
  }

  // Marks `column` as reached and returns the cheapest unreached one from the reached ones.
  size_t Reach(size_t column) {
    reached_[column] = true;
    const size_t row = row_of_[column];
    size_t next = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t other = 1; other <= columns_; ++other) {
      if (reached_[other]) {
        continue;
      }
      const double cost = ReducedCost(row, other);
      if (cost < slack_[other]) {
        slack_[other] = cost;
        previous_[other] = column;
      }
      if (slack_[other] < least) {
        least = slack_[other];
        next = other;
      }
    }
    for (size_t other = 0; other <= columns_; ++other) {
      if (reached_[other]) {
        row_potential_[row_of_[other]] += least;
        column_potential_[other] -= least;
      } else {
        slack_[other] -= least;
      }
    }
    return next;
  }

  std::span<const double> costs_;
  size_t columns_;
  std::vector<double> row_potential_;
  std::vector<double> column_potential_;
  std::vector<size_t> row_of_;    // by column
  std::vector<size_t> previous_;  // the column from which a column was reached
  std::vector<double> slack_;     // the least reduced cost from the reached columns
  std::vector<bool> reached_;
};

}  // namespace

std::vector<std::optional<size_t>> MatchAtLeastCost(std::span<const double> costs, size_t rows,
                                                    size_t columns) {
  CHECK_EQ(costs.size(), rows * columns);
  std::vector<std::optional<size_t>> column_of(rows);
  if (rows <= columns) {
    const Matcher matcher(costs, rows, columns);
    for (size_t column = 0; column < columns; ++column) {
      if (const auto row = matcher.RowOf(column)) {
        column_of[*row] = column;
      }
    }
    return column_of;
  }
  std::vector<double> transposed;
  for (size_t column = 0; column < columns; ++column) {
    for (size_t row = 0; row < rows; ++row) {
      transposed.push_back(costs[row * columns + column]);
    }
  }
  const Matcher matcher(transposed, columns, rows);
  for (size_t row = 0; row < rows; ++row) {
    column_of[row] = matcher.RowOf(row);
  }
  return column_of;
}

}  // namespace medallion::ml
