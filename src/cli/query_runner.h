#pragma once

#include <map>
#include <ostream>
#include <string>

#include "base/result.h"
#include "options.h"
#include "runtime.h"
#include "session.h"
#include "storage_resolver.h"

namespace medallion::cli {

// Runs queries on the tables of a session and prints their rows. What it borrows outlives it.
class QueryRunner {
 public:
  struct Settings {
    std::string default_catalog;
    std::string default_schema;
    std::string session_time_zone = "UTC";
    std::map<std::string, std::string> parameters;  // of `${name}` and `:name`
    OutputFormat format = OutputFormat::kTable;
  };

  QueryRunner(Session& session, Runtime& runtime, Settings settings);

  // Every query of `text`, which is shown in messages under `name`. Statements that are no queries
  // are refused by name. Nothing runs if one of them does not parse. kCancelled once `cancellation`
  // is set.
  Status Run(const std::string& name, const std::string& text, CancellationToken& cancellation);

 private:
  Status RunQuery(const sql::ast::Query& query, const SourceTextPtr& source,
                  CancellationToken& cancellation);

  Session& session_;
  Runtime& runtime_;
  Settings settings_;
};

}  // namespace medallion::cli
