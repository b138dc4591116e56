#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/result.h"
#include "options.h"
#include "query/row_set.h"
#include "query/stored_query.h"
#include "row_printer.h"
#include "runtime.h"
#include "session.h"
#include "sql/ast.h"

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
  // As Run for one query of ours with few rows: gives them rather than printing them.
  Result<query::RowSet> Collect(const std::string& name, const std::string& text,
                                CancellationToken& cancellation);

  // As Collect for any number of rows: nothing is read yet.
  Result<query::PreparedQuery> Prepare(const std::string& name, const std::string& text,
                                       CancellationToken& cancellation);

  // Of `${name}` and `:name`, for what is run next.
  void SetParameter(const std::string& name, const std::string& value);
  // By Run so far.
  int64_t rows_printed() const { return rows_printed_; }

 private:
  using Sink = std::function<std::unique_ptr<RowPrinter>(const Schema&)>;
  Status Run(const std::string& name, const std::string& text, CancellationToken& cancellation,
             const Sink& sink);
  Result<query::PreparedQuery> Bind(const sql::ast::Query& query, const SourceTextPtr& source,
                                    CancellationToken& cancellation);
  std::optional<std::string> ParameterOf(std::string_view name) const;
  Status RunQuery(const sql::ast::Query& query, const SourceTextPtr& source,
                  CancellationToken& cancellation, const Sink& sink);

  Session& session_;
  Runtime& runtime_;
  Settings settings_;
  int64_t rows_printed_ = 0;
};

}  // namespace medallion::cli
