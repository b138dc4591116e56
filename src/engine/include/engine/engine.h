#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/cancellation.h"
#include "base/row_source.h"
#include "base/value.h"
#include "delta/snapshot.h"
#include "sql/bound_query.h"
#include "storage/object_store.h"

namespace medallion {

// The rows behind one entry of BoundQuery::tables: some or all files of one pinned snapshot.
struct TableBinding {
  std::shared_ptr<ObjectStore> store;  // rooted at the table
  delta::SnapshotPtr snapshot;
  // Nothing: every live file. Else just these (a streaming micro-batch).
  std::optional<std::vector<delta::AddFile>> files;
};

// What stays fixed while a query runs.
struct QueryContext {
  int64_t now_micros = 0;  // current_timestamp(); its date in the session zone is current_date()
  std::string session_time_zone = "UTC";
  CancellationToken* cancellation = nullptr;  // may be null
};

// A query with everything it reads. Borrowed pointers outlive the call.
struct BoundInputs {
  std::vector<TableBinding> tables;  // by index, as BoundQuery::tables
  std::vector<const RowSource*>
      files;  // by index, as BoundQuery::files; schema = FileInput::schema
              // then `metadata_fields` as columns of those names
};

enum class RuleAction { kWarn, kDropRow, kFailUpdate };

// An expectation over the query's output columns. A row meets it when the predicate IS TRUE.
struct Rule {
  std::string name;
  sql::ExprPtr predicate;
  RuleAction action = RuleAction::kWarn;
};

struct RuleCount {
  std::string name;
  int64_t passed = 0;
  int64_t failed = 0;       // FALSE or NULL
  int64_t failed_null = 0;  // of these, NULL
};

// Where data files go and what they hold.
struct OutputFiles {
  std::shared_ptr<ObjectStore> store;  // rooted at the table
  Schema schema;                       // the table's columns, in order; types are exact
  std::vector<std::string> partition_columns;
  uint64_t target_file_bytes = uint64_t{128} << 20;
  // Whether no rows make a file without rows; a table needs none.
  bool file_without_rows = false;
};

// Constant columns that quarantine rows get besides the query's own columns, in order.
struct QuarantineOutput {
  OutputFiles files;
  // The table's schema is: every output column of the query (appended input columns included, see
  // `extra_columns`), then `_failed_expectations ARRAY<STRING>` (names of all drop and warn rules
  // the row breaks), then these constants.
  std::vector<std::pair<std::string, Value>> constants;
};

struct WriteRequest {
  const sql::BoundQuery* query = nullptr;
  BoundInputs inputs;
  QueryContext context;
  // The first `output.schema.size()` columns of the query are the table's, by position. Further
  // columns (AppendInputColumns) go to quarantine only.
  OutputFiles output;
  std::vector<Rule> rules;
  std::optional<QuarantineOutput> quarantine;
  // Called now and then from any thread with rows read so far.
  std::function<void(int64_t rows_read)> on_progress;
};

struct WriteResult {
  int64_t rows_read = 0;  // rows of the query before any rule
  int64_t rows_written = 0;
  int64_t rows_dropped = 0;  // rows_read = rows_written + rows_dropped, checked
  int64_t bytes_written = 0;
  std::vector<RuleCount> rules;
  // Durable, published, not yet referenced. Sorted by path.
  std::vector<delta::AddFile> files;
  std::vector<delta::AddFile> quarantine_files;
};

// A kFailUpdate rule was broken: nothing was published.
struct RuleViolation {
  std::vector<std::string> rules;
  int64_t rows_failed = 0;
  std::string example_record_json;  // one offending output row
};

using WriteOutcome = std::variant<WriteResult, RuleViolation>;

// Rows of a query, pulled. Used by one thread.
class ResultRows {
 public:
  virtual ~ResultRows() = default;
  virtual const Schema& schema() const = 0;
  // Appends up to a few thousand rows; false at the end.
  virtual Result<bool> Next(std::vector<std::vector<Value>>& rows) = 0;
};

// Evaluates bound queries. A second engine (Spark) implements the same. Thread-safe: independent
// calls may run in parallel and share the engine's memory and thread limits.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::string name() const = 0;

  // Whether the query can be evaluated by this engine, without running it: refuses functions and
  // constructs it has no translation for, with their place.
  virtual Status Check(const sql::BoundQuery& query) = 0;

  // Evaluates once; counts, writes and quarantines from that one evaluation. Errors leave no
  // published file behind. Data errors carry Spark's condition (DIVIDE_BY_ZERO,
  // CAST_INVALID_INPUT).
  virtual Result<WriteOutcome> Write(const WriteRequest& request) = 0;

  virtual Result<std::unique_ptr<ResultRows>> Query(const sql::BoundQuery& query,
                                                    const BoundInputs& inputs,
                                                    const QueryContext& context) = 0;
};

}  // namespace medallion
