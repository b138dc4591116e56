#include "response_cache.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

CachedResponsePtr Response(size_t bytes, char fill = 'x') {
  auto response = std::make_shared<CachedResponse>();
  response->body = std::string(bytes, fill);
  return response;
}

TEST(MakeResponseTest, EqualBodiesHaveEqualTags) {
  EXPECT_EQ(MakeResponse("a").etag, MakeResponse("a").etag);
  EXPECT_NE(MakeResponse("a").etag, MakeResponse("b").etag);
}

TEST(MakeResponseTest, LongBodiesAreCompressed) {
  EXPECT_EQ(MakeResponse("short").gzip, "");
  const CachedResponse response = MakeResponse(std::string(100'000, 'a'));
  EXPECT_LT(response.gzip.size(), 1'000U);
  EXPECT_EQ(response.gzip.substr(0, 2), "\x1f\x8b");
}

bool Any(const CachedResponse&) { return true; }

ResponseCache::IsFresh Is(std::string body) {
  return [body = std::move(body)](const CachedResponse& cached) { return cached.body == body; };
}

TEST(ResponseCacheTest, TheNewestFreshAnswerIsFound) {
  ResponseCache cache;
  EXPECT_EQ(cache.Find("/a", Any), nullptr);
  cache.Put("/a", Response(1, 'a'));
  cache.Put("/a", Response(1, 'b'));
  EXPECT_EQ(cache.Find("/a", Any)->body, "b");
  EXPECT_EQ(cache.Find("/a", Is("c")), nullptr);
}

TEST(ResponseCacheTest, TheAnswerBeforeIsFoundUntilAnotherTwoAreThere) {
  ResponseCache cache;
  cache.Put("/a", Response(1, 'a'));
  cache.Put("/a", Response(1, 'b'));
  EXPECT_NE(cache.Find("/a", Is("a")), nullptr);
  cache.Put("/a", Response(1, 'c'));
  EXPECT_EQ(cache.Find("/a", Is("a")), nullptr);
}

TEST(ResponseCacheTest, WhatIsAskedForAgainAndAgainIsWatched) {
  ResponseCache cache;
  cache.Put("/a", Response(1));
  cache.Put("/b", Response(1));
  for (int round = 0; round < ResponseCache::kRoundsWatched; ++round) {
    EXPECT_THAT(cache.Watched(), ::testing::UnorderedElementsAre("/a", "/b"));
    cache.Peek("/a", Any);
    cache.Find("/b", Any);
  }
  EXPECT_THAT(cache.Watched(), ::testing::ElementsAre("/b"));
}

TEST(ResponseCacheTest, WhatWasNotUsedMakesRoom) {
  ResponseCache cache;
  const size_t third = ResponseCache::kBytesMax / 3;
  cache.Put("/a", Response(third));
  cache.Put("/b", Response(third));
  cache.Find("/a", Any);
  cache.Put("/c", Response(third + 100));
  EXPECT_EQ(cache.Find("/b", Any), nullptr);
  EXPECT_NE(cache.Find("/a", Any), nullptr);
  EXPECT_NE(cache.Find("/c", Any), nullptr);
}

}  // namespace
}  // namespace medallion::serve
