#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "base/schema.h"
#include "base/value.h"
#include "options.h"
#include "terminal.h"

namespace medallion::cli {

// Prints the rows of a result in one of the three formats (docs/json-output.md):
//   table  aligned; on a terminal fitted to its width and at most kTableRowsMax rows, of which the
//          rest is counted; else whole
//   json   one object per line, keys in column order and unique; DECIMAL, dates and times are
//   strings csv    RFC 4180 with a header; NULL is an empty field, an empty text is ""
class RowPrinter {
 public:
  // Bounds a listing that people read, and the rows that are kept to align them.
  static constexpr size_t kTableRowsMax = 10'000;

  // `out`, which shows what `terminal` says, outlives the printer.
  static std::unique_ptr<RowPrinter> Make(OutputFormat format, const Schema& schema,
                                          std::ostream& out, const Terminal& terminal);
  virtual ~RowPrinter() = default;

  virtual void Add(const std::vector<Value>& row) = 0;
  // After the last row.
  virtual void Finish() = 0;
};

}  // namespace medallion::cli
