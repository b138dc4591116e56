#include "batch_writer.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "bound_inputs.h"
#include "column_types.h"
#include "parquet_output.h"
#include "query_rows.h"
#include "rule_gate.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

// The rows that a rule drops. Here as in the running query, columns `o0` … are the query's, by
// position; `r0` … are the rules' predicates.
constexpr std::string_view kDroppedTable = "medallion_dropped";

std::string OutputName(size_t index) { return "o" + std::to_string(index); }
std::string RuleName(size_t index) { return "r" + std::to_string(index); }

// JSON of one cell; numbers keep all their digits.
std::string ToJson(const Value& value) {
  if (value.is_null()) {
    return "null";
  }
  switch (value.type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
    case TypeKind::kDecimal: return ToDisplayString(value);
    default:
      return nlohmann::json(ToDisplayString(value))
          .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}

// Writes one batch. A parent decides, in the order of Engine::Write's contract.
class BatchWriter {
 public:
  BatchWriter(Database& database, const WriteRequest& request, Connection connection)
      : database_(database),
        request_(request),
        query_(*request.query),
        connection_(std::move(connection)),
        inputs_(query_, request_.inputs, request_.context, database.scans(), database.threads()),
        printer_(query_, request_.context, inputs_) {}

  Result<WriteOutcome> Write() {
    Result<WriteOutcome> outcome = request_.rules.empty() ? WriteDirectly() : WriteByRules();
    if (!outcome) {
      if (std::optional<Error> failure = inputs_.SourceFailure()) {
        return *std::move(failure);
      }
    }
    return outcome;
  }

 private:
  std::function<void()> ProgressTick() {
    if (request_.on_progress == nullptr) {
      return nullptr;
    }
    return [this] { request_.on_progress(inputs_.SourceRows()); };
  }

  // Without rules there is nothing to count: the query's rows go straight to files.
  Result<WriteOutcome> WriteDirectly() {
    CHECK_EQ(request_.output.schema.size(), query_.root->columns.size());
    ASSIGN_OR_RETURN(const std::string text, printer_.PrintQuery());
    RETURN_IF_ERROR(database_.Ensure(printer_.decimal_functions()));
    const QueryWatch watch(connection_, request_.context.cancellation, ProgressTick());
    ASSIGN_OR_RETURN(
        StagedFiles files,
        StagedFiles::Copy(connection_,
                          SelectOutput(query_, request_.output.schema, "(" + text + ")"),
                          request_.output, database_.random()));
    WriteResult result;
    result.rows_written = files.row_count();
    result.rows_read = result.rows_written;
    ASSIGN_OR_RETURN(result.files, std::move(files).Publish());
    return Finish(std::move(result));
  }

  // Every row passes the gate on its way to the files: one evaluation, and nothing but dropped rows
  // is ever kept aside.
  Result<WriteOutcome> WriteByRules() {
    std::vector<DataType> types;
    for (size_t i = 0; i < query_.root->columns.size(); ++i) {
      types.push_back(OutputType(i));
    }
    ASSIGN_OR_RETURN(Connection aside, database_.Connect());
    RuleGate gate(request_.rules, std::move(types), aside,
                  request_.quarantine ? std::string(kDroppedTable) : std::string());
    RETURN_IF_ERROR(gate.Open());
    ASSIGN_OR_RETURN(StagedFiles kept, RunThrough(gate));
    RETURN_IF_ERROR(gate.Close());
    const RuleGate::Counts counts = gate.counts();
    CHECK_EQ(kept.row_count(), counts.rows_kept);
    if (counts.rows_violating > 0) {
      return WriteOutcome(Violation(gate));
    }
    WriteResult result;
    result.rows_read = counts.rows_read;
    result.rows_written = counts.rows_kept;
    result.rows_dropped = counts.rows_read - counts.rows_kept;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      result.rules.push_back({.name = request_.rules[i].name,
                              .passed = counts.passed[i],
                              .failed = counts.rows_read - counts.passed[i],
                              .failed_null = counts.null[i]});
    }
    std::optional<StagedFiles> dropped;
    if (result.rows_dropped > 0 && request_.quarantine) {
      const QueryWatch watch(aside, request_.context.cancellation, nullptr);
      ASSIGN_OR_RETURN(StagedFiles files,
                       StagedFiles::Copy(aside, SelectDropped(), request_.quarantine->files,
                                         database_.random()));
      dropped.emplace(std::move(files));
      CHECK_EQ(dropped->row_count(), result.rows_dropped);
    }
    ASSIGN_OR_RETURN(result.files, std::move(kept).Publish());
    if (dropped) {
      Result<std::vector<delta::AddFile>> files = (*std::move(dropped)).Publish();
      if (!files) {
        Withdraw(result.files);
        return std::move(files).error();
      }
      result.quarantine_files = *std::move(files);
    }
    return Finish(std::move(result));
  }

  void Withdraw(const std::vector<delta::AddFile>& files) {
    for (const delta::AddFile& file : files) {
      static_cast<void>(
          request_.output.store->Delete(file.path));  // the first failure is the one to report
    }
  }

  // The type that output column `index` is kept in: the table's, or the query's own beyond it.
  const DataType& OutputType(size_t index) const {
    return index < request_.output.schema.size() ? request_.output.schema[index].type
                                                 : query_.root->columns[index].type;
  }

  // Writes the rows that the gate lets through.
  Result<StagedFiles> RunThrough(RuleGate& gate) {
    ASSIGN_OR_RETURN(const std::string text, printer_.PrintQuery());
    std::string columns;
    std::string outputs;
    for (size_t i = 0; i < query_.root->columns.size(); ++i) {
      columns +=
          fmt::format("{}{} AS {}", i == 0 ? "" : ", ",
                      Cast(ColumnName(query_.root->columns[i].id), OutputType(i)), OutputName(i));
      outputs += ", " + OutputName(i);
    }
    std::string rules;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      ASSIGN_OR_RETURN(const std::string predicate,
                       printer_.PrintExpression(*request_.rules[i].predicate));
      columns += fmt::format(", CAST({} AS BOOLEAN) AS {}", predicate, RuleName(i));
      rules += ", " + RuleName(i);
    }
    std::string select;
    for (size_t i = 0; i < request_.output.schema.size(); ++i) {
      select += fmt::format("{}{} AS {}", i == 0 ? "" : ", ", OutputName(i),
                            QuoteIdentifier(request_.output.schema[i].name));
    }
    RETURN_IF_ERROR(database_.Ensure(printer_.decimal_functions()));
    const RuleGates::Lease lease(database_.gates(), gate);
    const QueryWatch watch(connection_, request_.context.cancellation, ProgressTick());
    Result<StagedFiles> files =
        StagedFiles::Copy(connection_,
                          fmt::format("SELECT {} FROM (SELECT *, medallion_gate(CAST({} AS "
                                      "BIGINT){}{}) AS keep FROM (SELECT {} FROM ({}))) "
                                      "WHERE keep",
                                      select, lease.id(), rules, outputs, columns, text),
                          request_.output, database_.random());
    if (!files) {
      if (std::optional<Error> failure = gate.failure()) {
        return *std::move(failure);
      }
    }
    return files;
  }

  // Every output column, the names of the rules that the row breaks, the constants.
  std::string SelectDropped() const {
    const QuarantineOutput& quarantine = *request_.quarantine;
    const Schema& schema = quarantine.files.schema;
    const size_t columns = query_.root->columns.size();
    CHECK_EQ(schema.size(), columns + 1 + quarantine.constants.size());
    std::string select;
    for (size_t i = 0; i < columns; ++i) {
      select += fmt::format("{} AS {}, ", Cast(OutputName(i), schema[i].type),
                            QuoteIdentifier(schema[i].name));
    }
    std::string broken;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      broken += fmt::format("{}CASE WHEN {} THEN NULL ELSE {} END", i == 0 ? "" : ", ", RuleName(i),
                            QuoteString(request_.rules[i].name));
    }
    select += fmt::format("list_filter([{}], lambda e: e IS NOT NULL) AS {}", broken,
                          QuoteIdentifier(schema[columns].name));
    for (size_t i = 0; i < quarantine.constants.size(); ++i) {
      const Field& field = schema[columns + 1 + i];
      select += fmt::format(", {} AS {}", Cast(Literal(quarantine.constants[i].second), field.type),
                            QuoteIdentifier(field.name));
    }
    return fmt::format("SELECT {} FROM {}", select, kDroppedTable);
  }

  RuleViolation Violation(const RuleGate& gate) const {
    const RuleGate::Counts counts = gate.counts();
    RuleViolation violation;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      if (request_.rules[i].action == RuleAction::kFailUpdate &&
          counts.passed[i] < counts.rows_read) {
        violation.rules.push_back(request_.rules[i].name);
      }
    }
    violation.rows_failed = counts.rows_violating;
    const std::vector<Value> row = *gate.violating_row();
    violation.example_record_json = "{";
    for (size_t i = 0; i < row.size(); ++i) {
      violation.example_record_json +=
          fmt::format("{}{}:{}", i == 0 ? "" : ",",
                      nlohmann::json(query_.root->columns[i].name).dump(), ToJson(row[i]));
    }
    violation.example_record_json += "}";
    return violation;
  }

  Result<WriteOutcome> Finish(WriteResult result) {
    CHECK_EQ(result.rows_read, result.rows_written + result.rows_dropped);
    for (const delta::AddFile& file : result.files) {
      result.bytes_written += file.size_bytes;
    }
    if (request_.on_progress != nullptr) {
      request_.on_progress(result.rows_read);
    }
    return WriteOutcome(std::move(result));
  }

  Database& database_;
  const WriteRequest& request_;
  const sql::BoundQuery& query_;
  Connection connection_;
  BoundInputPrinter inputs_;
  Printer printer_;
};

}  // namespace

Result<WriteOutcome> WriteBatch(const std::shared_ptr<Database>& database,
                                const WriteRequest& request) {
  CHECK(request.query != nullptr);
  CHECK(request.output.schema.size() <= request.query->root->columns.size());
  ASSIGN_OR_RETURN(Connection connection, database->Connect());
  return BatchWriter(*database, request, std::move(connection)).Write();
}

}  // namespace medallion::duckdb
