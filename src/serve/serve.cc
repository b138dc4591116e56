#include "serve/serve.h"

#include <filesystem>

#include <fmt/format.h>

#include "http_server.h"
#include "service.h"
#include "table_follower.h"
#include "update_follower.h"

namespace medallion::serve {
namespace {

bool IsLoopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

Status CheckOptions(const ServeOptions& options) {
  if (IsLoopback(options.address) || options.token) {
    return OkStatus();
  }
  return Error(ErrorCode::kInvalidArgument,
               {Diagnostic::Unplaced(
                   "TOKEN_REQUIRED",
                   fmt::format("{} can be reached from other machines, which needs an access token",
                               options.address),
                   {"give a file for it: --token-file FILE (made with a random token if it is "
                    "missing)"})});
}

std::string Url(const std::string& address, uint16_t port) {
  const bool any = address == "0.0.0.0" || address == "::";
  const bool six = !any && address.find(':') != std::string::npos;
  return fmt::format("http://{}:{}/",
                     any   ? "127.0.0.1"
                     : six ? "[" + address + "]"
                           : address,
                     port);
}

std::string LastPart(const std::string& storage) {
  const std::filesystem::path path(storage);
  return path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
}

// Defaults of the project for the names and the zone of queries.
TableNaming NamingOf(const ServeOptions& options) {
  if (options.load_project) {
    if (const auto project = options.load_project()) {
      return {project->catalog, project->schema, project->SessionTimeZone()};
    }
  }
  return {};
}

std::string PipelineName(const ServeOptions& options) {
  if (options.load_project) {
    if (const auto project = options.load_project()) {
      return project->name;
    }
  }
  return "";
}

}  // namespace

Status Serve(const ServeOptions& options, const ServeEnvironment& environment,
             const std::function<void(const std::string& url)>& on_ready) {
  RETURN_IF_ERROR(CheckOptions(options));
  StoredTables tables(environment.catalog, environment.engine, environment.clock,
                      NamingOf(options));
  UpdateHistory history;
  // Outlives the server, whose connections hold places in it.
  EventHub hub(environment.random.Uuid().substr(0, 8));
  ASSIGN_OR_RETURN(const auto server,
                   HttpServer::Listen({options.address, options.port},
                                      IsLoopback(options.address) ? std::vector<std::string>{"::1"}
                                                                  : std::vector<std::string>{},
                                      HttpLimits{}));
  UpdateLauncher launcher({.program = options.program,
                           .spec = options.spec,
                           .storage = options.storage,
                           .parameters = options.parameters,
                           .state_folder = options.state_folder,
                           .pipeline = PipelineName(options)},
                          environment.random, environment.clock);
  const EventLog event_log(options.state_folder, tables);
  PipelineSource pipeline(options.load_project, environment.catalog, history);
  Access access(options.token ? std::optional<std::string_view>(*options.token) : std::nullopt,
                environment.clock);
  std::vector<std::string> hosts = options.allowed_hosts;
  hosts.push_back(options.address);
  ServiceContext context{.tables = tables,
                         .history = history,
                         .event_log = event_log,
                         .launcher = launcher,
                         .hub = hub,
                         .pipeline = pipeline,
                         .access = access,
                         .engine = environment.engine,
                         .clock = environment.clock,
                         .random = environment.random,
                         .product_version = options.product_version,
                         .storage_name = LastPart(options.storage),
                         .currency = options.currency,
                         .scratch_folder = options.state_folder + "/serve/exports",
                         .allowed_hosts = std::move(hosts)};
  Service service(context);
  TableFollower table_follower(
      tables,
      [&service](const query::StorageViewPtr& view, const std::function<bool()>& may_go_on) {
        service.Prepare(view, may_go_on);
      },
      hub, environment.clock);
  UpdateFollower update_follower(options.state_folder, event_log, table_follower, launcher, history,
                                 hub, environment.clock);
  table_follower.Refresh();
  update_follower.Start();
  table_follower.Start();
  on_ready(Url(options.address, server->port()));
  server->Run(
      {.at_once = [&service](const HttpRequest& request) { return service.HandleAtOnce(request); },
       .handle = [&service](const HttpRequest& request) { return service.Handle(request); }},
      environment.cancellation, [&tables, &hub] {
        hub.Close();
        tables.Cancel();
      });
  return OkStatus();
}

}  // namespace medallion::serve
