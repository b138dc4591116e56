#include "block_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace medallion::ml {
namespace {

#define MEDALLION_INLINE inline __attribute__((always_inline))

// The dimension is a constant of the loop for few coordinates: D; 0 means that it is read from the
// block. The loops run to a multiple of kLanes, so that no remainder is left over.
constexpr size_t kLanes = 8;

MEDALLION_INLINE size_t LanesOf(const Block& block) {
  return (block.rows + kLanes - 1) / kLanes * kLanes;
}

// distance[i] = squared distance of point i and `point`, summed from the first coordinate on.
template <size_t D>
MEDALLION_INLINE void SquaredDistances(const Block& block, const double* point, size_t lanes,
                                       double* __restrict distance) {
  const double* __restrict columns = block.columns;
  if constexpr (D > 0) {
    for (size_t i = 0; i < lanes; ++i) {
      double sum = 0;
#pragma GCC unroll 8
      for (size_t j = 0; j < D; ++j) {
        const double difference = columns[j * kBlockRows + i] - point[j];
        sum += difference * difference;
      }
      distance[i] = sum;
    }
  } else {
    for (size_t i = 0; i < lanes; ++i) {
      distance[i] = 0;
    }
    for (size_t j = 0; j < block.dimensions; ++j) {
      const double coordinate = point[j];
      const double* __restrict column = columns + j * kBlockRows;
      for (size_t i = 0; i < lanes; ++i) {
        const double difference = column[i] - coordinate;
        distance[i] += difference * difference;
      }
    }
  }
}

// As many lanes as the instruction set's registers have, as one value.
template <size_t Width>
struct Lanes {
  using Doubles __attribute__((vector_size(Width * sizeof(double)))) = double;
  using Indices __attribute__((vector_size(Width * sizeof(int64_t)))) = int64_t;
};

template <class Vector>
MEDALLION_INLINE void Load(const double* from, Vector& to) {
  __builtin_memcpy(&to, from, sizeof(Vector));
}

// Lowers `nearest` and sets `index` to `c` in the lanes where `sum` is strictly below.
template <class Vector, class Indices>
MEDALLION_INLINE void Lower(const Vector& sum, const Indices& c, Vector& nearest, Indices& index) {
  index = sum < nearest ? c : index;
  nearest = sum < nearest ? sum : nearest;
}

// A few points at a time, two registers' lanes, stay in registers while all centroids pass by.
template <size_t D, size_t Width>
MEDALLION_INLINE void Nearest(const Block& block, const double* centroids, size_t k,
                              int32_t* __restrict label, double* __restrict distance) {
  using Vector = typename Lanes<Width>::Doubles;
  using Indices = typename Lanes<Width>::Indices;
  const size_t dimensions = D > 0 ? D : block.dimensions;
  for (size_t i = 0; i < block.rows; i += 2 * Width) {
    const double* lanes = block.columns + i;
    Vector nearest_low = Vector{} + std::numeric_limits<double>::infinity();
    Vector nearest_high = nearest_low;
    Indices index_low{};
    Indices index_high{};
    Indices c{};
    const double* centroid = centroids;
    for (size_t remaining = k; remaining > 0; --remaining) {
      Vector sum_low{};
      Vector sum_high{};
#pragma GCC unroll 4
      for (size_t j = 0; j < dimensions; ++j) {
        Vector low;
        Vector high;
        Load(lanes + j * kBlockRows, low);
        Load(lanes + j * kBlockRows + Width, high);
        low -= centroid[j];
        high -= centroid[j];
        sum_low += low * low;
        sum_high += high * high;
      }
      Lower(sum_low, c, nearest_low, index_low);
      Lower(sum_high, c, nearest_high, index_high);
      centroid += dimensions;
      c += 1;
    }
    __builtin_memcpy(distance + i, &nearest_low, sizeof(Vector));
    __builtin_memcpy(distance + i + Width, &nearest_high, sizeof(Vector));
#pragma GCC unroll 4
    for (size_t lane = 0; lane < Width; ++lane) {
      label[i + lane] = static_cast<int32_t>(index_low[lane]);
      label[i + Width + lane] = static_cast<int32_t>(index_high[lane]);
    }
  }
}

template <size_t D, size_t Width>
MEDALLION_INLINE void LowerClosest(const Block& block, const double* point,
                                   double* __restrict closest) {
  alignas(64) double candidate[kBlockRows];
  const size_t lanes = LanesOf(block);
  SquaredDistances<D>(block, point, lanes, candidate);
  for (size_t i = 0; i < lanes; ++i) {
    closest[i] = candidate[i] < closest[i] ? candidate[i] : closest[i];
  }
}

template <size_t D, size_t Width>
MEDALLION_INLINE void AddCloser(const Block& block, const double* point,
                                const double* __restrict closest, double* __restrict sum) {
  alignas(64) double candidate[kBlockRows];
  const size_t lanes = LanesOf(block);
  SquaredDistances<D>(block, point, lanes, candidate);
  for (size_t i = 0; i < lanes; ++i) {
    sum[i] += candidate[i] < closest[i] ? candidate[i] : closest[i];
  }
}

template <size_t D, size_t Width>
MEDALLION_INLINE void AddDistance(const Block& block, const double* point, double* __restrict sum) {
  alignas(64) double candidate[kBlockRows];
  const size_t lanes = LanesOf(block);
  SquaredDistances<D>(block, point, lanes, candidate);
  for (size_t i = 0; i < lanes; ++i) {
    sum[i] += std::sqrt(candidate[i]);
  }
}

template <size_t D, size_t Width>
MEDALLION_INLINE void Transpose(const Block& block, const double* __restrict points,
                                double* __restrict columns) {
  const size_t dimensions = D > 0 ? D : block.dimensions;
  for (size_t i = 0; i < block.rows; ++i) {
#pragma GCC unroll 4
    for (size_t j = 0; j < dimensions; ++j) {
      columns[j * kBlockRows + i] = points[i * dimensions + j];
    }
  }
}

template <size_t D, size_t Width>
MEDALLION_INLINE void AddToSums(const Block& block, const double* points, const int32_t* label,
                                double* sums) {
  const size_t dimensions = D > 0 ? D : block.dimensions;
  size_t i = 0;
  if constexpr (D == 3 && Width == 4) {
    using Vector = typename Lanes<Width>::Doubles;
    // Three coordinates and the number of points are one vector. Its load reaches into the next
    // point, so the last one is left to the loop below.
    for (; i + 1 < block.rows; ++i) {
      double* at = sums + static_cast<size_t>(label[i]) * Width;
      Vector sum;
      Vector point;
      Load(at, sum);
      Load(points + i * D, point);
      point[D] = 1;
      sum += point;
      __builtin_memcpy(at, &sum, sizeof(Vector));
    }
  }
  for (; i < block.rows; ++i) {
    double* sum = sums + static_cast<size_t>(label[i]) * (dimensions + 1);
#pragma GCC unroll 4
    for (size_t j = 0; j < dimensions; ++j) {
      sum[j] += points[i * dimensions + j];
    }
    sum[dimensions] += 1;
  }
}

// clang-format off
#define MEDALLION_KERNEL(attribute, width, name, kernel, parameters, ...)                          \
  attribute void name parameters {                                                                 \
    switch (block.dimensions) {                                                                    \
      case 1: return kernel<1, width>(block, __VA_ARGS__);                                         \
      case 2: return kernel<2, width>(block, __VA_ARGS__);                                         \
      case 3: return kernel<3, width>(block, __VA_ARGS__);                                         \
      case 4: return kernel<4, width>(block, __VA_ARGS__);                                         \
      default: return kernel<0, width>(block, __VA_ARGS__);                                        \
    }                                                                                              \
  }

// All kernels under names of their own for one instruction set of `width` doubles per register.
#define MEDALLION_KERNELS(suffix, width, attribute)                                                \
  MEDALLION_KERNEL(attribute, width, Nearest##suffix, Nearest,                                     \
                   (const Block& block, const double* centroids, size_t k, int32_t* label,         \
                    double* distance), centroids, k, label, distance)                              \
  MEDALLION_KERNEL(attribute, width, LowerClosest##suffix, LowerClosest,                           \
                   (const Block& block, const double* point, double* closest), point, closest)     \
  MEDALLION_KERNEL(attribute, width, AddCloser##suffix, AddCloser,                                 \
                   (const Block& block, const double* point, const double* closest, double* sum),  \
                   point, closest, sum)                                                            \
  MEDALLION_KERNEL(attribute, width, AddDistance##suffix, AddDistance,                             \
                   (const Block& block, const double* point, double* sum), point, sum)             \
  MEDALLION_KERNEL(attribute, width, Transpose##suffix, Transpose,                                 \
                   (const Block& block, const double* points, double* columns), points, columns)   \
  MEDALLION_KERNEL(attribute, width, AddToSums##suffix, AddToSums,                                 \
                   (const Block& block, const double* points, const int32_t* label, double* sums), \
                   points, label, sums)
// clang-format on

MEDALLION_KERNELS(Baseline, 2, )
#if defined(__x86_64__)
MEDALLION_KERNELS(Avx2, 4, __attribute__((target("avx2"))))
#endif

struct Kernels {
  decltype(&NearestBaseline) nearest = NearestBaseline;
  decltype(&LowerClosestBaseline) lower_closest = LowerClosestBaseline;
  decltype(&AddCloserBaseline) add_closer = AddCloserBaseline;
  decltype(&AddDistanceBaseline) add_distance = AddDistanceBaseline;
  decltype(&TransposeBaseline) transpose = TransposeBaseline;
  decltype(&AddToSumsBaseline) add_to_sums = AddToSumsBaseline;
};

Kernels ChooseKernels() {
  Kernels kernels;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    kernels = {NearestAvx2,     LowerClosestAvx2, AddCloserAvx2,
               AddDistanceAvx2, TransposeAvx2,    AddToSumsAvx2};
  }
#endif
  return kernels;
}

