#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "path_glob.h"
#include "testing/csv_folder.h"

namespace medallion::ingest {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ListFilesTest : public ::testing::Test {
 protected:
  // Paths relative to the folder.
  std::vector<std::string> List(const std::string& pattern, const FileSourceOptions& options = {}) {
    Result<Listing> listing = ListFiles(folder_.path() + pattern, options);
    if (!listing) {
      ADD_FAILURE() << listing.error().ToString();
      return {};
    }
    skipped_ = listing->skipped;
    std::vector<std::string> paths;
    for (const LandedFile& file : listing->files) {
      paths.push_back(file.path.substr(folder_.path().size() + 1));
    }
    return paths;
  }

  CsvFolder folder_;
  std::vector<std::string> skipped_;
};

TEST_F(ListFilesTest, ListsAFolderWithAllBelowIt) {
  folder_.Write("a.csv", "");
  folder_.Write("x/y/b.csv", "");
  EXPECT_THAT(List(""), UnorderedElementsAre("a.csv", "x/y/b.csv"));
  EXPECT_THAT(List("/a.csv"), ElementsAre("a.csv"));
}

TEST_F(ListFilesTest, KeepsAStarInOneLevel) {
  folder_.Write("a.csv", "");
  folder_.Write("a.txt", "");
  folder_.Write("2026/b.csv", "");
  EXPECT_THAT(List("/*.csv"), ElementsAre("a.csv"));
  EXPECT_THAT(List("/*/*.csv"), ElementsAre("2026/b.csv"));
  EXPECT_THAT(List("/20*/"), ElementsAre("2026/b.csv"));
  EXPECT_THAT(List("/20*"), IsEmpty());
  EXPECT_THAT(skipped_, ElementsAre(HasSubstr("end the pattern with `/`")));
  EXPECT_THAT(List("/{a.csv,missing.csv,2026/b.csv}"), UnorderedElementsAre("a.csv", "2026/b.csv"));
}

TEST_F(ListFilesTest, FiltersByFileName) {
  folder_.Write("x/a.csv", "");
  folder_.Write("x/b.txt", "");
  FileSourceOptions options;
  options.path_glob_filter = "*.{csv,tsv}";
  EXPECT_THAT(List("", options), ElementsAre("x/a.csv"));
}

TEST_F(ListFilesTest, OrdersByTimeThenPath) {
  const auto now = std::filesystem::file_time_type::clock::now();
  const auto set = [&](const std::string& name, std::chrono::seconds age) {
    std::filesystem::last_write_time(folder_.Write(name, ""), now - age);
  };
  set("b", std::chrono::seconds(10));
  set("a", std::chrono::seconds(10));
  set("z", std::chrono::seconds(20));
  EXPECT_THAT(List(""), ElementsAre("z", "a", "b"));
}

TEST_F(ListFilesTest, RefusesAMissingPathAndSchemesItCannotRead) {
  EXPECT_EQ(ListFiles(folder_.path() + "/none", {}).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ListFiles(folder_.path() + "/none/*.csv", {}).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ListFiles("s3://bucket/x", {}).error().code(), ErrorCode::kUnsupported);
}

TEST(PathGlobTest, MatchesAsTheStrictGlobber) {
  EXPECT_TRUE(MatchesGlob("*.csv", "a.csv"));
  EXPECT_TRUE(MatchesGlob("a?c", "abc"));
  EXPECT_FALSE(MatchesGlob("a?c", "ac"));
  EXPECT_TRUE(MatchesGlob("[a-c]1", "b1"));
  EXPECT_FALSE(MatchesGlob("[^a-c]1", "b1"));
  EXPECT_TRUE(MatchesGlob("2025-*_*.csv", "2025-06-26_transactions.csv"));
  EXPECT_FALSE(MatchesGlob("*.csv", "a.csv.gz"));
  EXPECT_TRUE(MatchesGlob("\\*", "*"));
  EXPECT_FALSE(MatchesGlob("\\*", "a"));
}

TEST(PathGlobTest, SpellsOutNestedAlternatives) {
  EXPECT_THAT(*ExpandBraces("x{a,b{1,2}}y"), UnorderedElementsAre("xay", "xb1y", "xb2y"));
  EXPECT_FALSE(ExpandBraces("{a,b"));
}

}  // namespace
}  // namespace medallion::ingest
