#include "http_guard.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

HttpRequest Get(std::string path) {
  return {.method = "GET", .path = std::move(path), .headers = {{"host", "127.0.0.1:8484"}}};
}

HttpRequest Post() {
  return {.method = "POST",
          .path = "/api/v1/updates",
          .headers = {{"host", "127.0.0.1:8484"},
                      {"content-type", "application/json"},
                      {"x-medallion-request", "1"}}};
}

// The status that the request is refused with; 0 if it is let in.
int Refusal(const HttpRequest& request, const std::vector<std::string>& hosts = {}) {
  const auto problem = FindForgery(request, hosts);
  return problem ? problem->status : 0;
}

TEST(FindForgeryTest, LoopbackNamesAreLetInOnAnyPort) {
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:8484", "localhost:9000", "LOCALHOST", "[::1]", "[::1]:8484"}) {
    HttpRequest request = Get("/");
    request.headers["host"] = host;
    EXPECT_EQ(Refusal(request), 0) << host;
  }
}

TEST(FindForgeryTest, OtherHostsAreRefused) {
  for (const char* host :
       {"", "evil.example", "127.0.0.1.evil.example", "localhost.", "127.0.0.1:0",
        "127.0.0.1:", "127.0.0.1:99x", "127.0.0.1:123456", "[::1", "user@localhost"}) {
    HttpRequest request = Get("/");
    request.headers["host"] = host;
    EXPECT_EQ(Refusal(request), 421) << host;
  }
}

TEST(FindForgeryTest, NamedHostsAreLetInIgnoringCase) {
  HttpRequest request = Get("/");
  request.headers["host"] = "Sales.Example:8484";
  EXPECT_EQ(Refusal(request), 421);
  EXPECT_EQ(Refusal(request, {"sales.example"}), 0);
}

TEST(FindForgeryTest, DataIsNotReadFromOtherSites) {
  HttpRequest request = Get("/api/v1/overview");
  EXPECT_EQ(Refusal(request), 0);
  request.headers["sec-fetch-site"] = "same-origin";
  EXPECT_EQ(Refusal(request), 0);
  for (const char* site : {"cross-site", "same-site"}) {
    request.headers["sec-fetch-site"] = site;
    EXPECT_EQ(Refusal(request), 403) << site;
  }
}

TEST(FindForgeryTest, LinksFromOtherSitesReachThePages) {
  HttpRequest request = Get("/segments");
  request.headers["sec-fetch-site"] = "cross-site";
  EXPECT_EQ(Refusal(request), 0);
}

TEST(FindForgeryTest, ChangesFromThePagesAreLetIn) {
  HttpRequest request = Post();
  request.headers["origin"] = "http://127.0.0.1:8484";
  request.headers["sec-fetch-site"] = "same-origin";
  EXPECT_EQ(Refusal(request), 0);
}

TEST(FindForgeryTest, ChangesOfOtherOriginsAreRefused) {
  for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:9999",
                             "http://127.0.0.1", "http://localhost:8484"}) {
    HttpRequest request = Post();
    request.headers["origin"] = origin;
    EXPECT_EQ(Refusal(request), 403) << origin;
  }
}

TEST(FindForgeryTest, ChangesThatAFormCouldSendAreRefused) {
  HttpRequest request = Post();
  request.headers.erase("x-medallion-request");
  EXPECT_EQ(Refusal(request), 403);
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded",
                           "multipart/form-data; boundary=x", "application/jsonp"}) {
    request = Post();
    request.headers["content-type"] = type;
    EXPECT_EQ(Refusal(request), 415) << type;
  }
  request = Post();
  request.headers["content-encoding"] = "gzip";
  EXPECT_EQ(Refusal(request), 415);
}

}  // namespace
}  // namespace medallion::serve
