#include "query_runner.h"

#include "query/storage_resolver.h"
#include "sql/parser.h"

namespace medallion::cli {
namespace {

std::string_view StatementName(const sql::Statement& statement) {
  struct Namer {
    std::string_view operator()(const sql::CreateDataset&) const { return "CREATE"; }
    std::string_view operator()(const sql::CreateFlow&) const { return "CREATE FLOW"; }
    std::string_view operator()(const sql::SetStatement&) const { return "SET"; }
    std::string_view operator()(const sql::UseStatement&) const { return "USE"; }
    std::string_view operator()(const sql::QueryStatement&) const { return "a query"; }
  };
  return std::visit(Namer{}, statement);
}

Span StatementSpan(const sql::Statement& statement) {
  return std::visit([](const auto& node) { return node.span; }, statement);
}

Diagnostic NotAQuery(const SourceTextPtr& source, const sql::Statement& statement) {
  Diagnostic finding;
  finding.condition = "UNSUPPORTED_STATEMENT";
  finding.message =
      fmt::format("`medallion sql` runs queries only, not {}", StatementName(statement));
  finding.source = source;
  finding.span = StatementSpan(statement);
  finding.span.end = std::min(finding.span.end, finding.span.begin + 1);
  finding.hints = {"statements that make tables belong in a pipeline's files"};
  return finding;
}

class Collector final : public RowPrinter {
 public:
  explicit Collector(std::vector<std::vector<Value>>& rows) : rows_(rows) {}
  void Add(const std::vector<Value>& row) override { rows_.push_back(row); }
  void Finish() override {}

 private:
  std::vector<std::vector<Value>>& rows_;
};

}  // namespace

QueryRunner::QueryRunner(Session& session, Runtime& runtime, Settings settings)
    : session_(session), runtime_(runtime), settings_(std::move(settings)) {}

Status QueryRunner::Run(const std::string& name, const std::string& text,
                        CancellationToken& cancellation) {
  return Run(name, text, cancellation, [this](const Schema& schema) {
    return RowPrinter::Make(settings_.format, schema, runtime_.console.out,
                            runtime_.console.out_terminal);
  });
}

Result<query::RowSet> QueryRunner::Collect(const std::string& name, const std::string& text,
                                           CancellationToken& cancellation) {
  query::RowSet rows;
  const int64_t printed = rows_printed_;
  const Status status = Run(name, text, cancellation, [&rows](const Schema& schema) {
    rows.schema = schema;
    return std::make_unique<Collector>(rows.rows);
  });
  rows_printed_ = printed;
  RETURN_IF_ERROR(status);
  return rows;
}

Result<query::PreparedQuery> QueryRunner::Prepare(const std::string& name, const std::string& text,
                                                  CancellationToken& cancellation) {
  const SourceTextPtr source = SourceText::Make(name, text);
  ASSIGN_OR_RETURN(const auto query, sql::ParseQuery(source, [this](std::string_view key) {
                     return ParameterOf(key);
                   }));
  return Bind(*query, source, cancellation);
}

Result<query::PreparedQuery> QueryRunner::Bind(const sql::ast::Query& query,
                                               const SourceTextPtr& source,
                                               CancellationToken& cancellation) {
  query::StorageResolver resolver(*session_.catalog, settings_.default_catalog,
                                  settings_.default_schema);
  return query::PrepareQuery(query, source, resolver,
                             {.now_micros = runtime_.clock.NowMicros(),
                              .session_time_zone = settings_.session_time_zone,
                              .cancellation = &cancellation});
}

std::optional<std::string> QueryRunner::ParameterOf(std::string_view name) const {
  const auto found = settings_.parameters.find(std::string(name));
  return found == settings_.parameters.end() ? std::nullopt : std::optional(found->second);
}

void QueryRunner::SetParameter(const std::string& name, const std::string& value) {
  settings_.parameters[name] = value;
}

Status QueryRunner::Run(const std::string& name, const std::string& text,
                        CancellationToken& cancellation, const Sink& sink) {
  const SourceTextPtr source = SourceText::Make(name, text);
  const sql::ParsedFile parsed =
      sql::ParseStatements(source, [this](std::string_view key) { return ParameterOf(key); });
  std::vector<Diagnostic> findings = parsed.diagnostics;
  for (const sql::Statement& statement : parsed.statements) {
    if (!std::holds_alternative<sql::QueryStatement>(statement)) {
      findings.push_back(NotAQuery(parsed.source, statement));
    }
  }
  if (!findings.empty()) {
    return Error(ErrorCode::kSpecification, std::move(findings));
  }
  for (const sql::Statement& statement : parsed.statements) {
    const Status status = RunQuery(*std::get<sql::QueryStatement>(statement).query, parsed.source,
                                   cancellation, sink);
    if (!status && status.error().code() == ErrorCode::kCancelled) {
      return Error(ErrorCode::kCancelled, "the query was cancelled");
    }
    RETURN_IF_ERROR(status);
  }
  return OkStatus();
}

Status QueryRunner::RunQuery(const sql::ast::Query& query, const SourceTextPtr& source,
                             CancellationToken& cancellation, const Sink& sink) {
  ASSIGN_OR_RETURN(const query::PreparedQuery prepared, Bind(query, source, cancellation));
  ASSIGN_OR_RETURN(const auto rows,
                   session_.engine->Query(*prepared.query, prepared.inputs, prepared.context));
  const auto printer = sink(rows->schema());
  std::vector<std::vector<Value>> batch;
  while (true) {
    batch.clear();
    ASSIGN_OR_RETURN(const bool more, rows->Next(batch));
    for (const std::vector<Value>& row : batch) {
      printer->Add(row);
      ++rows_printed_;
    }
    if (!more) {
      break;
    }
    RETURN_IF_ERROR(cancellation.Check());
  }
  printer->Finish();
  return OkStatus();
}

}  // namespace medallion::cli
