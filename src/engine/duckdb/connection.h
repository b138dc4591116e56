#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <duckdb.h>

#include "base/cancellation.h"
#include "base/result.h"

// Owning wrappers of DuckDB's C handles. DuckDB's error texts are translated here and nowhere else.

namespace medallion::duckdb {

// A finished (materialised) or running (streamed) result.
class QueryResult {
 public:
  explicit QueryResult(const duckdb_result& result) : result_(result) {}
  ~QueryResult();
  QueryResult(QueryResult&& other) noexcept : result_(other.result_) { other.result_ = {}; }
  QueryResult& operator=(QueryResult&&) = delete;
  QueryResult(const QueryResult&) = delete;
  QueryResult& operator=(const QueryResult&) = delete;

  duckdb_result& handle() { return result_; }

 private:
  duckdb_result result_;
};

// A chunk of a result, destroyed with it.
struct ChunkDeleter {
  void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<std::remove_pointer_t<duckdb_data_chunk>, ChunkDeleter>;

// One session. Used by one thread, except for Interrupt and RowsProcessed.
class Connection {
 public:
  explicit Connection(duckdb_connection handle) : handle_(handle) {}
  ~Connection();
  Connection(Connection&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
  Connection& operator=(Connection&&) = delete;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  duckdb_connection handle() const { return handle_; }

  // Runs to the end, keeping the whole result in memory.
  Result<QueryResult> Run(const std::string& sql);
  // Runs to the end; the result does not matter.
  Status Execute(const std::string& sql);
  // Starts; chunks are computed as they are fetched.
  Result<QueryResult> Stream(const std::string& sql);
  // Binds and plans without running.
  Status Prepare(const std::string& sql);

  // The next chunk of `result`, null at the end.
  Result<Chunk> Fetch(QueryResult& result);

  void Interrupt() { duckdb_interrupt(handle_); }
  int64_t RowsProcessed();

 private:
  duckdb_connection handle_;
};

// Says what DuckDB's failure means to the user: Spark's condition where the text tells it. Internal
// SQL never shows.
Error TranslateError(duckdb_error_type type, std::string_view text);

// The form in which our scalar functions send a condition and a message through DuckDB's text.
std::string EncodeFailure(std::string_view condition, std::string_view message);

}  // namespace medallion::duckdb
