#include "csv_header.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/decimal.h"
#include "base/text.h"
#include "csv_value.h"
#include "text_encoding.h"

namespace medallion::ingest {
namespace {

constexpr std::array<char, 4> kUsualDelimiters = {',', ';', '\t', '|'};
constexpr size_t kHeaderExcerptBytes = 120;

// How often `c` stands outside quotes.
size_t CountUnquoted(std::string_view line, char c, char quote) {
  size_t count = 0;
  bool quoted = false;
  for (const char at : line) {
    quoted = at == quote ? !quoted : quoted;
    count += !quoted && at == c ? 1 : 0;
  }
  return count;
}

std::string Excerpt(std::string_view line) {
  size_t size = std::min(line.size(), kHeaderExcerptBytes);
  const size_t valid = ValidUtf8Prefix(line.substr(0, size));
  return std::string(line.substr(0, valid)) + (valid < line.size() ? "…" : "");
}

Error HeaderError(std::string_view what, const CsvHeader& header) {
  return Error(ErrorCode::kData, fmt::format("{}; the header line is: {}", what, header.raw));
}

Status CheckNames(const CsvHeader& header) {
  std::set<std::string> seen;
  for (size_t i = 0; i < header.columns.size(); ++i) {
    const CsvHeader::Column& column = header.columns[i];
    if (column.unnamed) {
      continue;
    }
    if (column.name.empty()) {
      return HeaderError(
          fmt::format("column {} has no name: name every column in the header", i + 1), header);
    }
    if (!IsValidUtf8(column.name)) {
      return HeaderError(
          fmt::format("the name of column {} is not UTF-8: set the option `encoding`", i + 1),
          header);
    }
    if (!seen.insert(ToLower(column.name)).second) {
      return HeaderError(fmt::format("two columns are named `{}`: rename one", column.name),
                         header);
    }
  }
  return OkStatus();
}

// Trailing delimiters make trailing columns without a name.
void MarkUnnamed(CsvHeader& header) {
  for (size_t i = header.columns.size(); i > 1 && header.columns[i - 1].name.empty(); --i) {
    header.columns[i - 1] = {fmt::format("_c{}", i - 1), true};
  }
}

bool LooksLikeValue(const std::string& text) {
  int64_t days = 0;
  return Decimal::Parse(text).has_value() || ParseDate(text, days) != Parsed::kInvalid;
}

}  // namespace

std::optional<size_t> CsvHeader::IndexOf(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].unnamed && EqualsIgnoreCase(columns[i].name, name)) {
      return i;
    }
  }
  return std::nullopt;
}

std::vector<std::string> CsvHeader::names() const {
  std::vector<std::string> names;
  for (const Column& column : columns) {
    if (!column.unnamed) {
      names.push_back(column.name);
    }
  }
  return names;
}

Result<std::optional<CsvHeader>> ReadHeader(RecordReader& reader, const CsvOptions& options) {
  Record record;
  ASSIGN_OR_RETURN(const bool found, reader.NextAcrossBlocks(record));
  if (!found) {
    return std::optional<CsvHeader>();
  }
  CsvHeader header;
  header.raw = Excerpt(record.raw);
  if (record.fault == RecordFault::kTooManyColumns || record.fault == RecordFault::kTooLong) {
    return HeaderError(fmt::format("the first line is no header: more than {} columns or {} MiB",
                                   kColumnsMax, kRecordBytesMax >> 20),
                       header);
  }
  if (!options.header) {
    for (size_t i = 0; i < reader.fields().size(); ++i) {
      header.columns.push_back({fmt::format("_c{}", i)});
    }
    reader.PutBack();
    return std::optional<CsvHeader>(std::move(header));
  }
  for (const FieldRef& field : reader.fields()) {
    std::string name;
    reader.AppendUnescaped(field, name);
    header.columns.push_back({std::string(Trim(name))});
  }
  MarkUnnamed(header);
  RETURN_IF_ERROR(CheckNames(header));
  return std::optional<CsvHeader>(std::move(header));
}

std::optional<char> GuessDelimiter(std::string_view line, const CsvOptions& options) {
  if (CountUnquoted(line, options.delimiter, options.quote) > 0) {
    return std::nullopt;
  }
  std::optional<char> best;
  size_t best_count = 0;
  for (const char candidate : kUsualDelimiters) {
    const size_t count = CountUnquoted(line, candidate, options.quote);
    if (candidate != options.delimiter && count > best_count) {
      best = candidate;
      best_count = count;
    }
  }
  return best;
}

std::string DelimiterName(char delimiter) {
  return delimiter == '\t' ? "\\t" : std::string(1, delimiter);
}

bool LooksLikeData(const std::vector<std::string>& names) {
  const auto values = std::count_if(names.begin(), names.end(), LooksLikeValue);
  return !names.empty() && static_cast<size_t>(values) * 2 >= names.size();
}

}  // namespace medallion::ingest
