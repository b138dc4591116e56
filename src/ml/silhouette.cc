#include "ml/silhouette.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "block_kernels.h"
#include "workers.h"

namespace medallion::ml {
namespace {

// A labeling of the scored points with labels renumbered from 0 on without gaps.
struct Labeling {
  std::vector<uint32_t> labels;  // by scored point
  std::vector<size_t> sizes;     // by label

  bool HasScore() const { return sizes.size() >= 2 && sizes.size() < labels.size(); }
};

// Up to `count` distinct rows in ascending order: all, or a sample (Floyd's: Bentley and Floyd, "A
// sample of brilliance", 1987).
std::vector<size_t> ChooseRows(size_t rows, size_t count, uint64_t seed) {
  std::vector<size_t> chosen;
  if (rows <= count) {
    chosen.resize(rows);
    std::iota(chosen.begin(), chosen.end(), size_t{0});
    return chosen;
  }
  Random random(seed);
  std::set<size_t> set;
  for (size_t last = rows - count; last < rows; ++last) {
    const size_t row = random.Below(last + 1);
    set.insert(set.contains(row) ? last : row);
  }
  chosen.assign(set.begin(), set.end());
  return chosen;
}

Labeling Renumber(std::span<const int32_t> labels, const std::vector<size_t>& rows) {
  std::map<int32_t, uint32_t> numbers;
  for (const size_t row : rows) {
    numbers.emplace(labels[row], 0);
  }
  uint32_t next = 0;
  for (auto& [label, number] : numbers) {
    number = next++;
  }
  Labeling labeling;
  labeling.sizes.resize(numbers.size());
  for (const size_t row : rows) {
    const uint32_t number = numbers.at(labels[row]);
    labeling.labels.push_back(number);
    ++labeling.sizes[number];
  }
  return labeling;
}

// The scored points in the order of their label tuples.
struct OrderedPoints {
  Points points;
  std::vector<Labeling> labelings;  // by ordered point
  std::vector<size_t> tuple_ends;   // where each run of equal tuples ends
};

OrderedPoints OrderByTuple(PointsView points, const std::vector<size_t>& rows,
                           const std::vector<Labeling>& labelings) {
  std::vector<size_t> order(rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto compare = [&](size_t a, size_t b) {
    for (const Labeling& labeling : labelings) {
      if (labeling.labels[a] != labeling.labels[b]) {
        return labeling.labels[a] < labeling.labels[b];
      }
    }
    return false;
  };
  std::stable_sort(order.begin(), order.end(), compare);
  OrderedPoints ordered{Points(0, points.columns()), labelings, {}};
  for (size_t i = 0; i < order.size(); ++i) {
    ordered.points.Append(points.row(rows[order[i]]));
    for (size_t l = 0; l < labelings.size(); ++l) {
      ordered.labelings[l].labels[i] = labelings[l].labels[order[i]];
    }
    if (i + 1 == order.size() || compare(order[i], order[i + 1])) {
      ordered.tuple_ends.push_back(i + 1);
    }
  }
  return ordered;
}

// For kBlockRows points at a time the sums of distances to every label of every labeling.
class BlockScorer {
 public:
  BlockScorer(const OrderedPoints& ordered, size_t begin)
      : ordered_(ordered),
        begin_(begin),
        rows_(std::min(kBlockRows, ordered.points.rows() - begin)) {
    size_t labels = 0;
    for (const Labeling& labeling : ordered.labelings) {
      offsets_.push_back(labels);
      labels += labeling.sizes.size();
    }
    sums_.resize(labels * kBlockRows);
  }

  // The sum over the block's points of their coefficients, per labeling.
  std::vector<double> Score() {
    AddDistances();
    std::vector<double> scores;
    for (size_t l = 0; l < ordered_.labelings.size(); ++l) {
      double sum = 0;
      for (size_t i = 0; i < rows_; ++i) {
        sum += ordered_.labelings[l].HasScore() ? Coefficient(l, i) : 0;
      }
      scores.push_back(sum);
    }
    return scores;
  }

 private:
  void AddDistances() {
    const Points& points = ordered_.points;
    std::vector<double> columns(points.columns() * kBlockRows);
    const Block block =
        LoadBlock(points.row(begin_).data(), rows_, points.columns(), columns.data());
    std::vector<double> tuple_sum(kBlockRows);
    size_t other = 0;
    for (const size_t end : ordered_.tuple_ends) {
      std::fill(tuple_sum.begin(), tuple_sum.end(), 0.0);
      const size_t first = other;
      for (; other < end; ++other) {
        AddDistanceInBlock(block, points.row(other).data(), tuple_sum.data());
      }
      for (size_t l = 0; l < offsets_.size(); ++l) {
        double* sum = SumsOf(l, ordered_.labelings[l].labels[first]);
        for (size_t i = 0; i < kBlockRows; ++i) {
          sum[i] += tuple_sum[i];
        }
      }
    }
  }

  double Coefficient(size_t labeling, size_t i) {
    const Labeling& of = ordered_.labelings[labeling];
    const uint32_t own = of.labels[begin_ + i];
    if (of.sizes[own] == 1) {
      return 0;
    }
    double within = 0;
    double nearest = std::numeric_limits<double>::infinity();
    for (uint32_t label = 0; label < of.sizes.size(); ++label) {
      const double sum = SumsOf(labeling, label)[i];
      if (label == own) {
        within = sum / static_cast<double>(of.sizes[own] - 1);
      } else {
        nearest = std::min(nearest, sum / static_cast<double>(of.sizes[label]));
      }
    }
    const double larger = std::max(within, nearest);
    return larger > 0 ? (nearest - within) / larger : 0;
  }

  double* SumsOf(size_t labeling, uint32_t label) {
    return sums_.data() + (offsets_[labeling] + label) * kBlockRows;
  }

  const OrderedPoints& ordered_;
  size_t begin_;
  size_t rows_;
  std::vector<size_t> offsets_;  // of a labeling's first label in sums_
  std::vector<double> sums_;     // label × kBlockRows
};

Status CheckLabelings(PointsView points, std::span<const std::span<const int32_t>> labelings) {
  if (points.rows() == 0) {
    return Error(ErrorCode::kInvalidArgument, "silhouette: there are no points");
  }
  for (const std::span<const int32_t> labels : labelings) {
    if (labels.size() != points.rows()) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("silhouette: {} labels for {} points",
                                                            labels.size(), points.rows()));
    }
    if (*std::min_element(labels.begin(), labels.end()) < 0) {
      return Error(ErrorCode::kInvalidArgument, "silhouette: a label is negative");
    }
  }
  return CheckCoordinates(points);
}

}  // namespace

