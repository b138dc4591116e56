// What every store promises, tried on each kind.

#include "storage/object_store.h"

#include <fstream>
#include <thread>

#include "base/testing.h"
#include "storage/faulty_store.h"
#include "storage/local_store.h"
#include "storage/memory_store.h"
#include "storage/prefix_store.h"
#include "temporary_folder.h"

namespace medallion {
namespace {

using ::medallion::testing::HasValue;
using ::medallion::testing::IsError;
using ::medallion::testing::IsOk;
using ::medallion::testing::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class StoreKind { kLocal, kMemory, kPrefix, kFaultless };

class ObjectStoreTest : public ::testing::TestWithParam<StoreKind> {
 protected:
  ObjectStoreTest() : store_(Make()) {}

  std::shared_ptr<ObjectStore> Make() {
    switch (GetParam()) {
      case StoreKind::kLocal: return *LocalStore::Open(folder_.path() + "/root");
      case StoreKind::kMemory: return std::make_shared<MemoryStore>();
      case StoreKind::kPrefix:
        return MakePrefixStore(*LocalStore::Open(folder_.path()), "tables/t");
      case StoreKind::kFaultless:
        return std::make_shared<FaultyStore>(std::make_shared<MemoryStore>());
    }
    return nullptr;
  }

  void PutAll(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      ASSERT_THAT(store_->Put(path, path, PutMode::kCreate), HasValue(PutOutcome::kWritten));
    }
  }

  std::vector<std::string> List(std::string_view prefix, std::string_view start_after = "") {
    std::vector<std::string> paths;
    EXPECT_THAT(store_->List(prefix, start_after,
                             [&](const ObjectMeta& meta) {
                               paths.push_back(meta.path);
                               return true;
                             }),
                IsOk());
    return paths;
  }

