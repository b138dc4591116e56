#pragma once

#include <algorithm>
#include <cstddef>

#include "block_kernels.h"

namespace medallion::ml {

// How rows are cut into the pieces that threads take. The cut depends on the number of rows alone,
// and what the pieces yield is added in their order, so that sums are the same for any number of
// threads.
class Chunks {
 public:
  explicit Chunks(size_t rows) : rows_(rows) {
    const size_t even = (rows + kChunksMax - 1) / kChunksMax;
    rows_per_chunk_ = std::max(kChunkRowsMin, (even + kBlockRows - 1) / kBlockRows * kBlockRows);
  }

  size_t count() const { return (rows_ + rows_per_chunk_ - 1) / rows_per_chunk_; }
  size_t begin(size_t chunk) const { return chunk * rows_per_chunk_; }
  size_t end(size_t chunk) const { return std::min(rows_, begin(chunk) + rows_per_chunk_); }

 private:
  // Enough pieces for even work on many threads; few enough that adding them up costs nothing.
  static constexpr size_t kChunksMax = 512;
  // Some ten microseconds of work: less would be lost in handing it out.
  static constexpr size_t kChunkRowsMin = 2048;

  size_t rows_;
  size_t rows_per_chunk_ = 0;
};

}  // namespace medallion::ml
