#include "ingest/file_contents.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "testing/csv_folder.h"

namespace medallion::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kHead = 64 << 10;  // what planning may read of a file

LandedFile File(const std::string& tag, uint64_t size_bytes) {
  return {.path = "/in/a.csv", .size_bytes = size_bytes, .modified_micros = 0, .version_tag = tag};
}

TEST(FileContentsTest, HandsBytesOutOnce) {
  FileContents contents;
  contents.Put(File("1", 4), "a\n1\n");
  EXPECT_EQ(contents.bytes_held(), 4U);
  EXPECT_EQ(contents.Take(File("1", 4)), "a\n1\n");
  EXPECT_EQ(contents.bytes_held(), 0U);
  EXPECT_THAT(contents.Take(File("1", 4)), IsEmpty());
}

TEST(FileContentsTest, HandsNothingOutOfAnotherStateOfTheFile) {
  FileContents contents;
  contents.Put(File("1", 4), "a\n1\n");
  EXPECT_EQ(contents.TakeWhole(File("2", 4)), std::nullopt);
  EXPECT_THAT(contents.Take(File("2", 4)), IsEmpty());
  EXPECT_EQ(contents.bytes_held(), 0U);
}

TEST(FileContentsTest, TellsHeadsFromWholeFiles) {
  FileContents contents;
  contents.Put(File("1", 100), "a\n1\n");
  EXPECT_EQ(contents.TakeWhole(File("1", 100)), std::nullopt);
  EXPECT_EQ(contents.Take(File("1", 100)), "a\n1\n");
}

TEST(FileContentsTest, DropsWhatGoesBeyondItsBound) {
  FileContents contents(10);
  LandedFile other = File("1", 8);
  other.path = "/in/b.csv";
  contents.Put(File("1", 4), "a\n1\n");
  contents.Put(other, "a\n1\n2\n3\n");
  EXPECT_THAT(contents.Take(other), IsEmpty());
  EXPECT_EQ(contents.bytes_held(), 4U);
  EXPECT_TRUE(contents.HasRoomFor(6));
  EXPECT_FALSE(contents.HasRoomFor(7));
}

TEST(FileContentsTest, LeavesRoomBesideHeads) {
  FileContents contents(16);
  contents.Put(File("1", 100), "a\n1\n2");
  EXPECT_EQ(contents.bytes_held(), 0U);
  contents.Put(File("1", 100), "a\n1\n");
  EXPECT_EQ(contents.bytes_held(), 4U);
}

// `size_bytes` of CSV, more or less: whole lines.
std::string Lines(uint64_t size_bytes) {
  std::string text = "id,name\n";
  for (int64_t id = 1; text.size() < size_bytes; ++id) {
    text += fmt::format("{},item {}\n", id, id);
  }
  return text;
}

