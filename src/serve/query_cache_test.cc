#include "query_cache.h"

#include <atomic>
#include <thread>

#include "base/testing.h"

namespace medallion::serve {
namespace {

using medallion::testing::IsError;

bool Always(const QueryAnswer&) { return true; }
bool Never(const QueryAnswer&) { return false; }

QueryAnswer AnswerOf(int64_t version) { return {.versions = {{"t", version}}}; }

TEST(QueryCacheTest, WhatIsCurrentIsNotEvaluatedAgain) {
  QueryCache cache;
  int evaluated = 0;
  const auto evaluate = [&evaluated] { return Result<QueryAnswer>(AnswerOf(++evaluated)); };
  EXPECT_EQ((*cache.Find("q", Always, evaluate))->versions.at("t"), 1);
  EXPECT_EQ((*cache.Find("q", Always, evaluate))->versions.at("t"), 1);
  EXPECT_EQ((*cache.Find("q", Never, evaluate))->versions.at("t"), 2);
  EXPECT_EQ((*cache.Find("other", Always, evaluate))->versions.at("t"), 3);
}

TEST(QueryCacheTest, TheAnswerBeforeIsStillFoundByWhoeverReadsOlderTables) {
  QueryCache cache;
  const auto of = [](int64_t version) {
    return [version](const QueryAnswer& answer) { return answer.versions.at("t") == version; };
  };
  int evaluated = 0;
  const auto ask = [&](int64_t version) {
    return (*cache.Find("q", of(version),
                        [&, version] {
                          ++evaluated;
                          return Result<QueryAnswer>(AnswerOf(version));
                        }))
        ->versions.at("t");
  };
  EXPECT_EQ(ask(1), 1);
  EXPECT_EQ(ask(2), 2);
  EXPECT_EQ(ask(1), 1);
  EXPECT_EQ(evaluated, 2);
  EXPECT_EQ(ask(3), 3);
  EXPECT_EQ(ask(1), 1);
  EXPECT_EQ(evaluated, 4);
}

TEST(QueryCacheTest, AnErrorIsNotRemembered) {
  QueryCache cache;
  const auto fail = []() -> Result<QueryAnswer> { return Error(ErrorCode::kIo, "gone"); };
  EXPECT_THAT(cache.Find("q", Always, fail), IsError(ErrorCode::kIo, "gone"));
  EXPECT_TRUE(cache.Find("q", Always, [] { return Result<QueryAnswer>(AnswerOf(1)); }));
}

TEST(QueryCacheTest, WhoAsksMeanwhileWaitsForTheSameAnswer) {
  QueryCache cache;
  std::atomic<int> evaluated{0};
  std::atomic<bool> go{false};
  const auto evaluate = [&] {
    ++evaluated;
    while (!go) {
      std::this_thread::yield();
    }
    return Result<QueryAnswer>(AnswerOf(1));
  };
  std::vector<std::thread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] { EXPECT_TRUE(cache.Find("q", Always, evaluate)); });
  }
  while (evaluated == 0) {
    std::this_thread::yield();
  }
  go = true;
  for (std::thread& asker : askers) {
    asker.join();
  }
  EXPECT_EQ(evaluated, 1);
}

TEST(QueryCacheTest, WhatWasNotUsedMakesRoom) {
  QueryCache cache;
  const auto many = [] {
    QueryAnswer answer;
    answer.rows.rows.resize(QueryCache::kRowsMax / 2 + 1);
    return Result<QueryAnswer>(std::move(answer));
  };
  int evaluated = 0;
  EXPECT_TRUE(cache.Find("a", Always, many));
  EXPECT_TRUE(cache.Find("b", Always, many));  // a goes
  EXPECT_TRUE(cache.Find("a", Always, [&] {
    ++evaluated;
    return Result<QueryAnswer>(AnswerOf(1));
  }));
  EXPECT_EQ(evaluated, 1);
}

}  // namespace
}  // namespace medallion::serve
