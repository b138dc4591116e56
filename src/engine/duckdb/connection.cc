#include "connection.h"

namespace medallion::duckdb {
namespace {

// Control characters frame our own failures within DuckDB's text: neither occurs in its messages.
constexpr char kFailureBegin = '\x02';
constexpr char kFailureSeparator = '\x1f';
constexpr char kFailureEnd = '\x03';

std::optional<Error> DecodeFailure(std::string_view text) {
  const size_t begin = text.find(kFailureBegin);
  const size_t separator =
      text.find(kFailureSeparator, begin == std::string_view::npos ? 0 : begin);
  const size_t end = text.find(kFailureEnd, separator == std::string_view::npos ? 0 : separator);
  if (begin == std::string_view::npos || separator == std::string_view::npos ||
      end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string condition(text.substr(begin + 1, separator - begin - 1));
  std::string message(text.substr(separator + 1, end - separator - 1));
  const ErrorCode code = condition == "UNSUPPORTED" ? ErrorCode::kUnsupported : ErrorCode::kData;
  return Error(code, std::move(message)).WithCondition(std::move(condition));
}

struct KnownText {
  std::string_view part;  // of DuckDB 1.4.4's message
  ErrorCode code;
  std::string_view condition;
};

// Conditions of failures that DuckDB's own operators raise, by a part of its message.
constexpr KnownText kKnownTexts[] = {
    {"Overflow in ", ErrorCode::kData, "ARITHMETIC_OVERFLOW"},
    {"Overflow on abs", ErrorCode::kData, "ARITHMETIC_OVERFLOW"},
    {"out of range for the destination type", ErrorCode::kData, "CAST_OVERFLOW"},
    {"Date out of range", ErrorCode::kData, "DATETIME_FIELD_OUT_OF_BOUNDS"},
    {"Could not cast value", ErrorCode::kData, "NUMERIC_VALUE_OUT_OF_RANGE"},
    {"Casting value", ErrorCode::kData, "NUMERIC_VALUE_OUT_OF_RANGE"},
    {"to DECIMAL", ErrorCode::kData, "NUMERIC_VALUE_OUT_OF_RANGE"},
    {"More than one row returned by a subquery", ErrorCode::kData, "SCALAR_SUBQUERY_TOO_MANY_ROWS"},
    {"Map keys must be unique", ErrorCode::kData, "DUPLICATED_MAP_KEY"},
    {"Map keys can not be NULL", ErrorCode::kData, "NULL_MAP_KEY"},
};

// What a person may read of DuckDB's text: its first line without the kind ("Out of Range Error:
// ").
std::string FirstLine(std::string_view text) {
  const size_t kind = text.find(" Error: ");
  if (kind != std::string_view::npos && kind < 40) {
    text.remove_prefix(kind + 8);
  }
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

std::string EncodeFailure(std::string_view condition, std::string_view message) {
  return fmt::format("{}{}{}{}{}", kFailureBegin, condition, kFailureSeparator, message,
                     kFailureEnd);
}

Error TranslateError(duckdb_error_type type, std::string_view text) {
  if (std::optional<Error> ours = DecodeFailure(text)) {
    return *std::move(ours);
  }
  switch (type) {
    case DUCKDB_ERROR_INTERRUPT: return Error(ErrorCode::kCancelled, "the query was cancelled");
    case DUCKDB_ERROR_OUT_OF_MEMORY:
      return Error(ErrorCode::kEnvironment,
                   "the query needs more memory than the engine may use: " + FirstLine(text));
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_PERMISSION: return Error(ErrorCode::kIo, FirstLine(text));
    case DUCKDB_ERROR_PARSER:
    case DUCKDB_ERROR_SYNTAX:
    case DUCKDB_ERROR_BINDER:
    case DUCKDB_ERROR_CATALOG:
    case DUCKDB_ERROR_INTERNAL:
    case DUCKDB_ERROR_FATAL:
      // The text was written by us, so this is our fault; the SQL (after "LINE 1:") stays inside.
      return Error(ErrorCode::kInternal,
                   "the engine could not take the translated query: " + FirstLine(text));
    default: break;
  }
  for (const KnownText& known : kKnownTexts) {
    if (text.find(known.part) != std::string_view::npos) {
      return Error(known.code, FirstLine(text)).WithCondition(std::string(known.condition));
    }
  }
  return Error(ErrorCode::kData, FirstLine(text));
}

QueryResult::~QueryResult() { duckdb_destroy_result(&result_); }

Connection::~Connection() {
  if (handle_ != nullptr) {
    duckdb_disconnect(&handle_);
  }
}

namespace {

Error ErrorOf(duckdb_result& result) {
  const char* text = duckdb_result_error(&result);
  return TranslateError(duckdb_result_error_type(&result),
                        text == nullptr ? "unknown failure" : text);
}

// A statement that lives for one scope.
class Statement {
 public:
  static Result<Statement> Prepare(duckdb_connection connection, const std::string& sql) {
    duckdb_prepared_statement handle = nullptr;
    if (duckdb_prepare(connection, sql.c_str(), &handle) == DuckDBSuccess) {
      return Statement(handle);
    }
    const char* text = duckdb_prepare_error(handle);
    const std::string message = text == nullptr ? "unknown failure" : text;
    duckdb_destroy_prepare(&handle);
    // Preparing reports no kind; the prefix of the text names it.
    return TranslateError(message.starts_with("IO Error") ? DUCKDB_ERROR_IO
                          : message.starts_with("Invalid Input Error") ||
                                  message.starts_with("Conversion Error") ||
                                  message.starts_with("Out of Range Error")
                              ? DUCKDB_ERROR_INVALID_INPUT
                              : DUCKDB_ERROR_BINDER,
                          message);
  }
  ~Statement() { duckdb_destroy_prepare(&handle_); }
  Statement(Statement&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  duckdb_prepared_statement handle() const { return handle_; }

 private:
  explicit Statement(duckdb_prepared_statement handle) : handle_(handle) {}
  duckdb_prepared_statement handle_;
};

}  // namespace

Result<QueryResult> Connection::Run(const std::string& sql) {
  duckdb_result result{};
  if (duckdb_query(handle_, sql.c_str(), &result) != DuckDBSuccess) {
    Error error = ErrorOf(result);
    duckdb_destroy_result(&result);
    return error;
  }
  return QueryResult(result);
}

Status Connection::Execute(const std::string& sql) {
  ASSIGN_OR_RETURN(const QueryResult result, Run(sql));
  return {};
}

Status Connection::Prepare(const std::string& sql) {
  ASSIGN_OR_RETURN(const Statement statement, Statement::Prepare(handle_, sql));
  return {};
}

Result<QueryResult> Connection::Stream(const std::string& sql) {
  ASSIGN_OR_RETURN(const Statement statement, Statement::Prepare(handle_, sql));
  duckdb_pending_result pending = nullptr;
  if (duckdb_pending_prepared_streaming(statement.handle(), &pending) != DuckDBSuccess) {
    const char* text = duckdb_pending_error(pending);
    Error error =
        TranslateError(DUCKDB_ERROR_INVALID_INPUT, text == nullptr ? "unknown failure" : text);
    duckdb_destroy_pending(&pending);
    return error;
  }
  duckdb_result result{};
  const duckdb_state state = duckdb_execute_pending(pending, &result);
  duckdb_destroy_pending(&pending);
  if (state != DuckDBSuccess) {
    Error error = ErrorOf(result);
    duckdb_destroy_result(&result);
    return error;
  }
  return QueryResult(result);
}

Result<Chunk> Connection::Fetch(QueryResult& result) {
  Chunk chunk(duckdb_fetch_chunk(result.handle()));
  if (chunk == nullptr) {
    // A stream that fails half-way ends like one that is finished; only the error tells them apart.
    const char* text = duckdb_result_error(&result.handle());
    if (text != nullptr && *text != '\0') {
      return ErrorOf(result.handle());
    }
  }
  return chunk;
}

int64_t Connection::RowsProcessed() {
  return static_cast<int64_t>(duckdb_query_progress(handle_).rows_processed);
}

}  // namespace medallion::duckdb
