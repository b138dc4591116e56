#include "header_check.h"

#include <algorithm>

#include "base/text.h"

namespace medallion::ingest {
namespace {

size_t CountKnown(const CsvHeader& header, const Schema& expected) {
  const std::vector<std::string> names = header.names();
  return static_cast<size_t>(
      std::count_if(names.begin(), names.end(),
                    [&](const std::string& name) { return expected.IndexOf(name).has_value(); }));
}

Error Rejection(const std::string& what, const CsvHeader& header) {
  return Error(ErrorCode::kData, fmt::format("{}; the first line is: {}", what, header.raw));
}

std::string ExpectedNames(const Schema& expected) {
  std::vector<std::string> names;
  for (const Field& field : expected.fields()) {
    names.push_back(field.name);
    if (names.size() == 8) {
      names.emplace_back("…");
      break;
    }
  }
  return Join(names, ", ");
}

// Width of the first record after the header; 0 if there is none.
Result<size_t> NextWidth(RecordReader& reader) {
  Record record;
  ASSIGN_OR_RETURN(const bool found, reader.NextAcrossBlocks(record));
  return found ? reader.fields().size() : 0;
}

}  // namespace

Result<std::optional<CsvHeader>> ReadAndCheckHeader(RecordReader& reader, const CsvOptions& options,
                                                    const Schema& expected) {
  ASSIGN_OR_RETURN(std::optional<CsvHeader> header, ReadHeader(reader, options));
  if (!header || !options.header) {
    return header;
  }
  const size_t known = CountKnown(*header, expected);
  const std::vector<std::string> names = header->names();
  if (const std::optional<char> guess = GuessDelimiter(header->raw, options); guess && known == 0) {
    return Rejection(
        fmt::format("the columns are not separated by `{}`: is the delimiter `{}`? Set the "
                    "option `delimiter`",
                    DelimiterName(options.delimiter), DelimiterName(*guess)),
        *header);
  }
  if (known == 0 && LooksLikeData(names)) {
    return Rejection(
        "the file seems to have no header, its first line holds values: set the option "
        "`header` to false and name the columns with `schema`",
        *header);
  }
  const size_t width = header->columns.size();
  ASSIGN_OR_RETURN(const size_t next_width, NextWidth(reader));
  if (known == 0 && next_width > 2 && next_width > 2 * width) {
    return Rejection(
        fmt::format("the header does not match the records ({} names, {} values): are there "
                    "lines above it? Set the option `skipRows` or `comment`",
                    width, next_width),
        *header);
  }
  if (known == 0 && expected.size() > 0) {
    return Rejection(
        fmt::format("the header does not match: none of its names is a column of the table "
                    "({}). If the file has no header, set the option `header` to false; if "
                    "lines stand above it, set `skipRows`",
                    ExpectedNames(expected)),
        *header);
  }
  return header;
}

bool IsMetadataColumn(std::string_view name) { return EqualsIgnoreCase(name, "_metadata"); }

}  // namespace medallion::ingest
