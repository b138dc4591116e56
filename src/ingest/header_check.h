#pragma once

#include <optional>

#include "csv_header.h"

namespace medallion::ingest {

// Reads a file's header and judges it before any row is read: wrong delimiter, values instead of
// names, lines above the header, nothing in common with `expected` (may be empty: nothing is
// expected). Nothing for an empty file. kData with advice otherwise.
Result<std::optional<CsvHeader>> ReadAndCheckHeader(RecordReader& reader, const CsvOptions& options,
                                                    const Schema& expected);

// Whether a file's column would hide the struct `_metadata` that every row has: it is never a
// column of the table, and its values are rescued.
bool IsMetadataColumn(std::string_view name);

}  // namespace medallion::ingest
