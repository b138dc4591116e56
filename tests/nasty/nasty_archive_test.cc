// Compressed files and files that are no CSV; see README.md for the list of cases.

#include "nasty_fixture.h"

namespace medallion::nasty {
namespace {

using ::testing::ElementsAreArray;

class NastyArchiveTest : public NastyTest {};

TEST_F(NastyArchiveTest, D30AndD35LoadGzipAndZstdByTheirBytesWhateverTheirName) {
  EXPECT_THAT(Load(Gzip(PlainCsv(5))).rows, ElementsAreArray(PlainRows(5)));
  EXPECT_THAT(Load(Zstd(PlainCsv(5))).rows, ElementsAreArray(PlainRows(5)));
}

TEST_F(NastyArchiveTest, D31SetsAGzipFileCutInHalfAside) {
  const std::string whole = Gzip(PlainCsv(50'000));
  ExpectSetAside(whole.substr(0, whole.size() / 2), "ends in the middle");
  const std::string frame = Zstd(PlainCsv(50'000));
  ExpectSetAside(frame.substr(0, frame.size() / 2), "ends in the middle");
}

TEST_F(NastyArchiveTest, D32SetsAGzipFileWithAFlippedByteAside) {
  std::string damaged = Gzip(PlainCsv(50'000));
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  ExpectSetAside(damaged, "is damaged");
}

TEST_F(NastyArchiveTest, D33SetsAGzipFileWithAWrongChecksumOrLengthAside) {
  const std::string whole = Gzip(PlainCsv(50'000));
  // RFC 1952, 2.3: the member ends with CRC-32 and length, four bytes each.
  for (const size_t from_end : {8U, 4U}) {
    std::string damaged = whole;
    damaged[whole.size() - from_end] = static_cast<char>(damaged[whole.size() - from_end] ^ 1);
    ExpectSetAside(damaged, "is damaged");
  }
}

TEST_F(NastyArchiveTest, D34StopsADecompressionBomb) {
  ExpectSetAside(Gzip("id,name,price\n1,a,2\n" + std::string(80 << 20, '\n')),
                 "decompression bomb");
}

TEST_F(NastyArchiveTest, D36SetsAZipFileAside) {
  ExpectSetAside("PK\x03\x04 and so on", "a zip archive");
}

TEST_F(NastyArchiveTest, D37LoadsJoinedGzipMembers) {
  EXPECT_THAT(Load(Gzip("id,name,price\n1,item 1,1.50\n") + Gzip("2,item 2,2.50\n")).rows,
              ElementsAreArray(PlainRows(2)));
}

TEST_F(NastyArchiveTest, D37SetsAGzipFileWithGarbageBehindItAside) {
  ExpectSetAside(Gzip(PlainCsv(5)) + "garbage", "is damaged");
}

TEST_F(NastyArchiveTest, D55SetsAnHtmlPageAside) {
  ExpectSetAside("\n<!DOCTYPE html>\n<html><body>404, not found</body></html>\n",
                 "an HTML or XML page");
  ExpectSetAside(Gzip("<html>no</html>"), "an HTML or XML page");
}

}  // namespace
}  // namespace medallion::nasty
