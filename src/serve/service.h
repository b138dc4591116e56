#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access.h"
#include "api_document.h"
#include "event_hub.h"
#include "event_log.h"
#include "http_message.h"
#include "json.h"
#include "keyed_mutex.h"
#include "pipeline_view.h"
#include "response_cache.h"
#include "stored_tables.h"
#include "update_history.h"
#include "update_launcher.h"

namespace medallion::serve {

// What the handlers of the API work with. What it points to outlives the service.
struct ServiceContext {
  StoredTables& tables;
  UpdateHistory& history;
  const EventLog& event_log;
  UpdateLauncher& launcher;
  EventHub& hub;
  PipelineSource& pipeline;
  Access& access;
  Engine& engine;
  Clock& clock;
  Random& random;
  std::string product_version;
  std::string storage_name;  // the last part of its path
  std::string currency;
  std::string scratch_folder;  // for exports; made if it is missing
  std::vector<std::string> allowed_hosts;
};

// On what an answer depends besides the request.
enum class DependsOn { kTables, kTablesAndUpdates, kAnything };

// The handlers of the API, by operationId.
class Routes {
 public:
  using JsonHandler = std::function<Result<Json>(const ApiCall&, TableReader&)>;
  using Handler = std::function<Result<HttpResponse>(const ApiCall&, const HttpRequest&)>;

  // An answer in JSON that is kept while what it depends on stays the same.
  void AddJson(std::string operation, DependsOn depends, JsonHandler handler);
  void Add(std::string operation, Handler handler);

 private:
  friend class Service;
  struct Cached {
    DependsOn depends;
    JsonHandler handler;
  };
  std::map<std::string, Cached> json_;
  std::map<std::string, Handler> other_;
};

// Answers every request: guards, the API, health, the pages. Thread-safe.
class Service {
 public:
  explicit Service(ServiceContext& context);

  HttpResponse Handle(const HttpRequest& request);
  // As Handle for what is at hand: pages and answers that were made before. Nothing if it would
  // take longer than a look.
  std::optional<HttpResponse> HandleAtOnce(const HttpRequest& request);

  // Makes the answers that visitors ask for again and again ready for `view`, to which the tables
  // are to be switched next, while `may_go_on` says so.
  void Prepare(const query::StorageViewPtr& view, const std::function<bool()>& may_go_on);

 private:
  HttpResponse Answer(const HttpRequest& request);
  HttpResponse AnswerApi(const HttpRequest& request);
  HttpResponse AnswerJson(const ApiCall& call, const HttpRequest& request,
                          const Routes::Cached& route);
  // The answer that was made before, if what it was made from is unchanged.
  CachedResponsePtr FindFresh(const HttpRequest& request);
  // The answer of `view`, kept if that can be told to be unchanged later.
  Result<CachedResponsePtr> Make(const ApiCall& call, const HttpRequest& request,
                                 const Routes::Cached& route, const query::StorageViewPtr& view);

  ServiceContext& context_;
  const ApiDocument document_;
  Routes routes_;
  ResponseCache cache_;
  KeyedMutex making_;  // by the key of an answer
};

// Each adds the handlers of its part of the API. `context` outlives the routes.
void AddSessionRoutes(Routes& routes, ServiceContext& context, const ApiDocument& document);
void AddOverviewRoutes(Routes& routes, ServiceContext& context);
void AddSegmentRoutes(Routes& routes, ServiceContext& context);
void AddCustomerRoutes(Routes& routes, ServiceContext& context);
void AddQualityRoutes(Routes& routes, ServiceContext& context);
void AddPipelineRoutes(Routes& routes, ServiceContext& context);
void AddUpdateRoutes(Routes& routes, ServiceContext& context);
void AddTableRoutes(Routes& routes, ServiceContext& context);

}  // namespace medallion::serve
