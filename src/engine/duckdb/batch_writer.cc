#include "batch_writer.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "bound_inputs.h"
#include "column_types.h"
#include "parquet_output.h"
#include "query_rows.h"
#include "sql_text.h"

namespace medallion::duckdb {
namespace {

// The evaluated batch. Columns `o0` … are the query's, by position; `r0` … are the rules' predicates.
constexpr std::string_view kBatchTable = "medallion_batch";

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
    case TypeKind::kDecimal:
      return ToDisplayString(value);
    default:
      return nlohmann::json(ToDisplayString(value)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
    ASSIGN_OR_RETURN(StagedFiles files,
                     StagedFiles::Copy(connection_, SelectOutput(query_, request_.output.schema, "(" + text + ")"),
                                       request_.output, database_.random()));
    WriteResult result;
    result.rows_written = files.row_count();
    result.rows_read = result.rows_written;
    ASSIGN_OR_RETURN(result.files, std::move(files).Publish());
    return Finish(std::move(result));
  }

  Result<WriteOutcome> WriteByRules() {
    RETURN_IF_ERROR(Evaluate());
    WriteResult result;
    RETURN_IF_ERROR(Count(result));
    std::vector<std::string> broken;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      if (request_.rules[i].action == RuleAction::kFailUpdate && result.rules[i].failed > 0) {
        broken.push_back(request_.rules[i].name);
      }
    }
    if (!broken.empty()) {
      return Violation(std::move(broken));
    }
    const QueryWatch watch(connection_, request_.context.cancellation, nullptr);
    std::optional<StagedFiles> kept;
    std::optional<StagedFiles> dropped;
    if (result.rows_written > 0) {
      ASSIGN_OR_RETURN(StagedFiles files,
                       StagedFiles::Copy(connection_, SelectKept(result), request_.output, database_.random()));
      kept.emplace(std::move(files));
      CHECK_EQ(kept->row_count(), result.rows_written);
    }
    if (result.rows_dropped > 0 && request_.quarantine) {
      ASSIGN_OR_RETURN(StagedFiles files, StagedFiles::Copy(connection_, SelectDropped(), request_.quarantine->files,
                                                            database_.random()));
      dropped.emplace(std::move(files));
      CHECK_EQ(dropped->row_count(), result.rows_dropped);
    }
    if (kept) {
      ASSIGN_OR_RETURN(result.files, (*std::move(kept)).Publish());
    }
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
      static_cast<void>(request_.output.store->Delete(file.path));  // the first failure is the one to report
    }
  }

  // The type that output column `index` is kept in: the table's, or the query's own beyond it.
  const DataType& OutputType(size_t index) const {
    return index < request_.output.schema.size() ? request_.output.schema[index].type
                                                 : query_.root->columns[index].type;
  }

  // Evaluates the query and every predicate, once, into a table of this connection.
  Status Evaluate() {
    ASSIGN_OR_RETURN(const std::string text, printer_.PrintQuery());
    std::string select;
    for (size_t i = 0; i < query_.root->columns.size(); ++i) {
      select += fmt::format("{}{} AS {}", i == 0 ? "" : ", ",
                            Cast(ColumnName(query_.root->columns[i].id), OutputType(i)), OutputName(i));
    }
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      ASSIGN_OR_RETURN(const std::string predicate, printer_.PrintExpression(*request_.rules[i].predicate));
      select += fmt::format(", CAST({} AS BOOLEAN) AS {}", predicate, RuleName(i));
    }
    RETURN_IF_ERROR(database_.Ensure(printer_.decimal_functions()));
    const QueryWatch watch(connection_, request_.context.cancellation, ProgressTick());
    return connection_.Execute(fmt::format("CREATE TEMP TABLE {} AS SELECT {} FROM ({})", kBatchTable, select, text));
  }

  // `(r0 AND r3)`: whether a row is kept; `true` if no rule drops. IS TRUE, so that NULL drops.
  std::string KeepCondition() const {
    std::string condition;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      if (request_.rules[i].action == RuleAction::kDropRow) {
        condition += (condition.empty() ? "" : " AND ") + fmt::format("{} IS NOT DISTINCT FROM true", RuleName(i));
      }
    }
    return condition.empty() ? "true" : "(" + condition + ")";
  }

  Status Count(WriteResult& result) {
    std::string select = fmt::format("count(*), count(*) FILTER (WHERE {})", KeepCondition());
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      select += fmt::format(", count(*) FILTER (WHERE {0}), count(*) - count({0})", RuleName(i));
    }
    ASSIGN_OR_RETURN(QueryResult counts, connection_.Run(fmt::format("SELECT {} FROM {}", select, kBatchTable)));
    ASSIGN_OR_RETURN(const Chunk chunk, connection_.Fetch(counts));
    const auto cell = [&](size_t index) {
      return std::get<int64_t>(
          ReadValue(duckdb_data_chunk_get_vector(chunk.get(), index), DataType::Long(), 0).data);
    };
    result.rows_read = cell(0);
    result.rows_written = cell(1);
    result.rows_dropped = result.rows_read - result.rows_written;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      const int64_t passed = cell(2 + 2 * i);
      result.rules.push_back({.name = request_.rules[i].name,
                              .passed = passed,
                              .failed = result.rows_read - passed,
                              .failed_null = cell(3 + 2 * i)});
    }
    return {};
  }

  std::string SelectKept(const WriteResult& result) const {
    std::string select;
    for (size_t i = 0; i < request_.output.schema.size(); ++i) {
      select += fmt::format("{}{} AS {}", i == 0 ? "" : ", ", OutputName(i),
                            QuoteIdentifier(request_.output.schema[i].name));
    }
    return fmt::format("SELECT {} FROM {}{}", select, kBatchTable,
                       result.rows_dropped == 0 ? "" : " WHERE " + KeepCondition());
  }

  // Every output column, the names of the rules that the row breaks, the constants.
  std::string SelectDropped() const {
    const QuarantineOutput& quarantine = *request_.quarantine;
    const Schema& schema = quarantine.files.schema;
    const size_t columns = query_.root->columns.size();
    CHECK_EQ(schema.size(), columns + 1 + quarantine.constants.size());
    std::string select;
    for (size_t i = 0; i < columns; ++i) {
      select += fmt::format("{} AS {}, ", Cast(OutputName(i), schema[i].type), QuoteIdentifier(schema[i].name));
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
    return fmt::format("SELECT {} FROM {} WHERE NOT {}", select, kBatchTable, KeepCondition());
  }

  Result<WriteOutcome> Violation(std::vector<std::string> broken) {
    std::string condition;
    for (size_t i = 0; i < request_.rules.size(); ++i) {
      if (request_.rules[i].action == RuleAction::kFailUpdate) {
        condition += (condition.empty() ? "" : " OR ") + fmt::format("{} IS DISTINCT FROM true", RuleName(i));
      }
    }
    RuleViolation violation;
    violation.rules = std::move(broken);
    ASSIGN_OR_RETURN(QueryResult counted,
                     connection_.Run(fmt::format("SELECT count(*) FROM {} WHERE {}", kBatchTable, condition)));
    ASSIGN_OR_RETURN(const Chunk count, connection_.Fetch(counted));
    violation.rows_failed =
        std::get<int64_t>(ReadValue(duckdb_data_chunk_get_vector(count.get(), 0), DataType::Long(), 0).data);
    ASSIGN_OR_RETURN(QueryResult result,
                     connection_.Run(fmt::format("SELECT * FROM {} WHERE {} LIMIT 1", kBatchTable, condition)));
    ASSIGN_OR_RETURN(const Chunk chunk, connection_.Fetch(result));
    std::string json = "{";
    for (size_t i = 0; i < query_.root->columns.size(); ++i) {
      const Value cell = ReadValue(duckdb_data_chunk_get_vector(chunk.get(), i), OutputType(i), 0);
      json += fmt::format("{}{}:{}", i == 0 ? "" : ",", nlohmann::json(query_.root->columns[i].name).dump(), ToJson(cell));
    }
    violation.example_record_json = json + "}";
    return WriteOutcome(std::move(violation));
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

Result<WriteOutcome> WriteBatch(const std::shared_ptr<Database>& database, const WriteRequest& request) {
  CHECK(request.query != nullptr);
  CHECK(request.output.schema.size() <= request.query->root->columns.size());
  ASSIGN_OR_RETURN(Connection connection, database->Connect());
  return BatchWriter(*database, request, std::move(connection)).Write();
}

}  // namespace medallion::duckdb
