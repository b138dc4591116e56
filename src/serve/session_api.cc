#include "problem.h"
#include "service.h"

namespace medallion::serve {
namespace {

Json SessionJson(const ServiceContext& context, bool authenticated) {
  const UpdateLauncher& launcher = context.launcher;
  Json session = {{"authenticated", authenticated},
                  {"token_required", context.access.token_required()},
                  {"product_version", context.product_version},
                  {"storage_name", nullptr},
                  {"pipeline_name", nullptr},
                  {"currency", context.currency},
                  {"can_start", authenticated && launcher.CanStart()},
                  {"cannot_start_reason", nullptr}};
  if (authenticated) {
    session["storage_name"] = context.storage_name;
    if (launcher.CanStart()) {
      session["pipeline_name"] = launcher.settings().pipeline;
    } else {
      session["cannot_start_reason"] =
          "The server was started without a project; `medallion serve --spec FOLDER` can start "
          "updates.";
    }
  }
  return session;
}

HttpResponse JsonResponse(const Json& json) {
  HttpResponse response;
  response.Set("Content-Type", "application/json").Set("Cache-Control", "no-store");
  response.body = Dump(json);
  return response;
}

Result<HttpResponse> LogIn(ServiceContext& context, const ApiCall& call) {
  const Access::Login login = context.access.LogIn(call.body["token"].get<std::string>());
  if (login.outcome == Access::LoginOutcome::kAccepted) {
    HttpResponse response = JsonResponse(SessionJson(context, true));
    response.Set("Set-Cookie", login.cookie);
    return response;
  }
  const bool wrong = login.outcome == Access::LoginOutcome::kWrongToken;
  return ToResponse({.status = wrong ? 401 : 429,
                     .code = wrong ? "WRONG_TOKEN" : "TOO_MANY_TRIES",
                     .detail = wrong ? "that is not the server's token"
                                     : "too many wrong tokens; try again in a second",
                     .hints = {"the token is in the file that --token-file names"}});
}

}  // namespace

void AddSessionRoutes(Routes& routes, ServiceContext& context, const ApiDocument& document) {
  routes.Add("getSession",
             [&context](const ApiCall&, const HttpRequest& request) -> Result<HttpResponse> {
               return JsonResponse(SessionJson(context, context.access.Allows(request)));
             });
  routes.Add("login",
             [&context](const ApiCall& call, const HttpRequest&) { return LogIn(context, call); });
  routes.Add("logout",
             [&context](const ApiCall&, const HttpRequest& request) -> Result<HttpResponse> {
               const std::string cookie = context.access.LogOut(request);
               HttpResponse response =
                   JsonResponse(SessionJson(context, !context.access.token_required()));
               response.Set("Set-Cookie", cookie);
               return response;
             });
  routes.Add("getOpenApi", [&document](const ApiCall&, const HttpRequest&) -> Result<HttpResponse> {
    HttpResponse response;
    response.Set("Content-Type", "application/json");
    response.body = std::string_view(document.text());
    return response;
  });
}

}  // namespace medallion::serve
