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

}  // namespace medallion::serve
