#include "api_document.h"

#include <gmock/gmock.h>

namespace medallion::serve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

HttpRequest Get(std::string path, std::string query = "") {
  return {.method = "GET", .path = std::move(path), .query = std::move(query)};
}

class ApiDocumentTest : public ::testing::Test {
 protected:
  ApiCall Call(const HttpRequest& request) const {
    auto match = document_.Match(request);
    const auto* problem = std::get_if<Problem>(&match);
    EXPECT_EQ(problem, nullptr) << (problem != nullptr ? problem->detail : "");
    return problem == nullptr ? std::get<ApiCall>(std::move(match))
                              : ApiCall{"", Parameters(Json::object()), {}};
  }
  Problem Refused(const HttpRequest& request) const {
    auto match = document_.Match(request);
    EXPECT_TRUE(std::holds_alternative<Problem>(match));
    return std::holds_alternative<Problem>(match) ? std::get<Problem>(match) : Problem{.status = 0};
  }

  ApiDocument document_;
};

TEST_F(ApiDocumentTest, APathWithoutPlaceholdersComesFirst) {
  EXPECT_EQ(Call(Get("/api/v1/customers/export", "format=csv")).operation, "exportCustomers");
  EXPECT_EQ(Call(Get("/api/v1/customers/12346")).operation, "getCustomer");
}

TEST_F(ApiDocumentTest, PathParametersAreDecoded) {
  const ApiCall call = Call(Get("/api/v1/customers/a%2Fb%20%C3%A9"));
  EXPECT_EQ(call.parameters.Text("customer_id"), "a/b é");
}

TEST_F(ApiDocumentTest, ParametersAreTypedAndHaveDefaults) {
  const ApiCall call =
      Call(Get("/api/v1/customers", "cluster=-1&cluster=2&segment=A+%26+B&recency_min=3"));
  EXPECT_THAT(call.parameters.Integers("cluster"), ElementsAre(-1, 2));
  EXPECT_THAT(call.parameters.Texts("segment"), ElementsAre("A & B"));
  EXPECT_EQ(call.parameters.Integer("recency_min"), 3);
  EXPECT_EQ(call.parameters.Integer("limit"), 50);
  EXPECT_EQ(call.parameters.Text("sort"), "-monetary");
  EXPECT_FALSE(call.parameters.Has("search"));
}

TEST_F(ApiDocumentTest, WhatTheDocumentDoesNotKnowIsRefused) {
  for (const auto& [query, words] : std::initializer_list<std::pair<const char*, const char*>>{
           {"nonsense=1", "no parameter `nonsense`"},
           {"limit=0", "`limit` is below 1"},
           {"limit=501", "`limit` is above 500"},
           {"limit=1000000000000", "`limit` is above 500"},
           {"limit=ten", "`limit` is no integer"},
           {"limit=1&limit=2", "`limit` is given twice"},
           {"cluster=1.5", "`cluster` is no integer"},
           {"r_score=6", "`r_score` is above 5"},
           {"sort=name", "`sort` is none of"},
           {"monetary_min=1e9", "`monetary_min` has not the form"},
           {"search=%ff", "not percent-encoded UTF-8"},
           {"search=%0", "not percent-encoded UTF-8"},
           {"search=a%00b", "not percent-encoded UTF-8"}}) {
    const Problem problem = Refused(Get("/api/v1/customers", query));
    EXPECT_EQ(problem.status, 400) << query;
    EXPECT_THAT(problem.detail, HasSubstr(words)) << query;
  }
  EXPECT_THAT(Refused(Get("/api/v1/customers/export")).detail, HasSubstr("`format` is missing"));
  EXPECT_THAT(Refused(Get("/api/v1/segments/movement", "to=2026-13-01")).detail,
              HasSubstr("`to` is no date"));
}

TEST_F(ApiDocumentTest, UnknownPathsAndMethodsAreToldApart) {
  EXPECT_EQ(Refused(Get("/api/v1/nonsense")).status, 404);
  EXPECT_EQ(Refused(Get("/api/v1/customers/")).status, 404);
  HttpRequest request = Get("/api/v1/overview");
  request.method = "DELETE";
  EXPECT_EQ(Refused(request).status, 405);
}

TEST_F(ApiDocumentTest, BodiesAreChecked) {
  HttpRequest request = Get("/api/v1/updates");
  request.method = "POST";
  for (const auto& [body, words] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "no JSON"},
           {"{", "no JSON"},
           {"{} trailing", "no JSON"},
           {"[]", "the body is no object"},
           {R"({"nonsense":1})", "`nonsense` is not known"},
           {R"({"refresh":"a"})", "`refresh` is no array"},
           {R"({"refresh":[1]})", "`refresh` is no string"},
           {R"({"full_refresh_all":"yes"})", "`full_refresh_all` is no boolean"},
           {R"({"parameters":{"a":1}})", "`a` is no string"}}) {
    request.body = body;
    const Problem problem = Refused(request);
    EXPECT_EQ(problem.status, 400) << body;
    EXPECT_THAT(problem.detail, HasSubstr(words)) << body;
  }
  request.body = R"({"refresh":["a"],"parameters":{"as_of_date":"2026-05-01"}})";
  EXPECT_EQ(Call(request).body["refresh"][0], "a");
}

TEST_F(ApiDocumentTest, DeeplyNestedBodiesAreNoHarm) {
  HttpRequest request = Get("/api/v1/updates");
  request.method = "POST";
  request.body = std::string(60'000, '[');
  EXPECT_EQ(Refused(request).status, 400);
}

TEST_F(ApiDocumentTest, APlainPathNeedsNoParameter) {
  const ApiDocument document;
  EXPECT_EQ(document.PlainPath("getOverview"), "/api/v1/overview");
  EXPECT_EQ(document.PlainPath("listCustomers"), "/api/v1/customers");
  EXPECT_EQ(document.PlainPath("getCustomer"), std::nullopt);
  EXPECT_EQ(document.PlainPath("listQuarantine"), std::nullopt);
  EXPECT_EQ(document.PlainPath("startUpdate"), std::nullopt);
}

}  // namespace
}  // namespace medallion::serve