Result<std::vector<SilhouetteScore>> Silhouettes(
    PointsView points, std::span<const std::span<const int32_t>> labelings,
    const SilhouetteOptions& options) {
  RETURN_IF_ERROR(CheckLabelings(points, labelings));
  const std::vector<size_t> rows =
      ChooseRows(points.rows(), std::max<size_t>(options.rows_max, 1), options.seed);
  std::vector<Labeling> renumbered;
  for (const std::span<const int32_t> labels : labelings) {
    renumbered.push_back(Renumber(labels, rows));
  }
  const OrderedPoints ordered = OrderByTuple(points, rows, renumbered);
  std::vector<std::vector<double>> parts((rows.size() + kBlockRows - 1) / kBlockRows);
  Workers workers(options.threads);
  workers.Run(parts.size(), [&](size_t i) {
    if (options.cancellation == nullptr || !options.cancellation->cancelled()) {
      parts[i] = BlockScorer(ordered, i * kBlockRows).Score();
    }
  });
  if (options.cancellation != nullptr) {
    RETURN_IF_ERROR(options.cancellation->Check());
  }
  std::vector<SilhouetteScore> scores(labelings.size(),
                                      {std::nullopt, rows.size(), rows.size() < points.rows()});
  for (size_t l = 0; l < scores.size(); ++l) {
    if (!renumbered[l].HasScore()) {
      continue;
    }
    double sum = 0;
    for (const std::vector<double>& part : parts) {
      sum += part[l];
    }
    scores[l].mean = sum / static_cast<double>(rows.size());
  }
  return scores;
}

Result<SilhouetteScore> Silhouette(PointsView points, std::span<const int32_t> labels,
                                   const SilhouetteOptions& options) {
  ASSIGN_OR_RETURN(std::vector<SilhouetteScore> scores,
                   Silhouettes(points, std::span(&labels, 1), options));
  return scores.front();
}

}  // namespace medallion::ml
