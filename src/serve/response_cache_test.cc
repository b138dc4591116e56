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

TEST(ResponseCacheTest, TheNewestAnswerIsFound) {
  ResponseCache cache;
  EXPECT_EQ(cache.Find("/a"), nullptr);
  cache.Put("/a", Response(1, 'a'));
  cache.Put("/a", Response(1, 'b'));
  EXPECT_EQ(cache.Find("/a")->body, "b");
}

TEST(ResponseCacheTest, WhatWasNotUsedMakesRoom) {
  ResponseCache cache;
  const size_t third = ResponseCache::kBytesMax / 3;
  cache.Put("/a", Response(third));
  cache.Put("/b", Response(third));
  cache.Find("/a");
  cache.Put("/c", Response(third + 100));
  EXPECT_EQ(cache.Find("/b"), nullptr);
  EXPECT_NE(cache.Find("/a"), nullptr);
  EXPECT_NE(cache.Find("/c"), nullptr);
}

}  // namespace
}  // namespace medallion::serve
