#pragma once

#include <string>
#include <vector>

#include "ingest/file_source.h"
#include "record_reader.h"

namespace medallion::ingest {

// The columns that a file says it has, in the order of its fields.
struct CsvHeader {
  struct Column {
    std::string name;      // trimmed; `_c0`, `_c1` … in a file without header
    bool unnamed = false;  // a trailing delimiter of the header line: holds no data by rule
  };
  std::vector<Column> columns;
  // The text of the header line as the reader saw it, for messages.
  std::string raw;

  // Position of the column with this name in any letter case.
  std::optional<size_t> IndexOf(std::string_view name) const;
  std::vector<std::string> names() const;
};

// Reads the header at the reader's start. Nothing for a file without any record. With
// `header => false` it has as many columns as the first record, which stays to be read. kData, with
// advice: too many columns, an empty or a repeated name.
Result<std::optional<CsvHeader>> ReadHeader(RecordReader& reader, const CsvOptions& options);

// The delimiter that the line seems to use instead of `delimiter`; nothing if the line is
// consistent with it.
std::optional<char> GuessDelimiter(std::string_view line, const CsvOptions& options);

// How a delimiter is shown in advice: `;`, `\t`.
std::string DelimiterName(char delimiter);

// Whether the names look like the values of a record: half of them or more are numbers or dates.
bool LooksLikeData(const std::vector<std::string>& names);

}  // namespace medallion::ingest
