#include "service.h"

#include "base/check.h"
#include "http_guard.h"
#include "pages.h"
#include "problem.h"

namespace medallion::serve {
namespace {

// Answered without a token: they tell a browser to ask for one.
bool IsOpen(const std::string& operation) {
  return operation == "getSession" || operation == "login" || operation == "logout";
}

HttpResponse SendCached(const CachedResponse& cached, const HttpRequest& request,
                        std::string_view origin) {
  HttpResponse response;
  response.Set("Content-Type", "application/json")
      .Set("Cache-Control", "private, no-cache")
      .Set("Vary", "Accept-Encoding, Cookie, Authorization")
      .Set("Server-Timing", std::string(origin))
      .Set("ETag", cached.etag);
  if (HasVersion(request, cached.etag)) {
    response.status = 304;
    return response;
  }
  const bool gzip = !cached.gzip.empty() && AcceptsGzip(request);
  if (gzip) {
    response.Set("Content-Encoding", "gzip");
  }
  response.body = gzip ? cached.gzip : cached.body;
  return response;
}

// The key of an answer that is kept: all that an answer to a GET depends on.
std::string KeyOf(const HttpRequest& request) { return request.path + "?" + request.query; }

HttpRequest RequestOf(const std::string& key) {
  const size_t mark = key.find('?');
  return {.method = "GET", .path = key.substr(0, mark), .query = key.substr(mark + 1)};
}

// Whether the tables that the answer was made from are the same in `view`.
bool IsOf(const query::StorageView& view, const CachedResponse& cached) {
  return std::ranges::all_of(cached.versions, [&view](const auto& table) {
    return view.VersionOf(table.first) == table.second;
  });
}

Problem StorageProblem(const Error& error) {
  Problem problem = ProblemOf(error);
  problem.status = 503;
  problem.hints = {"pages load again by themselves once the storage is back"};
  return problem;
}

HttpResponse PlainText(std::string text) {
  HttpResponse response;
  response.Set("Content-Type", "text/plain; charset=utf-8").Set("Cache-Control", "no-store");
  response.body = std::move(text);
  return response;
}

}  // namespace

void Routes::AddJson(std::string operation, DependsOn depends, JsonHandler handler) {
  json_[std::move(operation)] = {depends, std::move(handler)};
}

void Routes::Add(std::string operation, Handler handler) {
  other_[std::move(operation)] = std::move(handler);
}

Service::Service(ServiceContext& context) : context_(context) {
  AddSessionRoutes(routes_, context, document_);
  AddOverviewRoutes(routes_, context);
  AddSegmentRoutes(routes_, context);
  AddCustomerRoutes(routes_, context);
  AddQualityRoutes(routes_, context);
  AddPipelineRoutes(routes_, context);
  AddUpdateRoutes(routes_, context);
  AddTableRoutes(routes_, context);
  for (const std::string& operation : document_.Operations()) {
    CHECK(routes_.json_.contains(operation) || routes_.other_.contains(operation));
  }
  // The first visitor does not wait for what every page begins with.
  for (const auto& [operation, route] : routes_.json_) {
    const auto path = document_.PlainPath(operation);
    if (path && route.depends != DependsOn::kAnything) {
      cache_.Watch(KeyOf({.path = *path}));
    }
  }
}

HttpResponse Service::Handle(const HttpRequest& request) {
  HttpResponse response;
  if (const auto forgery = FindForgery(request, context_.allowed_hosts)) {
    response = ToResponse(*forgery);
  } else {
    response = Answer(request);
  }
  AddSecurityHeaders(response);
  return response;
}

std::optional<HttpResponse> Service::HandleAtOnce(const HttpRequest& request) {
  if (request.method != "GET" || FindForgery(request, context_.allowed_hosts)) {
    return std::nullopt;
  }
  std::optional<HttpResponse> response;
  if (!document_.Owns(request.path)) {
    response = Answer(request);
  } else if (const CachedResponsePtr cached = FindFresh(request);
             cached && context_.access.Allows(request) && context_.tables.CheckStorage()) {
    // Only what the document allows was ever answered, so what is found needs no further check.
    response = SendCached(*cached, request, "cached");
  }
  if (response) {
    AddSecurityHeaders(*response);
  }
  return response;
}

HttpResponse Service::Answer(const HttpRequest& request) {
  if (document_.Owns(request.path)) {
    return AnswerApi(request);
  }
  if (request.path == "/livez") {
    return PlainText("ok\n");
  }
  if (request.path == "/readyz" || request.path == "/healthz") {
    const Status storage = context_.tables.CheckStorage();
    HttpResponse response = PlainText(storage ? "ok\n" : "the storage cannot be read\n");
    response.status = storage ? 200 : 503;
    return response;
  }
  return AnswerPage(request);
}

HttpResponse Service::AnswerApi(const HttpRequest& request) {
  const auto match = document_.Match(request);
  const bool allowed = context_.access.Allows(request);
  const auto* call = std::get_if<ApiCall>(&match);
  if (!allowed && (call == nullptr || !IsOpen(call->operation))) {
    HttpResponse response =
        ToResponse({.status = 401,
                    .code = "TOKEN_REQUIRED",
                    .detail = "this server answers only with its access token",
                    .hints = {"log in with the token of the server's --token-file, or send it as "
                              "`Authorization: Bearer TOKEN`"}});
    response.Set("WWW-Authenticate", "Bearer");
    return response;
  }
  if (call == nullptr) {
    return ToResponse(std::get<Problem>(match));
  }
  const bool reads_tables = !IsOpen(call->operation) && call->operation != "streamEvents" &&
                            call->operation != "getOpenApi";
  if (const Status storage = context_.tables.CheckStorage(); reads_tables && !storage) {
    return ToResponse(StorageProblem(storage.error()));
  }
  if (const auto route = routes_.json_.find(call->operation); route != routes_.json_.end()) {
    return AnswerJson(*call, request, route->second);
  }
  Result<HttpResponse> response = routes_.other_.at(call->operation)(*call, request);
  return response ? *std::move(response) : ToResponse(ProblemOf(response.error()));
}

CachedResponsePtr Service::FindFresh(const HttpRequest& request) {
  const query::StorageViewPtr view = context_.tables.current();
  const uint64_t revision = context_.history.revision();
  return cache_.Find(KeyOf(request), [&](const CachedResponse& cached) {
    return (!cached.revision || *cached.revision == revision) && IsOf(*view, cached);
  });
}

HttpResponse Service::AnswerJson(const ApiCall& call, const HttpRequest& request,
                                 const Routes::Cached& route) {
  // What many ask for at once is made by one of them.
  std::optional<KeyedMutex::Lock> turn;
  if (route.depends != DependsOn::kAnything) {
    turn.emplace(making_, KeyOf(request));
    if (const CachedResponsePtr cached = FindFresh(request)) {
      return SendCached(*cached, request, "computed");
    }
  }
  const Result<CachedResponsePtr> made = Make(call, request, route, context_.tables.current());
  return made ? SendCached(**made, request, "computed") : ToResponse(ProblemOf(made.error()));
}

Result<CachedResponsePtr> Service::Make(const ApiCall& call, const HttpRequest& request,
                                        const Routes::Cached& route,
                                        const query::StorageViewPtr& view) {
  // Read before the answer is made: what changes meanwhile makes it out of date, not the reverse.
  const uint64_t revision = context_.history.revision();
  TableReader reader = context_.tables.Read(view);
  ASSIGN_OR_RETURN(const Json json, route.handler(call, reader));
  auto made = std::make_shared<CachedResponse>(MakeResponse(Dump(json)));
  bool cacheable = route.depends != DependsOn::kAnything;
  for (const auto& [table, version] : reader.used()) {
    cacheable = cacheable && version;
    made->versions[table] = version.value_or(-1);
  }
  if (route.depends == DependsOn::kTablesAndUpdates) {
    made->revision = revision;
  }
  if (cacheable) {
    cache_.Put(KeyOf(request), made);
  }
  return made;
}

void Service::Prepare(const query::StorageViewPtr& view, const std::function<bool()>& may_go_on) {
  for (const std::string& watched : cache_.Watched()) {
    if (!may_go_on()) {
      return;
    }
    const auto is_ready = [&view](const CachedResponse& cached) { return IsOf(*view, cached); };
    if (cache_.Peek(watched, is_ready)) {
      continue;
    }
    const HttpRequest request = RequestOf(watched);
    const auto match = document_.Match(request);
    const auto& call = std::get<ApiCall>(match);
    // What fails now fails again when somebody asks, and is told then.
    static_cast<void>(Make(call, request, routes_.json_.at(call.operation), view));
  }
}

}  // namespace medallion::serve
