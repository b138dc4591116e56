#include "delta/path_encoding.h"

#include "base/testing.h"

namespace medallion::delta {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;

// Measured at another writer: value `a b/c` lies in folder `q=a%20b%2Fc`, which the log calls
// `q=a%2520b%252Fc`.
TEST(PathEncodingTest, HiveFoldersAreEncodedOnceMore) {
  EXPECT_EQ(EncodePath("q=a%20b%2Fc/part-0.parquet"), "q=a%2520b%252Fc/part-0.parquet");
  EXPECT_THAT(DecodePath("q=a%2520b%252Fc/part-0.parquet"),
              HasValue(std::string("q=a%20b%2Fc/part-0.parquet")));
}

TEST(PathEncodingTest, PlainNamesStay) {
  EXPECT_EQ(EncodePath("day=2026-05-01/part-00000-0a_~.zstd.parquet"),
            "day=2026-05-01/part-00000-0a_~.zstd.parquet");
}

// A colon before the first slash would read as a scheme, a plus as a blank.
TEST(PathEncodingTest, CharactersWithAMeaningInUrisAreEncoded) {
  EXPECT_EQ(EncodePath("a:b+c?d#e"), "a%3Ab%2Bc%3Fd%23e");
  EXPECT_EQ(EncodePath("ä"), "%C3%A4");
}

TEST(PathEncodingTest, AbsolutePathsKeepTheirScheme) {
  EXPECT_EQ(EncodePath("s3://bucket/a b"), "s3://bucket/a%20b");
  EXPECT_THAT(DecodePath("s3://bucket/a%20b"), HasValue(std::string("s3://bucket/a b")));
}

TEST(PathEncodingTest, OtherWritersLeaveUnicodeAndPlusAsTheyAre) {
  EXPECT_THAT(DecodePath("日本+x"), HasValue(std::string("日本+x")));
}

TEST(PathEncodingTest, BrokenEscapesAreRefused) {
  for (const std::string_view path : {"a%", "a%2", "a%2g", "%%20", "100%/x"}) {
    EXPECT_THAT(DecodePath(path), IsError(ErrorCode::kCorruption, "broken percent escape")) << path;
  }
  EXPECT_THAT(DecodePath("a%00b"), IsError(ErrorCode::kCorruption, "NUL"));
}

}  // namespace
}  // namespace medallion::delta
