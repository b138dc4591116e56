#include "object_path.h"

#include "base/testing.h"

namespace medallion {
namespace {

using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;

TEST(ObjectPathTest, TakesRelativePaths) {
  for (const std::string_view path : {"a", "a/b/c.json", "_delta_log/0.json", "q=a%20b/x", "...",
                                      ".hidden", "a..b", "ö/日本", "x.tmp", "a b"}) {
    EXPECT_THAT(CheckObjectPath(path), IsOk()) << path;
  }
}

TEST(ObjectPathTest, RefusesWhatCouldLeaveTheRoot) {
  using namespace std::string_view_literals;
  for (const std::string_view path :
       {""sv, "/"sv, "/etc/passwd"sv, ".."sv, "../x"sv, "a/../../x"sv, "a/.."sv, "."sv, "a/./b"sv,
        "a//b"sv, "a/"sv, "a\0/b"sv, "\0"sv}) {
    EXPECT_THAT(CheckObjectPath(path), IsError(ErrorCode::kInvalidArgument, "object path refused"))
        << path;
  }
}

TEST(ObjectPathTest, RefusesNamesOfUnfinishedFiles) {
  EXPECT_THAT(CheckObjectPath("a/.b.1-2.tmp"), IsError(ErrorCode::kInvalidArgument, "unfinished"));
  EXPECT_THAT(CheckObjectPath(".x.tmp/b"), IsError(ErrorCode::kInvalidArgument, "unfinished"));
}

TEST(ObjectPathTest, FoldersEndWithASlash) {
  EXPECT_THAT(CheckFolderPrefix(""), IsOk());
  EXPECT_THAT(CheckFolderPrefix("a/b/"), IsOk());
  EXPECT_THAT(CheckFolderPrefix("a/b"), IsError(ErrorCode::kInvalidArgument, "ends with '/'"));
  EXPECT_THAT(CheckFolderPrefix("../"), IsError(ErrorCode::kInvalidArgument, "'..'"));
}

}  // namespace
}  // namespace medallion
