#include "storage/local_store.h"

#include <fstream>

#include "base/testing.h"
#include "storage/open_store.h"
#include "temporary_folder.h"

namespace medallion {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::medallion::testing::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LocalStoreTest : public ::testing::Test {
 protected:
  std::vector<std::string> Listed() {
    std::vector<std::string> paths;
    EXPECT_THAT(store_->List("", "",
                             [&](const ObjectMeta& meta) {
                               paths.push_back(meta.path);
                               return true;
                             }),
                IsOk());
    return paths;
  }

  // Names in the folder itself, hidden ones included.
  std::vector<std::string> OnDisk() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  TemporaryFolder folder_;
  std::unique_ptr<LocalStore> store_ = *LocalStore::Open(folder_.path());
};

TEST_F(LocalStoreTest, LeavesNoTemporaryNamesBehind) {
  ASSERT_THAT(store_->Put("x", "1", PutMode::kCreate), IsOk());
  ASSERT_THAT(store_->Put("x", "2", PutMode::kCreate), IsOk());
  ASSERT_THAT(store_->Put("x", "3", PutMode::kOverwrite), IsOk());
  auto staged = store_->Stage("y");
  ASSERT_THAT((*staged)->Publish(), IsOk());
  EXPECT_THAT(OnDisk(), ElementsAre("x", "y"));
}

TEST_F(LocalStoreTest, HidesUnfinishedFilesOfOthers) {
  std::ofstream(folder_.path() + "/.x.123-4.tmp") << "half";
  std::filesystem::create_directories(folder_.path() + "/.stage.tmp");
  std::ofstream(folder_.path() + "/.stage.tmp/x") << "half";
  std::ofstream(folder_.path() + "/.hidden") << "whole";
  EXPECT_THAT(Listed(), ElementsAre(".hidden"));
}

TEST_F(LocalStoreTest, StagesBesideTheFinalPlaceUnderAHiddenName) {
  auto staged = store_->Stage("data/f.parquet");
  ASSERT_THAT(staged, IsOk());
  const std::filesystem::path path = (*staged)->local_path();
  EXPECT_EQ(path.parent_path(), folder_.path() + "/data");
  EXPECT_TRUE(path.filename().string().starts_with('.'));
  EXPECT_TRUE(path.filename().string().ends_with(".tmp"));
}

TEST_F(LocalStoreTest, PublishesAFileThatTheEngineReplaced) {
  auto staged = store_->Stage("f");
  const std::string path = (*staged)->local_path();
  std::ofstream(path + ".new") << "rows";
  std::filesystem::rename(path + ".new", path);
  ASSERT_THAT((*staged)->Publish(), IsOk());
  EXPECT_THAT(store_->Get("f"), HasValue(std::string("rows")));
}

TEST_F(LocalStoreTest, MakesItsRootWithAllParents) {
  const std::string root = folder_.path() + "/a/b/c";
  const auto store = LocalStore::Open(root + "/");
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ((*store)->root(), root);
  EXPECT_EQ((*store)->uri(), "file://" + root);
  EXPECT_TRUE(std::filesystem::is_directory(root));
}

TEST_F(LocalStoreTest, RefusesARootThatIsAFile) {
  std::ofstream(folder_.path() + "/file") << "x";
  EXPECT_THAT(LocalStore::Open(folder_.path() + "/file"),
              IsError(ErrorCode::kNotFound, "Not a directory"));
  EXPECT_THAT(LocalStore::Open(""), IsError(ErrorCode::kInvalidArgument, "empty"));
}

// B-FS-09: a folder of the path has become a file.
TEST_F(LocalStoreTest, SaysWhichFolderIsAFile) {
  ASSERT_THAT(store_->Put("a", "file", PutMode::kCreate), IsOk());
  EXPECT_THAT(store_->Put("a/b", "x", PutMode::kCreate),
              IsError(ErrorCode::kNotFound, folder_.path() + "/a"));
  EXPECT_THAT(store_->Get("a/b"), IsError(ErrorCode::kNotFound, "a/b"));
}

TEST_F(LocalStoreTest, TakesNamesUpToTheLimitAndRefusesLongerOnes) {
  const std::string longest(255, 'n');
  EXPECT_THAT(store_->Put(longest, "x", PutMode::kCreate), HasValue(PutOutcome::kWritten));
  EXPECT_THAT(store_->Put(longest + "n", "x", PutMode::kCreate),
              IsError(ErrorCode::kIo, "shorten the name"));
  EXPECT_THAT(OnDisk(), ElementsAre(longest));
}

TEST_F(LocalStoreTest, DoesNotEnterLinkedFolders) {
  std::filesystem::create_directories(folder_.path() + "/a");
  std::ofstream(folder_.path() + "/a/x") << "x";
  std::filesystem::create_directory_symlink(folder_.path(), folder_.path() + "/a/circle");
  std::filesystem::create_symlink("x", folder_.path() + "/a/y");
  std::filesystem::create_symlink("nowhere", folder_.path() + "/a/z");
  EXPECT_THAT(Listed(), ElementsAre("a/x", "a/y"));
}

TEST_F(LocalStoreTest, TellsTheTimeOfTheLastChange) {
  ASSERT_THAT(store_->Put("x", "1", PutMode::kCreate), IsOk());
  const std::filesystem::file_time_type::duration file_time =
      std::filesystem::last_write_time(folder_.path() + "/x").time_since_epoch();
  const auto system = std::chrono::file_clock::to_sys(std::filesystem::file_time_type(file_time));
  const int64_t micros =
      std::chrono::floor<std::chrono::microseconds>(system.time_since_epoch()).count();
  EXPECT_EQ((**store_->Head("x")).modified_micros, micros);
}

TEST(OpenStoreTest, OpensFoldersByPathAndUri) {
  const TemporaryFolder folder;
  EXPECT_EQ((*OpenStore(folder.path()))->uri(), "file://" + folder.path());
  EXPECT_EQ((*OpenStore("file://" + folder.path()))->uri(), "file://" + folder.path());
}

TEST(OpenStoreTest, RefusesOtherSchemesByName) {
  EXPECT_THAT(OpenStore("s3://bucket/x"), IsError(ErrorCode::kUnsupported, "'s3://'"));
  EXPECT_THAT(OpenStore("abfss://x@y/z"), IsError(ErrorCode::kUnsupported, "'abfss://'"));
  EXPECT_THAT(OpenStore("file://host/x"), IsError(ErrorCode::kInvalidArgument, "names no host"));
}

}  // namespace
}  // namespace medallion
