#include "page_cursor.h"

#include <charconv>

#include <fmt/format.h>

namespace medallion::serve {

Result<PageCursor> ParseCursor(std::string_view text) {
  PageCursor cursor;
  if (text.empty()) {
    return cursor;
  }
  const char* const end = text.data() + text.size();
  const auto [dot, problem] = std::from_chars(text.data(), end, cursor.offset);
  int64_t version = 0;
  if (problem != std::errc() || cursor.offset < 0 || dot == end || *dot != '.') {
    return Error(ErrorCode::kInvalidArgument, "`cursor` is not one of this list");
  }
  if (dot + 1 != end) {
    const auto [last, failed] = std::from_chars(dot + 1, end, version);
    if (failed != std::errc() || last != end || version < 0) {
      return Error(ErrorCode::kInvalidArgument, "`cursor` is not one of this list");
    }
    cursor.version = version;
  }
  return cursor;
}

std::string FormatCursor(const PageCursor& cursor) {
  return fmt::format("{}.{}", cursor.offset, cursor.version ? std::to_string(*cursor.version) : "");
}

std::optional<std::string> NextCursor(const PageCursor& page, size_t rows, int64_t total,
                                      std::optional<int64_t> version) {
  const int64_t next = page.offset + static_cast<int64_t>(rows);
  return rows > 0 && next < total ? std::optional(FormatCursor({next, version})) : std::nullopt;
}

}  // namespace medallion::serve
