#include "page_cursor.h"

#include "base/testing.h"

namespace medallion::serve {
namespace {

using medallion::testing::IsError;

TEST(PageCursorTest, WhatIsWrittenIsRead) {
  for (const PageCursor& cursor : {PageCursor{0, 0}, PageCursor{50, 7}, PageCursor{50, {}}}) {
    const auto read = ParseCursor(FormatCursor(cursor));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->offset, cursor.offset);
    EXPECT_EQ(read->version, cursor.version);
  }
  EXPECT_EQ(ParseCursor("")->offset, 0);
}

TEST(PageCursorTest, OtherTextsAreRefused) {
  for (const char* text :
       {"x", "1", "-1.2", "1.x", "1.-2", "1.2x", ".", "1.2.3", "99999999999999999999.1"}) {
    EXPECT_THAT(ParseCursor(text), IsError(ErrorCode::kInvalidArgument, "cursor")) << text;
  }
}

}  // namespace
}  // namespace medallion::serve
