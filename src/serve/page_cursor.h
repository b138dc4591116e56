#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace medallion::serve {

// Where a page of a list begins, and the version of the table that the first page read, so that all
// pages are of one state: `<offset>.<version>` in a `cursor`.
struct PageCursor {
  int64_t offset = 0;
  std::optional<int64_t> version;
};

// An empty text is the first page. kInvalidArgument for what is no cursor of ours.
Result<PageCursor> ParseCursor(std::string_view text);
std::string FormatCursor(const PageCursor& cursor);
// Of the page after one that begins at `page` and has `rows` of `total` rows; nothing at the end.
std::optional<std::string> NextCursor(const PageCursor& page, size_t rows, int64_t total,
                                      std::optional<int64_t> version);

}  // namespace medallion::serve
