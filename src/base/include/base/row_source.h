#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/schema.h"

namespace medallion {

// Rows of one column. Exactly one of the payloads is filled, by type:
//   BOOLEAN (0/1), BYTE…LONG, DATE (days), TIMESTAMP and TIMESTAMP_NTZ (micros),
//   DECIMAL with precision ≤ 18 (unscaled)          → int64s
//   DECIMAL with precision > 18 (unscaled)          → int128s
//   FLOAT, DOUBLE                                   → doubles
//   STRING, BINARY                                  → strings (borrowed, see RowReader::Next)
struct ColumnVector {
  std::vector<int64_t> int64s;
  std::vector<int128_t> int128s;
  std::vector<double> doubles;
  std::vector<std::string_view> strings;
  // 1 where the value is null; the payload is then unspecified. Empty if nothing is null.
  std::vector<uint8_t> nulls;
};

struct ColumnBatch {
  static constexpr size_t kRowsMax = 2048;
  size_t row_count = 0;
  std::vector<ColumnVector> columns;  // one per requested column
};

// A pull stream over one partition. Used by one thread at a time.
class RowReader {
 public:
  virtual ~RowReader() = default;
  // Fills `batch` with up to kRowsMax rows; row_count 0 means the end. Borrowed strings stay valid
  // until the next call or the reader's end.
  virtual Status Next(ColumnBatch& batch) = 0;
};

// Rows that come from outside the engine (files, generated data), to be read once per evaluation.
// Thread-safe: partitions may be opened and read in parallel.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual const Schema& schema() const = 0;
  // Independent pieces, e.g. one per file. Order of rows is kept within a partition only.
  virtual size_t partition_count() const = 0;
  // `columns` are indices into schema(); only they are produced, in that order.
  virtual Result<std::unique_ptr<RowReader>> Open(size_t partition,
                                                  const std::vector<size_t>& columns) const = 0;
};

}  // namespace medallion
