#include "query_rows.h"

#include "base/check.h"
#include "bound_inputs.h"
#include "column_types.h"
#include "sql_text.h"

namespace medallion::duckdb {

std::string SelectOutput(const sql::BoundQuery& query, const Schema& schema,
                         std::string_view from) {
  CHECK(schema.size() <= query.root->columns.size());
  std::string list;
  for (size_t i = 0; i < schema.size(); ++i) {
    list += fmt::format("{}{} AS {}", i == 0 ? "" : ", ",
                        Cast(ColumnName(query.root->columns[i].id), schema[i].type),
                        QuoteIdentifier(schema[i].name));
  }
  return fmt::format("SELECT {} FROM {}", list, from);
}

namespace {

// Owns all that the running query reads from: members are destroyed last to first.
class StreamedRows final : public ResultRows {
 public:
  StreamedRows(std::shared_ptr<Database> database, std::unique_ptr<BoundInputPrinter> inputs,
               Connection connection, Schema schema, CancellationToken* cancellation)
      : database_(std::move(database)),
        inputs_(std::move(inputs)),
        connection_(std::move(connection)),
        schema_(std::move(schema)),
        cancellation_(cancellation),
        watch_(connection_, cancellation, nullptr) {}

  Status Start(const std::string& sql) {
    Result<QueryResult> result = connection_.Stream(sql);
    if (!result) {
      return Explain(std::move(result).error());
    }
    result_.emplace(*std::move(result));
    return {};
  }

  const Schema& schema() const override { return schema_; }

  Result<bool> Next(std::vector<std::vector<Value>>& rows) override {
    if (cancellation_ != nullptr) {
      RETURN_IF_ERROR(cancellation_->Check());
    }
    for (;;) {
      Result<Chunk> chunk = connection_.Fetch(*result_);
      if (!chunk) {
        return Explain(std::move(chunk).error());
      }
      if (*chunk == nullptr) {
        return false;
      }
      const idx_t count = duckdb_data_chunk_get_size(chunk->get());
      for (idx_t row = 0; row < count; ++row) {
        std::vector<Value>& cells = rows.emplace_back();
        cells.reserve(schema_.size());
        for (size_t i = 0; i < schema_.size(); ++i) {
          cells.push_back(
              ReadValue(duckdb_data_chunk_get_vector(chunk->get(), i), schema_[i].type, row));
        }
      }
      if (count > 0) {
        return true;
      }
    }
  }

 private:
  // A row source's own error says more than DuckDB's report of it.
  Error Explain(Error error) const { return inputs_->SourceFailure().value_or(std::move(error)); }

  std::shared_ptr<Database> database_;
  std::unique_ptr<BoundInputPrinter> inputs_;
  Connection connection_;
  Schema schema_;
  CancellationToken* cancellation_;
  std::optional<QueryResult> result_;
  QueryWatch watch_;
};

}  // namespace

Result<std::unique_ptr<ResultRows>> OpenQuery(const std::shared_ptr<Database>& database,
                                              const sql::BoundQuery& query,
                                              const BoundInputs& inputs,
                                              const QueryContext& context) {
  auto input_printer = std::make_unique<BoundInputPrinter>(query, inputs, context,
                                                           database->scans(), database->threads());
  Printer printer(query, context, *input_printer);
  ASSIGN_OR_RETURN(const std::string text, printer.PrintQuery());
  RETURN_IF_ERROR(database->Ensure(printer.decimal_functions()));
  ASSIGN_OR_RETURN(Connection connection, database->Connect());
  const Schema schema = query.OutputSchema();
  auto rows = std::make_unique<StreamedRows>(database, std::move(input_printer),
                                             std::move(connection), schema, context.cancellation);
  RETURN_IF_ERROR(rows->Start(SelectOutput(query, schema, "(" + text + ")")));
  return rows;
}

}  // namespace medallion::duckdb
