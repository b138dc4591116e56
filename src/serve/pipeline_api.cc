#include "service.h"

namespace medallion::serve {
namespace {

Result<Json> GetPipeline(const ServiceContext& context) {
  PipelineView view = context.pipeline.View();
  const bool can_start = context.launcher.CanStart();
  Json edges = Json::array();
  for (const auto& [from, to] : view.edges) {
    edges.push_back({{"from", from}, {"to", to}});
  }
  const UpdateRecordPtr running = context.history.Running();
  return Json{{"name", OrNull(view.name)},
              {"source", view.source},
              {"can_start", can_start},
              {"cannot_start_reason",
               can_start ? Json()
                         : Json("The server was started without a project; `medallion serve "
                                "--spec FOLDER` can start updates.")},
              {"parameters", view.parameters},
              {"datasets", std::move(view.datasets)},
              {"edges", std::move(edges)},
              {"diagnostics", std::move(view.diagnostics)},
              {"running_update_id", running ? Json(running->id) : Json()}};
}

}  // namespace

void AddPipelineRoutes(Routes& routes, ServiceContext& context) {
  // The project's files may change at any time.
  routes.AddJson("getPipeline", DependsOn::kAnything,
                 [&context](const ApiCall&, TableReader&) { return GetPipeline(context); });
}

}  // namespace medallion::serve