const Kernels& ThisMachine() {
  static const Kernels kernels = ChooseKernels();
  return kernels;
}

}  // namespace

Block LoadBlock(const double* points, size_t rows, size_t dimensions, double* columns) {
  const Block block{columns, dimensions, rows};
  ThisMachine().transpose(block, points, columns);
  if (rows < kBlockRows) {
    for (size_t j = 0; j < dimensions; ++j) {
      std::fill(columns + j * kBlockRows + rows, columns + (j + 1) * kBlockRows, 0.0);
    }
  }
  return block;
}

void AddToSumsInBlock(const Block& block, const double* points, const int32_t* label,
                      double* sums) {
  ThisMachine().add_to_sums(block, points, label, sums);
}

void NearestInBlock(const Block& block, const double* centroids, size_t k, int32_t* label,
                    double* distance) {
  ThisMachine().nearest(block, centroids, k, label, distance);
}

void LowerClosestInBlock(const Block& block, const double* point, double* closest) {
  ThisMachine().lower_closest(block, point, closest);
}

void AddCloserInBlock(const Block& block, const double* point, const double* closest, double* sum) {
  ThisMachine().add_closer(block, point, closest, sum);
}

void AddDistanceInBlock(const Block& block, const double* point, double* sum) {
  ThisMachine().add_distance(block, point, sum);
}

}  // namespace medallion::ml