std::string Gzip(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_HUFFMAN_ONLY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// The steps of one update over a landing folder, with counted reads.
class ReadOnceTest : public ::testing::Test {
 protected:
  void List() {
    Result<Listing> listing = ListFiles(folder_.path(), options_);
    ASSERT_TRUE(listing) << listing.error().ToString();
    files_ = std::move(listing->files);
  }

  void Plan() {
    List();
    Result<Schema> schema = InferSchema(files_, options_, std::nullopt, contents_.get());
    ASSERT_TRUE(schema) << schema.error().ToString();
    schema_ = *std::move(schema);
  }

  void Inspect() {
    Result<BatchInspection> inspection = InspectBatch(files_, options_, schema_, contents_.get());
    ASSERT_TRUE(inspection) << inspection.error().ToString();
    inspection_ = *std::move(inspection);
  }

  CsvSource Source() { return {inspection_.readable, options_, schema_, {}, contents_}; }

  std::vector<TextRow> Rows() {
    Result<std::vector<TextRow>> rows = ReadAll(Source());
    if (!rows) {
      ADD_FAILURE() << rows.error().ToString();
      return {};
    }
    return *std::move(rows);
  }

  uint64_t ListedBytes() const {
    uint64_t bytes = 0;
    for (const LandedFile& file : files_) {
      bytes += file.size_bytes;
    }
    return bytes;
  }

  CsvFolder folder_;
  FileSourceOptions options_;
  std::shared_ptr<FileContents> contents_ = std::make_shared<FileContents>();
  std::vector<LandedFile> files_;
  Schema schema_;
  BatchInspection inspection_;
};

TEST_F(ReadOnceTest, ReadsEveryFileFromDiskOnce) {
  folder_.Write("tiny.csv", "id,name\n1,x\n");
  folder_.Write("a head.csv", Lines(kHead));
  folder_.Write("more.csv", Lines(5 * kHead));
  folder_.Write("marked.csv", "\xEF\xBB\xBF" + Lines(3 * kHead));
  folder_.Write("packed.csv.gz", Gzip(Lines(10 * kHead)));
  folder_.Write("windows.csv",
                Lines(2 * kHead) + "0,caf\xE9\n");  // told from UTF-8 by a second look
  folder_.Write("empty.csv", "");
  Plan();
  Inspect();
  ASSERT_THAT(inspection_.readable, SizeIs(7));
  const std::vector<TextRow> rows = Rows();
  EXPECT_EQ(contents_->bytes_fetched(), ListedBytes());
  EXPECT_EQ(contents_->bytes_held(), 0U);

  contents_ = nullptr;  // as ever, from disk
  EXPECT_EQ(rows, Rows());
}

TEST_F(ReadOnceTest, ReadsOnlyTheHeadsWhilePlanning) {
  folder_.Write("plain.csv", Lines(20 * kHead));
  folder_.Write("marked.csv", "\xEF\xBB\xBF" + Lines(20 * kHead));
  folder_.Write("packed.csv.gz", Gzip(Lines(20 * kHead)));
  Plan();
  EXPECT_LE(contents_->bytes_fetched(), 3 * kHead);
}

TEST_F(ReadOnceTest, ReadsNothingToPlanWithoutNewFiles) {
  const Schema known = *Schema::FromDdl("id STRING, name STRING, _rescued_data STRING");
  EXPECT_EQ(*InferSchema({}, options_, known, contents_.get()), known);
  EXPECT_EQ(contents_->bytes_fetched(), 0U);
}

TEST_F(ReadOnceTest, ReadsFilesBeyondTheBoundAgain) {
  folder_.Write("a.csv", Lines(2 * kHead));
  folder_.Write("b.csv", Lines(2 * kHead));
  contents_ = std::make_shared<FileContents>(3 * kHead);
  schema_ = *Schema::FromDdl("id STRING, name STRING");
  List();
  Inspect();
  EXPECT_EQ(contents_->bytes_held(), files_[0].size_bytes);
  EXPECT_EQ(contents_->bytes_fetched(), ListedBytes());
  const std::vector<TextRow> rows = Rows();
  EXPECT_EQ(contents_->bytes_fetched(), ListedBytes() + files_[1].size_bytes);
  EXPECT_EQ(rows.size() % 2, 0U);
  EXPECT_TRUE(std::equal(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(rows.size() / 2),
                         rows.begin() + static_cast<ptrdiff_t>(rows.size() / 2)));
}

TEST_F(ReadOnceTest, FreesAFileWhenItIsParsed) {
  folder_.Write("a.csv", Lines(2 * kHead));
  Plan();
  Inspect();
  EXPECT_EQ(contents_->bytes_held(), ListedBytes());
  const CsvSource source = Source();
  EXPECT_TRUE(source.Open(0, {0}));
  EXPECT_EQ(contents_->bytes_held(), 0U);
}

// The ledger records the state that was listed, and that state's bytes are the rows.
TEST_F(ReadOnceTest, ParsesWhatWasInspectedWhateverHappensToTheFile) {
  folder_.Write("a.csv", "id\n1\n");
  Plan();
  Inspect();
  folder_.Write("a.csv", "id\n2\n3\n");
  const CsvSource source = Source();
  EXPECT_THAT(*ReadAll(source), ElementsAre(TextRow{"1", "NULL"}));
  const auto again = source.Open(0, {0});  // its bytes are freed: only the disk is left
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::kPreconditionFailed);
}

TEST_F(ReadOnceTest, LetsAFileWaitThatChangesBetweenPlanningAndInspection) {
  folder_.Write("a.csv", "id\n1\n");
  Plan();
  folder_.Write("a.csv", "id\n2\n3\n");
  Inspect();
  EXPECT_THAT(inspection_.readable, IsEmpty());
  EXPECT_THAT(inspection_.warnings, ElementsAre(HasSubstr("waits for the next update")));
}

TEST_F(ReadOnceTest, HoldsNothingOfARejectedFile) {
  folder_.Write("a.csv", Lines(2 * kHead));
  folder_.Write("b.csv.gz", Gzip(Lines(10 * kHead)).substr(0, 3 * kHead));
  Plan();
  Inspect();
  ASSERT_THAT(inspection_.rejected, SizeIs(1));
  EXPECT_EQ(contents_->bytes_held(), inspection_.readable[0].size_bytes);
}

}  // namespace
}  // namespace medallion::ingest