  TemporaryFolder folder_;
  std::shared_ptr<ObjectStore> store_;
};

TEST_P(ObjectStoreTest, GivesBackWhatWasPut) {
  const std::string body("with\0nul\xFF\n", 10);
  ASSERT_THAT(store_->Put("a/b/c", body, PutMode::kCreate), HasValue(PutOutcome::kWritten));
  EXPECT_THAT(store_->Get("a/b/c"), HasValue(body));
  const auto meta = store_->Head("a/b/c");
  ASSERT_THAT(meta, IsOk());
  ASSERT_TRUE(meta->has_value());
  EXPECT_EQ((*meta)->path, "a/b/c");
  EXPECT_EQ((*meta)->size_bytes, body.size());
}

TEST_P(ObjectStoreTest, AbsentObjectsAreToldApartFromFailures) {
  EXPECT_THAT(store_->Get("nothing"), IsError(ErrorCode::kNotFound, "nothing"));
  const auto meta = store_->Head("no/thing");
  ASSERT_THAT(meta, IsOk());
  EXPECT_FALSE(meta->has_value());
  EXPECT_THAT(store_->Delete("no/thing"), IsOk());
  EXPECT_THAT(List("no/"), IsEmpty());
}

TEST_P(ObjectStoreTest, CreateNeverReplaces) {
  ASSERT_THAT(store_->Put("x", "first", PutMode::kCreate), HasValue(PutOutcome::kWritten));
  EXPECT_THAT(store_->Put("x", "second", PutMode::kCreate), HasValue(PutOutcome::kAlreadyExists));
  EXPECT_THAT(store_->Get("x"), HasValue(std::string("first")));
}

TEST_P(ObjectStoreTest, OverwriteReplacesAndChangesTheTag) {
  PutAll({"x"});
  const std::string before = (**store_->Head("x")).version_tag;
  ASSERT_THAT(store_->Put("x", "longer body", PutMode::kOverwrite), HasValue(PutOutcome::kWritten));
  EXPECT_THAT(store_->Get("x"), HasValue(std::string("longer body")));
  EXPECT_NE((**store_->Head("x")).version_tag, before);
}

TEST_P(ObjectStoreTest, ListsInByteOrderOfTheWholePath) {
  PutAll({"a/x", "a.b", "a0", "a/b/c", "a-", "b", "a/b.c", "A", "ä"});
  EXPECT_THAT(List(""), ElementsAre("A", "a-", "a.b", "a/b.c", "a/b/c", "a/x", "a0", "b", "ä"));
}

TEST_P(ObjectStoreTest, ListsBelowAPrefixAndAfterAStart) {
  PutAll({"a/1", "a/2", "a/3/x", "a/4", "b/1"});
  EXPECT_THAT(List("a/"), ElementsAre("a/1", "a/2", "a/3/x", "a/4"));
  EXPECT_THAT(List("a/", "a/2"), ElementsAre("a/3/x", "a/4"));
  EXPECT_THAT(List("a/", "a/3"), ElementsAre("a/3/x", "a/4"));
  EXPECT_THAT(List("a/", "a/3/x"), ElementsAre("a/4"));
  EXPECT_THAT(List("", "a/9"), ElementsAre("b/1"));
  EXPECT_THAT(List("a/", "z"), IsEmpty());
}

TEST_P(ObjectStoreTest, StopsListingWhenTheSinkHasEnough) {
  PutAll({"a/1", "a/2", "b"});
  int seen = 0;
  EXPECT_THAT(store_->List("", "", [&](const ObjectMeta&) { return ++seen < 2; }), IsOk());
  EXPECT_EQ(seen, 2);
}

// Pitfall 39: no page of a thousand, no order but the bytes'.
TEST_P(ObjectStoreTest, ListsThousandsOfObjects) {
  constexpr int kCount = 2500;
  if (GetParam() == StoreKind::kLocal || GetParam() == StoreKind::kPrefix) {
    // Files made behind the store's back: 2500 synced ones would take a minute.
    const auto* local = dynamic_cast<LocalStore*>(store_.get());
    const std::string root = local != nullptr ? local->root() : folder_.path() + "/tables/t";
    std::filesystem::create_directories(root + "/log");
    for (int i = kCount - 1; i >= 0; --i) {
      std::ofstream(fmt::format("{}/log/{:020}.json", root, i)) << "x";
    }
  } else {
    for (int i = kCount - 1; i >= 0; --i) {
      ASSERT_THAT(store_->Put(fmt::format("log/{:020}.json", i), "x", PutMode::kCreate), IsOk());
    }
  }
  const std::vector<std::string> all = List("log/");
  ASSERT_EQ(all.size(), size_t{kCount});
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(List("log/", fmt::format("log/{:020}.json", 2489)).size(), 10U);
}

TEST_P(ObjectStoreTest, DeletedObjectsAreGone) {
  PutAll({"a/x", "a/y"});
  ASSERT_THAT(store_->Delete("a/x"), IsOk());
  EXPECT_THAT(List(""), ElementsAre("a/y"));
}

TEST_P(ObjectStoreTest, StagedFileAppearsWhenPublished) {
  auto staged = store_->Stage("data/p=1/f.parquet");
  ASSERT_THAT(staged, IsOk());
  std::ofstream((*staged)->local_path()) << "rows";
  EXPECT_THAT(List(""), IsEmpty());
  const auto meta = (*staged)->Publish();
  ASSERT_THAT(meta, IsOk());
  EXPECT_EQ(meta->path, "data/p=1/f.parquet");
  EXPECT_EQ(meta->size_bytes, 4U);
  EXPECT_THAT(List(""), ElementsAre("data/p=1/f.parquet"));
  EXPECT_THAT(store_->Get("data/p=1/f.parquet"), HasValue(std::string("rows")));
}

TEST_P(ObjectStoreTest, StagedFileNeverReplaces) {
  PutAll({"f"});
  auto staged = store_->Stage("f");
  std::ofstream((*staged)->local_path()) << "rows";
  EXPECT_THAT((*staged)->Publish(), IsError(ErrorCode::kAlreadyExists, "f"));
  EXPECT_THAT(store_->Get("f"), HasValue(std::string("f")));
}

TEST_P(ObjectStoreTest, StagedFileThatIsNotPublishedIsRemoved) {
  std::string path;
  {
    auto staged = store_->Stage("f");
    path = (*staged)->local_path();
    std::ofstream(path) << "rows";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_THAT(List(""), IsEmpty());
}

TEST_P(ObjectStoreTest, LocalPathHoldsTheObject) {
  PutAll({"a/x"});
  const auto path = store_->LocalPath("a/x");
  ASSERT_THAT(path, IsOk());
  std::string body;
  std::ifstream(*path) >> body;
  EXPECT_EQ(body, "a/x");
}

TEST_P(ObjectStoreTest, EveryCallRefusesToLeaveTheRoot) {
  constexpr std::string_view kOutside = "a/../../x";
  EXPECT_THAT(store_->Get(kOutside), IsError(ErrorCode::kInvalidArgument, "refused"));
  EXPECT_THAT(store_->Head(kOutside), IsError(ErrorCode::kInvalidArgument, "refused"));
  EXPECT_THAT(store_->Put(kOutside, "", PutMode::kCreate),
              IsError(ErrorCode::kInvalidArgument, "refused"));
  EXPECT_THAT(store_->Delete(kOutside), IsError(ErrorCode::kInvalidArgument, "refused"));
  EXPECT_THAT(store_->Stage(kOutside), IsError(ErrorCode::kInvalidArgument, "refused"));
  EXPECT_THAT(store_->LocalPath("/etc/passwd"), IsError(ErrorCode::kInvalidArgument, "refused"));
  EXPECT_THAT(store_->List("../", "", [](const ObjectMeta&) { return true; }),
              IsError(ErrorCode::kInvalidArgument, "refused"));
}

TEST_P(ObjectStoreTest, ExactlyOneOfManyRacingCreatorsWins) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const std::string path = fmt::format("log/{}", round);
    std::vector<PutOutcome> outcomes(kThreads, PutOutcome::kAlreadyExists);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, &path, &outcomes, i] {
        const auto outcome = store_->Put(path, std::to_string(i), PutMode::kCreate);
        ASSERT_THAT(outcome, IsOk());
        outcomes[static_cast<size_t>(i)] = *outcome;
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), PutOutcome::kWritten), 1);
    const auto winner =
        std::find(outcomes.begin(), outcomes.end(), PutOutcome::kWritten) - outcomes.begin();
    EXPECT_THAT(store_->Get(path), HasValue(std::to_string(winner)));
  }
  EXPECT_EQ(List("").size(), size_t{kRounds});
}

std::string NameOf(const ::testing::TestParamInfo<StoreKind>& kind) {
  constexpr const char* kNames[] = {"Local", "Memory", "Prefix", "Faultless"};
  return kNames[static_cast<size_t>(kind.param)];
}

INSTANTIATE_TEST_SUITE_P(Kinds, ObjectStoreTest,
                         ::testing::Values(StoreKind::kLocal, StoreKind::kMemory,
                                           StoreKind::kPrefix, StoreKind::kFaultless),
                         NameOf);

}  // namespace
}  // namespace medallion
