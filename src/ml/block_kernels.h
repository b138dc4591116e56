#pragma once

#include <cstddef>
#include <cstdint>

// The inner loops over 256 points at a time, stored column by column so that the compiler makes
// vector instructions of them. Each is compiled for the x86-64 baseline and for AVX2, and the
// machine chooses when the program runs; neither contracts a multiplication and an addition into
// one rounding, so both give the same bits.

namespace medallion::ml {

inline constexpr size_t kBlockRows = 256;

// Up to kBlockRows points of d coordinates: `columns` holds d runs of kBlockRows numbers.
// Lanes from `rows` on hold zeros. Borrows its memory.
struct Block {
  const double* columns;
  size_t dimensions;
  size_t rows;
};

// Copies `rows` ≤ kBlockRows row-major points into `columns` (dimensions × kBlockRows numbers).
Block LoadBlock(const double* points, size_t rows, size_t dimensions, double* columns);

// For each point of the block the row of `centroids` (k × d, row-major) at least squared distance
// and that distance; ties go to the lower row. `label` and `distance` have kBlockRows places, those
// from block.rows on are of no meaning.
void NearestInBlock(const Block& block, const double* centroids, size_t k, int32_t* label,
                    double* distance);

// Adds the block's points, row-major at `points`, to the sums of their labels: `sums` holds per
// label d sums of coordinates and then the number of points.
void AddToSumsInBlock(const Block& block, const double* points, const int32_t* label, double* sums);

// closest[i] = min(closest[i], squared distance of point i and `point`). kBlockRows places.
void LowerClosestInBlock(const Block& block, const double* point, double* closest);

// sum[i] += min(closest[i], squared distance of point i and `point`). kBlockRows places.
void AddCloserInBlock(const Block& block, const double* point, const double* closest, double* sum);

// sum[i] += distance (not squared) of point i and `point`. kBlockRows places.
void AddDistanceInBlock(const Block& block, const double* point, double* sum);

}  // namespace medallion::ml
