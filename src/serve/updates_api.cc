#include <fmt/format.h>

#include "base/text.h"
#include "page_cursor.h"
#include "problem.h"
#include "service.h"

namespace medallion::serve {
namespace {

constexpr std::chrono::milliseconds kTidyingTime{5'000};
constexpr std::chrono::milliseconds kTidyingPoll{50};

Result<Json> ListUpdates(const ServiceContext& context, const ApiCall& call) {
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  const std::vector<std::string> states = call.parameters.Texts("state");
  std::vector<UpdateRecordPtr> updates = context.history.All();
  std::erase_if(updates, [&states](const UpdateRecordPtr& update) {
    return !states.empty() && std::ranges::find(states, update->state) == states.end();
  });
  Json page = Json::array();
  const auto begin = static_cast<size_t>(cursor.offset);
  const size_t end =
      std::min(updates.size(), begin + static_cast<size_t>(*call.parameters.Integer("limit")));
  for (size_t i = begin; i < end; ++i) {
    page.push_back(ToJson(*updates[i]));
  }
  return Json{
      {"next_cursor",
       OrNull(NextCursor(cursor, page.size(), static_cast<int64_t>(updates.size()), std::nullopt))},
      {"updates", std::move(page)}};
}

Error NoUpdate(const std::string& id) {
  return Error(ErrorCode::kNotFound, fmt::format("there is no update {}", id))
      .WithCondition("UPDATE_NOT_FOUND");
}

Result<Json> GetUpdate(const ServiceContext& context, const ApiCall& call) {
  const std::string id = call.parameters.Text("update_id");
  const UpdateRecordPtr update = context.history.Find(id);
  return update ? Result<Json>(ToDetailJson(*update)) : Result<Json>(NoUpdate(id));
}

int LevelRank(const std::string& level) {
  return level == "ERROR" ? 3 : level == "WARN" ? 2 : level == "INFO" ? 1 : 0;
}

Result<Json> ListEvents(const ServiceContext& context, const ApiCall& call) {
  const std::string id = call.parameters.Text("update_id");
  if (!context.history.Find(id)) {
    return NoUpdate(id);
  }
  ASSIGN_OR_RETURN(const PageCursor cursor, ParseCursor(call.parameters.Text("cursor")));
  ASSIGN_OR_RETURN(const std::vector<Json> events, context.event_log.Of(id));
  const int least = LevelRank(call.parameters.Text("level"));
  const std::string flow = call.parameters.Text("flow");
  const std::string search = ToLower(call.parameters.Text("search"));
  const int64_t limit = *call.parameters.Integer("limit");
  Json page = Json::array();
  int64_t matching = 0;
  for (const Json& raw : events) {
    Json event = ToApiEvent(raw);
    const bool matches =
        LevelRank(event["level"].get<std::string>()) >= least &&
        (flow.empty() || event["flow"] == flow) &&
        ToLower(event["message"].get<std::string>()).find(search) != std::string::npos;
    if (matches && matching >= cursor.offset && static_cast<int64_t>(page.size()) < limit) {
      page.push_back(std::move(event));
    }
    matching += matches ? 1 : 0;
  }
  return Json{{"next_cursor", OrNull(NextCursor(cursor, page.size(), matching, std::nullopt))},
              {"events", std::move(page)}};
}

HttpResponse Accepted(const UpdateRecord& record) {
  HttpResponse response;
  response.status = 202;
  response.Set("Content-Type", "application/json").Set("Cache-Control", "no-store");
  response.body = Dump(ToJson(record));
  return response;
}

Result<HttpResponse> StartUpdate(ServiceContext& context, const ApiCall& call) {
  LaunchRequest request;
  request.refresh = call.body.value("refresh", std::vector<std::string>());
  request.full_refresh = call.body.value("full_refresh", std::vector<std::string>());
  request.full_refresh_all = call.body.value("full_refresh_all", false);
  request.parameters = call.body.value("parameters", std::map<std::string, std::string>());
  Result<std::string> started = context.launcher.Start(request);
  // An update that has ended for all who watch is still tidying up: its process needs a moment.
  for (auto waited = std::chrono::milliseconds::zero();
       !started && started.error().code() == ErrorCode::kPreconditionFailed &&
       !context.history.Running() && waited < kTidyingTime;
       waited += kTidyingPoll) {
    context.clock.Sleep(kTidyingPoll);
    started = context.launcher.Start(request);
  }
  ASSIGN_OR_RETURN(const std::string id, std::move(started));
  // Until its journal appears.
  UpdateRecord record{.id = id,
                      .pipeline = context.launcher.settings().pipeline,
                      .state = "QUEUED",
                      .cause = "API_CALL",
                      .started_micros = context.clock.NowMicros(),
                      .full_refresh = request.full_refresh_all,
                      .refresh_selection = request.refresh,
                      .full_refresh_selection = request.full_refresh,
                      .configuration = request.parameters};
  if (context.history.PutNew(record)) {
    context.hub.Publish("update", Dump(ToJson(record)));
  }
  return Accepted(record);
}

Result<HttpResponse> StopUpdate(ServiceContext& context, const ApiCall& call) {
  const std::string id = call.parameters.Text("update_id");
  const UpdateRecordPtr update = context.history.Find(id);
  if (!update) {
    return NoUpdate(id);
  }
  if (update->ended()) {
    return Error(ErrorCode::kPreconditionFailed, fmt::format("update {} has ended", id))
        .WithCondition("UPDATE_HAS_ENDED");
  }
  RETURN_IF_ERROR(context.launcher.Stop(id));
  return Accepted(*update);
}

Result<HttpResponse> StreamEvents(ServiceContext& context, const HttpRequest& request) {
  HttpResponse response;
  auto events = context.hub.Subscribe(request.Header("last-event-id"));
  if (!events) {
    return ToResponse({.status = 503,
                       .code = "TOO_MANY_STREAMS",
                       .detail = "too many pages follow this server; close some"});
  }
  response.Set("Content-Type", "text/event-stream")
      .Set("Cache-Control", "no-store")
      .Set("X-Accel-Buffering", "no");
  response.body = std::move(events);
  return response;
}

}  // namespace

void AddUpdateRoutes(Routes& routes, ServiceContext& context) {
  routes.AddJson(
      "listUpdates", DependsOn::kTablesAndUpdates,
      [&context](const ApiCall& call, TableReader&) { return ListUpdates(context, call); });
  routes.AddJson(
      "getUpdate", DependsOn::kTablesAndUpdates,
      [&context](const ApiCall& call, TableReader&) { return GetUpdate(context, call); });
  routes.AddJson(
      "listEvents", DependsOn::kTablesAndUpdates,
      [&context](const ApiCall& call, TableReader&) { return ListEvents(context, call); });
  routes.Add("startUpdate", [&context](const ApiCall& call, const HttpRequest&) {
    return StartUpdate(context, call);
  });
  routes.Add("stopUpdate", [&context](const ApiCall& call, const HttpRequest&) {
    return StopUpdate(context, call);
  });
  routes.Add("streamEvents", [&context](const ApiCall&, const HttpRequest& request) {
    return StreamEvents(context, request);
  });
}

}  // namespace medallion::serve
