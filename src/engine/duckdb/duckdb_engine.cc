#include "engine_duckdb/duckdb_engine.h"

#include <duckdb.h>

#include "batch_writer.h"
#include "bound_inputs.h"
#include "checkpoint_reader.h"
#include "checkpoint_writer.h"
#include "database.h"
#include "query_rows.h"

namespace medallion {

struct DuckDbEngine::Impl {
  std::shared_ptr<duckdb::Database> database;
};

Result<std::unique_ptr<DuckDbEngine>> DuckDbEngine::Open(const DuckDbOptions& options) {
  auto impl = std::make_unique<Impl>();
  ASSIGN_OR_RETURN(impl->database, duckdb::Database::Open(options));
  return std::unique_ptr<DuckDbEngine>(new DuckDbEngine(std::move(impl)));
}

DuckDbEngine::DuckDbEngine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DuckDbEngine::~DuckDbEngine() = default;

std::string DuckDbEngine::LibraryVersion() { return duckdb_library_version(); }

Status DuckDbEngine::Check(const sql::BoundQuery& query) {
  const QueryContext context;
  duckdb::EmptyInputPrinter inputs;
  duckdb::Printer printer(query, context, inputs);
  ASSIGN_OR_RETURN(const std::string text, printer.PrintQuery());
  RETURN_IF_ERROR(impl_->database->Ensure(printer.decimal_functions()));
  ASSIGN_OR_RETURN(duckdb::Connection connection, impl_->database->Connect());
  return connection.Prepare(duckdb::SelectOutput(query, query.OutputSchema(), "(" + text + ")"));
}

Result<WriteOutcome> DuckDbEngine::Write(const WriteRequest& request) {
  return duckdb::WriteBatch(impl_->database, request);
}

Result<std::unique_ptr<ResultRows>> DuckDbEngine::Query(const sql::BoundQuery& query,
                                                        const BoundInputs& inputs,
                                                        const QueryContext& context) {
  return duckdb::OpenQuery(impl_->database, query, inputs, context);
}

Status DuckDbEngine::ReadCheckpoint(const std::string& local_path,
                                    const std::function<Status(delta::Action)>& sink) {
  return duckdb::ReadCheckpointFile(*impl_->database, local_path, sink);
}

Status DuckDbEngine::WriteCheckpoint(const std::string& local_path,
                                     const std::vector<delta::Action>& actions) {
  return duckdb::WriteCheckpointFile(*impl_->database, local_path, actions);
}

}  // namespace medallion
