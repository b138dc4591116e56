#include "segments.h"

#include <utility>

#include "pipeline/model_store.h"
#include "query/storage_resolver.h"

namespace medallion::cli {

Segments::Segments(Session session, std::string default_catalog)
    : session_(std::move(session)), default_catalog_(std::move(default_catalog)) {}

Result<std::unique_ptr<Segments>> Segments::Open(const ProjectOptions& options, OutputFormat format,
                                                 Runtime& runtime) {
  ASSIGN_OR_RETURN(const Workspace workspace, FindWorkspace(options, runtime.working_folder));
  ASSIGN_OR_RETURN(Session session,
                   OpenSession(workspace.storage, StorageUse::kRead, DuckDbOptions{.threads = 1},
                               runtime.clock, runtime.random));
  QueryRunner::Settings settings;
  settings.format = format;
  if (workspace.project) {
    settings.default_catalog = workspace.project->catalog;
    settings.default_schema = workspace.project->schema;
    settings.session_time_zone = workspace.project->SessionTimeZone();
  }
  std::unique_ptr<Segments> segments(new Segments(std::move(session), settings.default_catalog));
  segments->runner_ =
      std::make_unique<QueryRunner>(segments->session_, runtime, std::move(settings));
  query::StorageResolver resolver(*segments->session_.catalog, segments->default_catalog_, "");
  ASSIGN_OR_RETURN(const sql::QualifiedName name, query::ParseTableName(kCustomerSegments));
  if (const auto found = resolver.Find(name); !found) {
    return Error(ErrorCode::kNotFound,
                 {Diagnostic::Unplaced(
                     "TABLE_OR_VIEW_NOT_FOUND",
                     fmt::format("no table {} in {}", kCustomerSegments, workspace.storage),
                     {"the retail pipeline makes it: medallion run --spec pipelines/retail",
                      "another pipeline's tables are queried with `medallion sql`"})});
  }
  return segments;
}

Result<ml::Model> Segments::LoadModel(std::optional<int64_t> version) const {
  query::StorageResolver resolver(*session_.catalog, default_catalog_, "");
  ASSIGN_OR_RETURN(const sql::QualifiedName name, query::ParseTableName(kClusteredCustomers));
  ASSIGN_OR_RETURN(const query::StorageResolver::Entry table, resolver.Find(name));
  const std::vector<std::string>& parts = table.name.parts;
  const pipeline::ModelStore store(session_.catalog->root(), {parts[0], parts[1], parts[2]});
  ASSIGN_OR_RETURN(const delta::SnapshotPtr snapshot, table.table.Latest());
  const std::optional<int64_t> newest = snapshot->AppVersion(pipeline::kModelAppId);
  if (!newest) {
    return Error(ErrorCode::kNotFound,
                 fmt::format("the customers of {} were not grouped yet", name.ToString()));
  }
  auto model = store.Load(version.value_or(*newest));
  if (!model && model.error().code() == ErrorCode::kNotFound) {
    return Error(
        ErrorCode::kNotFound,
        {Diagnostic::Unplaced(
            "MODEL_NOT_FOUND", fmt::format("there is no model {}", version.value_or(*newest)),
            {fmt::format("the newest is {}; ml.customer_segment_models lists them", *newest)})});
  }
  return model;
}

}  // namespace medallion::cli
